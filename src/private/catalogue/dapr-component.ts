/** What the catalogue says of one component type in one version. */
import { Field, fieldOf } from './field';
import { ComponentTable, daprTable, Names } from './tables';

export interface Profile {
  readonly title: string;
  readonly fields: readonly Field[];
}

export interface KnownComponent {
  readonly names: Names;
  /** Required of every component of the type. */
  readonly required: readonly Field[];
  /** Names in lower case that belong to no profile, or not only to one. */
  readonly general: ReadonlySet<string>;
  readonly profiles: readonly Profile[];
  /** Works without any of the profiles. */
  readonly open: boolean;
  /** Of an output binding. */
  readonly operations: readonly string[];
}

export interface KnownType {
  readonly versions: readonly string[];
  /** Of bindings: what they can be used as. */
  readonly input: boolean;
  readonly output: boolean;
  /** `undefined` for a type that is registered without a description. */
  readonly component?: KnownComponent;
}

const UNSTABLE = 'v0';
const FIRST = 'v1';
const components = new Map<string, KnownComponent>();

/** `undefined` for an unknown type; without a component for an unknown version. */
export function knownType(type: string, version: string): KnownType | undefined {
  const versions = own(daprTable().types, type.toLowerCase());
  if (versions === undefined) return undefined;
  const asked = version === '' || version.toLowerCase() === UNSTABLE ? FIRST : version.toLowerCase();
  const [directions, folder] = (own(versions, asked) ?? own(versions, Object.keys(versions)[0]) ?? ':').split(':');
  return {
    versions: Object.keys(versions),
    input: directions.includes('i'),
    output: directions.includes('o'),
    ...(own(versions, asked) !== undefined && folder !== '' && { component: knownComponent(folder, type) }),
  };
}

/** Whether Dapr takes the version: the first one of a type also goes by none, and by `v0`. */
export function takesVersion({ versions }: KnownType, version: string): boolean {
  const asked = version.toLowerCase();
  return versions.includes(asked) || (['', UNSTABLE].includes(asked) && versions.includes(FIRST));
}

export function knownTypes(): string[] {
  return Object.keys(daprTable().types);
}

function knownComponent(folder: string, type: string): KnownComponent {
  const found = components.get(folder) ?? take(daprTable().components[folder], type.split('.')[0]);
  components.set(folder, found);
  return found;
}

function take(table: ComponentTable, kind: string): KnownComponent {
  const { runtime, names: shared } = daprTable();
  const names = new Names((name) => name.toLowerCase());
  const profiles = profilesOf(table);
  names.add(table);
  for (const { fields } of table.profiles ?? []) names.add({ fields });
  for (const [name, fields] of Object.entries(table.builtIn ?? {})) [{ fields }, ...daprTable().profiles[name]].forEach((each) => names.add(each));
  for (const group of table.names ?? []) names.add(shared[group]);
  names.add({ fields: own(runtime, kind) ?? {} });
  return {
    names,
    required: Object.entries(table.fields).map(([name, word]) => fieldOf(name, word)).filter(({ required }) => required),
    general: new Set(Object.keys(table.fields).map((name) => name.toLowerCase())),
    profiles,
    open: table.open === true || profiles.length === 0,
    operations: table.operations ?? [],
  };
}

function profilesOf({ profiles = [], builtIn = {} }: ComponentTable): Profile[] {
  const shared = Object.entries(builtIn).flatMap(([name, more]) =>
    daprTable().profiles[name].map(({ title, fields }) => ({ title, fields: { ...fields, ...more } })));
  return [...profiles, ...shared].map(({ title, fields }) => ({ title, fields: Object.entries(fields).map(([name, word]) => fieldOf(name, word)) }));
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
