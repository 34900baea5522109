/** Leaving out what is not there. */
import type { Json, JsonObject } from '../model/function-model';

export function present<T>(list: readonly (T | undefined)[]): T[] {
  return list.filter((item): item is T => item !== undefined);
}

/** Without the keys whose value is `undefined`, so that nothing downstream has to tell unset from absent. */
export function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const result: Partial<T> = {};
  for (const key of Object.keys(value) as (keyof T)[]) {
    if (value[key] !== undefined) result[key] = value[key];
  }
  return result as T;
}

export function definedJson(value: Record<string, Json | undefined>): JsonObject {
  return defined(value) as JsonObject;
}
