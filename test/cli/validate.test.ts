import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../support/command-line';

const fn = (name: string, serving = '{}', image = 'acme/fn:1') =>
  `apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  image: ${image}\n  serving: ${serving}\n`;

let root: string;
const file = (name: string, content: string) => {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), content);
  return join(root, name);
};
const validate = async (...argv: string[]) => {
  const { code, out, err } = await command('validate', ...argv);
  expect(err).toBe('');
  return { code, lines: out.trimEnd().split('\n').map((line) => line.replaceAll(`${root}/`, '')) };
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'validate-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('validate', () => {
  test('says so when there are no problems', async () => {
    expect(await validate('-f', file('a.yaml', `${fn('a')}---\n${fn('b')}`))).toEqual({ code: 0, lines: ['no problems in 2 functions'] });
    expect(await validate('-f', file('b.yaml', fn('a')))).toEqual({ code: 0, lines: ['no problems in 1 function'] });
  });

  test('says a warning that three functions or more share once, with their names, in strict mode too', async () => {
    const build = (name: string) => `${fn(name)}  build: {}\n`;
    const two = file('two.yaml', `${build('a')}---\n${build('b')}`);
    const plain = await validate('-f', two);
    expect(plain.lines).toHaveLength(3);
    const message = /warning: (?<text>.*)$/.exec(plain.lines[0])?.groups?.text ?? '';
    expect(message).toContain('build: ');
    expect(plain.lines[1]).toBe(`two.yaml:15:3 warning: ${message}`);

    const three = file('three.yaml', [build('a'), build('b'), build('c')].join('---\n'));
    expect(await validate('-f', three)).toEqual({
      code: 0, lines: [`three.yaml:7:3 warning: ${message} (3 functions: a, b, c)`, '3 warnings in 3 of 3 functions'],
    });
    const six = file('six.yaml', ['a', 'b', 'c', 'd', 'e', 'f'].map(build).join('---\n'));
    expect(await validate('-f', six, '--strict')).toEqual({
      code: 1, lines: [`six.yaml:7:3 ${message} (6 functions: a, b, c, d, e, …)`, '6 problems in 6 of 6 functions'],
    });
    const json = JSON.parse((await command('validate', '-f', six, '--format', 'json')).out) as { problems: unknown[] };
    expect(json.problems).toHaveLength(6);
  });

  test('checks Dapr components that are beside functions, and says where', async () => {
    const component = 'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: q, namespace: shop}\nspec:\n  type: pubsub.kafak\n  version: v1\n';
    const path = file('a.yaml', `${fn('a')}---\n${component}`);
    const line = 'a.yaml:12:3 warning: spec.type: "pubsub.kafak" is not a component that Dapr 1.18 has; did you mean "pubsub.kafka"?';
    expect(await validate('-f', path)).toEqual({ code: 0, lines: [line, '1 warning in other documents'] });
    expect((await validate('-f', path, '--strict')).code).toBe(1);
  });

  test('says nothing of names that the platform settings know', async () => {
    const spec = 'spec:\n  type: pubsub.redis\n  version: v1\n  metadata: [{name: redisHost, value: "redis:6379"}, {name: newSetting, value: x}]\n';
    const path = file('a.yaml', `${fn('a', '{outputs: [{dapr: {name: s, type: bindings.acme, operation: create}}]}')}---\napiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: q}\n${spec}`);
    const settings = file('platform.yaml', 'knownNames: [s, bindings.acme, pubsub.redis/newSetting]\n');
    expect((await validate('-f', path)).lines).toHaveLength(4);
    expect(await validate('-f', path, '--platform', settings)).toEqual({ code: 0, lines: ['no problems in 1 function'] });
  });

  test('prints every problem of every function with file, line and column, and counts', async () => {
    file('d/a.yaml', fn('a', '{annotations: {openfunction.io/dapr-service-mode: standlone}}'));
    file('d/b.yaml', `${fn('b')}---\n${fn('c', '{triggers: {http: {port: 70000, engin: x}}}')}`);
    expect(await validate('-f', join(root, 'd'))).toEqual({
      code: 1,
      lines: [
        'd/a.yaml:6:27 serving.annotations["openfunction.io/dapr-service-mode"]: "standlone" is not one of "standalone", "sidecar"; did you mean "standalone"?',
        'd/b.yaml:13:44 serving.triggers.http.engin: unknown field; did you mean "engine"?',
        'd/b.yaml:13:31 serving.triggers.http.port: 70000 is outside 1..65535',
        '3 problems in 2 of 3 functions',
      ],
    });
  });

  test('reports problems of the input and of the plan together, and conflicts with other functions', async () => {
    const path = file('a.yaml', [
      fn('a', '{labels: {a: 3}, template: {containers: [{name: function, env: [{name: A, value: x}]}]}, params: {A: z, z: 3}}'), fn('b', '{params: {B: true}}'),
    ].join('---\n'));
    expect(await validate('-f', path)).toEqual({
      code: 1,
      lines: [
        'a.yaml:6:22 serving.labels.a: must be a string, got 3; quote it: "3"',
        'a.yaml:6:110 serving.params.A: "A" has another value already; give each name once',
        'a.yaml:6:116 serving.params.z: must be a string, got 3; quote it: "3"',
        'a.yaml:13:22 serving.params.B: must be a string, got true; quote it: "true"',
        '4 problems in 2 of 2 functions',
      ],
    });
  });

  test('counts warnings separately, which fail the command only with --strict', async () => {
    const path = file('a.yaml', fn('a', '{workloadType: Job}'));
    const warning = 'a.yaml:6:13 warning: serving.workloadType: has no effect on a Knative Service';
    expect(await validate('-f', path)).toEqual({ code: 0, lines: [warning, '1 warning in 1 of 1 function'] });
    expect(await validate('-f', path, '--strict')).toEqual({ code: 1, lines: [warning.replace('warning: ', ''), '1 problem in 1 of 1 function'] });
    const both = file('b.yaml', fn('b', '{workloadType: Job, timeout: x}'));
    expect((await validate('-f', path, '-f', both)).lines.pop()).toBe('1 problem and 2 warnings in 2 of 2 functions');
  });

  test('tells two functions of one name once each, with the place of the other', async () => {
    file('a.yaml', fn('a'));
    file('b.yaml', `# second\n${fn('a')}`);
    expect(await validate('-f', join(root, 'a.yaml'), '-f', join(root, 'b.yaml'))).toEqual({
      code: 1,
      lines: [
        'a.yaml:3:12 metadata.name: function shop/a is claimed by b.yaml:4 too; names must differ',
        'b.yaml:4:12 metadata.name: function shop/a is claimed by a.yaml:3 too; names must differ',
        '2 problems in 2 of 2 functions',
      ],
    });
  });

  test('tells two functions of one app-id', async () => {
    const same = '{annotations: {dapr.io/app-id: x, openfunction.io/enable-dapr: "true", openfunction.io/dapr-service-mode: sidecar}}';
    const { code, lines } = await validate('-f', file('a.yaml', `${fn('a', same)}---\n${fn('b', same)}`));
    expect(code).toBe(1);
    expect(lines[0]).toBe('a.yaml:3:12 metadata.name: app-id x in namespace shop is claimed by a.yaml:10 too; names must differ');
  });

  test('tells objects that pass through and have the name of another object', async () => {
    const service = 'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a, namespace: shop}\n';
    expect(await validate('-f', file('a.yaml', `${fn('a')}---\n${service}---\n${service.replace('name: a', 'name: b')}---\n${service.replace('name: a', 'name: b')}`))).toEqual({
      code: 1,
      lines: [
        'a.yaml:10:12 metadata.name: Service.serving.knative.dev shop/a is defined twice; first in a.yaml:3',
        'a.yaml:18:12 metadata.name: Service.serving.knative.dev shop/b is defined twice; first in a.yaml:14',
        '2 problems in other documents',
      ],
    });
  });

  test('tells a core/v1 Service that has the name of a function on Knative, whichever comes first', async () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\n';
    const knative = service.replace('v1', 'serving.knative.dev/v1').replace('name: a', 'name: b');
    expect(await validate('-f', file('a.yaml', `${fn('a')}---\n${service}---\n${knative}---\n${service.replace('name: a', 'name: b')}`))).toEqual({
      code: 1,
      lines: [
        'a.yaml:10:12 metadata.name: Service shop/a conflicts with Service.serving.knative.dev shop/a in a.yaml:3: Knative creates a Service of that name',
        '1 problem in other documents',
      ],
    });
    expect(await validate('-f', file('b.yaml', `${service}---\n${fn('a')}`))).toEqual({
      code: 1,
      lines: [
        'b.yaml:7:12 metadata.name: Service.serving.knative.dev shop/a conflicts with Service shop/a in b.yaml:3: Knative creates a Service of that name',
        '1 problem in 1 of 1 function',
      ],
    });
  });

  test('takes objects without a name as they are', async () => {
    const nameless = 'apiVersion: acme.example/v1\nkind: Thing\n';
    expect(await validate('-f', file('a.yaml', `${nameless}---\n${nameless}---\n${fn('a')}`))).toEqual({ code: 0, lines: ['no problems in 1 function'] });
  });

  test.each([
    ['malformed YAML', 'a: [', 'a.yaml:1:5 .: is not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['an empty file', '', 'a.yaml:1:1 .: is empty: there is no document in it'],
    ['no Kubernetes object', 'a: 1', 'a.yaml:1:1 .: is not a Kubernetes object: "apiVersion" is missing'],
    ['a duplicate key', 'kind: X\nkind: Y', 'a.yaml:2:1 .: the key "kind" is given twice'],
    ['a binary file', '\u0000', 'a.yaml:1:1 .: is a binary file'],
    ['a file of 10 MB', 'a'.repeat(10_000_000), 'a.yaml:1:1 .: has more than 8 MiB; split it'],
  ])('gives one clear line for %s', async (_, content, line) => {
    expect(await validate('-f', file('a.yaml', content))).toEqual({ code: 1, lines: [line, '1 problem in other documents'] });
  });

  test('counts functions and the rest together', async () => {
    expect((await validate('-f', file('a.yaml', `x\n---\n${fn('a', '{timeout: x}')}`))).lines.pop()).toBe('2 problems in 1 of 1 function and in other documents');
  });

  test('gives one clear line for a folder without manifests', async () => {
    mkdirSync(join(root, 'empty'));
    expect(await validate('-f', join(root, 'empty'))).toEqual({
      code: 1, lines: ['empty:1:1 .: contains no .yaml, .yml or .json file', '1 problem in other documents'],
    });
  });

  test('prints problems of the platform settings with theirs', async () => {
    const platform = file('p.yaml', 'clusterDomian: x\n');
    expect(await validate('-f', file('a.yaml', fn('a')), '--platform', platform)).toEqual({
      code: 1, lines: ['p.yaml:1:1 clusterDomian: unknown field; did you mean "clusterDomain"?', '1 problem in other documents'],
    });
  });

  test('finds what only platform settings could mend', async () => {
    const path = file('a.yaml', fn('a', '{tracing: {enabled: true}}'));
    const { code, lines } = await validate('-f', path);
    expect([code, lines]).toEqual([1, [
      'a.yaml:6:13 serving.tracing.provider.name: tracing is enabled without a provider; give "skywalking" or "opentelemetry"', '1 problem in 1 of 1 function',
    ]]);
    expect((await validate('-f', path, '--platform', file('p.yaml', 'tracing: {provider: skywalking}'))).code).toBe(0);
  });
});
