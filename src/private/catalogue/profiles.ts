/** Which way to authenticate a component has begun, and what it lacks. */
import type { KnownComponent, Profile } from './dapr-component';
import { nearest } from '../problem/problem';

export interface Lack {
  readonly names: readonly string[];
  /** Of the profile that comes nearest; `undefined` when there is only one. */
  readonly title?: string;
}

/** `given`: plain text by name in lower case, or `undefined` for what comes from a Secret. */
export function authenticationLack({ profiles, general, open }: KnownComponent, given: ReadonlyMap<string, string | undefined>): Lack | undefined {
  const possible = profiles.filter((profile) => !contradicts(profile, given));
  const begun = begunNames(profiles, given).filter((name) => !general.has(name));
  if (begun.length === 0 && open) return undefined;
  const covering = possible.filter(({ fields }) => begun.every((name) => fields.some((field) => field.name.toLowerCase() === name)));
  const candidates = (covering.length > 0 ? covering : possible).map((profile) => ({ profile, lacking: lacking(profile, given) }));
  if (candidates.length === 0 || candidates.some((each) => each.lacking.length === 0)) return undefined;
  const best = candidates.reduce((a, b) => (b.lacking.length < a.lacking.length ? b : a));
  return { names: best.lacking, ...(profiles.length > 1 && { title: best.profile.title }) };
}

/** Values of a setting over all profiles: `authType` has one in each. */
export function profileValues({ profiles }: KnownComponent, name: string): string[] {
  const values = profiles.flatMap(({ fields }) => fields.filter((field) => same(field.name, name)).flatMap((field) => field.values ?? []));
  return [...new Set(values)];
}

function lacking({ fields }: Profile, given: ReadonlyMap<string, string | undefined>): string[] {
  return fields.filter(({ name, required }) => required && !given.has(name.toLowerCase())).map(({ name }) => name);
}

/** Another value of a closed list than the profile's, read as the nearest one where it is misspelt. */
function contradicts({ fields }: Profile, given: ReadonlyMap<string, string | undefined>): boolean {
  return fields.some(({ name, values, required }) => {
    const value = given.get(name.toLowerCase());
    return required && values !== undefined && value !== undefined && !values.some((each) => same(each, value));
  });
}

/** What is given of the profiles alone. */
function begunNames(profiles: readonly Profile[], given: ReadonlyMap<string, string | undefined>): string[] {
  const names = new Set(profiles.flatMap(({ fields }) => fields.map(({ name }) => name.toLowerCase())));
  return [...given.keys()].filter((name) => names.has(name));
}

/** A misspelt value of a closed list says what was meant. */
export function meant(value: string, values: readonly string[]): string {
  return values.find((each) => same(each, value)) ?? nearest(value, values) ?? value;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
