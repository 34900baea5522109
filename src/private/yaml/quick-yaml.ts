/**
 * YAML as most people write manifests → the values of its documents, many times as fast as the library.
 *
 * It reads the part of YAML that leaves no question: blocks of maps and lists, words, quoted text without line ends,
 * and `|` blocks. Whatever else a text has, an error included, makes it give up, and the library reads the text. What
 * it does read has the library's values, which test/private/yaml/quick-yaml.test.ts fuzzes.
 */
import { KUBERNETES_TAGS, Span } from './yaml-plain';

export interface QuickDocument {
  readonly value: unknown;
  readonly span: Span;
}

/** Nothing when the library has to read the text; documents without content are left out. */
export function quickDocuments(text: string): QuickDocument[] | undefined {
  try {
    return UNUSUAL.test(text) ? undefined : documentsOf(text);
  } catch (error) {
    if (error instanceof Unsure) return undefined;
    throw error;
  }
}

class Unsure extends Error {}

/** What parsers differ about: other line ends, tabs, invisible characters, halves of characters. */
const UNUSUAL = /[\t\r\u0085\u2028\u2029\uFEFF\p{Surrogate}]/u;
export const SEPARATOR = '---';
const BLANK = 32;
const MAX_DEPTH = 50;
export const WITHOUT_CONTENT = /^ *(?:#|$)/;
export const KEY = /^([A-Za-z/][\w./-]{0,100}|"[\w./ -]{1,100}"):(?: +|$)/;
export const ITEM = /^-(?: +|$)/;
/** A comment begins after a blank; trailing blanks are not part of the value. */
const COMMENT = /^#| +#.*$| +$/;
const DOUBLE = /^"((?:[^"\\]|\\[nt"\\])*)" *(?: #.*)?$/;
const SINGLE = /^'((?:[^']|'')*)' *(?: #.*)?$/;
/** Lists and maps in one line, of words and of quoted text without a comma. */
const FLOW_ITEM = '(?:[A-Za-z0-9/][\\w./-]*|"[^"\\\\,:]*")';
const FLOW_LIST = new RegExp(`^\\[ *(?:${FLOW_ITEM}(?: *, *${FLOW_ITEM})*)? *\\]$`);
const FLOW_PAIR = `[A-Za-z/][\\w./-]{0,100}: +${FLOW_ITEM}`;
const FLOW_MAP = new RegExp(`^\\{ *(?:${FLOW_PAIR}(?: *, *${FLOW_PAIR})*)? *\\}$`);
const NOT_PLAIN = /^[,[\]{}#&*!|>'"%@`]|^[?:-](?: |$)|^(?:---|\.\.\.)|: | #|:$/;
/** Text that is not a number and, but for the words, nothing else that YAML has a meaning for. */
const SIMPLE = /^[A-Za-z/][\w./@-]*(?::[\w./@-]+)*$/;
const WORD = /^(?:y|yes|n|no|true|false|on|off|null)$/i;

function documentsOf(text: string): QuickDocument[] {
  const documents: QuickDocument[] = [];
  const lines = text.split('\n');
  let offset = 0;
  let start = 0;
  let first = 0;
  for (let index = 0; index <= lines.length; index++) {
    const isEnd = index === lines.length;
    if (isEnd || lines[index] === SEPARATOR) {
      const value = new Lines(lines, first, index).document();
      if (value !== undefined) documents.push({ value, span: { start, end: isEnd ? text.length : offset } });
      [start, first] = [offset, index + 1];
    }
    if (!isEnd) offset += lines[index].length + 1;
  }
  return documents;
}

class Lines {
  /** Of the line that is read, without its indentation. */
  private content = '';
  private indent = -1;

  public constructor(
    private readonly lines: readonly string[], private index: number, private readonly end: number,
  ) {
    this.toContent();
  }

  public document(): unknown {
    if (this.indent < 0) return undefined;
    const value = this.node(this.indent, 0);
    if (this.indent >= 0) throw new Unsure();
    return value;
  }

  private next(): void {
    this.index++;
    this.toContent();
  }

  /** At the end the indentation is less than any. */
  private toContent(): void {
    while (this.index < this.end && WITHOUT_CONTENT.test(this.lines[this.index])) this.index++;
    const line = this.index < this.end ? this.lines[this.index] : '';
    this.indent = this.index < this.end ? blanksBefore(line) : -1;
    this.content = line.slice(Math.max(this.indent, 0));
  }

  private node(indent: number, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new Unsure();
    return ITEM.test(this.content) ? this.list(indent, depth) : this.map(indent, depth);
  }

  private map(indent: number, depth: number): unknown {
    const map: Record<string, unknown> = {};
    while (this.indent === indent) {
      const [before, written] = KEY.exec(this.content) ?? [];
      // Where an item of a list at the same place begins, the map is over.
      if (before === undefined || written === undefined) {
        if (ITEM.test(this.content)) break;
        throw new Unsure();
      }
      const key = written.startsWith('"') ? written.slice(1, -1) : written;
      const isWord = key === written && WORD.test(key);
      if (isWord || key === '__proto__' || Object.hasOwn(map, key)) throw new Unsure();
      map[key] = this.after(this.content.slice(before.length), indent, depth, true);
    }
    return map;
  }

  private list(indent: number, depth: number): unknown[] {
    const list: unknown[] = [];
    while (this.indent === indent) {
      const [before] = ITEM.exec(this.content) ?? [];
      if (before === undefined) break;
      const rest = this.content.slice(before.length);
      if (ITEM.test(rest) || KEY.test(rest)) {
        // What follows the dash begins a list or a map of its own there.
        this.content = rest;
        this.indent = indent + before.length;
        list.push(this.node(this.indent, depth + 1));
      } else {
        list.push(this.after(rest, indent, depth, false));
      }
    }
    return list;
  }

  /** The value after a key or a dash, which may begin on the next line. */
  private after(rest: string, indent: number, depth: number, isKey: boolean): unknown {
    if (rest === '' || rest.startsWith('#')) {
      this.next();
      if (this.indent > indent) return this.node(this.indent, depth + 1);
      const isListBelow = isKey && this.indent === indent && ITEM.test(this.content);
      return isListBelow ? this.list(indent, depth + 1) : null;
    }
    if (rest === '|' || rest === '|-') return this.block(indent, rest === '|');
    const value = scalar(rest);
    this.next();
    // The text goes on in the next line.
    if (this.indent > indent) throw new Unsure();
    return value;
  }

  private block(indent: number, keepsLineEnd: boolean): string {
    this.index++;
    const first = this.lines[this.index];
    if (this.index >= this.end || blanksBefore(first) <= indent || blanksBefore(first) === first.length) {
      throw new Unsure();
    }
    const inner = blanksBefore(first);
    const text: string[] = [];
    for (; this.index < this.end; this.index++) {
      const line = this.lines[this.index];
      const own = blanksBefore(line);
      const isBlank = own === line.length;
      if (!isBlank && own <= indent) break;
      if (isBlank ? own > inner : own < inner) throw new Unsure();
      text.push(line.slice(inner));
    }
    // The last line of a file that does not end with a line end has none either.
    if (this.index === this.lines.length && text.at(-1) !== '') throw new Unsure();
    while (text.at(-1) === '') text.pop();
    this.toContent();
    return text.join('\n') + (keepsLineEnd ? '\n' : '');
  }
}

export function blanksBefore(line: string): number {
  let count = 0;
  while (line.charCodeAt(count) === BLANK) count++;
  return count;
}

function scalar(written: string): unknown {
  if (written.startsWith('"')) {
    const [, text] = DOUBLE.exec(written) ?? [];
    if (text === undefined) throw new Unsure();
    return text.includes('\\') ? JSON.parse(`"${text}"`) : text;
  }
  if (written.startsWith("'")) {
    const [, text] = SINGLE.exec(written) ?? [];
    if (text === undefined) throw new Unsure();
    return text.replaceAll("''", "'");
  }
  const text = written.replace(COMMENT, '');
  if (FLOW_LIST.test(text)) return flowParts(text).map(flowItem);
  if (FLOW_MAP.test(text)) return flowMap(text);
  if (NOT_PLAIN.test(text)) throw new Unsure();
  return plain(text);
}

function plain(text: string): unknown {
  if (SIMPLE.test(text) && !WORD.test(text)) return text;
  const tag = KUBERNETES_TAGS.find(({ default: isImplicit, test }) => isImplicit === true && test?.test(text) === true);
  if (tag === undefined) return text;
  const value: unknown = (tag.resolve as (source: string) => unknown)(text);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Unsure();
  return value;
}

function flowParts(text: string): string[] {
  const inside = text.slice(1, -1).trim();
  return inside === '' ? [] : inside.split(',').map((part) => part.trim());
}

function flowItem(part: string): unknown {
  return part.startsWith('"') ? part.slice(1, -1) : plain(part);
}

function flowMap(text: string): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (const [key, item] of flowParts(text).map((part) => part.split(': '))) {
    if (WORD.test(key) || Object.hasOwn(map, key)) throw new Unsure();
    map[key] = flowItem(item.trim());
  }
  return map;
}
