/**
 * Names of props that do not exist: the compiler of a TypeScript user finds them, plain JavaScript has none. The tables
 * are checked against the types that they describe, so neither can have a name that the other lacks.
 */
import type { ContainerSize } from '../../dapr-proxy-props';
import { PROXY_SETTINGS } from '../function/proxy-settings';
import { isObject } from '../kubernetes/json';
import { didYouMean, Path, Problem } from '../problem/problem';

/** `0` is a value that has no names of its own, or whose names are checked where it is read. */
export type Known = 0 | Names | readonly [Names];
export interface Names { readonly [name: string]: Known }
export type NamesOf<T> = { readonly [K in keyof T]-?: Known };

const SIZE = { cpuRequest: 0, cpuLimit: 0, memoryRequest: 0, memoryLimit: 0 } satisfies NamesOf<ContainerSize>;

export const PROXY_NAMES: Names = Object.fromEntries(
  Object.entries(PROXY_SETTINGS).map(([field, { kind }]) => [field, kind === 'container' ? SIZE : 0]));

/** With what is below; `undefined` is the same as absent. */
export function unknownProps(given: unknown, known: Known, path: Path = []): Problem[] {
  if (known === 0) return [];
  if (isList(known)) {
    if (!Array.isArray(given)) return [];
    return given.flatMap((item: unknown, index) => unknownProps(item, known[0], [...path, index]));
  }
  if (!isObject(given)) return [];
  return Object.entries(given).flatMap(([name, value]): Problem[] => {
    if (value === undefined) return [];
    if (Object.hasOwn(known, name)) return unknownProps(value, known[name], [...path, name]);
    const message = `unknown prop${didYouMean(name, Object.keys(known))}`;
    return [{ severity: 'error', path: [...path, name], message }];
  });
}

function isList(known: Names | readonly [Names]): known is readonly [Names] {
  return Array.isArray(known);
}
