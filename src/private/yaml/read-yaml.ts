/**
 * YAML or JSON text → its documents, and those → Kubernetes objects, each with the places of its paths.
 *
 * A text means here what it means to kubectl (`yaml-schema.ts`). `List`s are unpacked.
 */
import { decodeText } from './decode-text';
import { toPlain, YamlRefusal } from './yaml-plain';
import { ParsedDocument, Span, YamlSource } from './yaml-source';
import { API_GROUP } from '../kubernetes/constants';
import { isObject } from '../kubernetes/json';
import { nearest, Path, Problem, show, SourcePosition } from '../problem/problem';

export interface YamlDocument {
  /** Plain data; `undefined` when the problems say that there is none. */
  readonly value?: unknown;
  readonly kind: 'function' | 'other';
  /** Of a path as problems have it, for a function without `spec`; of the nearest place above when it is not there. */
  readonly position?: (path: Path) => SourcePosition | undefined;
  readonly problems: readonly Problem[];
}

export function readYaml(content: string | Buffer, file: string): YamlDocument[] {
  return readValues(content, file)
    .flatMap((read) => ('problem' in read ? [failed(read.problem)] : unpack(read.value, [], read.find)));
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
  if (!isObject(value)) {
    return [notAnObject(`an object with "apiVersion" and "kind" is expected, got ${show(value)}`, position([]))];
  }
  const { apiVersion, kind, items } = value;
  if (isList(apiVersion, kind) && path.length === 0) {
    if (Array.isArray(items)) return items.flatMap((item: unknown, index) => unpack(item, ['items', index], find));
    return [failed(problemAt(`must be a list of objects, got ${show(items ?? null)}`, position(['items']), ['items']))];
  }
  if (isFunction(apiVersion, kind)) {
    const positionOf = (below: Path) => find(placesOf(below).map((place) => [...path, ...place]));
    return [{ value, kind: 'function', problems: [], position: positionOf }];
  }
  for (const [field, given] of [['apiVersion', apiVersion], ['kind', kind]] as const) {
    if (typeof given === 'string' && given !== '') continue;
    const missing = given === undefined || given === null;
    const what = missing ? `"${field}" is missing` : `"${field}" must be a string, got ${show(given)}`;
    return [notAnObject(what, position([field]))];
  }
  return [{ value, kind: 'other', problems: [], position }];
}

/** Problems leave out `spec`; a field that is in neither place is looked for where it belongs. */
function placesOf(path: Path): Path[] {
  const [inSpec, atRoot]: Path[] = [['spec', ...path], path];
  const ofRoot = ['apiVersion', 'kind', 'metadata', 'spec', 'status'].includes(String(path[0]));
  return ofRoot ? [atRoot, inSpec] : [inSpec, atRoot];
}

function isList(apiVersion: unknown, kind: unknown): boolean {
  return (apiVersion === 'v1' && kind === 'List')
    || (kind === 'FunctionList' && String(apiVersion).startsWith(`${API_GROUP}/`));
}

function notAnObject(why: string, position: SourcePosition | undefined): YamlDocument {
  return failed(problemAt(`is not a Kubernetes object: ${why}`, position));
}

function failed(problem: Problem): YamlDocument {
  return { kind: 'other', problems: [problem] };
}

/** Of the same group: what the operator makes for itself. */
const OTHER_KINDS = ['Builder', 'Serving', 'BuilderList', 'ServingList'];

/** Other groups have a kind `Function` too; a typo in group or kind is better reported than passed through. */
export function isFunction(apiVersion: unknown, kind: unknown): boolean {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return false;
  const [group] = apiVersion.split('/');
  if (kind === 'Function') return nearest(group, [API_GROUP, 'openfunction.io']) !== undefined;
  return group === API_GROUP && !OTHER_KINDS.includes(kind) && nearest(kind, ['Function']) !== undefined;
}

/** Place of the deepest of several paths, or of the nearest one above it. */
export type Find = (candidates: readonly Path[]) => SourcePosition;

export type YamlValue = { readonly value: unknown; readonly find: Find } | { readonly problem: Problem };

/** The value of each document; one that cannot be read, and a text without documents, gives a problem. */
export function readValues(content: string | Buffer, file: string): YamlValue[] {
  const decoded = decodeText(content, file);
  if ('problem' in decoded) return [decoded];
  const source = new YamlSource(decoded.text, file);
  const values: YamlValue[] = [];
  try {
    for (const [document, span] of source.documents()) values.push(...readDocument(document, span, source));
  } catch (refusal) {
    values.push(refused(refusal, source));
  }
  return values.length > 0 ? values : [{ problem: problemAt('is empty: there is no document in it', source.at(0)) }];
}

function problemAt(message: string, position: SourcePosition | undefined, path: Path = []): Problem {
  return { severity: 'error', path, message, position };
}

function readDocument(document: ParsedDocument, span: Span, source: YamlSource): YamlValue[] {
  const [error] = document.errors;
  if (error !== undefined) {
    return [{ problem: problemAt(`is not valid YAML: ${oneLine(error.message)}`, source.at(error.pos[0])) }];
  }
  try {
    const value = toPlain(document.contents);
    // Nothing between two separators, or comments alone.
    return value === null ? [] : [{ value, find: (candidates) => source.find(span, candidates) }];
  } catch (refusal) {
    return [refused(refusal, source)];
  }
}

function refused(refusal: unknown, source: YamlSource): YamlValue {
  if (!(refusal instanceof YamlRefusal)) throw refusal;
  return { problem: problemAt(refusal.message, source.at(refusal.offset)) };
}

/** The library's messages begin with a capital, and some have several lines. */
export function oneLine(message: string): string {
  const [line] = message.split('\n');
  return line.charAt(0).toLowerCase() + line.slice(1);
}
