/** What the catalogue says of one component type in one version. */
import { Field, fieldOf } from './field';
import { Authentication, authentication, Profile } from './profiles';
import { ComponentTable, daprTable, Names, Words } from './tables';

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
