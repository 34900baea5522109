/**
 * Rules for values, beyond their types: a table names them by structure and field (`pod-rules.ts` and its neighbours),
 * and the walk over the structure (`pod-schema.ts`) applies them.
 */
import { Json, JsonObject, isObject } from './json';
import { Form, parseQuantity } from './syntax';
import { notOneOf, Path, Problems, show } from '../problem/problem';

/** What is wrong with one value; `undefined` when nothing is. Values of the wrong type are reported elsewhere. */
export type Rule = (value: Json) => string | undefined;
/** Reports at a place below the structure. */
export type Say = (at: Path, message: string) => void;

export interface Rules {
  /** Fields that must be there and not be empty, with what to give. */
  readonly needs?: Readonly<Record<string, string>>;
  /** Of these at most one. */
  readonly one?: readonly string[];
  /** None of `one` is wrong too. */
  readonly any?: true;
  /** By field; of a list, each item follows the rule. */
  readonly values?: Readonly<Record<string, Rule>>;
  /** Lists of objects, with the fields that together tell the items apart; without fields, of words. */
  readonly unique?: Readonly<Record<string, readonly string[]>>;
  readonly whole?: (value: JsonObject, say: Say) => void;
}

export function applyRules(value: JsonObject, rules: Rules, path: Path, problems: Problems): void {
  const say: Say = (at, message) => problems.error([...path, ...at], message);
  for (const [field, what] of Object.entries(rules.needs ?? {})) {
    if (isEmpty(value[field])) say([field], `is missing; give ${what}`);
  }
  if (rules.one !== undefined) checkChoice(value, rules.one, rules.any === true, say);
  for (const [field, rule] of Object.entries(rules.values ?? {})) {
    const given = value[field];
    if (given === undefined || given === null) continue;
    const check = (item: Json, at: Path): void => {
      const wrong = rule(item);
      if (wrong !== undefined) say(at, wrong);
    };
    if (Array.isArray(given)) given.forEach((item, at) => check(item, [field, at]));
    else check(given, [field]);
  }
  for (const [field, keys] of Object.entries(rules.unique ?? {})) checkUnique(value[field], keys, field, say);
  rules.whole?.(value, say);
}

function checkChoice(value: JsonObject, fields: readonly string[], any: boolean, say: Say): void {
  const given = fields.filter((field) => isGiven(value[field]));
  if (given.length > 1) say([given[1]], `cannot be combined with ${show(given[0])}; give one of them`);
  if (given.length === 0 && any) say([], `has none of ${fields.map(show).join(', ')}; give one of them`);
}

/** For names that a later item repeats. */
function checkUnique(list: Json | undefined, keys: readonly string[], field: string, say: Say): void {
  if (!Array.isArray(list) || list.length < 2) return;
  const seen = new Set<string>();
  list.forEach((item, index) => {
    if (keys.length > 0 && (!isObject(item) || isEmpty(item[keys[0]]))) return;
    const name = isObject(item) ? keys.map((key) => show(item[key] ?? DEFAULTS[key])).join(' and ') : show(item);
    const verb = keys.length > 1 ? 'are' : 'is';
    if (seen.has(name)) say([field, index, ...keys.slice(0, 1)], `${name} ${verb} there already; give each once`);
    seen.add(name);
  });
}
const DEFAULTS: Readonly<Record<string, Json>> = { protocol: 'TCP' };

export function isGiven(value: Json | undefined): value is Json {
  return value !== undefined && value !== null;
}

/** Absent, or what Go's types cannot tell from absent. */
export function isEmpty(value: Json | undefined): boolean {
  return !isGiven(value) || value === '' || (Array.isArray(value) && value.length === 0);
}

/** A string of a form; empty is the same as absent. */
export const text = (form: Form): Rule => (value) => (
  typeof value === 'string' && value !== '' ? form(value) : undefined);

/** The same where empty is a word too. */
export const word = (form: Form): Rule => (value) => (typeof value === 'string' ? form(value) : undefined);

export const among = (...allowed: string[]): Rule => (value) => (
  typeof value !== 'string' || value === '' || allowed.includes(value) ? undefined : notOneOf(value, allowed));

/** Where an empty word is not the same as none. */
export const strictlyAmong = (...allowed: string[]): Rule => (value) => (
  typeof value !== 'string' || allowed.includes(value) ? undefined : notOneOf(value, allowed));

export const within = (min: number, max = 2 ** 31 - 1): Rule => (value) => (
  typeof value !== 'number' || (value >= min && value <= max) ? undefined : `${value} is outside ${min}..${max}`);

const MAX_MODE = 0o777;
/** Mode bits of a file. */
export const mode: Rule = (value) => {
  const wrong = within(0, MAX_MODE)(value);
  return wrong && /^[0-7]{3}$/.test(String(value)) ? `${wrong}; write an octal number: 0${String(value)}` : wrong;
};

export const notNegative: Rule = (value) => {
  const amount = amountOf(value);
  return amount !== undefined && amount < 0 ? `${show(value)} is negative` : undefined;
};

export function amountOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : typeof value === 'string' ? parseQuantity(value) : undefined;
}
