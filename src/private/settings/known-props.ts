/**
 * Names of props that do not exist, and values that no code can take: the compiler of a TypeScript user finds them,
 * plain JavaScript has none. The tables are checked against the types that they describe, so neither can have a name
 * that the other lacks.
 */
import type { ContainerResources, CpuResources, SizeResources } from '../../container-resources';
import { PROXY_SETTINGS, SettingKind } from '../function/proxy-settings';
import { hint } from '../function/readers';
import { isObject, Json } from '../kubernetes/json';
import { didYouMean, Path, Problem, show } from '../problem/problem';

const has = (member: string) => (value: unknown) => isObject(value) && member in value;
/** A construct of cdk8s-plus says its kind; for the compiler a ConfigMap is a Secret. */
const named = (kind: string) => ({
  fits: (value: unknown) => isObject(value) && 'name' in value && [undefined, kind].includes(value.kind as string),
  words: `a ${kind} of cdk8s-plus, or another object with its name`,
});

/** Scalars, and values whose members are used before anything else is checked. */
const SHAPES = {
  any: { fits: () => true, words: 'a value' },
  flag: { fits: (value: unknown) => typeof value === 'boolean', words: 'true or false' },
  text: { fits: (value: unknown) => typeof value === 'string', words: 'a string' },
  number: { fits: (value: unknown) => typeof value === 'number', words: 'a number' },
  duration: { fits: has('toMilliseconds'), words: 'a Duration, such as Duration.seconds(30)' },
  size: { fits: has('toKibibytes'), words: 'a Size, such as Size.mebibytes(64)' },
  cpu: { fits: has('amount'), words: 'an amount of CPU, such as Cpu.millis(100) of cdk8s-plus' },
  named: { fits: has('name'), words: 'an object with a name, such as a Secret of cdk8s-plus' },
  secret: named('Secret'),
  configMap: named('ConfigMap'),
  serviceAccount: named('ServiceAccount'),
  secretKey: {
    fits: (value: unknown) => isObject(value) && isObject(value.secret) && typeof value.key === 'string'
      && [undefined, 'Secret'].includes(value.secret.kind as string),
    words: 'a Secret and one of its keys: { secret, key }',
  },
  component: { fits: has('componentName'), words: 'a component, such as a DaprComponent' },
  input: { fits: has('_input'), words: 'a FunctionInput, such as FunctionInput.fromTopic gives it' },
  output: { fits: has('_output'), words: 'a FunctionOutput, such as FunctionOutput.toTopic gives it' },
  authentication: {
    fits: has('kind'), words: 'a TriggerAuthentication, or what its fromName or fromClusterName gives',
  },
  image: { fits: has('_model'), words: 'a DaprProxyImage, such as DaprProxyImage.fromRegistry gives it' },
  limit: {
    fits: has('_milliseconds'), words: 'a TimeLimit, such as TimeLimit.of(Duration.seconds(30)) or TimeLimit.none()',
  },
  probe: { fits: has('_probe'), words: 'a FunctionProbe, such as FunctionProbe.fromHttpGet gives it' },
} satisfies Record<string, { readonly fits: (value: unknown) => boolean; readonly words: string }>;

type Shape = keyof typeof SHAPES;

/**
 * `0` is a value that has no names of its own, or whose names are checked where it is read. A shape with `!` must be
 * there, where nothing that reads it says so.
 */
export type Known = 0 | Shape | `${Shape}!` | Names | ListOf | MapOf;
/** A struct. */
export interface Names { readonly [name: string]: Known }
type ListOf = readonly [Known];
/** By names of the user's own. */
type MapOf = readonly ['*', Known];
export type NamesOf<T> = { readonly [K in keyof T]-?: [T[K]] extends [boolean | undefined] ? 'flag' : Known };

const CPU = { request: 'cpu', limit: 'cpu' } satisfies NamesOf<CpuResources>;
const SIZES = { request: 'size', limit: 'size' } satisfies NamesOf<SizeResources>;
export const RESOURCES: Names = {
  cpu: CPU, memory: SIZES, ephemeralStorage: SIZES,
} satisfies NamesOf<ContainerResources>;

/** What typed props hold for a setting of the proxy. */
const OF_KIND: { readonly [K in SettingKind]?: Known } = {
  seconds: 'duration',
  milliseconds: 'duration',
  bytes: 'size',
  count: 'number',
  name: 'named',
  names: ['named'],
  container: RESOURCES,
  limitInSeconds: 'limit',
  limitInMilliseconds: 'limit',
};

export const PROXY_NAMES: Names = Object.fromEntries(
  Object.entries(PROXY_SETTINGS).map(([field, { kind }]) => [field, OF_KIND[kind] ?? 0]));

export interface PropProblems {
  readonly unknown: Problem[];
  /** Nothing but these can be told of such props. */
  readonly misshapen: Problem[];
}

/** With what is below; what is absent in other languages comes as `undefined` or `null`. */
export function checkProps(
  given: unknown, known: Known, path: Path = [], found: PropProblems = { unknown: [], misshapen: [] },
): PropProblems {
  walk(given, known, path, found);
  return found;
}

/** Plain JavaScript may leave props out altogether: then all that they must have is missing. */
export function givenProps<T extends object>(props: T | undefined): T {
  return props ?? {} as T;
}

function walk(given: unknown, known: Known, path: Path, found: PropProblems): void {
  if (known === 0 || given === undefined || given === null) return;
  if (typeof known === 'string') {
    const { fits, words } = SHAPES[known.replace('!', '') as Shape];
    if (!fits(given)) found.misshapen.push(wrong(path, words, given));
  } else if (isList(known) && !isMap(known)) {
    if (Array.isArray(given)) {
      given.forEach((item: unknown, index) => {
        const isAbsent = item === undefined || item === null;
        if (isAbsent && known[0] !== 0) found.misshapen.push(absent([...path, index], item));
        else walk(item, known[0], [...path, index], found);
      });
    } else {
      found.misshapen.push(wrong(path, 'a list', given));
    }
  } else if (!isObject(given)) {
    found.misshapen.push(wrong(path, 'an object', given));
  } else if (isMap(known)) {
    Object.entries(given).forEach(([name, item]) => walk(item, known[1], [...path, name], found));
  } else {
    walkNames(given, known, path, found);
  }
}

function wrong(path: Path, words: string, given: unknown): Problem {
  return { severity: 'error', path, message: `must be ${words}, got ${show(given)}${hint(words, given as Json)}` };
}

function absent(path: Path, item: unknown): Problem {
  return { severity: 'error', path, message: `must not be ${String(item)}: remove the item, or give it a value` };
}

function walkNames(given: Record<string, unknown>, known: Names, path: Path, found: PropProblems): void {
  for (const name of Object.keys(known)) {
    if (!isNeeded(known[name]) || (given[name] ?? undefined) !== undefined) continue;
    found.misshapen.push({ severity: 'error', path: [...path, name], message: 'is missing' });
  }
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (Object.hasOwn(known, name)) {
      walk(value, known[name], [...path, name], found);
      continue;
    }
    const message = `unknown prop${didYouMean(name, Object.keys(known))}`;
    found.unknown.push({ severity: 'error', path: [...path, name], message });
  }
}

function isNeeded(known: Known): boolean {
  return typeof known === 'string' && known.endsWith('!');
}

function isMap(known: Known): known is MapOf {
  return Array.isArray(known) && known[0] === '*';
}

function isList(known: Known): known is ListOf {
  return Array.isArray(known);
}
