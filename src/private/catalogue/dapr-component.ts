/** What the catalogue says of one component type in one version. */
import { ComponentTable, daprTable, Field, fieldOf, Names, Words } from './tables';
import { nearest } from '../problem/problem';

export interface KnownComponent {
  readonly names: Names;
  /** Required of every component of the type. */
  readonly required: readonly Field[];
  readonly authentication: Authentication;
  /** Of an output binding. */
  readonly operations: readonly string[];
}

export interface KnownType {
  readonly versions: readonly string[];
  /** Of bindings: what they can be used as. */
  readonly input: boolean;
  readonly output: boolean;
  /** `undefined` for an unknown version, and for a type that is registered without a description. */
  readonly component?: KnownComponent;
}

const UNSTABLE = 'v0';
const FIRST = 'v1';
const types = new Map<string, KnownType | undefined>();
const components = new Map<string, KnownComponent>();

/** `undefined` for an unknown type. */
export function knownType(type: string, version: string): KnownType | undefined {
  const key = `${type} ${version}`;
  if (!types.has(key)) types.set(key, lookUp(type.toLowerCase(), version.toLowerCase()));
  return types.get(key);
}

/** Whether Dapr takes the version: the first one of a type also goes by none, and by `v0`. */
export function takesVersion({ versions }: KnownType, version: string): boolean {
  return versions.includes(asked(version.toLowerCase()));
}

export function knownTypes(): string[] {
  return Object.keys(daprTable().types);
}

function lookUp(type: string, version: string): KnownType | undefined {
  const versions = own(daprTable().types, type);
  if (versions === undefined) return undefined;
  const word = own(versions, asked(version));
  const [directions, folder] = (word ?? ':').split(':');
  return {
    versions: Object.keys(versions),
    input: directions.includes('i'),
    output: directions.includes('o'),
    ...(folder !== '' && { component: knownComponent(folder, type) }),
  };
}

function asked(version: string): string {
  return version === '' || version === UNSTABLE ? FIRST : version;
}

function knownComponent(folder: string, type: string): KnownComponent {
  const found = components.get(folder) ?? take(daprTable().components[folder], type.split('.')[0]);
  components.set(folder, found);
  return found;
}

function take(table: ComponentTable, kind: string): KnownComponent {
  const { runtime, names: shared } = daprTable();
  const names = new Names((name) => name.toLowerCase());
  const general = fieldsOf(table.fields);
  names.add(table);
  for (const { fields } of table.profiles ?? []) names.add({ fields });
  for (const [name, fields] of Object.entries(table.builtIn ?? {})) {
    for (const each of [{ fields }, ...daprTable().profiles[name]]) names.add(each);
  }
  for (const group of table.names ?? []) names.add(shared[group]);
  names.add({ fields: own(runtime, kind) ?? {} });
  return {
    names,
    required: [...general.values()].filter(({ required }) => required),
    authentication: authentication(profilesOf(table), new Set(general.keys()), table.open === true),
    operations: table.operations ?? [],
  };
}

function profilesOf({ profiles = [], builtIn = {} }: ComponentTable): Profile[] {
  const shared = Object.entries(builtIn).flatMap(([name, more]) =>
    daprTable().profiles[name].map(({ title, fields }) => ({ title, fields: { ...fields, ...more } })));
  return [...profiles, ...shared].map(({ title, fields }) => ({ title, fields: fieldsOf(fields) }));
}

function fieldsOf(words: Words): Map<string, Field> {
  return new Map(Object.entries(words).map(([name, word]) => [name.toLowerCase(), fieldOf(name, word)]));
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

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
