import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import { stringify } from 'yaml';
import { OpenFunctionManifests, PlatformSettings } from '../src';
import { v1beta1, v1beta2 } from './support/functions';
import { list, newChart, problemsOf, quietly, synthChart, thrownBy } from './support/synth';

const SECRET = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' }, stringData: { b: 'x', a: 'y' } };

describe('a file with functions and other objects', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'manifests-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('becomes constructs in the order of its documents', () => {
    const { chart } = newChart();
    const documents = [SECRET, v1beta1({}, {}, { name: 'one' }), { ...SECRET, metadata: { name: 'other' } }, v1beta2({}, {}, { name: 'two' })];
    writeFileSync(path.join(folder, 'all.yaml'), documents.map((document) => stringify(document)).join('---\n'));
    const manifests = new OpenFunctionManifests(chart, 'manifests', { paths: [folder] });
    expect(list(synthChart(chart))).toEqual(['Secret login', 'Service one', 'Secret other', 'Service two']);
    expect(manifests.functions.map(({ functionName }) => functionName)).toEqual(['one', 'two']);
    expect(manifests.others.map(({ name }) => name)).toEqual(['login', 'other']);
  });

  test('names file, line and column of each problem, and makes nothing', () => {
    const { chart } = newChart();
    const bad = path.join(folder, 'bad.yaml');
    writeFileSync(path.join(folder, 'good.yaml'), stringify(v1beta2()));
    writeFileSync(bad, 'apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata:\n  name: bad\nspec:\n  image: i\n  serving:\n    workloadType: Pod\n');
    const run = () => new OpenFunctionManifests(chart, 'manifests', { paths: [folder] });
    expect(thrownBy(run)).toBe(`${bad}: 1 problem\n  ${bad}:8:5 serving.workloadType: "Pod" is not one of "Deployment", "StatefulSet", "Job"`);
    expect(() => synthChart(chart)).toThrow();
  });
});

test('the problems of several functions come in one error, also those that only decisions show', () => {
  const { chart } = newChart();
  const conflicting = (name: string) => v1beta2({
    triggers: { http: {} }, outputs: [{ dapr: { name: 'a', type: 'bindings.http' } }, { dapr: { name: 'a', type: 'bindings.http' } }],
  }, {}, { name });
  const run = () => new OpenFunctionManifests(chart, 'manifests', { objects: [conflicting('one'), v1beta2({}, {}, { name: 'fine' }), conflicting('two')] });
  const problem = '  serving.outputs[1].dapr: the name "a" is taken by another output; give each output on one component a name of its own';
  expect(thrownBy(run)).toBe(['objects[0]: 1 problem', problem, 'objects[2]: 1 problem', problem].join('\n'));
});

describe('an object other than a function', () => {
  const odd = {
    apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'reader', creationTimestamp: null }, rules: [], aggregationRule: null,
  };

  test('passes through untouched, although the chart has a namespace and labels', () => {
    const chart = new Chart(Testing.app(), 'chart', { namespace: 'shop', labels: { team: 'shop' } });
    new OpenFunctionManifests(chart, 'manifests', { objects: [odd, SECRET] });
    expect(JSON.stringify(Testing.synth(chart))).toBe(JSON.stringify([odd, SECRET]));
  });

  test('keeps an object of another group whose kind is Function', () => {
    const { chart } = newChart();
    const foreign = { apiVersion: 'fission.io/v1', kind: 'Function', metadata: { name: 'f' } };
    new OpenFunctionManifests(chart, 'manifests', { objects: [foreign] });
    expect(synthChart(chart)).toEqual([foreign]);
  });

  test('can be patched all the same', () => {
    const { chart } = newChart();
    const { others } = new OpenFunctionManifests(chart, 'manifests', { objects: [SECRET] });
    others[0].addJsonPatch(JsonPatch.add('/type', 'Opaque'));
    expect(synthChart(chart)).toEqual([{ ...SECRET, type: 'Opaque' }]);
  });

  test('may share kind and name with another one: whose objects they are is not ours to say', () => {
    const { chart } = newChart();
    new OpenFunctionManifests(chart, 'manifests', { objects: [SECRET, SECRET] });
    expect(list(synthChart(chart))).toEqual(['Secret login', 'Secret login']);
  });
});

describe('names that functions and other objects claim', () => {
  test.each([
    ['two functions of one name', [v1beta2(), v1beta1()], 'function ns/fn is claimed by chart/manifests/function--fn-2 too'],
    ['an object beside a function of its name', [v1beta2(), { apiVersion: 'v1', kind: 'Service', metadata: { name: 'fn', namespace: 'ns' } }],
      'Service ns/fn is claimed by chart/manifests/Service-ns-fn too'],
  ])('are an error at synthesis for %s', (_case, objects, message) => {
    const { chart } = newChart();
    new OpenFunctionManifests(chart, 'manifests', { objects });
    expect(thrownBy(() => synthChart(chart))).toContain(message);
  });

  test('are free where the namespaces differ', () => {
    const { chart } = newChart();
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'fn', namespace: 'other' } };
    new OpenFunctionManifests(chart, 'manifests', { objects: [v1beta2(), v1beta2({}, {}, { namespace: 'third' }), service] });
    expect(synthChart(chart)).toHaveLength(3);
  });
});

describe('options', () => {
  test('give a namespace to functions that name none, and platform settings to all of them', () => {
    const { chart } = newChart();
    const options = { namespace: 'team', platform: { clusterDomain: 'corp.example' } };
    const { functions } = new OpenFunctionManifests(chart, 'manifests', { objects: [v1beta2({}, {}, { name: 'a', namespace: 'own' }), v1beta2()], ...options });
    expect(functions.map(({ internalUrl }) => internalUrl)).toEqual(['http://a.own.svc.corp.example', 'http://fn.team.svc.corp.example']);
  });

  test('take multi-document YAML', () => {
    const { chart } = newChart();
    new OpenFunctionManifests(chart, 'manifests', { yaml: [`${stringify(v1beta2())}---\n${stringify(SECRET)}`] });
    expect(list(synthChart(chart))).toEqual(['Service fn', 'Secret login']);
  });
});

describe('a function that is only built', () => {
  const built = { ...v1beta2(), spec: { image: 'i', build: {} } };

  test('becomes no object, and a warning says so', () => {
    const { chart } = newChart();
    const printed: string[] = [];
    const manifests = quietly(() => new OpenFunctionManifests(chart, 'manifests', { objects: [built] }), printed);
    expect(manifests.functions).toEqual([]);
    expect(quietly(() => synthChart(chart), printed)).toEqual([]);
    expect(printed).toEqual(['chart/manifests: objects[0]: warning: serving: is missing: the function is only built, so it becomes no object']);
  });

  test('is an error in strict mode', () => {
    const { app, chart } = newChart();
    PlatformSettings.of(app).set({ strict: true });
    quietly(() => new OpenFunctionManifests(chart, 'manifests', { objects: [built] }));
    expect(thrownBy(() => synthChart(chart))).toContain('warning: serving: is missing: the function is only built, so it becomes no object');
  });
});

test('the objects of a function are reached through the manifests', () => {
  const { chart } = newChart();
  const { functions } = new OpenFunctionManifests(chart, 'manifests', { objects: [v1beta2()] });
  expect(ApiObject.of(functions[0])).toBe(functions[0].workload);
  expect(App.of(functions[0])).toBe(chart.node.root);
});

describe('objects that are none', () => {
  test.each<[string, unknown, string]>([
    ['null', null, '.: is not a Kubernetes object: an object with "apiVersion" and "kind" is expected, got null'],
    ['nothing', undefined, '.: is not a Kubernetes object: an object with "apiVersion" and "kind" is expected, got undefined'],
    ['a text', 'x', '.: is not a Kubernetes object: an object with "apiVersion" and "kind" is expected, got "x"'],
    ['an object without kind', { apiVersion: 'v1' }, '.: is not a Kubernetes object: "kind" is missing'],
    ['an apiVersion with two slashes', { apiVersion: 'a/b/c', kind: 'X' }, expect.stringContaining('.: invalid apiVersion a/b/c') as string],
    ['a getter that throws', { apiVersion: 'v1', kind: 'X', get metadata() { throw new Error('sprung'); } }, '.: cannot be read: a getter or proxy throws'],
    ['a function with an empty item', { ...v1beta2({ outputs: [null], workloadType: 'Pod' }) },
      'serving.outputs[0]: must not be null: remove the item, or give it a value'],
  ])('are refused in words: %s', (_what, value, problem) => {
    const { chart } = newChart();
    expect(problemsOf(() => new OpenFunctionManifests(chart, 'manifests', { objects: [value] }))).toContainEqual(problem);
  });

  test('are unpacked when they are a List', () => {
    const { chart } = newChart();
    new OpenFunctionManifests(chart, 'manifests', { objects: [{ apiVersion: 'v1', kind: 'List', items: [v1beta2(), SECRET] }] });
    expect(list(synthChart(chart))).toEqual(['Service fn', 'Secret login']);
  });

  test('are copied', () => {
    const { chart } = newChart();
    const secret = structuredClone(SECRET);
    new OpenFunctionManifests(chart, 'manifests', { objects: [secret] });
    secret.stringData.a = 'changed';
    expect(synthChart(chart)).toEqual([SECRET]);
  });
});
