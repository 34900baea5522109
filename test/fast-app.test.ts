// The app with the fast writer gives the files of cdk8s' own, byte by byte.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ApiObject, App, AppProps, Chart, JsonPatch, Yaml, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import { functionManifest } from '../bench/synth/functions';
import { FastApp, OpenFunctionApp, OpenFunctionManifests } from '../src';
import { oddObject, randomFrom } from './support/odd-objects';
import { quietly } from './support/synth';
import { fastStringify } from '../src/private/yaml/cdk8s-yaml';

const GOLDEN = path.join(__dirname, 'golden');

function fill(app: App): void {
  const [first, second] = ['first', 'second'].map((id) => new Chart(app, id, { namespace: 'shop', labels: { part: id } }));
  Array.from({ length: 8 }, (_, index) => OpenFunctionApp.fromManifest(first, `fn-${index}`, functionManifest(index) as Record<string, unknown>));
  new OpenFunctionManifests(second, 'others', { objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'odd' }, data: { 'empty': null, 'text': 'a\nb\n', 'on': 'yes', '08': '1:30' } }] });
  const fn = new OpenFunctionApp(second, 'patched', { image: 'acme/patched:1' });
  fn.workload.addJsonPatch(JsonPatch.add('/metadata/annotations', { note: 'first line\n\tsecond: #line\n', number: '0x1F', date: '2001-01-01' }));
}

/** Charts that need each other are numbered by cdk8s. */
function fillDependent(app: App): void {
  fill(app);
  const [first, second] = app.node.children as Construct[];
  first.node.addDependency(second);
  new Chart(second, 'within');
}

function filesOf(folder: string, below = ''): [string, string][] {
  return readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry): [string, string][] => {
    const name = path.join(below, entry.name);
    return entry.isDirectory() ? filesOf(folder, name) : [[name, readFileSync(path.join(folder, name), 'utf8')]];
  }).sort(([a], [b]) => (a < b ? -1 : 1));
}

function written(make: (props: AppProps) => App, props: AppProps, contents: (app: App) => void): [string, string][] {
  const outdir = mkdtempSync(path.join(tmpdir(), 'fast-app-'));
  const app = make({ ...props, outdir });
  contents(app);
  quietly(() => app.synth());
  return filesOf(outdir);
}

const types = Object.values(YamlOutputType).filter((type): type is YamlOutputType => typeof type === 'number');

describe('An app with the fast writer', () => {
  test.each(types.flatMap((type) => [['independent', fill] as const, ['dependent', fillDependent] as const].map(([word, contents]) => (
    [YamlOutputType[type], word, type, contents] as const))))('writes the files of cdk8s: %s with %s charts', (_name, _word, yamlOutputType, contents) => {
    const props = { yamlOutputType, outputFileExtension: '.yml', recordConstructMetadata: true };
    const [own, fast] = [(given: AppProps) => new App(given), (given: AppProps) => new FastApp(given)].map((make) => written(make, props, contents));
    expect(own.filter(([name]) => name.endsWith('.yml')).length).toBeGreaterThan(0);
    expect(fast).toEqual(own);
  });

  test('gives the text of cdk8s for all functions at hand, and leaves cdk8s as it was', () => {
    const { stringify } = Yaml;
    const folders = readdirSync(GOLDEN, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => path.join(GOLDEN, name, 'function.yaml'));
    const [own, fast] = [() => new App(), () => new FastApp()].map((make) => quietly(() => folders.map((file) => {
      const app = make();
      new OpenFunctionManifests(new Chart(app, 'chart'), 'manifests', { paths: [file] });
      return app.synthYaml() as string;
    })));
    expect(fast).toEqual(own);
    expect(own.join('').length).toBeGreaterThan(50_000);
    expect(Yaml.stringify).toBe(stringify);
  });

  test('fails in the words of cdk8s, writes nothing more, and leaves cdk8s as it was', () => {
    const { stringify } = Yaml;
    const messages = [new App(), new FastApp()].map((app) => {
      new ApiObject(new Chart(app, 'chart'), 'wrong', { apiVersion: 'v1', kind: 'ConfigMap', data: { when: new Date(0) } });
      try {
        return app.synthYaml() as string;
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(messages[1]).toBe(messages[0]);
    expect(messages[0]).toContain("can't render non-simple object of type 'Date'");
    expect(Yaml.stringify).toBe(stringify);
  });

  test('uses a writer that somebody else has given to cdk8s', () => {
    const app = new FastApp();
    new ApiObject(new Chart(app, 'chart'), 'object', { apiVersion: 'v1', kind: 'ConfigMap' });
    const other = jest.spyOn(Yaml, 'stringify').mockReturnValue('of another');
    expect(app.synthYaml()).toBe('of another');
    other.mockRestore();
  });
});

describe('The fast writer of what cdk8s writes', () => {
  test('gives its bytes for plain data of any content', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const object = oddObject(randomFrom(seed));
      expect(fastStringify(object)).toBe(Yaml.stringify(object));
    }
  });

  const shared = { a: 1 };

  test.each<[string, unknown[], string]>([
    ['nothing', [], ''],
    ['a document that is undefined', [undefined, { a: 1 }], '\n---\na: 1\n'],
    ['an object that is there twice', [{ one: shared, two: shared }], 'one: &a1\n  a: 1\ntwo: *a1\n'],
    ['an object of two documents', [{ one: shared }, { two: shared }], 'one:\n  a: 1\n---\ntwo:\n  a: 1\n'],
    ['a field that is undefined', [{ a: undefined }], 'a: null\n'],
    ['a minus before a zero', [{ a: -0 }], 'a: 0\n'],
    ['a list', [['x']], '- x\n'],
    ['text with a line that is odd, deep in lists', [{ a: [{ b: ['x\n\ty'] }] }], 'a:\n  - b:\n      - |-\n        x\n        \ty\n'],
  ])('writes %s as cdk8s does', (_what, documents, text) => {
    expect([fastStringify(...documents), Yaml.stringify(...documents)]).toEqual([text, text]);
  });
});
