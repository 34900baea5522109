/**
 * What components-contrib, daprd and KEDA say of their components and scalers, condensed to two tables; sources and
 * licences are in them. A table is read when first asked for, a type's part taken apart when the type first occurs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type dapr from './dapr-components.json';
import { Field, fieldOf } from './field';
import type keda from './keda-scalers.json';

export type Words = Readonly<Record<string, string>>;

export interface NamesTable {
  readonly fields: Words;
  readonly aliases?: Words;
}

export interface ProfileTable {
  readonly title: string;
  readonly fields: Words;
}

export interface ComponentTable extends NamesTable {
  /** Groups of names that several components read. */
  readonly names?: readonly string[];
  readonly profiles?: readonly ProfileTable[];
  /** Shared profiles, and what this component reads beside each. */
  readonly builtIn?: Readonly<Record<string, Words>>;
  /** Works without any of the profiles. */
  readonly open?: boolean;
  readonly operations?: readonly string[];
}

export interface DaprTable {
  /** By first word of a type: what the runtime itself reads. */
  readonly runtime: Readonly<Record<string, Words>>;
  readonly names: Readonly<Record<string, NamesTable>>;
  readonly profiles: Readonly<Record<string, readonly ProfileTable[]>>;
  /** Type → version → directions and component. */
  readonly types: Readonly<Record<string, Words>>;
  readonly components: Readonly<Record<string, ComponentTable>>;
}

export interface ScalerTable extends NamesTable {
  /** Takes any name. */
  readonly open?: boolean;
}

export interface KedaTable {
  readonly scalers: Readonly<Record<string, ScalerTable>>;
}

export const daprTable = once((): DaprTable => read<typeof dapr>('dapr-components.json') as unknown as DaprTable);
export const kedaTable = once((): KedaTable => read<typeof keda>('keda-scalers.json') as unknown as KedaTable);

/** Fields by name; Dapr compares names in lower case, KEDA as they are. */
export class Names {
  private readonly byKey = new Map<string, Field>();
  private readonly aliases = new Map<string, string>();
  private readonly patterns: Field[] = [];

  public constructor(private readonly key: (name: string) => string) {}

  public add({ fields, aliases = {} }: NamesTable): void {
    for (const [name, word] of Object.entries(fields)) {
      const field = fieldOf(name, word);
      if (name.includes('*')) this.patterns.push(field);
      else if (!this.byKey.has(this.key(name))) this.byKey.set(this.key(name), field);
    }
    for (const [alias, name] of Object.entries(aliases)) this.aliases.set(this.key(alias), name);
  }

  public get(name: string): Field | undefined {
    const own = this.byKey.get(this.key(name));
    if (own !== undefined) return own;
    const target = this.aliases.get(this.key(name));
    if (target !== undefined) return this.byKey.get(this.key(target)) ?? fieldOf(target, 'string');
    return this.patterns.find(({ name: pattern }) => fits(name, pattern));
  }

  public get fields(): Field[] {
    return [...this.byKey.values()];
  }
}

/** `*.jsonschema`, `query.*` */
function fits(name: string, pattern: string): boolean {
  const [head, tail] = pattern.split('*');
  return name.length > head.length + tail.length && name.startsWith(head) && name.endsWith(tail);
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(__dirname, file), 'utf8')) as T;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
