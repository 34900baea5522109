/** Looking into plain JSON whose shape is not known. */
import type { Json, JsonObject } from './function-model';

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NOTHING: [JsonObject, number][] = [];

/** The objects in a list, each with its index; nothing where the value is no list. */
export function objectsIn(value: Json | undefined): [JsonObject, number][] {
  if (!Array.isArray(value)) return NOTHING;
  return value.map((item, index): [Json, number] => [item, index]).filter((entry): entry is [JsonObject, number] => isObject(entry[0]));
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
