// The command as a KRM function: a ResourceList in, a ResourceList out.
import { spawnSync } from 'node:child_process';
import { parse, stringify } from 'yaml';
import { InstalledCommand, installCommand } from '../support/installed-command';

const SLOW = 60_000;
const HELLO = {
  apiVersion: 'core.openfunction.io/v1beta2', kind: 'Function',
  metadata: { name: 'hello', annotations: { 'config.kubernetes.io/path': 'functions/hello.yaml' } },
  spec: { image: 'acme/hello:1', serving: {} },
};
const LINKS = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'links', annotations: { 'config.kubernetes.io/path': 'links.yaml' } } };
const list = (rest: object) => ({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', ...rest });

let installed: InstalledCommand;
beforeAll(() => {
  installed = installCommand();
});
afterAll(() => installed.remove());

interface Item { kind: string; metadata: { name: string; namespace?: string } }

function krm(input: unknown) {
  const text = typeof input === 'string' ? input : stringify(input);
  const { status, stdout, stderr } = spawnSync(process.execPath, [installed.main, 'krm'], { input: text, encoding: 'utf8' });
  const output = stdout === '' ? undefined : parse(stdout) as { items: Item[]; results?: object[]; functionConfig?: object };
  return { status, stderr, output };
}

test('functions become their objects, and everything else stays, the configuration too', () => {
  const functionConfig = { apiVersion: 'x/v1', kind: 'Render', spec: { namespace: 'shop' } };
  const { status, stderr, output } = krm(list({ items: [HELLO, LINKS], functionConfig }));
  expect([status, stderr]).toEqual([0, '']);
  expect(output!.items.map(({ kind, metadata: { name, namespace } }) => [kind, namespace, name])).toEqual([['Service', 'shop', 'hello'], ['ConfigMap', undefined, 'links']]);
  expect(output!.items[1]).toEqual(LINKS);
  expect(output).toEqual(list({ items: output!.items, functionConfig }));
}, SLOW);

test('a ConfigMap configures with texts', () => {
  const functionConfig = { apiVersion: 'v1', kind: 'ConfigMap', data: { namespace: 'shop', platform: 'gateway: {name: g, namespace: g}\n' } };
  const { status, output } = krm(list({ items: [HELLO], functionConfig }));
  expect([status, output!.items.map(({ kind }) => kind)]).toEqual([0, ['Service', 'HTTPRoute']]);
}, SLOW);

test('problems are results, with object, field and file, and lines on standard error; nothing changes', () => {
  const wrong = { ...HELLO, spec: { image: 'x', serving: { timeout: 'x' } } };
  const functionConfig = { apiVersion: 'x/v1', kind: 'Render', spec: { namspace: 'shop', platform: { clusterDomian: 'x' } } };
  const input = list({ items: [wrong, { ...LINKS, metadata: { name: 'a' } }, { ...LINKS, metadata: { name: 'a' } }, 1], functionConfig });
  const { status, stderr, output } = krm(input);
  expect(status).toBe(1);
  const advice = 'is not a duration such as "300ms", "90s", "1.5h" or "1h30m"';
  const said = (path: string, text: string, rest: object = {}) => ({ message: `${path}: ${text}`, severity: 'error', ...rest, field: { path } });
  const resourceRef = (kind: string, name: string, apiVersion: string) => ({ resourceRef: { apiVersion, kind, name } });
  const noObject = 'is not a Kubernetes object: an object with "apiVersion" and "kind" is expected, got 1';
  expect(output).toEqual({
    ...input,
    results: [
      said('spec.namspace', 'unknown field; did you mean "namespace"?'),
      said('spec.platform.clusterDomian', 'unknown field; did you mean "clusterDomain"?'),
      { ...said('serving.timeout', `"x" ${advice}`, resourceRef('Function', 'hello', HELLO.apiVersion)), file: { path: 'functions/hello.yaml' } },
      said('metadata.name', 'ConfigMap a is defined twice; first in ConfigMap a', resourceRef('ConfigMap', 'a', 'v1')),
      said('.', noObject),
    ],
  });
  expect(stderr).toBe([
    'functionConfig: spec.namspace: unknown field; did you mean "namespace"?',
    'functionConfig: spec.platform.clusterDomian: unknown field; did you mean "clusterDomain"?',
    `Function hello (functions/hello.yaml): serving.timeout: "x" ${advice}`,
    'ConfigMap a: metadata.name: ConfigMap a is defined twice; first in ConfigMap a',
    `item 4: .: ${noObject}`,
    '5 problems in 1 of 1 function and in other documents; nothing was changed', '',
  ].join('\n'));
}, SLOW);

test.each([
  ['no ResourceList', 'a: 1\n', '.: must be one ResourceList of config.kubernetes.io/v1, got {"a":1}\n'],
  ['two documents', `${stringify(list({}))}---\n${stringify(list({}))}`, '.: must be one ResourceList of config.kubernetes.io/v1, got {"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList"}\n'],
  ['broken YAML', 'a: [', '-:1:5 .: is not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]\n'],
])('%s is refused', (_, input, err) => {
  expect(krm(input)).toEqual({ status: 1, stderr: err, output: undefined });
}, SLOW);

test('a list without items stays one', () => {
  expect(krm(list({}))).toEqual({ status: 0, stderr: '', output: list({ items: [] }) });
}, SLOW);
