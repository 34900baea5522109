// What stands among manifests and is for other tools is left out with a word (docs/spec M124a).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import { OpenFunctionManifests } from '../../../src';
import { formatProblem } from '../../../src/private/problem/problem';
import { readPaths } from '../../../src/private/yaml/read-paths';
import { readManifests, readYaml } from '../../../src/private/yaml/read-yaml';
import { quietly } from '../../support/synth';

const FUNCTION = 'apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: a}\nspec: {image: acme/a:1, serving: {triggers: {http: {}}}}\n';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mixed-'));
});

afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, content: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** Kinds of the objects in a folder, and what is said. */
function read(folder = '.'): { kinds: string[]; said: string[] } {
  const documents = readPaths([join(root, folder)]).flatMap(readManifests);
  return {
    kinds: documents.flatMap(({ value }) => (value === undefined ? [] : [(value as { kind: string }).kind])),
    said: documents.flatMap(({ problems }) => problems.map(formatProblem)).map((line) => line.replace(`${join(root, folder)}/`, '')),
  };
}

describe('in a folder', () => {
  test('a kustomization and what it patches and fills ConfigMaps with are left out', () => {
    put('fn.yaml', FUNCTION);
    put('kustomization.yaml', 'resources: [fn.yaml]\npatches: [{path: patches/more.yaml}]\npatchesStrategicMerge: [old.yaml]\n'
      + 'configMapGenerator: [{name: c, files: [key=config.yaml]}]\n');
    for (const file of ['patches/more.yaml', 'old.yaml', 'config.yaml']) put(file, 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n');
    expect(read()).toEqual({
      kinds: ['Function'],
      said: [
        'config.yaml:1:1 note: skipped: a kustomization uses it',
        'kustomization.yaml:1:1 note: skipped: this file is for kustomize',
        'old.yaml:1:1 note: skipped: a kustomization uses it',
        'patches/more.yaml:1:1 note: skipped: a kustomization uses it',
      ],
    });
  });

  test('a Helm chart is left out, its CRDs are not', () => {
    put('chart/Chart.yaml', 'apiVersion: v2\nname: x\nversion: 1.0.0\n');
    put('chart/values.yaml', 'kind: x\n');
    put('chart/templates/fn.yaml', 'kind: {{ .Values.kind }}');
    put('chart/crds/a.yaml', 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n');
    put('values.yaml', FUNCTION);
    expect(read()).toEqual({
      kinds: ['CustomResourceDefinition', 'Function'],
      said: [
        'chart/Chart.yaml:1:1 note: skipped: part of a Helm chart',
        'chart/templates:1:1 note: skipped: the templates of a Helm chart; render them first',
        'chart/values.yaml:1:1 note: skipped: part of a Helm chart',
      ],
    });
  });

  test.each([
    ['package.json', '{"name": "x"}', 'this file is for Node.js'],
    ['tsconfig.dev.json', '{/* comment */}', 'this file is for Node.js'],
    ['values-prod.yaml', 'replicas: 3\n', 'no Kubernetes object is in this file'],
    ['docker-compose.yml', 'services: {}\n', 'no Kubernetes object is in this file'],
    ['patch.json', '[{"op": "add"}]', 'no Kubernetes object is in this file'],
    ['skaffold.yaml', 'apiVersion: skaffold/v4beta1\nkind: Config\n', 'this configuration is for skaffold'],
    ['config.yaml', 'apiVersion: v1\nkind: Config\nclusters: []\n', 'this is a kubeconfig'],
  ])('%s is left out', (file, content, why) => {
    put(file, content);
    put('z.yaml', FUNCTION);
    expect(read()).toEqual({ kinds: ['Function'], said: [`${file}:1:1 note: skipped: ${why}`] });
  });

  test.each([
    ['a misspelt field', 'apiversion: v1\nkind: ConfigMap\n'],
    ['a missing kind', 'metadata: {name: a}\nspec: {image: x}\n'],
    ['an object beside something else', `${FUNCTION}---\nreplicas: 3\n`],
  ])('%s is an error all the same', (_, content) => {
    put('a.yaml', content);
    expect(read().said).toEqual([expect.stringMatching(/^a\.yaml:\d:1 \.: is not a Kubernetes object: /)]);
  });

  test('files that are named are not left out for their contents', () => {
    put('values.yaml', 'replicas: 3\n');
    expect(read('values.yaml').said).toEqual([expect.stringContaining('is not a Kubernetes object: "apiVersion" is missing')]);
  });

  test('OpenFunctionManifests says what it left out, also in strict mode', () => {
    put('fn.yaml', FUNCTION);
    put('package.json', '{}');
    const app = Testing.app();
    const chart = new Chart(app, 'chart', { namespace: 'shop' });
    const printed: string[] = [];
    const { functions } = new OpenFunctionManifests(chart, 'all', { paths: [root], platform: { strict: true } });
    quietly(() => app.synthYaml(), printed);
    expect(functions.map(({ functionName }) => functionName)).toEqual(['a']);
    expect(printed.join('').trim()).toBe(`chart/all: ${root}/package.json:1:1 note: skipped: this file is for Node.js`);
  });
});

const said = (text: string) => readYaml(text, 'f.yaml').flatMap(({ problems }) => problems.map(formatProblem));
const kinds = (text: string) => readYaml(text, 'f.yaml').flatMap(({ kind, value }) => (value === undefined ? [] : [kind]));

describe('in a stream', () => {
  const item = FUNCTION.trim().replaceAll('\n', '\n  ');

  test('lists are unpacked at any depth, a ResourceList too', () => {
    const nested = (depth: number): string => (depth === 0 ? `{${FUNCTION.trim().replaceAll('\n', ', ')}}` : `{apiVersion: v1, kind: List, items: [${nested(depth - 1)}]}`);
    for (const depth of [1, 2, 5]) expect(kinds(nested(depth))).toEqual(['function']);
    expect(kinds(`apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {}\nitems:\n- ${item}\n- {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Secret}]}\n`))
      .toEqual(['function', 'other']);
  });

  test('places in nested lists are right', () => {
    const [{ position }] = readYaml('apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - apiVersion: core.openfunction.io/v1beta2\n    kind: Function\n    spec:\n      image: x\n', 'f.yaml');
    expect(position?.(['image'])).toEqual({ file: 'f.yaml', line: 10, column: 7 });
  });

  test('a kustomization is left out, one of Flux is an object', () => {
    expect(said('apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n')).toEqual(['f.yaml:1:1 note: skipped: this Kustomization is for kustomize']);
    expect(kinds('apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n')).toEqual(['other']);
  });

  test.each([['N', 'false'], ['y', 'true'], ['on', 'true'], ['NO', 'false'], ['010', '8'], ['1e3', '1000'], ['1.0', '1']])(
    'the key %s, which is read as %s, is a warning', (key, value) => {
      expect(said(`${FUNCTION}x:\n  ${key}: a\n`)).toEqual([`f.yaml:6:3 warning: .: the key ${key} is read as "${value}", as kubectl does; quote it: "${key}"`]);
      expect(said(`${FUNCTION}x:\n  "${key}": a\n`)).toEqual([]);
    });

  test('keys that are what they seem cause no warning', () => {
    expect(said(`${FUNCTION}x: {true: a, 80: b, '~': c, a-b: d, 0.5: e}\n`)).toEqual([]);
  });

  test('byte order marks of files that were put together are skipped', () => {
    for (const text of [`${FUNCTION}---\n\uFEFF${FUNCTION}`, `${FUNCTION}\uFEFF---\n${FUNCTION}`, `\uFEFF${FUNCTION}--- # next\n\uFEFF${FUNCTION}`]) {
      expect([kinds(text), said(text)]).toEqual([['function', 'function'], []]);
    }
  });

  test('JSON objects one after the other are documents, each with its places', () => {
    const one = '{"apiVersion": "v1", "kind": "Secret", "data": {"a}": "\\"{"}}';
    expect(kinds(`${one}\n${one}${one}\n`)).toEqual(['other', 'other', 'other']);
    expect(said(`${one}\n {"apiVersion": "v1"}`)).toEqual(['f.yaml:2:2 .: is not a Kubernetes object: "kind" is missing']);
    expect(said(`${one}\n{"apiVersion": "v1", "a": 1, "a": 2}`)).toEqual(['f.yaml:2:30 .: the key "a" is given twice']);
    expect(said(`${one}\n---\n${one}`)).toEqual([]);
    expect(said(`${one}\nx`)).toEqual([expect.stringContaining('is not valid YAML')]);
  });

  test('a Helm template and a function encrypted with SOPS are one error each', () => {
    const helm = 'f.yaml:1:7 .: looks like a Helm template; render it first, with helm template';
    expect(said('name: {{ .Release.Name }}\n---\na: [\n')).toEqual([helm]);
    expect(said('{{- if .Values.on }}\na: b\n{{- end }}\n')).toEqual([helm.replace('1:7', '1:1')]);
    expect(said(FUNCTION.replace('acme/a:1', '"{{ .Values.image }}"'))).toEqual([helm.replace('1:7', '1:1')]);
    expect(said(`${FUNCTION}sops: {mac: x}\n`)).toEqual(['f.yaml:1:1 .: is encrypted with SOPS; decrypt it first, with sops decrypt']);
    expect(kinds('apiVersion: v1\nkind: Secret\nsops: {mac: x}\n')).toEqual(['other']);
    expect(said('a: {b: {c}')).toEqual([expect.stringContaining('is not valid YAML')]);
  });
});
