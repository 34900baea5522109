/**
 * YAML or JSON text → Kubernetes objects, each with the places of its paths.
 *
 * A text means to us what it means to kubectl (`yaml-schema.ts`). `List`s are unpacked.
 */
import { API_GROUP, isFunction } from './kinds';
import { Find, problemAt, readValues } from './yaml-values';
import { Path, Problem, show, SourcePosition } from '../problem/problem';

export { isFunction };

export interface YamlDocument {
  /** Plain data; `undefined` when the problems say that there is none. */
  readonly value?: unknown;
  readonly kind: 'function' | 'other';
  /** Of a path as problems have it, for a function without `spec`; of the nearest place above when it is not there. */
  readonly position?: (path: Path) => SourcePosition | undefined;
  readonly problems: readonly Problem[];
}

export function readYaml(content: string | Buffer, file: string): YamlDocument[] {
  return readValues(content, file).flatMap((read) => ('problem' in read ? [failed(read.problem)] : unpack(read.value, [], read.find)));
}

/** The same of plain data that never was a text. */
export function documentsIn(value: unknown): YamlDocument[] {
  return unpack(value, [], () => undefined);
}

/** Only texts have places. */
type MaybeFind = (...candidates: Parameters<Find>) => SourcePosition | undefined;

/** A `List` has its objects under `items`; a list in a list is an object like any other. */
function unpack(value: unknown, path: Path, find: MaybeFind): YamlDocument[] {
  const position = (below: Path) => find([[...path, ...below]]);
  if (!isMap(value)) return [failed(problemAt(`is not a Kubernetes object: an object with "apiVersion" and "kind" is expected, got ${show(value)}`, position([])))];
  const { apiVersion, kind, items } = value;
  if (isList(apiVersion, kind) && path.length === 0) {
    if (Array.isArray(items)) return items.flatMap((item: unknown, index) => unpack(item, ['items', index], find));
    return [failed(problemAt(`must be a list of objects, got ${show(items ?? null)}`, position(['items']), ['items']))];
  }
  if (isFunction(apiVersion, kind)) {
    return [{ value, kind: 'function', problems: [], position: (below) => find(placesOf(below).map((place) => [...path, ...place])) }];
  }
  for (const [field, given] of [['apiVersion', apiVersion], ['kind', kind]] as const) {
    if (typeof given === 'string' && given !== '') continue;
    const what = given === undefined || given === null ? `"${field}" is missing` : `"${field}" must be a string, got ${show(given)}`;
    return [failed(problemAt(`is not a Kubernetes object: ${what}`, position([field])))];
  }
  return [{ value, kind: 'other', problems: [], position }];
}

/** Problems leave out `spec`; a field that is in neither place is looked for where it belongs. */
function placesOf(path: Path): Path[] {
  const [inSpec, atRoot]: Path[] = [['spec', ...path], path];
  return ['apiVersion', 'kind', 'metadata', 'spec', 'status'].includes(String(path[0])) ? [atRoot, inSpec] : [inSpec, atRoot];
}

function isList(apiVersion: unknown, kind: unknown): boolean {
  return (apiVersion === 'v1' && kind === 'List') || (kind === 'FunctionList' && String(apiVersion).startsWith(`${API_GROUP}/`));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function failed(problem: Problem): YamlDocument {
  return { kind: 'other', problems: [problem] };
}
