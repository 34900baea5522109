/**
 * Objects that several functions share: the proxy's bundle, one per chart and namespace, and ReferenceGrants, one per pair
 * of namespaces. Made on first need, and removed when platform settings that come later leave nobody who needs them.
 */
import { ApiObject, Chart, Lazy } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { Manifest, Role } from '../emit/manifest';
import type { Bundle } from '../image/bundle';
import { MANAGED_LABEL, PROXY_VERSION_LABEL } from '../kubernetes/constants';
import type { Json } from '../kubernetes/json';

/** An object that a function wants to exist, and its own part in it. */
export interface Wanted {
  /** The construct at which the object is known: its chart, or the root where one serves all charts. */
  readonly home: IConstruct;
  /** Two functions that want the same key in the same home share one object. */
  readonly key: string;
  readonly part: Json;
  /** What of the function comes after it. */
  readonly neededBy: Role;
  readonly make: (parts: () => Json[]) => ApiObject;
}

interface Shared {
  readonly object: ApiObject;
  /** By function. */
  readonly parts: Map<Construct, Json>;
}

/** Wants these objects from now on, and those of `before` no more. Returns the objects, in the order of `wanted`. */
export function share(scope: Construct, wanted: readonly Wanted[], before: readonly Wanted[]): ApiObject[] {
  const objects = wanted.map(({ home, key, part, make }) => {
    const shared = sharedIn(home);
    const known = shared.get(key);
    const parts = known?.parts ?? new Map<Construct, Json>();
    parts.set(scope, part);
    if (known !== undefined) return known.object;
    const object = make(() => [...parts.values()]);
    shared.set(key, { object, parts });
    return object;
  });
  for (const { home, key } of before) {
    const shared = sharedIn(home);
    const known = shared.get(key);
    if (known === undefined || wanted.some((each) => each.home === home && each.key === key)) continue;
    known.parts.delete(scope);
    if (known.parts.size > 0) continue;
    known.object.node.scope?.node.tryRemoveChild(known.object.node.id);
    shared.delete(key);
  }
  return objects;
}

const KEY = Symbol.for('cdk8s-openfunction.shared');

/** Under a global symbol, since two copies of this package may be loaded. */
function sharedIn(home: IConstruct & { [KEY]?: Map<string, Shared> }): Map<string, Shared> {
  home[KEY] ??= new Map();
  return home[KEY];
}

/** Immutable, since its name changes with its contents. */
export function bundleObject(chart: Chart, namespace: string, { model, text }: Bundle): Wanted {
  const { configMapName: name, fileName, version } = model;
  const id = `${name}-${namespace}`;
  return {
    home: chart,
    key: id,
    part: null,
    neededBy: 'proxy',
    make: () => new ApiObject(chart, id, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, labels: { [MANAGED_LABEL]: 'true', [PROXY_VERSION_LABEL]: version } },
      immutable: true,
      data: { [fileName]: text },
    }),
  };
}

/** In the chart of the first function that needs it; lists every Service that functions of this namespace route to. */
export function grantObject(chart: Chart, { apiVersion, kind, metadata, spec }: Manifest): Wanted {
  const { from, to: own } = spec as { from: Json; to: Json[] };
  const id = `grant-${metadata.namespace}-${metadata.name}`;
  const services = (parts: Json[]) => [...new Map(parts.flatMap((part) => part as Json[]).map((service) => [JSON.stringify(service), service]))]
    .sort(([a], [b]) => (a < b ? -1 : 1)).map(([, service]) => service);
  return {
    home: chart.node.root,
    key: id,
    part: own,
    neededBy: 'route',
    make: (parts) => {
      const to = Lazy.any({ produce: () => services(parts()) }) as unknown;
      return new ApiObject(chart, id, { apiVersion, kind, metadata, spec: { from, to } });
    },
  };
}
