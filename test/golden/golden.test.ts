// One folder per case: function.yaml (and settings.yaml, typed platform settings) becomes expected.yaml, compared as text.
//
// `UPDATE_GOLDEN=1 npx jest test/golden` writes expected.yaml anew; without the variable nothing is ever written.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { App, Testing } from 'cdk8s';
import { isMap, isSeq, parseAllDocuments, parseDocument } from 'yaml';
import { OpenFunctionApp, OpenFunctionManifests, PlatformSettings } from '../../src';
import { deepFreeze } from '../support/functions';
import { goldenSettings } from '../support/golden-settings';
import { brokenReferences } from '../support/references';
import { BUNDLE, KubeObject, newChart, quietly, shortened, synthChart } from '../support/synth';
import { brokenNames } from '../support/validity';

const UPDATE = process.env.UPDATE_GOLDEN === '1';
const CASES = readdirSync(__dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);

const fileOf = (name: string, file: string) => path.join(__dirname, name, file);
const textOf = (name: string, file: string) => readFileSync(fileOf(name, file), 'utf8');
const parse = (text: string) => parseDocument(text).toJS() as Record<string, unknown>;

function synthesized(name: string, make: (app: ReturnType<typeof newChart>) => void): App {
  const made = newChart();
  if (existsSync(fileOf(name, 'settings.yaml'))) PlatformSettings.of(made.app).set(deepFreeze(goldenSettings(textOf(name, 'settings.yaml'))));
  make(made);
  return made.app;
}

/** What changes with every change of the proxy: its text, its hash and its version. */
function withoutBundle(yaml: string): string {
  return yaml.replace(/^( +index\.js: )(?:\|-?\n(?:\1? .*\n)+|.*\n)/gm, `$1${BUNDLE}\n`)
    .replace(/dapr-proxy-[0-9a-f]{12}/g, 'dapr-proxy-<hash>')
    .replace(/\d+\.\d+\.\d+-[0-9a-f]{12}/g, '<version>');
}

const yamlOf = (app: App) => withoutBundle(quietly(() => app.synthYaml() as string));
const fromFile = (name: string) => synthesized(name, ({ chart }) => OpenFunctionApp.fromYamlFile(chart, 'fn', fileOf(name, 'function.yaml')));
const objectsOf = (app: App): KubeObject[] => shortened(quietly(() => app.charts.flatMap((chart) => Testing.synth(chart) as KubeObject[])));

/** The same manifest with the keys of every map the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, item]) => [key, reversed(item)]));
}

describe.each(CASES)('the golden function %s', (name) => {
  test('becomes the objects of its expected.yaml, to the byte', () => {
    const yaml = yamlOf(fromFile(name));
    if (UPDATE) writeFileSync(fileOf(name, 'expected.yaml'), yaml);
    expect(yaml).toBe(textOf(name, 'expected.yaml'));
  });

  test('becomes the same as an object that is deep-frozen, and through a folder', () => {
    const manifest = deepFreeze(parse(textOf(name, 'function.yaml')));
    const expected = textOf(name, 'expected.yaml');
    expect(yamlOf(synthesized(name, ({ chart }) => OpenFunctionApp.fromManifest(chart, 'fn', manifest)))).toBe(expected);
    expect(yamlOf(synthesized(name, ({ chart }) => new OpenFunctionManifests(chart, 'all', { paths: [fileOf(name, 'function.yaml')] })))).toBe(expected);
  });

  test('becomes the same when it is synthesized twice, and whatever the order of its keys', () => {
    const app = fromFile(name);
    expect(yamlOf(app)).toBe(yamlOf(app));
    const manifest = reversed(parse(textOf(name, 'function.yaml'))) as Record<string, unknown>;
    expect(yamlOf(synthesized(name, ({ chart }) => OpenFunctionApp.fromManifest(chart, 'fn', manifest)))).toBe(textOf(name, 'expected.yaml'));
  });

  test('has valid names and labels, and references that lead somewhere', () => {
    const objects = objectsOf(fromFile(name));
    expect(brokenNames(objects)).toEqual([]);
    expect(brokenReferences(objects)).toEqual([]);
  });

  test('reads the same by YAML 1.1 and YAML 1.2, so that every string stays one', () => {
    const yaml = quietly(() => fromFile(name).synthYaml() as string);
    const [old, current] = (['1.1', '1.2'] as const).map((version) => parseAllDocuments(yaml, { version }).map((document) => document.toJS() as unknown));
    expect(old).toEqual(current);
    expect(current).toEqual(JSON.parse(JSON.stringify(quietly(() => fromFile(name).charts.flatMap((chart) => Testing.synth(chart) as unknown[])))));
  });
});

test('goldens cover every kind of object and every way to run a function', () => {
  const kinds = CASES.flatMap((name) => parseAllDocuments(textOf(name, 'expected.yaml')).map((document) => (document.toJS() as KubeObject).kind));
  expect([...new Set(kinds)].sort()).toEqual([
    'Component', 'ConfigMap', 'Configuration', 'Deployment', 'HTTPRoute', 'HTTPScaledObject', 'InterceptorRoute', 'Job', 'Lease', 'NetworkPolicy', 'PodDisruptionBudget', 'ReferenceGrant', 'Resiliency',
    'Role', 'RoleBinding', 'ScaledJob', 'ScaledObject', 'Service', 'ServiceAccount', 'StatefulSet',
  ]);
});

test('goldens are maps without anchors, whose bundle is left out', () => {
  for (const name of CASES) {
    const text = textOf(name, 'expected.yaml');
    for (const document of parseAllDocuments(text)) expect(isMap(document.contents) && !isSeq(document.contents)).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(20_000);
  }
});

test('a chart without functions becomes nothing', () => {
  expect(synthChart(newChart().chart)).toEqual([]);
});
