/** Looking into plain JSON whose shape is not known. */
import type { Json, JsonObject } from './function-model';

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in a list, each with its index; nothing where the value is no list. */
export function objectsIn(value: Json | undefined): [JsonObject, number][] {
  if (!Array.isArray(value)) return [];
  return value.map((item, index): [Json, number] => [item, index]).filter((entry): entry is [JsonObject, number] => isObject(entry[0]));
}

/** The same value whatever the order in which its keys were written. */
export function sortedDeep(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedDeep);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().filter((key) => value[key] !== undefined).map((key) => [key, sortedDeep(value[key])]));
}

/** A key that an object puts first, by number, whatever the order in which keys are added. */
const INDEX_KEY = /^\d+$/;

/** In this order also where a key looks like a number: a `Map`, which keeps its order, then. */
export function inOrder(entries: [string, unknown][]): object {
  return entries.some(([key]) => INDEX_KEY.test(key)) ? new Map(entries) : Object.fromEntries(entries);
}

/** One line of JSON, in which a `Map` keeps its order. */
export function jsonLine(value: unknown): string {
  return hasMap(value) ? withMaps(value) : JSON.stringify(value);
}

function hasMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Map) return true;
  for (const key of Object.keys(value)) {
    if (hasMap((value as Record<string, unknown>)[key])) return true;
  }
  return false;
}

function withMaps(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(withMaps).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries: [string, unknown][] = value instanceof Map ? [...value as Map<string, unknown>] : Object.entries(value);
  return `{${entries.filter(([, item]) => item !== undefined).map(([key, item]) => `${JSON.stringify(key)}:${withMaps(item)}`).join(',')}}`;
}
