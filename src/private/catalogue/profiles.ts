/** Which way to authenticate a component has begun, and what it lacks. */
import type { Field } from './field';
import { nearest } from '../problem/problem';

/** Plain text by name in lower case; `undefined` for what comes from a Secret. */
export type Given = ReadonlyMap<string, string | undefined>;

export interface Profile {
  readonly title: string;
  /** By name in lower case. */
  readonly fields: ReadonlyMap<string, Field>;
}

export interface Authentication {
  readonly profiles: readonly Profile[];
  /** Names in lower case that belong to profiles alone. */
  readonly names: ReadonlySet<string>;
  /** Values of a setting over all profiles: `authType` has one in each. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** The component works without any of the profiles. */
  readonly open: boolean;
}

export interface Lack {
  readonly names: readonly string[];
  /** Of the profile that comes nearest; `undefined` when there is only one. */
  readonly title?: string;
}

/** Instead of a title: works, and is nothing to advise. */
const OLD = '';

export function authentication(profiles: Profile[], general: ReadonlySet<string>, open: boolean): Authentication {
  const values = new Map<string, string[]>();
  const names = new Set<string>();
  for (const [key, field] of profiles.flatMap(({ fields }) => [...fields])) {
    if (!general.has(key)) names.add(key);
    if (field.values !== undefined) values.set(key, [...new Set([...values.get(key) ?? [], ...field.values])]);
  }
  return { profiles, names, values, open: open || profiles.length === 0 };
}

export function authenticationLack({ profiles, names, open }: Authentication, given: Given): Lack | undefined {
  const begun: string[] = [];
  for (const key of given.keys()) if (names.has(key)) begun.push(key);
  if (begun.length === 0 && open) return undefined;
  const possible = profiles.filter((profile) => !contradicts(profile, given));
  const covering = possible.filter(({ fields }) => begun.every((key) => fields.has(key)));
  let best: Lack | undefined;
  for (const { title, fields } of covering.length > 0 ? covering : possible) {
    const lacking = lackingNames(fields, given);
    if (lacking.length === 0) return undefined;
    const nearer = best === undefined || lacking.length < best.names.length;
    if (title !== OLD && nearer) best = { names: lacking, ...(profiles.length > 1 && { title }) };
  }
  return best;
}

/** A misspelt value of a closed list says what was meant. */
export function meant(value: string, values: readonly string[]): string {
  return values.find((each) => same(each, value)) ?? nearest(value, values) ?? value;
}

function lackingNames(fields: Profile['fields'], given: Given): string[] {
  const lacking: string[] = [];
  for (const [key, { name, required }] of fields) if (required && !given.has(key)) lacking.push(name);
  return lacking;
}

/** Another value of a closed list than the profile's. */
function contradicts({ fields }: Profile, given: Given): boolean {
  for (const [key, value] of given) {
    const field = fields.get(key);
    const values = field?.required === true ? field.values : undefined;
    if (value !== undefined && values?.some((each) => same(each, value)) === false) return true;
  }
  return false;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
