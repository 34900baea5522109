/** JSON values and the Kubernetes objects made of them: types, looking into them, leaving out what is undefined. */

export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject { [key: string]: Json }
export type StringMap = Record<string, string>;

export function isObject(value: Json | undefined): value is JsonObject;
export function isObject(value: unknown): value is Record<string, unknown>;
export function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NOTHING: [JsonObject, number][] = [];

/** The objects in a list, each with its index; nothing where the value is not a list. */
export function objectsIn(value: Json | undefined): [JsonObject, number][] {
  if (!Array.isArray(value)) return NOTHING;
  const found: [JsonObject, number][] = [];
  value.forEach((item, index) => { if (isObject(item)) found.push([item, index]); });
  return found;
}

/** An empty one where there is none. */
export function objectAt(value: JsonObject, field: string): JsonObject {
  const found = value[field];
  return isObject(found) ? found : {};
}

/** The same value whatever the order in which its keys were written. */
export function sortedDeep(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedDeep);
  if (!isObject(value)) return value;
  const sorted: JsonObject = {};
  for (const key of Object.keys(value).sort()) {
    if (value[key] !== undefined) sorted[key] = sortedDeep(value[key]);
  }
  return sorted;
}

export function present<T>(list: readonly (T | undefined)[]): T[] {
  return list.filter((item): item is T => item !== undefined);
}

/** Without the fields that are unset, which jsii hands over as `undefined` or `null`. */
export function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined | null> } {
  const result: Partial<T> = {};
  for (const key of Object.keys(value) as (keyof T)[]) {
    if (value[key] !== undefined && value[key] !== null) result[key] = value[key];
  }
  return result as T;
}

export function definedJson(value: Record<string, Json | undefined>): JsonObject {
  return defined(value) as JsonObject;
}

/** Entries of a map by their keys: in some languages a map has another order in each run. */
export function entriesOf<T>(map: { readonly [key: string]: T } | undefined): [key: string, value: T][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A list or an object, or `undefined` in place of an empty one. */
export function nonEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}

export interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject & { readonly name: string; readonly namespace: string };
}

/** Leaves out what is undefined, so that makers can write optional fields in place. */
export function compact(value: { [key: string]: Json | undefined }): JsonObject {
  const result: JsonObject = {};
  for (const key of Object.keys(value)) {
    const field = value[key];
    if (field !== undefined) result[key] = field;
  }
  return result;
}

/**
 * Of plain data, into objects of this realm: cdk8s drops the name beside a `value` in those of another, and in Jest
 * structuredClone makes such. It is also far slower, which shows with thousands of functions.
 */
export function copy<T extends Json>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy) as T;
  const result: JsonObject = {};
  for (const key of Object.keys(value)) result[key] = copy(value[key]);
  return result as T;
}

interface ObjectParts {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly labels: StringMap;
}

export function object(
  { namespace }: { readonly namespace: string }, parts: ObjectParts, rest: JsonObject,
): Manifest {
  const { apiVersion, kind, name, labels } = parts;
  return { apiVersion, kind, metadata: { name, namespace, labels: { ...labels } }, ...rest };
}
