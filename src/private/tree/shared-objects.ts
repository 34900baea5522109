/**
 * Objects that several functions share: the proxy's bundle, one per chart and namespace, and ReferenceGrants, one per
 * pair of namespaces. Made on first need, and removed when, after later platform settings, no function needs them.
 */
import { ApiObject, Chart, Lazy } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { Emitted, Manifest } from '../emit/manifest';
import { isObject, Json, JsonObject } from '../kubernetes/json';

interface Shared {
  readonly object: ApiObject;
  /** By function, what it needs the object to be. */
  readonly manifests: Map<Construct, Manifest>;
}

/** From now on a function needs `needed`, and no longer `before`. Returns the objects, in the order of `needed`. */
export function share(scope: Construct, needed: readonly Emitted[], before: readonly Emitted[]): ApiObject[] {
  const objects = needed.map((emitted) => {
    const known = sharedIn(homeOf(scope, emitted));
    const shared = known.get(emitted.id) ?? make(Chart.of(scope), emitted);
    known.set(emitted.id, shared);
    shared.manifests.set(scope, emitted.manifest);
    return shared.object;
  });
  for (const emitted of before) {
    const known = sharedIn(homeOf(scope, emitted));
    const shared = known.get(emitted.id);
    if (shared === undefined || needed.some(({ id }) => id === emitted.id)) continue;
    shared.manifests.delete(scope);
    if (shared.manifests.size > 0) continue;
    shared.object.node.scope?.node.tryRemoveChild(shared.object.node.id);
    known.delete(emitted.id);
  }
  return objects;
}

/** The construct at which an object is known: its chart, or the root where one serves all charts. */
function homeOf(scope: Construct, { sharedBy }: Emitted): IConstruct {
  return sharedBy === 'app' ? scope.node.root : Chart.of(scope);
}

const KEY = Symbol.for('cdk8s-openfunction.shared');

/** Under a global symbol, since two copies of this package may be loaded. */
function sharedIn(home: IConstruct & { [KEY]?: Map<string, Shared> }): Map<string, Shared> {
  home[KEY] ??= new Map();
  return home[KEY];
}

/** In the chart of the first function that needs it. */
function make(chart: Chart, { id, manifest }: Emitted): Shared {
  const manifests = new Map<Construct, Manifest>();
  const lazySpec = () => Lazy.any({ produce: () => united([...manifests.values()]) }) as unknown;
  const spec = manifest.spec === undefined ? {} : { spec: lazySpec() };
  return { manifests, object: new ApiObject(chart, id, { ...manifest, ...spec }) };
}

/** Lists hold what any of the functions has there, in one order whatever theirs. */
function united(manifests: readonly Manifest[]): JsonObject {
  const all = new Map<string, Map<string, Json>>();
  for (const { spec } of manifests) {
    for (const [field, list] of isObject(spec) ? Object.entries(spec) : []) {
      const known = all.get(field) ?? new Map<string, Json>();
      all.set(field, known);
      for (const item of list as Json[]) known.set(JSON.stringify(item), item);
    }
  }
  return Object.fromEntries([...all].map(([field, items]) => {
    const sorted = [...items].sort(([a], [b]) => (a < b ? -1 : 1));
    return [field, sorted.map(([, item]) => item)];
  }));
}
