/** A YAML text with its lines, and the places of paths in it. */
import type { CST, Document, Node, Pair, Schema, YAMLMap } from 'yaml';
import { quickPlace } from './quick-places';
import {
  kubernetesSchema, MAX_DEPTH, offsetOf, PLAIN, Span, yamlLibrary, YamlRefusal,
} from './yaml-plain';
import type { Path, SourcePosition } from '../problem/problem';

export type ParsedDocument = Document.Parsed;

/** The document whose places were asked for last: problems come document by document. */
let last: { readonly span: Span; readonly document?: ParsedDocument } | undefined;

export class YamlSource {
  /** Offsets at which lines begin; made when a problem first asks for a place. */
  private lineStarts?: number[];

  public constructor(
    public readonly text: string, public readonly file: string, private readonly schema = kubernetesSchema,
  ) {}

  /**
   * One document at a time, so that a large file is never in memory as a tree. Offsets in a document are moved by
   * `shift`.
   */
  public* documents(): Generator<[ParsedDocument, Span, shift: number]> {
    const objects = jsonObjects(this.text);
    if (objects !== undefined) {
      for (const span of objects) yield [this.parsed(span), span, span.start];
      return;
    }
    let start = 0;
    for (const document of parse(this.text, this.schema())) {
      if (start > 0) refuseUnmarked(document);
      const end = document.range[2];
      yield [document, { start, end }, 0];
      start = end;
    }
  }

  public at(offset: number): SourcePosition {
    const starts = this.lineStarts ??= lineStartsOf(this.text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.file, line: low + 1, column: offset - starts[low] + 1 };
  }

  /** The same of a document that was read line by line, where its lines say it. */
  public findQuickly(span: Span, candidates: readonly Path[]): SourcePosition {
    const found = candidates.map((path) => quickPlace(this.text, span, path));
    const [best] = [...found].sort((a, b) => (b?.depth ?? 0) - (a?.depth ?? 0));
    return found.includes(undefined) ? this.find(span, candidates) : this.at(span.start + best!.offset);
  }

  /** The key or item that a path names, or the nearest one above it; keys of several candidates are tried in order. */
  public find(span: Span, candidates: readonly Path[]): SourcePosition {
    const contents = this.reparsed(span)?.contents ?? null;
    const found = candidates.map((path) => follow(contents, path)).sort((a, b) => b.depth - a.depth)[0];
    return this.at(span.start + found.offset);
  }

  /** What a path that is there has in the text, where that is a word without quotes. */
  public wordAt(span: Span, path: Path, form?: RegExp): string | undefined {
    // Parsed again only where there may be such a word at all.
    if (form?.test(this.text.slice(span.start, span.end)) === false) return undefined;
    const { node, depth } = follow(this.reparsed(span)?.contents ?? null, path);
    const word = depth === path.length && yamlLibrary().isScalar(node) && node.type === PLAIN ? node.source : undefined;
    return word !== undefined && form?.test(word) === false ? undefined : word;
  }

  private reparsed(span: Span): ParsedDocument | undefined {
    if (last?.span !== span) last = { span, document: this.parsedAgain(span) };
    return last.document;
  }

  /** What was read line by line may be more than the library can take; its places are then that of the document. */
  private parsedAgain(span: Span): ParsedDocument | undefined {
    try {
      return this.parsed(span);
    } catch (error) {
      if (error instanceof YamlRefusal) return undefined;
      throw error;
    }
  }

  private parsed({ start, end }: Span): ParsedDocument {
    const [document] = parse(this.text.slice(start, end), this.schema());
    return document;
  }
}

function* parse(text: string, schema: Schema): Generator<ParsedDocument> {
  const composer = new (yamlLibrary().Composer)({ schema, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  for (const token of tokens(text)) {
    refuseDeep(token);
    yield* composer.next(token);
  }
  yield* composer.end();
}

function refuseUnmarked({ contents, directives }: ParsedDocument): void {
  const isEmpty = contents === null || contents.range[0] === contents.range[1];
  if (isEmpty || directives.docStart === true) return;
  throw new YamlRefusal('follows "..." without "---", and kubectl leaves it out', offsetOf(contents));
}

/** Eight million brackets or commas, as many as a file may have, would cost minutes and gigabytes. */
function* tokens(text: string): Generator<CST.Token> {
  const { Lexer, Parser } = yamlLibrary();
  const parser = new Parser();
  let count = 0;
  let all = 0;
  let recent = '';
  for (const lexeme of new Lexer().lex(text)) {
    recent = recent.slice(-5) + (lexeme.length > 1 ? 'x' : lexeme);
    if (',]}'.includes(lexeme) && TIGHT_COLON.test(recent)) throw new YamlRefusal(TIGHT, parser.offset);
    for (const token of parser.next(lexeme)) {
      count = 0;
      if (++all > MAX_TOKENS) throw new YamlRefusal(TOO_MANY, parser.offset);
      yield token;
    }
    if (++count > MAX_LEXEMES) throw new YamlRefusal(TOO_LONG, parser.offset);
    const { stack } = parser;
    // Beside collections it has the document and a scalar.
    if (stack.length > MAX_DEPTH + 3) throw new YamlRefusal(TOO_DEEP, stack[MAX_DEPTH + 1].offset);
  }
  yield* parser.end();
}

/** The lexer puts U+001F before each scalar without quotes. */
const TIGHT_COLON = /\u001F. ?:\u001F?[,\]}]$/;
const TIGHT = 'needs a blank after the colon before it, which kubectl takes for a part of the key';
/** Of one document, with its blanks and line ends: some 4 MiB of a usual manifest. */
const MAX_LEXEMES = 1_000_000;
/** Of documents and what is between: some five for each of as many as are read. */
const MAX_TOKENS = 500_000;
const TOO_LONG = 'has too many parts in one document; split it';
const TOO_MANY = 'has too many documents; split the file';
const TOO_DEEP = `is nested deeper than ${MAX_DEPTH} levels`;

/** The composer recurses, and a stack overflow would end the process; the parser in front of it does not. */
function refuseDeep(token: CST.Token): void {
  const open: [CST.Token, number][] = [[token, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [current, depth] = next;
    if (depth > MAX_DEPTH) throw new YamlRefusal(TOO_DEEP, current.offset);
    for (const child of childrenOf(current)) open.push([child, depth + 1]);
  }
}

/** Scalars, the most of all tokens, are left out. */
function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }: { key?: CST.Token | null; value?: CST.Token }) =>
    [key, value].filter((child): child is CST.Token => child !== undefined && child !== null && 'items' in child));
}

/** JSON has no separator of objects: where each of several begins and ends; nothing for any other text. */
function jsonObjects(text: string): Span[] | undefined {
  if (!/^\s*\{\s*["}]/.test(text)) return undefined;
  const spans: Span[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (char === '"') {
      index = endOfString(text, index);
    } else if (char === '{' || char === '[') {
      if (depth === 0 && text.slice(start, index).trim() !== '') return undefined;
      depth++;
    } else if (char === '}' || char === ']') {
      depth--;
      if (depth < 0) return undefined;
      if (depth > 0) continue;
      spans.push({ start, end: index + 1 });
      start = index + 1;
    }
  }
  return spans.length > 1 && depth === 0 && text.slice(start).trim() === '' ? spans : undefined;
}

/** Of the closing quote; a regular expression would look for one behind each quote anew. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index;
}

function follow(contents: Node | null, path: Path): { node: unknown; offset: number; depth: number } {
  let node: unknown = contents;
  let offset = offsetOf(contents);
  for (const [depth, key] of path.entries()) {
    const next = step(node, key);
    if (next === undefined) return { node, offset, depth };
    ({ node, offset } = next);
  }
  return { node, offset, depth: path.length };
}

function step(node: unknown, key: string | number): { node: unknown; offset: number } | undefined {
  const { isMap, isSeq } = yamlLibrary();
  if (isSeq(node) && typeof key === 'number') {
    const item = node.items[key];
    return item === undefined ? undefined : { node: item, offset: offsetOf(item) };
  }
  if (!isMap(node)) return undefined;
  const pair = typeof key === 'string' ? pairsOf(node).get(key) : undefined;
  return pair && { node: pair.value, offset: offsetOf(pair.key) };
}

/** Of a map with many keys, each may have a problem. */
const PAIRS = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

/** The first of each key. */
function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = PAIRS.get(map);
  if (known !== undefined) return known;
  const { isScalar } = yamlLibrary();
  const pairs = new Map<string, Pair>();
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
    if (key !== undefined && !pairs.has(key)) pairs.set(key, pair);
  }
  PAIRS.set(map, pairs);
  return pairs;
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}
