/**
 * YAML or JSON text → its documents, and those → Kubernetes objects, each with the places of its paths.
 *
 * A text means here what it means to kubectl (`yaml-plain.ts`). `List`s are unpacked.
 */
import { decodeText, HELM, isForeign, templateIn, toolOf, whyUnreadable } from './decode-text';
import { quickDocuments } from './quick-yaml';
import type { InputFile } from './read-paths';
import { OddKey, Span, toPlain, YamlRefusal } from './yaml-plain';
import { ParsedDocument, YamlSource } from './yaml-source';
import { API_GROUP } from '../kubernetes/constants';
import { isObject } from '../kubernetes/json';
import { nearest, Path, Position, Problem, show, SourcePosition } from '../problem/problem';

export interface YamlDocument {
  /** Plain data; `undefined` when the problems say that there is none. */
  readonly value?: unknown;
  readonly kind: 'function' | 'other';
  /** Of a path as problems have it, for a function without `spec`; of the nearest place above when it is not there. */
  readonly position?: Position;
  readonly problems: readonly Problem[];
  /** Nothing of it looks like a Kubernetes object. */
  readonly foreign?: boolean;
}

export function readYaml(content: string | Buffer, file: string): YamlDocument[] {
  return readValues(content, file).flatMap((read) => {
    if ('problem' in read) return [failed(read.problem)];
    const [first, ...others] = unpack(read.value, [], read);
    return first === undefined ? [] : [{ ...first, problems: [...read.warnings, ...first.problems] }, ...others];
  });
}

/** The documents of a file; those of a folder may be something else altogether. */
export function readManifests({ file, content, inFolder, skipped: why }: InputFile): YamlDocument[] {
  const start = { file, line: 1, column: 1 };
  if (why !== undefined) return [skipped(why, start)];
  const documents = readYaml(content, file);
  if (!inFolder || !documents.every(({ foreign }) => foreign === true)) return documents;
  return [skipped('no Kubernetes object is in this file', start)];
}

/** The same of plain data that never was a text. */
export function documentsIn(value: unknown): YamlDocument[] {
  return unpack(value, [], NO_PLACES);
}

/** Only texts have places. */
interface Places {
  readonly find: (...candidates: Parameters<Find>) => SourcePosition | undefined;
  readonly wordAt: (path: Path, form?: RegExp) => string | undefined;
}

const NO_PLACES: Places = { find: () => undefined, wordAt: () => undefined };

/** A `List` has its objects under `items`. */
function unpack(value: unknown, path: Path, places: Places): YamlDocument[] {
  const { find, wordAt } = places;
  const position: Position = Object.assign((below: Path) => find([[...path, ...below]]), {
    word: (below: Path, form?: RegExp) => wordAt([...path, ...below], form),
  });
  if (!isObject(value)) {
    const what = `an object with "apiVersion" and "kind" is expected, got ${show(value)}`;
    return [{ ...notAnObject(what, position([])), foreign: path.length === 0 }];
  }
  const { apiVersion, kind, items } = value;
  if (isList(apiVersion, kind)) {
    const inside = (index: number): Path => [...path, 'items', index];
    if (Array.isArray(items)) return items.flatMap((item: unknown, index) => unpack(item, inside(index), places));
    return [failed(problemAt(`must be a list of objects, got ${show(items ?? null)}`, position(['items']), ['items']))];
  }
  if (isFunction(apiVersion, kind)) return [functionAt(value, path, places)];
  for (const [field, given] of [['apiVersion', apiVersion], ['kind', kind]] as const) {
    if (typeof given === 'string' && given !== '') continue;
    const missing = given === undefined || given === null;
    const what = missing ? `"${field}" is missing` : `"${field}" must be a string, got ${show(given)}`;
    return [{ ...notAnObject(what, position([field])), foreign: isForeign(value) }];
  }
  const tool = toolOf(apiVersion as string, kind as string);
  return tool === undefined ? [{ value, kind: 'other', problems: [], position }] : [skipped(tool, position([]))];
}

function functionAt(value: Record<string, unknown>, path: Path, { find, wordAt }: Places): YamlDocument {
  const candidates = (below: Path) => placesOf(below).map((place) => [...path, ...place]);
  const position: Position = Object.assign((below: Path) => find(candidates(below)), {
    word: (below: Path, form?: RegExp) => (
      candidates(below).map((each) => wordAt(each, form)).find((word) => word !== undefined)),
  });
  const why = whyUnreadable(value);
  return why === undefined ? { value, kind: 'function', problems: [], position } : failed(problemAt(why, find([path])));
}

/** Left to other tools. */
export function skipped(what: string, position: SourcePosition | undefined): YamlDocument {
  return { kind: 'other', problems: [{ severity: 'note', path: [], message: `skipped: ${what}`, position }] };
}

/** Problems leave out `spec`; a field that is in neither place is looked for where it belongs. */
function placesOf(path: Path): Path[] {
  const [inSpec, atRoot]: Path[] = [['spec', ...path], path];
  const ofRoot = ['apiVersion', 'kind', 'metadata', 'spec', 'status'].includes(String(path[0]));
  return ofRoot ? [atRoot, inSpec] : [inSpec, atRoot];
}

function isList(apiVersion: unknown, kind: unknown): boolean {
  return (apiVersion === 'v1' && kind === 'List')
    // What functions of kustomize and kpt hand to each other.
    || (kind === 'ResourceList' && String(apiVersion).startsWith('config.kubernetes.io/'))
    || (kind === 'FunctionList' && String(apiVersion).startsWith(`${API_GROUP}/`));
}

function notAnObject(why: string, position: SourcePosition | undefined): YamlDocument {
  return failed(problemAt(`is not a Kubernetes object: ${why}`, position));
}

function failed(problem: Problem): YamlDocument {
  return { kind: 'other', problems: [problem] };
}

/** Kinds of the same group that only the operator creates. */
const OTHER_KINDS = ['Builder', 'Serving', 'BuilderList', 'ServingList'];

/** Other groups have a kind `Function` too; a typo in group or kind is better reported than passed through. */
export function isFunction(apiVersion: unknown, kind: unknown): boolean {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return false;
  const [group] = apiVersion.split('/');
  if (kind === 'Function') return group === API_GROUP || nearest(group, [API_GROUP, 'openfunction.io']) !== undefined;
  return group === API_GROUP && !OTHER_KINDS.includes(kind) && nearest(kind, ['Function']) !== undefined;
}

/** Place of the deepest of several paths, or of the nearest one above it. */
export type Find = (candidates: readonly Path[]) => SourcePosition;

export type YamlValue = Readable | { readonly problem: Problem };

interface Readable extends Places {
  readonly value: unknown;
  readonly find: Find;
  readonly warnings: readonly Problem[];
}

/** Each may have a problem with its place; a manifest has some hundred bytes at least, and a file at most 8 MiB. */
const MAX_DOCUMENTS = 100_000;

/** The value of each document; one that cannot be read, and a text without documents, gives a problem. */
export function readValues(content: string | Buffer, file: string): YamlValue[] {
  const decoded = decodeText(content, file);
  if ('problem' in decoded) return [decoded];
  const source = new YamlSource(decoded.text, file);
  const quick = quickDocuments(decoded.text);
  if (quick?.length === 0) return [withoutDocument(source)];
  if (quick !== undefined && quick.length > MAX_DOCUMENTS) return [tooMany(source, quick[MAX_DOCUMENTS].span.start)];
  if (quick !== undefined) {
    return quick.map(({ value, span }) => (
      { value, warnings: [], ...placesIn(source, span), find: (candidates) => source.findQuickly(span, candidates) }));
  }
  return readExactly(source);
}

/** As the library does, which says what is wrong and where. */
export function readExactly(source: YamlSource): YamlValue[] {
  const values: YamlValue[] = [];
  try {
    for (const [document, span, shift] of source.documents()) {
      if (values.length >= MAX_DOCUMENTS) return [tooMany(source, span.start)];
      values.push(...readDocument(document, span, shift, source));
    }
  } catch (refusal) {
    values.push(refused(refusal, 0, source));
  }
  const template = values.some((value) => 'problem' in value) ? templateIn(source.text) : undefined;
  if (template !== undefined) return [{ problem: problemAt(HELM, source.at(template)) }];
  return values.length > 0 ? values : [withoutDocument(source)];
}

function withoutDocument(source: YamlSource): { readonly problem: Problem } {
  return { problem: problemAt('is empty: there is no document in it', source.at(0)) };
}

function tooMany(source: YamlSource, offset: number): { readonly problem: Problem } {
  return { problem: problemAt(`has more than ${MAX_DOCUMENTS} documents; split the file`, source.at(offset)) };
}

function problemAt(message: string, position: SourcePosition | undefined, path: Path = []): Problem {
  return { severity: 'error', path, message, position };
}

function readDocument(document: ParsedDocument, span: Span, shift: number, source: YamlSource): YamlValue[] {
  const [error] = document.errors;
  if (error !== undefined) {
    return [{ problem: problemAt(`is not valid YAML: ${oneLine(error.message)}`, source.at(shift + error.pos[0])) }];
  }
  try {
    const oddKeys: OddKey[] = [];
    const value = toPlain(document.contents, oddKeys);
    // Nothing between two separators, or comments alone.
    if (value === null) return [];
    const warnings = oddKeys.map(({ message, offset }): Problem => (
      { severity: 'warning', path: [], message, position: source.at(shift + offset) }));
    return [{ value, warnings, ...placesIn(source, span) }];
  } catch (refusal) {
    return [refused(refusal, shift, source)];
  }
}

function placesIn(source: YamlSource, span: Span): Pick<Readable, 'find' | 'wordAt'> {
  return {
    find: (candidates) => source.find(span, candidates),
    wordAt: (path, form) => source.wordAt(span, path, form),
  };
}

function refused(refusal: unknown, shift: number, source: YamlSource): YamlValue {
  if (!(refusal instanceof YamlRefusal)) throw refusal;
  return { problem: problemAt(refusal.message, source.at(shift + refusal.offset)) };
}

/** The library's messages begin with a capital, and some have several lines, or the text of the file in them. */
export function oneLine(message: string): string {
  const [line] = message.split('\n');
  const cut = line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line;
  return cut.charAt(0).toLowerCase() + cut.slice(1);
}

const MAX_MESSAGE = 200;
