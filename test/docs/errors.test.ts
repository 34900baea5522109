// Every row of the tables in docs/reference/errors.md: the field gets the value, and the library says what stands there.
import { Chart, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { Block, blocksOf, pageText } from './markdown';
import { OpenFunctionManifests, PlatformSettings } from '../../src';

const PAGE = 'docs/reference/errors.md';
const LINES = pageText(PAGE).split('\n');

interface Row {
  readonly base: Block;
  readonly field: string;
  readonly given: string;
  readonly message: string;
}

const ROWS: Row[] = blocksOf(PAGE).filter(({ words }) => words.includes('base')).flatMap((base, index, bases) => {
  const rows = LINES.slice(base.line, bases[index + 1]?.line).filter((line) => line.startsWith('| `'));
  return rows.map((line) => {
    const [field, given, message] = line.slice(1, -1).split(' | ').map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'));
    return { base, field, given, message };
  });
});

test.each(ROWS.map((row): [string, string, Row] => [row.field, row.given, row]))('%s: %s', (_, __, { base, field, given, message }) => {
  const manifest = parse(base.text) as object;
  set(manifest, field, given);
  // A problem that stands deeper than the field begins with its place.
  const [, deeper, text] = /^at `(.*?)`: (.*)$/.exec(message) ?? [];
  expect(problemsOf(manifest)).toContain(deeper === undefined ? `${field}: ${message}` : `${deeper}: ${text}`);
});

test('every base is a function without a problem', () => {
  for (const { text } of blocksOf(PAGE).filter(({ words }) => words.includes('base'))) expect(problemsOf(parse(text) as object)).toEqual([]);
});

function problemsOf(manifest: object): string[] {
  const app = Testing.app();
  const chart = new Chart(app, 'chart', { namespace: 'shop' });
  PlatformSettings.of(chart).set({ strict: true });
  try {
    new OpenFunctionManifests(chart, 'manifests', { objects: [manifest] });
    app.synthYaml();
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1).map((line) => line.trim().replace(/^\[[^\]]*\] /, '').replace(/^warning: /, ''));
  }
}

/** Sets a field as problems write its path; `(none)` removes it. */
function set(manifest: object, field: string, given: string): void {
  const keys = [...field.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, plain]) => quoted ?? plain ?? Number(index));
  const path = ['apiVersion', 'kind', 'metadata'].includes(String(keys[0])) ? keys : ['spec', ...keys];
  const last = path.pop() as string;
  let node = manifest as Record<string | number, unknown>;
  for (const [index, key] of path.entries()) {
    node[key] ??= typeof path[index + 1] === 'number' ? [] : {};
    node = node[key] as Record<string | number, unknown>;
  }
  if (given === '(none)') delete node[last];
  else node[last] = parse(given);
}
