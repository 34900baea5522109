// Objects of functions are serialized by a way of their own. Whatever users add to them, cdk8s' way gives the same text.
import { ApiObject, App, AppProps, Chart, IResolver, JsonPatch, Lazy } from 'cdk8s';
import type { Manifest } from '../../../src/private/kubernetes/json';
import { PlainObject } from '../../../src/private/tree/objects';

const manifest = (): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { b: '1', a: '' }, annotations: {}, ownerReferences: [] },
  spec: { z: [{ b: 1, a: null }, [], {}], a: { yes: true, no: false, none: null, empty: {}, text: '', 10: 'x', 9: 'y' } },
  data: {},
});

function object(props: AppProps = {}): PlainObject {
  const chart = new Chart(new App(props), 'chart', { namespace: 'other', labels: { chart: 'label', a: 'replaced' } });
  return new PlainObject(chart, 'object', manifest());
}

const asCdk8s = (given: ApiObject): unknown => ApiObject.prototype.toJson.call(given);

const PLAIN = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { labels: { a: '', b: '1', chart: 'label' }, name: 'web', namespace: 'shop' },
  data: {},
  spec: { a: { 9: 'y', 10: 'x', empty: {}, no: false, text: '', yes: true }, z: [{ b: 1 }, [], {}] },
};

test('a plain object is sorted and without nulls, in new objects each time', () => {
  const given = object();
  expect(JSON.stringify(given.toJson())).toBe(JSON.stringify(PLAIN));
  expect(JSON.stringify(asCdk8s(given))).toBe(JSON.stringify(PLAIN));
  (given.toJson() as typeof PLAIN).spec.a.text = 'changed by the caller';
  expect(given.toJson()).toEqual(PLAIN);
});

class Shouting implements IResolver {
  public resolve(context: Parameters<IResolver['resolve']>[0]): void {
    if (context.value === 'x') context.replaceValue('X');
  }
}

class Foreign { public constructor(public readonly value: number, public readonly unit: string) {} }

const ADDITIONS: readonly [what: string, add: (given: PlainObject) => void][] = [
  ['a patch', (given) => given.addJsonPatch(JsonPatch.add('/spec/b', { c: 1 }), JsonPatch.remove('/spec/z'))],
  ['a label', (given) => given.metadata.addLabel('more', 'x')],
  ['a label that is a lazy value', (given) => given.metadata.addLabel('more', Lazy.any({ produce: () => 'late' }) as string)],
  ['an annotation', (given) => given.metadata.addAnnotation('more', 'x')],
  ['a finalizer', (given) => given.metadata.addFinalizers('acme/keep')],
  ['an owner', (given) => given.metadata.addOwnerReference({ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: '1' })],
  ['a field of the metadata', (given) => given.metadata.add('generateName', 'web-')],
  ['a field of the metadata that is a lazy value', (given) => given.metadata.add('extra', Lazy.any({ produce: () => ({ b: 1, a: [] }) }))],
  ['an empty field of the metadata', (given) => given.metadata.add('extra', { list: [], deep: { map: {} } })],
];

test.each(ADDITIONS)('%s is in the manifest as cdk8s would have it', (_what, add) => {
  const given = object();
  add(given);
  expect(JSON.stringify(given.toJson())).toBe(JSON.stringify(asCdk8s(given)));
});

test('resolvers of the app see each value', () => {
  const given = object({ resolvers: [new Shouting()] });
  expect((given.toJson() as typeof PLAIN).spec.a[10]).toBe('X');
  expect(given.toJson()).toEqual(asCdk8s(given));
});

test.each([
  ['a lazy value', Lazy.any({ produce: () => ({ b: [1], a: 2 }) }), { a: 2, b: [1] }],
  ['a value that resolves itself', { resolve: () => 'resolved' }, 'resolved'],
  ['a class that wraps a number', new Foreign(3, 'Mi'), { value: 3 }],
])('%s among the contents is resolved', (_what, value, resolved) => {
  const chart = new Chart(new App(), 'chart');
  const given = new PlainObject(chart, 'object', { ...manifest(), spec: { value } } as never);
  expect(given.toJson()).toEqual({ ...PLAIN, metadata: { ...PLAIN.metadata, labels: { a: '', b: '1' } }, spec: { value: resolved } });
  expect(given.toJson()).toEqual(asCdk8s(given));
});

test('a key that cdk8s takes for a class fails in the words of cdk8s', () => {
  const chart = new Chart(new App(), 'chart');
  const given = new PlainObject(chart, 'object', { ...manifest(), spec: { constructor: 'x' } });
  expect(() => given.toJson()).toThrow("Failed serializing construct at path 'chart/object' with name 'web': Error: can't render non-simple object of type 'undefined'");
});

test('keys keep their order where the environment says so', () => {
  const given = object();
  process.env.CDK8S_DISABLE_SORT = 'true';
  try {
    expect(Object.keys((given.toJson() as typeof PLAIN).spec)).toEqual(['z', 'a']);
    expect(JSON.stringify(given.toJson())).toBe(JSON.stringify(asCdk8s(given)));
  } finally {
    delete process.env.CDK8S_DISABLE_SORT;
  }
});

test('metadata of a cdk8s that keeps more of it is left to cdk8s', () => {
  const given = object();
  Object.assign(given.metadata, { managedFields: [] });
  expect(JSON.stringify(given.toJson())).toBe(JSON.stringify(asCdk8s(given)));
});
