import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../support/command-line';

const fn = (name: string, serving = '{}') =>
  `apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  image: acme/fn:1\n  serving: ${serving}\n`;
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: greetings}\n';
const WARNED = '{timeout: 5s, workloadType: Deployment}';
const WARNING = 'a.yaml:6:26 warning: serving.workloadType: has no effect on a Knative Service';

let root: string;
const report = async (text: string, ...argv: string[]) => {
  writeFileSync(join(root, 'a.yaml'), text);
  const { code, out, err } = await command('report', '-f', join(root, 'a.yaml'), ...argv);
  return { code, out: out.replaceAll(`${root}/`, ''), err: err.replaceAll(`${root}/`, '') };
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'report-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

test('report prints functions as text, warnings also on standard error, and nothing of other objects', async () => {
  const { code, out, err } = await report([fn('a', WARNED), CONFIG, fn('b')].join('---\n'));
  expect([code, err]).toEqual([0, `${WARNING}\n`]);
  expect(out.split('\n').filter((line) => !line.startsWith('  '))).toEqual(['shop/a', '', 'shop/b', '', 'needs from the cluster:', '']);
  expect(out).toContain(`  warnings:\n    ${WARNING}\n`);
});

test('report prints them as a JSON list', async () => {
  const { code, out, err } = await report(`${fn('a')}---\n${fn('b')}`, '--format', 'json');
  expect([code, err]).toEqual([0, '']);
  expect((JSON.parse(out) as { name: string; daprMode: string }[]).map(({ name, daprMode }) => [name, daprMode])).toEqual([['a', 'off'], ['b', 'off']]);
});

test('report prints them as Markdown', async () => {
  const { code, out, err } = await report(`${fn('a')}---\n${fn('b')}`, '--format', 'markdown');
  expect([code, err]).toEqual([0, '']);
  expect(out.split('\n').filter((line) => line.startsWith('#'))).toEqual([
    ...['a', 'b'].flatMap((name) => [`## shop/${name}`, '### Memory and CPU (request / limit)', '### Objects']), '## Needs from the cluster',
  ]);
});

test('report draws them', async () => {
  const { code, out, err } = await report(fn('a'), '--format', 'mermaid');
  expect([code, err]).toEqual([0, '']);
  expect(out).toBe('flowchart LR\n  subgraph f0["shop/a, Dapr mode off"]\n    f0o0["Service<br/>a"]\n  end\n');
});

test('report prints problems instead, when there are any', async () => {
  expect(await report(`${fn('a', '{workloadTyp: Job}')}---\n${fn('b')}`)).toEqual({
    code: 1,
    out: '',
    err: 'a.yaml:6:13 serving.workloadTyp: unknown field; did you mean "workloadType"?\n1 problem in 1 of 2 functions; nothing was reported\n',
  });
  expect((await report(fn('a', WARNED), '--strict')).code).toBe(1);
});

test('report in an unknown format is wrong usage', async () => {
  expect(await report(fn('a'), '--format', 'html')).toEqual({ code: 2, out: '', err: expect.stringContaining('Allowed choices are text, markdown, json, mermaid') as string });
});
