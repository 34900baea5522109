/** How a pattern is compared with a value, and what differs where. */
import { isDeepStrictEqual } from 'node:util';
import { isObject, Json } from '../kubernetes/json';
import { didYouMean, formatPath, Path, show } from '../problem/problem';
import { plural } from '../problem/shared';

export interface Difference {
  readonly path: Path;
  readonly message: string;
  /** How much of the pattern is missing, to tell which object is nearest. */
  readonly weight: number;
}

/** What a pattern asks of a value; `undefined` is a value that is not there. */
export type Test = (actual: unknown, path: Path) => Difference[];

/** Under a global symbol, since two copies of this package may be loaded. */
const MATCHER = Symbol.for('cdk8s-openfunction.match');

interface Matcher {
  readonly test: Test;
  /** In messages. */
  readonly shown: unknown;
}

export function makeMatcher(matcher: object, test: Test, shown: unknown): void {
  Object.defineProperty(matcher, MATCHER, { value: { test, shown }, enumerable: false });
  Object.defineProperty(matcher, 'toJSON', { value: () => shown, enumerable: false });
}

function matcherOf(pattern: unknown): Matcher | undefined {
  return typeof pattern === 'object' && pattern !== null ? (pattern as { [MATCHER]?: Matcher })[MATCHER] : undefined;
}

/** Objects may have more fields than the pattern says, lists have the same length; at any depth. */
export function like(pattern: unknown): Test {
  return matcherOf(pattern)?.test ?? ((actual, path) => {
    if (pattern === undefined || pattern === null) return [nothing(path)];
    const foreign = foreignMatcher(pattern);
    if (foreign !== undefined) return [{ path, message: foreign, weight: 1 }];
    if (Array.isArray(pattern)) return likeList(pattern, actual, path);
    if (typeof pattern === 'object') return likeFields(pattern as Fields, actual, path);
    return actual === pattern ? [] : [differs(actual, path, pattern)];
  });
}

/** Nothing beyond the pattern, at any depth but inside of matchers. */
export function exactly(pattern: unknown): Test {
  return matcherOf(pattern)?.test ?? ((actual, path) => {
    if (Array.isArray(pattern)) return likeList(pattern, actual, path, exactly);
    if (typeof pattern !== 'object' || pattern === null) return like(pattern)(actual, path);
    const found = likeFields(pattern as Fields, actual, path, exactly);
    const more = isObject(actual as Json) ? Object.keys(actual as Fields).filter((key) => !(key in pattern)) : [];
    return [...found, ...more.map((key) => {
      const message = `${show((actual as Fields)[key])}, expected nothing beyond the pattern`;
      return { path: [...path, key], message, weight: SURPLUS };
    })];
  });
}

/** What has all of the pattern and more is nearer than what lacks a part of it. */
const SURPLUS = 0.1;

type Fields = Record<string, unknown>;

/** What other libraries match with would never be like a value of a manifest. */
function foreignMatcher(pattern: unknown): string | undefined {
  if (pattern instanceof RegExp) return `the pattern has ${String(pattern)}; say Match.text(${show(pattern.source)})`;
  const isMatcher = typeof pattern === 'function' || (typeof pattern === 'object' && pattern !== null
    && 'asymmetricMatch' in pattern);
  const message = 'the pattern has a function or a matcher of a test framework; say what Match has for it';
  return isMatcher ? message : undefined;
}

function nothing(path: Path): Difference {
  return { path, message: 'the pattern has null; say Match.absent() or Match.anyValue()', weight: 1 };
}

export function differs(actual: unknown, path: Path, expected: unknown): Difference {
  const window = typeof actual === 'string' && typeof expected === 'string' ? firstChange(actual, expected) : undefined;
  return { path, message: window ?? `${orNothing(actual)}, expected ${show(expected)}`, weight: weightOf(expected) };
}

export function orNothing(actual: unknown): string {
  return actual === undefined ? 'is not there' : show(actual);
}

function likeFields(pattern: Fields, actual: unknown, path: Path, compare = like): Difference[] {
  if (Array.isArray(actual)) {
    const { message, ...found } = differs(actual, path, pattern);
    const isNamed = actual.some((each) => isObject(each as Json) && typeof (each as Fields).name === 'string');
    const element = isNamed ? '{ name: …, value: … }' : '…';
    return [{ ...found, message: `${message}; it is a list: say Match.listWith([${element}])` }];
  }
  if (typeof actual !== 'object' || actual === null) return [differs(actual, path, pattern)];
  const fields = actual as Fields;
  return Object.keys(pattern).flatMap((key) => {
    const found = compare(pattern[key])(own(fields, key), [...path, key]);
    if (own(fields, key) !== undefined) return found;
    const unsaid = Object.keys(fields).filter((name) => !(name in pattern));
    const hint = found.length === 0 ? '' : didYouMean(key, unsaid) || deeper(fields, key, path);
    return found.map((each) => ({ ...each, message: `${each.message}${hint}` }));
  });
}

const DEEP = 4;

/** The nearest field of this name below, such as `spec.template.spec.containers` for `spec.containers`. */
function deeper(fields: Fields, key: string, path: Path): string {
  let level: (readonly [Path, Fields])[] = [[path, fields]];
  for (let depth = 0; depth < DEEP && level.length > 0; depth++) {
    level = level.flatMap(([at, inner]) => Object.keys(inner).flatMap((name): [Path, Fields][] => (
      isObject(inner[name] as Json) ? [[[...at, name], inner[name] as Fields]] : [])));
    const found = level.find(([, inner]) => own(inner, key) !== undefined);
    if (found !== undefined) return `; there is one at ${formatPath([...found[0], key])}`;
  }
  return '';
}

function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function likeList(pattern: readonly unknown[], actual: unknown, path: Path, compare = like): Difference[] {
  if (!Array.isArray(actual)) return [differs(actual, path, pattern)];
  const found = pattern.slice(0, actual.length).flatMap((each, at) => compare(each)(actual[at], [...path, at]));
  if (pattern.length === actual.length) {
    if (found.length === 0 || withElements(pattern)(actual, path).length > 0) return found;
    return [{ path, message: 'has these elements in another order; Match.listWith allows any', weight: 1 }];
  }
  const isShort = actual.length < pattern.length;
  const message = `has ${plural(actual.length, 'element')}, expected ${pattern.length}: ${show(actual)}`
    + (isShort || found.length > 0 ? '' : '; Match.listWith allows further ones');
  return [...found, { path, message, weight: Math.abs(pattern.length - actual.length) }];
}

/** Each pattern takes an element of its own, in any order. */
export function withElements(patterns: readonly unknown[]): Test {
  return (actual, path) => {
    if (!Array.isArray(actual)) return [differs(actual, path, patterns)];
    const costs = patterns.map((pattern) => actual.map((element, at) => like(pattern)(element, [...path, at])));
    const takenBy = new Map<number, number>();
    const take = (pattern: number, tried: Set<number>): boolean => actual.some((_, at) => {
      if (costs[pattern][at].length > 0 || tried.has(at)) return false;
      tried.add(at);
      const other = takenBy.get(at);
      if (other !== undefined && !take(other, tried)) return false;
      takenBy.set(at, pattern);
      return true;
    });
    return patterns.flatMap((pattern, which) => (
      take(which, new Set()) ? [] : lacking(pattern, actual, costs[which].filter((_, at) => !takenBy.has(at)), path)));
  };
}

function lacking(
  pattern: unknown, actual: readonly unknown[], costs: readonly Difference[][], path: Path,
): Difference[] {
  const [nearest] = [...costs].sort((one, other) => sum(one) - sum(other));
  const message = `has no element like ${show(pattern)}${namedLike(pattern, actual)}`;
  const none = { path, message, weight: weightOf(pattern) };
  // An element that shares nothing with the pattern does not help, unless it is a slip.
  const hinted = costs.find((found) => found.some(({ path: at, message: what }) => (
    at.length > path.length + 1 && what.includes('did you mean'))));
  return nearest === undefined || sum(nearest) >= weightOf(pattern) ? hinted ?? [none] : nearest;
}

/** Elements of most lists in manifests have a name. */
function namedLike(pattern: unknown, actual: readonly unknown[]): string {
  const nameOf = (value: unknown) => (isObject(value as Json) ? (value as Fields).name : value);
  const [wanted, names] = [nameOf(pattern), actual.map(nameOf).filter((name) => typeof name === 'string')];
  if (typeof wanted !== 'string' || names.length === 0) return '';
  return didYouMean(wanted, names) || `; it has ${names.map(show).slice(0, MANY).join(', ')}`
    + (names.length > MANY ? ` and ${names.length - MANY} more` : '');
}

const MANY = 8;

export function sum(differences: readonly Difference[]): number {
  return differences.reduce((total, { weight }) => total + weight, 0);
}

/** The number of values in a pattern. */
function weightOf(pattern: unknown): number {
  const matcher = matcherOf(pattern);
  if (matcher !== undefined) return weightOf(matcher.shown);
  if (typeof pattern !== 'object' || pattern === null) return 1;
  return Math.max(1, Object.values(pattern).reduce<number>((total, each) => total + weightOf(each), 0));
}

const LONG = 60;
const AROUND = 20;

/** Of long texts, what is around the first character that differs. */
function firstChange(actual: string, expected: string): string | undefined {
  if (Math.max(actual.length, expected.length) <= LONG) return undefined;
  let at = 0;
  while (at < actual.length && actual[at] === expected[at]) at++;
  const part = (text: string) => {
    const [from, to] = [Math.max(0, at - AROUND), at + AROUND];
    return `${from > 0 ? '…' : ''}${JSON.stringify(text.slice(from, to))}${to < text.length ? '…' : ''}`;
  };
  return `${part(actual)}, expected ${part(expected)}, from character ${at + 1} on`;
}

/** A text whose JSON is like the pattern. */
export function jsonLike(pattern: unknown): Test {
  return (actual, path) => {
    let value: unknown;
    try {
      value = JSON.parse(actual as string);
    } catch {
      return [{ path, message: `${orNothing(actual)}, expected JSON`, weight: weightOf(pattern) }];
    }
    return like(pattern)(value, path);
  };
}

export function unlike(pattern: unknown): Test {
  return (actual, path) => {
    const same = isDeepStrictEqual(actual, pattern) || like(pattern)(actual, path).length === 0;
    return same ? [{ path, message: `${orNothing(actual)}, expected anything else`, weight: 1 }] : [];
  };
}

export function regExpOf(expression: string): RegExp {
  try {
    return new RegExp(expression, 'u');
  } catch (error) {
    throw new Error(`Match.text(${show(expression)}): ${(error as Error).message}`);
  }
}
