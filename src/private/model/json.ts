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

/**
 * One line of JSON. A `Map` keeps its order there, which an object does not: it puts keys such as "10" first, by number.
 */
export function jsonLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonLine).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries: [string, unknown][] = value instanceof Map ? [...value as Map<string, unknown>] : Object.entries(value);
  return `{${entries.filter(([, item]) => item !== undefined).map(([key, item]) => `${JSON.stringify(key)}:${jsonLine(item)}`).join(',')}}`;
}
