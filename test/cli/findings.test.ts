// Findings in the formats of machines.
import { mkdirSync, readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { run } from '../../src/cli/program';
import { command } from '../support/command-line';

const VERSION = (JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string }).version;
const SARIF_SCHEMA = require.resolve('@microsoft/jest-sarif/package.json').replace('package.json', 'lib/schemas/sarif-2.1.0-rtm.5.json');

let root: string;
let paths: string[];
const file = (name: string, content: string) => {
  writeFileSync(join(root, name), content);
  return join(root, name);
};
const validate = async (format: string, ...more: string[]) => {
  const { code, out, err } = await command('validate', ...paths, '--format', format, ...more);
  return { code, err, out: out.replaceAll(root, '/r') };
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'findings-'));
  const fn = (name: string, serving: string) => `apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: ${name}, namespace: shop}\nspec: {image: "a", serving: ${serving}}\n`;
  paths = [
    file('a,b.yaml', [fn('good', '{}'), fn('bad', '{timeout: "<&>%\\n"}'), fn('odd', '{workloadType: Job}')].join('---\n')),
    file('c.yaml', 'a: 1\n'), '--platform', file('p.yaml', 'clusterDomian: x\n'),
  ];
});
afterEach(() => rmSync(root, { recursive: true }));

const TIMEOUT = 'is not a duration such as "300ms", "90s", "1.5h" or "1h30m"';

describe('validate --format', () => {
  test('json', async () => {
    const { code, err, out } = await validate('json');
    expect([code, err]).toEqual([1, '']);
    expect(JSON.parse(out)).toEqual({
      problems: [
        { severity: 'error', file: '/r/p.yaml', line: 1, column: 1, path: 'clusterDomian', message: 'unknown field; did you mean "clusterDomain"?' },
        { severity: 'error', file: '/r/a,b.yaml', line: 9, column: 30, path: 'serving.timeout', message: `"<&>%\\n" ${TIMEOUT}` },
        { severity: 'warning', file: '/r/a,b.yaml', line: 14, column: 30, path: 'serving.workloadType', message: 'has no effect on a Knative Service' },
        { severity: 'error', file: '/r/c.yaml', line: 1, column: 1, path: '.', message: 'is not a Kubernetes object: "apiVersion" is missing' },
      ],
      summary: '3 problems and 1 warning in 2 of 3 functions and in other documents',
    });
  });

  test('github, with what its commands need escaped', async () => {
    expect(await validate('github')).toEqual({
      code: 1, err: '', out: [
        '::error file=/r/p.yaml,line=1,col=1::clusterDomian: unknown field; did you mean "clusterDomain"?',
        `::error file=/r/a%2Cb.yaml,line=9,col=30::serving.timeout: "<&>%25\\n" ${TIMEOUT}`,
        '::warning file=/r/a%2Cb.yaml,line=14,col=30::serving.workloadType: has no effect on a Knative Service',
        '::error file=/r/c.yaml,line=1,col=1::.: is not a Kubernetes object: "apiVersion" is missing',
        '3 problems and 1 warning in 2 of 3 functions and in other documents', '',
      ].join('\n'),
    });
  });

  test('junit, with a test for each function', async () => {
    expect(await validate('junit')).toEqual({
      code: 1, err: '', out: [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites tests="5" failures="3">',
        '  <testsuite name="cdk8s-openfunction validate" tests="5" failures="3">',
        '    <testcase classname="/r/p.yaml" name="platform settings">',
        '      <failure message="/r/p.yaml:1:1 clusterDomian: unknown field; did you mean &quot;clusterDomain&quot;?">/r/p.yaml:1:1 clusterDomian: unknown field; did you mean &quot;clusterDomain&quot;?</failure>',
        '    </testcase>',
        '    <testcase classname="/r/a,b.yaml" name="shop/good"/>',
        '    <testcase classname="/r/a,b.yaml" name="shop/bad">',
        ...[`/r/a,b.yaml:9:30 serving.timeout: &quot;&lt;&amp;&gt;%\\n&quot; ${TIMEOUT.replaceAll('"', '&quot;')}`].map((text) => `      <failure message="${text}">${text}</failure>`),
        '    </testcase>',
        '    <testcase classname="/r/a,b.yaml" name="shop/odd">',
        '      <system-out>/r/a,b.yaml:14:30 warning: serving.workloadType: has no effect on a Knative Service</system-out>',
        '    </testcase>',
        '    <testcase classname="/r/c.yaml" name="document">',
        '      <failure message="/r/c.yaml:1:1 .: is not a Kubernetes object: &quot;apiVersion&quot; is missing">/r/c.yaml:1:1 .: is not a Kubernetes object: &quot;apiVersion&quot; is missing</failure>',
        '    </testcase>',
        '  </testsuite>',
        '</testsuites>', '',
      ].join('\n'),
    });
  });

  test('sarif, which the schema of SARIF 2.1.0 accepts', async () => {
    const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(SARIF_SCHEMA, 'utf8')) as Record<string, unknown>;
    const ajv = addFormats(new Ajv({ strict: false, allErrors: true, unicodeRegExp: false }));
    const accepts = ajv.compile(schema);
    const { out } = await command('validate', ...paths, '--format', 'sarif');
    const log = JSON.parse(out) as { runs: [{ results: object[]; tool: { driver: { version: string; rules: { id: string }[] } } }] };
    expect([accepts(log), accepts.errors]).toEqual([true, null]);
    const [{ results, tool: { driver } }] = log.runs;
    expect([driver.version, driver.rules.map(({ id }) => id)]).toEqual([VERSION, ['function', 'manifest', 'platform-settings']]);
    const result = (ruleId: string, level: string, name: string, [startLine, startColumn]: number[], field: string, text: string) => ({
      ruleId, level, message: { text: `${field}: ${text}` },
      locations: [{
        physicalLocation: { artifactLocation: { uri: pathToFileURL(join(root, name)).href }, region: { startLine, startColumn } },
        logicalLocations: [{ fullyQualifiedName: field }],
      }],
    });
    expect(results).toEqual([
      result('platform-settings', 'error', 'p.yaml', [1, 1], 'clusterDomian', 'unknown field; did you mean "clusterDomain"?'),
      result('function', 'error', 'a,b.yaml', [9, 30], 'serving.timeout', `"<&>%\\n" ${TIMEOUT}`),
      result('function', 'warning', 'a,b.yaml', [14, 30], 'serving.workloadType', 'has no effect on a Knative Service'),
      result('manifest', 'error', 'c.yaml', [1, 1], '.', 'is not a Kubernetes object: "apiVersion" is missing'),
    ]);
    expect([accepts({ ...log, version: '1' }), accepts({ ...log, runs: [{}] })]).toEqual([false, false]);
    const { out: none } = await command('validate', paths[0], '--format', 'sarif', '--strict');
    expect((JSON.parse(none) as typeof log).runs[0].results.map((each) => (each as { level: string }).level)).toEqual(['error', 'error']);
  });

  test.each([
    ['github', './a#b.yaml', 'file=a#b.yaml,line=1'], ['sarif', './a#b.yaml', '"uri": "a%23b.yaml"'], ['sarif', 'a b/../c:d%.yaml', '"uri": "c%3Ad%25.yaml"'], ['sarif', '../x?.yaml', '"uri": "../x%3F.yaml"'],
  ] as const)('%s names %s as a repository does', async (format, path, expected) => {
    const folder = join(root, 'in/a b');
    mkdirSync(folder, { recursive: true });
    const before = process.cwd();
    process.chdir(join(root, 'in'));
    try {
      writeFileSync(path, 'x');
      expect((await command('validate', path, '--format', format)).out).toContain(expected);
    } finally {
      process.chdir(before);
    }
  });

  test('text, with colours on a terminal', async () => {
    let out = '';
    await run(['validate', paths[0]], { out: (text) => { out += text; }, err: () => undefined, colours: true });
    expect(out.replaceAll(root, '/r')).toBe([
      `\u001b[31m/r/a,b.yaml:9:30 serving.timeout: "<&>%\\n" ${TIMEOUT}\u001b[0m`,
      '\u001b[33m/r/a,b.yaml:14:30 warning: serving.workloadType: has no effect on a Knative Service\u001b[0m',
      '\u001b[1m1 problem and 1 warning in 2 of 3 functions\u001b[0m', '',
    ].join('\n'));
  });
});
