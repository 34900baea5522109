// What jsii writes to `.jsii`: the types of the package, as far as their pages need them.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly default?: string;
  readonly see?: string;
  readonly example?: string;
  readonly returns?: string;
}
export type TypeRef =
  | { readonly primitive: 'string' | 'number' | 'boolean' | 'any' }
  | { readonly fqn: string }
  | { readonly collection: { readonly kind: 'array' | 'map'; readonly elementtype: TypeRef } }
  | { readonly union: { readonly types: readonly TypeRef[] } };
export interface Property {
  readonly name: string;
  readonly type: TypeRef;
  readonly optional?: true;
  readonly static?: true;
  /** Of the last parameter: any number of them. */
  readonly variadic?: true;
  readonly docs?: Docs;
}
export interface Method {
  readonly name: string;
  readonly parameters?: readonly Property[];
  readonly returns?: { readonly type: TypeRef };
  readonly static?: true;
  readonly docs?: Docs;
}
export interface Type {
  readonly name: string;
  readonly fqn: string;
  readonly kind: 'class' | 'interface' | 'enum';
  /** Of an interface: a struct, which has values and no behaviour. */
  readonly datatype?: true;
  readonly base?: string;
  readonly interfaces?: readonly string[];
  readonly docs?: Docs;
  readonly initializer?: { readonly parameters?: readonly Property[] };
  readonly methods?: readonly Method[];
  readonly properties?: readonly Property[];
  readonly members?: readonly { readonly name: string; readonly docs?: Docs }[];
}

const FILE = fileURLToPath(new URL('../../../.jsii', import.meta.url));

/** The types of the package, by their full names. */
export function readTypes(): ReadonlyMap<string, Type> {
  if (!existsSync(FILE)) throw new Error('there is no .jsii: run "npx projen compile" in the root first');
  const { types } = JSON.parse(readFileSync(FILE, 'utf8')) as { types: Record<string, Type> };
  return new Map(Object.entries(types));
}

/** Those of a struct with those that it inherits, each once; required ones first. */
export function propertiesOf(type: Type, types: ReadonlyMap<string, Type>): Property[] {
  const found = new Map<string, Property>();
  const visit = ({ properties = [], interfaces = [] }: Type): void => {
    for (const property of properties) if (!found.has(property.name)) found.set(property.name, property);
    for (const base of interfaces) if (types.has(base)) visit(types.get(base)!);
  };
  visit(type);
  const all = [...found.values()].sort((one, other) => one.name.localeCompare(other.name));
  return [...all.filter(({ optional }) => !optional), ...all.filter(({ optional }) => optional)];
}
