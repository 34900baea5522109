/**
 * An ApiObject whose contents can follow platform settings that are set after it was made.
 *
 * The object itself stays the same, so what a user holds of it, has added to it or has made depend on it stays valid:
 * JSON patches, labels, dependencies.
 */
import { ApiObject, Chart, Lazy } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { PlainObject, sanitizedObject } from './plain-object';
import type { FunctionPlan } from '../decide/plan';
import type { Emitted, Manifest } from '../emit/manifest';
import { emit } from '../emit/objects';
import { isObject, Json, JsonObject } from '../kubernetes/json';

type MetadataMap = 'labels' | 'annotations';

/** Roots of trees that nobody synthesizes: an object is made there when somebody asks for it. */
const DRAFTS = new WeakSet<IConstruct>();

/** Only its plain objects are wanted of the tree, which saves a good part of the time and memory. */
export function markAsDraft(root: IConstruct): void {
  DRAFTS.add(root);
}

export function isDraft({ node: { root } }: IConstruct): boolean {
  return DRAFTS.has(root);
}

/** The function whose objects were wanted last: they are written function by function. */
let written: { readonly plan: FunctionPlan; readonly emitted: readonly Emitted[] } | undefined;

function emittedAgain(plan: FunctionPlan, wanted: string): Manifest {
  if (written?.plan !== plan) written = { plan, emitted: emit(plan) };
  return written.emitted.find(({ id, sharedBy }) => id === wanted && sharedBy === undefined)!.manifest;
}

type Header = Pick<Manifest, 'apiVersion' | 'kind' | 'metadata'>;

export class FollowingObject {
  public readonly id: string;
  /** What names the object in a cluster. */
  public header: Header;
  private made?: { readonly apiObject: ApiObject; readonly manifest: Manifest };

  /** In drafts a manifest is made again when it is wanted: those of ten thousand functions have a hundred megabytes. */
  public constructor(
    private readonly scope: Construct, { id, manifest }: Emitted, private readonly of: { readonly plan: FunctionPlan },
  ) {
    this.id = id;
    this.header = headerOf(manifest);
    if (!isDraft(scope)) this.make(manifest);
  }

  public get apiObject(): ApiObject {
    return (this.made ?? this.make(this.manifest)).apiObject;
  }

  /** What `apiObject.toJson()` gives as long as nobody else has added anything to it, without making it. */
  public untouched(): JsonObject {
    if (process.env.CDK8S_DISABLE_SORT) return this.apiObject.toJson() as JsonObject;
    return sanitizedObject(this.manifest) ?? this.apiObject.toJson() as JsonObject;
  }

  /** Whether the new contents have the same kind and top-level fields: cdk8s fixes both at construction. */
  public fits(next: Manifest): boolean {
    const shape = (manifest: Manifest) => [manifest.apiVersion, manifest.kind, ...Object.keys(manifest)].join();
    return this.made === undefined || shape(next) === shape(this.made.manifest);
  }

  /** Takes over the new contents. */
  public update(next: Manifest): void {
    if (this.made === undefined) {
      this.header = headerOf(next);
      return;
    }
    this.rename(next.metadata.name);
    this.follow('labels', next);
    this.follow('annotations', next);
    Object.assign(this.made.manifest, next);
  }

  private get manifest(): Manifest {
    return this.made?.manifest ?? emittedAgain(this.of.plan, this.id);
  }

  private make(manifest: Manifest): { readonly apiObject: ApiObject; readonly manifest: Manifest } {
    this.header = manifest;
    this.made = { manifest, apiObject: new PlainObject(this.scope, this.id, manifest) };
    return this.made;
  }

  /** A Job's name has the hash of its template. cdk8s sets names at construction, but reads them only at synthesis. */
  private rename(name: string): void {
    if (name === this.apiObject.name) return;
    Object.assign(this.apiObject, { name });
    Object.assign(this.apiObject.metadata, { name });
  }

  /** cdk8s has no way to take a label away; one that resolves to nothing is left out of the manifest. */
  private follow(map: MetadataMap, next: Manifest): void {
    const { metadata } = this.apiObject;
    const add = (key: string, value: string) => (
      map === 'labels' ? metadata.addLabel(key, value) : metadata.addAnnotation(key, value)
    );
    const [before, after] = [entries(this.manifest, map), entries(next, map)];
    for (const [key, value] of Object.entries(after)) if (before[key] !== value) add(key, value);
    for (const key of Object.keys(before)) if (!(key in after)) add(key, NOTHING);
  }
}

function headerOf({ apiVersion, kind, metadata: { name, namespace } }: Manifest): Header {
  return { apiVersion, kind, metadata: { name, namespace } };
}

const NOTHING = Lazy.any({ produce: () => undefined }) as string;

function entries({ metadata }: Manifest, map: MetadataMap): Record<string, string> {
  return (metadata[map] ?? {}) as Record<string, string>;
}

/**
 * Objects that later settings ask for take the place that they would have had from the start.
 *
 * constructs keeps children in the order of their creation and has no way to change it, so this uses a private field;
 * in a version without that field the order stays as it is.
 */
export function orderChildren(scope: Construct, ids: readonly string[]): void {
  const { _children: children } = scope.node as unknown as { _children?: Record<string, unknown> };
  const present = Object.keys(children ?? {}).filter((id) => ids.includes(id));
  if (children === undefined || present.join() === ids.join()) return;
  for (const id of ids) {
    const child = children[id];
    delete children[id];
    children[id] = child;
  }
}

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
