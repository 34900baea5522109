/**
 * The objects of a function: an ApiObject of plain data, whose contents can follow platform settings set after it.
 *
 * The object itself stays the same, so what a user holds of it, has added to it or has made depend on it stays valid:
 * JSON patches, labels, dependencies.
 */
import { ApiObject, ApiObjectMetadataDefinition, App, JsonPatch, Lazy } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { FunctionPlan } from '../decide/plan';
import type { Emitted } from '../emit/manifest';
import { emit } from '../emit/objects';
import type { Json, JsonObject, Manifest } from '../kubernetes/json';

type MetadataMap = 'labels' | 'annotations';

/** Roots of trees that nobody synthesizes: an object is made there when somebody asks for it. */
const DRAFTS = new WeakSet<IConstruct>();

/** Only its plain objects are wanted of the tree, which saves a good part of the time and memory. */
export function markAsDraft(root: IConstruct): void {
  DRAFTS.add(root);
}

export function isDraft(construct: IConstruct): boolean {
  return DRAFTS.has(rootOf(construct));
}

/** As `node.root`, which makes a list of all constructs on the way. */
export function rootOf(construct: IConstruct): IConstruct {
  let root = construct;
  for (let { scope } = root.node; scope !== undefined; { scope } = root.node) root = scope;
  return root;
}

/** The last function whose objects were asked for: objects are written function by function. */
let written: { readonly plan: FunctionPlan; readonly emitted: readonly Emitted[] } | undefined;

function emittedAgain(plan: FunctionPlan, wanted: string): Manifest {
  if (written?.plan !== plan) written = { plan, emitted: emit(plan) };
  return written.emitted.find(({ id, sharedBy }) => id === wanted && sharedBy === undefined)!.manifest;
}

type Header = Pick<Manifest, 'apiVersion' | 'kind' | 'metadata'>;

export class FollowingObject {
  public readonly id: string;
  /** Identifies the object in a cluster. */
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

/**
 * cdk8s looks for lazy values and classes at every place of every object, which costs more than all of a function's
 * decisions; of what is known to be plain, the same comes out for a fraction of the time.
 */
export class PlainObject extends ApiObject {
  private isPatched = false;

  /** Reads the manifest at synthesis only: it may change until then. */
  public constructor(scope: Construct, id: string, private readonly manifest: Manifest) {
    super(scope, id, manifest);
  }

  public override addJsonPatch(...operations: JsonPatch[]): void {
    this.isPatched = true;
    super.addJsonPatch(...operations);
  }

  public override toJson(): unknown {
    return this.plain() ?? super.toJson();
  }

  /** Nothing where it takes all that cdk8s can do: patches, lazy values, resolvers of the app. */
  private plain(): JsonObject | undefined {
    if (this.isPatched || process.env.CDK8S_DISABLE_SORT || !hasNoResolvers(rootOf(this) as App)) return undefined;
    const fields = fieldsOf(this.metadata);
    return fields && sanitizedObject(this.manifest, fields);
  }
}

/** What cdk8s makes of the object, if nobody else has added anything to it and all of it is plain. */
function sanitizedObject(manifest: Manifest, fields: object = manifest.metadata): JsonObject | undefined {
  try {
    const { apiVersion, kind } = manifest;
    const result: JsonObject = { apiVersion, kind, metadata: sanitizedMap(fields as JsonObject, true) };
    for (const key of sortedKeys(Object.keys(manifest))) {
      if (key in result) continue;
      const value = sanitized(manifest[key], false);
      if (value !== undefined) result[key] = value;
    }
    return result;
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

/** The number of cdk8s's own, which change nothing in plain data. */
const OWN_RESOLVERS = 3;

function hasNoResolvers({ resolvers }: { readonly resolvers?: readonly unknown[] }): boolean {
  return resolvers?.length === OWN_RESOLVERS;
}

/** The fields of cdk8s's metadata, all private; one of another version may have others. */
const FIELDS = [
  'name', 'labels', 'annotations', 'namespace', 'finalizers', 'ownerReferences', 'apiObject', '_additionalAttributes',
];

function fieldsOf(metadata: ApiObjectMetadataDefinition): object | undefined {
  let count = 0;
  for (const field in metadata) if (field !== FIELDS[count++]) return undefined;
  if (count !== FIELDS.length) return undefined;
  const { _additionalAttributes: given, name, namespace, labels, annotations, finalizers, ownerReferences } = (
    metadata as unknown as Record<string, object>);
  return { ...given, name, namespace, labels, annotations, finalizers, ownerReferences };
}

class NotPlain extends Error {}

/** Keys in order and no nulls, as cdk8s does it; metadata has nothing that is empty, either. */
function sanitizedMap(map: JsonObject, withoutEmpty: boolean): JsonObject {
  const result: JsonObject = {};
  for (const key of sortedKeys(Object.keys(map))) {
    const value = sanitized(map[key], withoutEmpty);
    const isEmpty = withoutEmpty && typeof value === 'object' && Object.keys(value).length === 0;
    if (value !== undefined && !isEmpty) result[key] = value;
  }
  return result;
}

function sanitized(value: Json | undefined, withoutEmpty: boolean): Exclude<Json, null> | undefined {
  if (typeof value === 'function') throw new NotPlain();
  if (typeof value !== 'object') return value;
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map((item) => sanitized(item, withoutEmpty) as Json);
  if (value.constructor !== Object) throw new NotPlain();
  return sanitizedMap(value, withoutEmpty);
}

/** Keys are few, and mostly in order already: what `sort()` gives, without its preparations. */
function sortedKeys(keys: string[]): string[] {
  if (keys.length > MANY_KEYS) return keys.sort();
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end];
    let place = end;
    for (; place > 0 && keys[place - 1] > key; place--) keys[place] = keys[place - 1];
    keys[place] = key;
  }
  return keys;
}

const MANY_KEYS = 30;
