/**
 * YAML → plain data, as kubectl sees it: scalars of YAML 1.1, merge keys applied, keys turned to strings.
 *
 * Not the library's own `toJS`: to find duplicate keys it takes quadratic time, it warns on standard error, and what it
 * refuses has no position.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Node, Pair, ScalarTag, Schema, YAMLMap } from 'yaml';
import { isObject } from '../kubernetes/json';
import { show } from '../problem/problem';

type Library = typeof import('yaml');

let library: Library | undefined;

/** Loaded for the first text that takes it: most manifests are read and written without. */
export function yamlLibrary(): Library {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return library ??= require('yaml') as Library;
}

/**
 * Scalars as Kubernetes reads them: kubectl parses with sigs.k8s.io/yaml, which is YAML 1.1 as Go has it.
 *
 * `on`, `y` and `0o17` are not strings there, but dates and `1:30` are: test/private/yaml/yaml-schema.test.ts.
 */
const CORE = 'tag:yaml.org,2002:';

const nothing: ScalarTag = { tag: `${CORE}null`, default: true, test: /^(?:~|[Nn]ull|NULL)?$/, resolve: () => null };
const YES = /^(?:[Yy]|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/;
const NO = /^(?:[Nn]|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/;
const yes: ScalarTag = { tag: `${CORE}bool`, default: true, test: YES, resolve: () => true };
const no: ScalarTag = { tag: `${CORE}bool`, default: true, test: NO, resolve: () => false };
/** Behind a sign or a digit, Go removes all underscores first. */
const integer: ScalarTag = {
  tag: `${CORE}int`,
  default: true,
  test: /^(?:[-+]_*)?(?:0_*(?:[xX][0-9a-fA-F_]*[0-9a-fA-F]|[oO][0-7_]*[0-7]|[bB][01_]*[01])|[0-9][0-9_]*)_*$/,
  resolve: readInteger,
};
/** Without a digit or sign at its start, a number of Go may have underscores between digits only. */
const SPACED = '[0-9]+(?:_[0-9]+)*';
const BEFORE_EXPONENT = /(?:(?:[-+]_*)?[0-9][0-9_]*(?:\.[0-9_]*)?|[-+]_*\._*[0-9][0-9_]*)/.source;
const float: ScalarTag = {
  tag: `${CORE}float`,
  default: true,
  test: new RegExp(`^(?:\\.${SPACED}(?:[eE][-+]?${SPACED})?|${BEFORE_EXPONENT}(?:[eE]_*(?:[-+]_*)?[0-9][0-9_]*)?)$`),
  resolve: readFloat,
};
const special: ScalarTag = {
  tag: `${CORE}float`,
  default: true,
  test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve: (text) => (/nan/i.test(text) ? NaN : text.startsWith('-') ? -Infinity : Infinity),
};
const string: ScalarTag = { tag: `${CORE}str`, default: true, resolve: (value) => value };
/** In Go a string of bytes, and so a string in JSON. */
const binary: ScalarTag = {
  tag: `${CORE}binary`, default: false, resolve: (value) => Buffer.from(value, 'base64').toString(),
};

export const KUBERNETES_TAGS: readonly ScalarTag[] = [nothing, yes, no, integer, float, special, string, binary];

let schema: Schema | undefined;

/** One instance for all documents; it also overrules `%YAML 1.2`, which kubectl does not know. */
export function kubernetesSchema(): Schema {
  return schema ??= new (yamlLibrary().Schema)({ schema: 'failsafe', customTags: [...KUBERNETES_TAGS] });
}

const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

function readInteger(source: string): number | bigint | string {
  const plain = source.replaceAll('_', '');
  const negative = plain.startsWith('-');
  const digits = plain.replace(/^[-+]/, '');
  // Go reads a leading zero as octal; `08` is not octal and becomes a float.
  const octal = /^0[oO]?[0-7]+$/.test(digits);
  const leading = octal ? /^0[oO]?/ : /^0+(?=[0-9])/;
  const amount = BigInt(digits.replace(leading, octal ? '0o' : ''));
  const value = negative ? -amount : amount;
  if (value > MAX_UINT64 || value < MIN_INT64) return Number(value);
  // What a number of JavaScript would change passes through as it is.
  return BigInt(Number(value)) === value ? Number(value) : value;
}

/** Stays a string if Go's float64 cannot hold it. */
function readFloat(source: string): number | string {
  const value = Number(source.replaceAll('_', ''));
  return Number.isFinite(value) ? value : source;
}

/** Where in the text a document begins and ends. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A refusal, with its offset in the text. */
export class YamlRefusal extends Error {
  public constructor(message: string, public readonly offset: number) {
    super(message);
  }
}

type Plain = unknown;
type PlainMap = Record<string, Plain>;

/** Levels of a tree; the schemas inside CRDs reach some 70. */
export const MAX_DEPTH = 200;
/** Values made by aliases, over all of a document: enough for any template, far below what a YAML bomb makes. */
const MAX_ALIASED_VALUES = 100_000;
const NO_OFFSET = 0;
/** A scalar without quotes. */
export const PLAIN = 'PLAIN';
/** An escape can make one; no file and no other parser can hold it. */
const HALF_PAIR = /\p{Surrogate}/u;

/** A key that is not what the text seems to say. */
export interface OddKey {
  readonly message: string;
  readonly offset: number;
}

export function toPlain(contents: Node | null, oddKeys: OddKey[] = []): Plain {
  return new Converter(oddKeys).convert(contents, 0);
}

class Converter {
  private readonly library = yamlLibrary();
  private readonly anchors = new Map<string, Node>();
  /** Anchored nodes that are being converted: an alias to one of them has no end. */
  private readonly open = new Set<Node>();
  private aliasDepth = 0;
  private aliasedValues = 0;
  /** Of the alias that is being followed, not of what it leads to. */
  private outerAlias = NO_OFFSET;

  public constructor(private readonly oddKeys: OddKey[]) {}

  public convert(node: unknown, depth: number): Plain {
    if (this.aliasDepth > 0 && ++this.aliasedValues > MAX_ALIASED_VALUES) {
      throw new YamlRefusal(`aliases expand to more than ${MAX_ALIASED_VALUES} values`, this.outerAlias);
    }
    if (depth > MAX_DEPTH) throw new YamlRefusal(`is nested deeper than ${MAX_DEPTH} levels`, offsetOf(node));
    const { isAlias, isMap, isScalar, isSeq } = this.library;
    if (isAlias(node)) return this.convertAlias(node.source, node, depth);
    refuseOddAnchor(node);
    if (isScalar(node)) {
      if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
      const { value } = node;
      if (typeof value === 'string' && HALF_PAIR.test(value)) {
        throw new YamlRefusal('has one half of a surrogate pair, which is not a character', offsetOf(node));
      }
      if (typeof value === 'number' && !Number.isFinite(value)) {
        throw new YamlRefusal(`${value} is not a number that JSON has`, offsetOf(node));
      }
      return value;
    }
    if (isMap(node)) return this.inside(node, () => this.convertMap(node, depth));
    if (isSeq(node)) return this.inside(node, () => node.items.map((item) => this.convert(item, depth + 1)));
    return null;
  }

  private inside<T>(node: Node, convert: () => T): T {
    const { anchor } = node as { anchor?: string };
    if (anchor === undefined) return convert();
    this.anchors.set(anchor, node);
    this.open.add(node);
    const result = convert();
    this.open.delete(node);
    return result;
  }

  private convertAlias(name: string, alias: Node, depth: number): Plain {
    const target = this.anchors.get(name);
    if (target === undefined) throw new YamlRefusal(`no anchor &${name} before this alias`, offsetOf(alias));
    if (this.open.has(target)) throw new YamlRefusal(`the alias *${name} contains itself`, offsetOf(alias));
    if (this.aliasDepth === 0) this.outerAlias = offsetOf(alias);
    this.aliasDepth++;
    const result = this.convert(target, depth);
    this.aliasDepth--;
    return result;
  }

  private convertMap(map: YAMLMap, depth: number): PlainMap {
    const result: PlainMap = {};
    const merged: PlainMap[] = [];
    for (const pair of map.items) {
      if (this.isMergeKey(pair)) {
        if (merged.length > 0) throw new YamlRefusal('the key "<<" is given twice', offsetOf(pair.key));
        merged.push(...this.mergeSources(pair, depth));
        this.noteOverridden(result, merged, offsetOf(pair.key));
        continue;
      }
      const key = this.keyOf(pair, depth);
      if (Object.hasOwn(result, key)) {
        const odd = this.oddKeys.at(-1);
        const twice = odd?.offset === offsetOf(pair.key) ? odd.message.replace(/;.*/, ', and') : `the key ${show(key)}`;
        throw new YamlRefusal(`${twice} is given twice`, offsetOf(pair.key));
      }
      define(result, key, this.convert(pair.value, depth + 1));
    }
    // The map's own keys win, then those of the first map that is merged in.
    for (const source of merged) {
      for (const [key, value] of Object.entries(source)) {
        if (!Object.hasOwn(result, key)) define(result, key, value);
      }
    }
    return result;
  }

  private keyOf({ key }: Pair, depth: number): string {
    const value = this.convert(key, depth + 1);
    if (value === null) throw new YamlRefusal('a key is empty', offsetOf(key));
    if (typeof value === 'object') throw new YamlRefusal('a key is a list or an object', offsetOf(key));
    const text = String(value);
    const written = this.library.isScalar(key) && key.type === PLAIN ? key.source ?? text : text;
    if (isRounded(value, written)) {
      const message = `the key ${written} is a number that kubectl rounds; quote it: ${show(written)}`;
      throw new YamlRefusal(message, offsetOf(key));
    }
    if (written !== text && this.aliasDepth === 0) {
      const message = `the key ${written} is read as ${show(text)}, as kubectl does; quote it: ${show(written)}`;
      this.oddKeys.push({ message, offset: offsetOf(key) });
    }
    return text;
  }

  /** Of what comes before `<<`, kubectl alone takes the merged value. */
  private noteOverridden(before: PlainMap, merged: readonly PlainMap[], offset: number): void {
    const differs = (key: string) => {
      const source = merged.find((each) => Object.hasOwn(each, key));
      return source !== undefined && !isDeepStrictEqual(source[key], before[key]);
    };
    const key = this.aliasDepth > 0 ? undefined : Object.keys(before).find(differs);
    if (key === undefined) return;
    const message = `the key ${show(key)} before "<<" wins, but for kubectl the one that "<<" brings; put "<<" first`;
    this.oddKeys.push({ message, offset });
  }

  private mergeSources({ key, value }: Pair, depth: number): PlainMap[] {
    const source = this.convert(value, depth + 1);
    const list: unknown[] = Array.isArray(source) ? source : [source];
    if (!list.every((item): item is PlainMap => isObject(item))) {
      throw new YamlRefusal('"<<" takes an object or a list of objects', offsetOf(key));
    }
    return list;
  }

  private isMergeKey({ key }: Pair): boolean {
    return this.library.isScalar(key) && key.value === '<<' && key.type === PLAIN;
  }
}

/** kubectl ends the name of an anchor at any other character, and fails at it. */
function refuseOddAnchor(node: unknown): void {
  const { anchor } = node as { anchor?: string } | null ?? {};
  if (anchor === undefined || /^[\w-]+$/.test(anchor)) return;
  throw new YamlRefusal(`the anchor ${show(anchor)} may have letters, digits, _ and - only`, offsetOf(node));
}

/** Assignment to `__proto__` would not make a key. */
function define(target: PlainMap, key: string, value: Plain): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

export function offsetOf(node: unknown): number {
  return (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0] ?? NO_OFFSET;
}

/** In a key, kubectl has 32 bits for a number with a fraction or an exponent, and 64 for any other. */
function isRounded(value: unknown, written: string): boolean {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) !== value;
  if (typeof value !== 'number' || INTEGER.test(written)) return false;
  const size = Math.abs(value);
  return Number(value.toPrecision(6)) !== value || size >= 1e6 || (size < 1e-4 && size > 0);
}

const INTEGER = /^[-+]?(?:\d[\d_]*|0[xob]\w+)$/i;
