/**
 * YAML or JSON text → Kubernetes objects, each with the places of its paths; what cannot be read gives one problem a document.
 *
 * A text means to us what it means to kubectl (`yaml-schema.ts`). `List`s are unpacked.
 */
import { decodeText } from './decode-text';
import { API_GROUP } from './read-function';
import { YamlRefusal, toPlain } from './yaml-plain';
import { ParsedDocument, Span, YamlSource } from './yaml-source';
import { nearest, Path, Problem, show, SourcePosition } from '../problem';

export interface YamlDocument {
  /** Plain data; `undefined` when the problems say that there is none. */
  readonly value?: unknown;
  readonly kind: 'function' | 'other';
  /** Of a path as problems have it, for a function without `spec`; of the nearest place above when it is not there. */
  readonly position?: (path: Path) => SourcePosition | undefined;
  readonly problems: readonly Problem[];
}

export function readYaml(content: string | Buffer, file: string): YamlDocument[] {
  const decoded = decodeText(content, file);
  if ('problem' in decoded) return [failed(decoded.problem)];
  const source = new YamlSource(decoded.text, file);
  const documents: YamlDocument[] = [];
  try {
    for (const [document, span] of source.documents()) documents.push(...readDocument(document, span, source));
  } catch (refusal) {
    documents.push(refused(refusal, source));
  }
  if (documents.length === 0) return [failed(problemAt('is empty: there is no document in it', source.at(0)))];
  return documents;
}

function readDocument(document: ParsedDocument, span: Span, source: YamlSource): YamlDocument[] {
  const [error] = document.errors;
  if (error !== undefined) return [failed(problemAt(`is no YAML: ${oneLine(error.message)}`, source.at(error.pos[0])))];
  let value: unknown;
  try {
    value = toPlain(document.contents);
  } catch (refusal) {
    return [refused(refusal, source)];
  }
  // Nothing between two separators, or comments alone.
  if (value === null || value === undefined) return [];
  return unpack(value, [], (candidates) => source.find(span, candidates));
}

type Find = (candidates: readonly Path[]) => SourcePosition;

/** A `List` has its objects under `items`; lists in lists do not occur, and are objects like any other. */
function unpack(value: unknown, path: Path, find: Find): YamlDocument[] {
  const position = (below: Path) => find([[...path, ...below]]);
  if (!isMap(value)) return [failed(problemAt(`is no Kubernetes object: an object with "apiVersion" and "kind" is expected, got ${show(value)}`, position([])))];
  const { apiVersion, kind, items } = value;
  if (isList(apiVersion, kind) && path.length === 0) {
    if (Array.isArray(items)) return items.flatMap((item: unknown, index) => unpack(item, ['items', index], find));
    return [failed(problemAt(`must be a list of objects, got ${show(items ?? null)}`, position(['items']), ['items']))];
  }
  if (isFunction(apiVersion, kind)) {
    return [{ value, kind: 'function', problems: [], position: (below) => find([[...path, 'spec', ...below], [...path, ...below]]) }];
  }
  for (const [field, given] of [['apiVersion', apiVersion], ['kind', kind]] as const) {
    if (typeof given === 'string' && given !== '') continue;
    const what = given === undefined || given === null ? `"${field}" is missing` : `"${field}" must be a string, got ${show(given)}`;
    return [failed(problemAt(`is no Kubernetes object: ${what}`, position([field])))];
  }
  return [{ value, kind: 'other', problems: [], position }];
}

function isList(apiVersion: unknown, kind: unknown): boolean {
  return (apiVersion === 'v1' && kind === 'List') || (kind === 'FunctionList' && groupOf(apiVersion) === API_GROUP);
}

/** Other groups have a kind `Function` too; a slip in group or kind is better reported than passed through. */
export function isFunction(apiVersion: unknown, kind: unknown): boolean {
  const group = groupOf(apiVersion);
  if (kind === 'Function') return group === API_GROUP || (group !== undefined && nearest(group, [API_GROUP, 'openfunction.io']) !== undefined);
  return group === API_GROUP && typeof kind === 'string' && !OTHER_KINDS.includes(kind) && nearest(kind, ['Function']) !== undefined;
}

/** Of the same group: what the operator makes for itself. */
const OTHER_KINDS = ['Builder', 'Serving', 'BuilderList', 'ServingList', 'Domain', 'DomainList'];

function groupOf(apiVersion: unknown): string | undefined {
  return typeof apiVersion === 'string' ? apiVersion.split('/')[0] : undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(refusal: unknown, source: YamlSource): YamlDocument {
  if (!(refusal instanceof YamlRefusal)) throw refusal;
  return failed(problemAt(refusal.message, source.at(refusal.offset)));
}

function failed(problem: Problem): YamlDocument {
  return { kind: 'other', problems: [problem] };
}

function problemAt(message: string, position: SourcePosition, path: Path = []): Problem {
  return { severity: 'error', path, message, position };
}

/** The library's messages begin with a capital, and some have several lines. */
function oneLine(message: string): string {
  const [line] = message.split('\n');
  return line.charAt(0).toLowerCase() + line.slice(1);
}
