/**
 * An ApiObject of plain data. cdk8s looks for lazy values and classes at every place of every object, which costs more
 * than all of a function's decisions; of what is known to be plain, the same comes out for a fraction of the time.
 */
import { ApiObject, ApiObjectMetadataDefinition, App, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Manifest } from '../emit/manifest';
import type { Json, JsonObject } from '../kubernetes/json';

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
    if (this.isPatched || process.env.CDK8S_DISABLE_SORT || !hasNoResolvers(this.node.root as App)) return undefined;
    const fields = fieldsOf(this.metadata);
    return fields && sanitizedObject(this.manifest, fields);
  }
}

/** What cdk8s makes of the object, if nobody else has added anything to it and all of it is plain. */
export function sanitizedObject(manifest: Manifest, fields: object = manifest.metadata): JsonObject | undefined {
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

/** Those of cdk8s itself find nothing in plain data. */
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
