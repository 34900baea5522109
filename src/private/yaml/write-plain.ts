/**
 * Plain objects → YAML, some ten times as fast as the library: it makes no tree of nodes first.
 *
 * Equal to the library's text byte by byte, which test/cli/plain-yaml.test.ts and test/fast-app.test.ts fuzz. A scalar
 * whose form is not certain here is left to the library, and so is an object with anything but plain data.
 */
import { isObject } from '../kubernetes/json';

/** What the library does for what this file leaves to it. */
export interface Library {
  /** Whether a text without quotes would be something else than this string. */
  readonly isAmbiguous: (text: string) => boolean;
  readonly number: (value: number | bigint) => string;
  /** As the value of a key that is so many blanks less deep. */
  readonly value: (text: string, indent: number) => string;
  readonly key: (text: string) => string;
  readonly document: (value: unknown) => string;
  /** The library writes an object that is there twice as an alias, and fields that are undefined. */
  readonly writesAll?: boolean;
}

/** Text that no rule about quotes applies to, unless it is a word of YAML. */
const SIMPLE = /^[A-Za-z/][\w./@=+-]*(?:[: ][\w./@=+-]+)*$/;
/** All words that a version of YAML gives a meaning to, in more spellings than it does; `e12` is a number in 1.1. */
const WORD = /^(?:y|yes|n|no|true|false|on|off|null|e[-+]?\d+)$/i;
/** Line ends, other control characters, and what parsers differ about. */
const ODD = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF\p{Surrogate}]/u;
const ODD_IN_BLOCK = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF\p{Surrogate}]/u;
/** Characters with a meaning at the start, at the end, or before or after a blank. */
const INDICATORS = /^[ ,[\]{}#&*!|>'"%@`]|^[?-](?: |$)|: | #|[ :]$/;
/** At the start of a line, which the library quotes by how deep it is. */
const DOCUMENT_MARKER = /^(?:%|---|\.\.\.)/m;
/** Neither blanks nor empty lines at its two ends, which need signs of their own. */
const CLEAN_BLOCK = /^\S[^]*\S\n?$/;
/** YAML wants a longer key in a form of its own. */
const MAX_KEY = 1000;

class NotPlain extends Error {}

export class PlainYaml {
  /** Keys are few, and repeat. */
  private readonly keys = new Map<string, string>();
  private readonly seen = new Set<object>();

  public constructor(private readonly library: Library) {}

  public write(value: unknown): string {
    try {
      this.seen.clear();
      if (isPlainMap(value)) return `${this.map(value, '') || '{}'}\n`;
    } catch (error) {
      if (!(error instanceof NotPlain)) throw error;
    }
    return this.library.document(value);
  }

  /** The first line without its indentation. */
  private map(map: Record<string, unknown>, indent: string): string {
    const inner = `${indent}  `;
    let text = '';
    for (const key of Object.keys(map)) {
      const value = map[key];
      if (value === undefined && this.library.writesAll !== true) continue;
      if (text !== '') text += `\n${indent}`;
      text += `${this.key(key)}:${this.afterKey(value, inner)}`;
    }
    return text;
  }

  private afterKey(value: unknown, inner: string): string {
    if (typeof value !== 'object' || value === null) return ` ${this.scalar(value, inner)}`;
    const text = this.collection(value, inner);
    return text === '{}' || text === '[]' ? ` ${text}` : `\n${inner}${text}`;
  }

  private collection(value: object, indent: string): string {
    if (this.library.writesAll === true) {
      if (this.seen.has(value)) throw new NotPlain();
      this.seen.add(value);
    }
    if (isPlainMap(value)) return this.map(value, indent) || '{}';
    if (!Array.isArray(value) || Object.getPrototypeOf(value) !== Array.prototype) throw new NotPlain();
    const inner = `${indent}  `;
    let text = '';
    for (const item of value as unknown[]) {
      if (text !== '') text += `\n${indent}`;
      text += typeof item === 'object' && item !== null
        ? `- ${this.collection(item, inner)}` : `- ${this.scalar(item, inner)}`;
    }
    return text || '[]';
  }

  private scalar(value: unknown, indent: string): string {
    switch (typeof value) {
      case 'string':
        return this.string(value, indent);
      case 'number':
      case 'bigint':
        return this.library.number(value);
      case 'boolean':
        return value ? 'true' : 'false';
      default:
        if (value === null) return 'null';
        throw new NotPlain();
    }
  }

  private string(text: string, indent: string): string {
    if (SIMPLE.test(text) && !WORD.test(text)) return text;
    if (!ODD.test(text)) return this.line(text);
    if (!CLEAN_BLOCK.test(text) || ODD_IN_BLOCK.test(text)) return this.library.value(text, indent.length);
    const lines = text.endsWith('\n') ? text.slice(0, -1) : text;
    // An empty line has no indentation.
    return `${lines === text ? '|-' : '|'}\n${indent}${lines.replace(/\n+/g, `$&${indent}`)}`;
  }

  private line(text: string): string {
    return INDICATORS.test(text) || this.library.isAmbiguous(text) ? quoted(text) : text;
  }

  private key(key: string): string {
    const known = this.keys.get(key);
    if (known !== undefined) return known;
    if (key.length > MAX_KEY || DOCUMENT_MARKER.test(key)) throw new NotPlain();
    const text = SIMPLE.test(key) && !WORD.test(key) ? key : this.library.key(key);
    if (this.keys.size < MAX_KEYS) this.keys.set(key, text);
    return text;
  }
}

const MAX_KEYS = 10_000;

/** Single quotes where double ones would need escapes. */
function quoted(text: string): string {
  return text.includes('"') && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
}

function isPlainMap(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !(Symbol.iterator in value);
}
