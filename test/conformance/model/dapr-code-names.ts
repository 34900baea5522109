// What the code of a component reads beyond its metadata.yaml: names, types, aliases, operations. The catalogue leaves
// many of them out, and a name that the component reads must not be called unknown.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageText } from './catalogue-sources';

export interface CodeNames {
  /** Name → word for its type. */
  readonly names: Map<string, string>;
  /** Other spelling → name. */
  readonly aliases: Map<string, string>;
  readonly operations: Set<string>;
}

const OPERATIONS: Record<string, string> = {
  GetOperation: 'get', CreateOperation: 'create', DeleteOperation: 'delete', ListOperation: 'list',
  BulkGetOperation: 'bulkGet', BulkCreateOperation: 'bulkCreate', BulkDeleteOperation: 'bulkDelete',
};

/** Of a package that many components share: its other structures are none that a component's settings are read into. */
export function sharedNames(contrib: string, folder: string): CodeNames {
  const text = packageText(join(contrib, folder));
  const found: CodeNames = { names: new Map(), aliases: new Map(), operations: new Set() };
  tagged(text, found);
  azureKeys(text, found);
  return found;
}

export function codeNames(contrib: string, folder: string): CodeNames {
  const own = packageText(join(contrib, folder));
  const texts = packagesOf(contrib, folder).map((each) => packageText(join(contrib, each)));
  const found: CodeNames = { names: new Map(), aliases: new Map(), operations: operationsOf(own) };
  for (const text of [own, ...texts]) tagged(text, found);
  for (const text of [own, ...texts]) retried(text, found.names);
  untagged(own, found.names);
  asked(own, found.names);
  for (const text of texts) asked(text, found.names, isSetting);
  azureKeys([own, ...texts].join('\n'), found);
  return found;
}

/** Packages of the module that a package imports, directly or not; of the roots only `conversation` holds settings. */
function packagesOf(contrib: string, folder: string, seen = new Set<string>([folder])): string[] {
  for (const [, path] of packageText(join(contrib, folder)).matchAll(/"github\.com\/dapr\/components-contrib\/([^"]+)"/g)) {
    const parent = folder.split('/').slice(0, -1).join('/');
    const shared = path.startsWith('common/') || (path === parent && (path.includes('/') || path === 'conversation'));
    if (!shared || seen.has(path) || !existsSync(join(contrib, path))) continue;
    seen.add(path);
    packagesOf(contrib, path, seen);
  }
  return [...seen].filter((each) => each !== folder);
}

/** Fields with a tag for Dapr's decoder. */
function tagged(text: string, { names, aliases }: CodeNames): void {
  for (const [, type, tag] of text.matchAll(/^\s+\w+\s+([\w.*[\]]+)\s+`([^`\n]*)`/gm)) {
    const name = /mapstructure:"([^",]+)/.exec(tag)?.[1];
    if (name === undefined || name === '-') continue;
    if (!names.has(name)) names.set(name, typeWord(type));
    const others = [...tag.matchAll(/(?:mapstructurealiases|mdaliases):"([^"]+)"/g)].flatMap(([, list]) => list.split(','));
    for (const other of others) if (other.toLowerCase() !== name.toLowerCase()) aliases.set(other.trim(), name);
  }
}

/** Settings of Dapr's retries, which some components read below a prefix in its own case: `backOff` makes `duration` `backOffDuration`. */
const RETRIES: Record<string, string> = {
  Policy: '=constant|exponential&', Duration: 'duration', InitialInterval: 'duration', RandomizationFactor: 'number', Multiplier: 'number',
  MaxInterval: 'duration', MaxElapsedTime: 'duration', MaxRetries: 'int',
};

function retried(text: string, names: Map<string, string>): void {
  for (const [, prefix] of text.matchAll(/retry\.DecodeConfigWithPrefix\([^"]*?"(\w+)"\s*\)/g)) {
    for (const [name, type] of Object.entries(RETRIES)) if (!has(names, prefix + name)) names.set(prefix + name, `${type}#`);
  }
}

/** Fields of the component's own settings without such a tag go by their names, in any case. */
function untagged(text: string, names: Map<string, string>): void {
  for (const [, body] of text.matchAll(/^type \w*(?:[mM]etadata|[sS]ettings|[oO]ptions|[cC]onfig)\w* struct \{\n([\s\S]*?)^\}/gm)) {
    for (const [, field, type, tag = ''] of body.matchAll(/^\s+([A-Z]\w*)\s+([\w.*[\]]+)(?:\s+`([^`\n]*)`)?/gm)) {
      if (tag.includes('mapstructure')) continue;
      const name = /json:"([^",-][^",]*)/.exec(tag)?.[1] ?? lowerFirst(field);
      if (!has(names, name)) names.set(name, typeWord(type));
    }
  }
}

/** Names that the code asks for one by one, in quotes or as a constant. */
function asked(text: string, names: Map<string, string>, isMeant: (name: string) => boolean = () => true): void {
  const constants = new Map([...text.matchAll(/^\s*(?:const )?(\w+)\s*(?:string\s*)?=\s*"([\w.-]+)"/gm)].map(([, name, value]) => [name, value]));
  const words: string[] = [];
  for (const [, argument] of text.matchAll(/\b(?:[Pp]roperties|props|meta|md|metadata|connInfo)\[([^\]]+)\]/g)) words.push(argument);
  for (const [, list] of text.matchAll(/GetMetadataProperty\w*\([^,]+,([^)]*)\)/g)) words.push(...list.split(','));
  for (const word of words.map((each) => each.trim())) {
    const name = /^"([\w.-]+)"$/.exec(word)?.[1] ?? constants.get(word);
    if (name !== undefined && isMeant(name) && !has(names, name)) names.set(name, 'string');
  }
}

/** Shared packages also ask for what comes with a single event: `__key`, `x-opt-offset`, the type of its schema. */
function isSetting(name: string): boolean {
  return /^[A-Za-z0-9]+$/.test(name) && name !== 'valueSchemaType';
}

/** Azure's table of spellings: those of authentication for every component that uses it, those of storage where asked for. */
function azureKeys(text: string, { names, aliases }: CodeNames): void {
  const table = /MetadataKeys = map\[string\]\[\]string\{[\s\S]*?\n\}/.exec(text)?.[0] ?? '';
  for (const [, key, list] of table.matchAll(/"(\w+)":\s*\{([^}]*)\}/g)) {
    if (key.startsWith('Storage') && !text.includes(`MetadataKeys["${key}"]`)) continue;
    const [name, ...others] = [...list.matchAll(/"([^"]+)"/g)].map(([, word]) => word);
    if (!has(names, name)) names.set(name, 'string');
    for (const other of others) aliases.set(other, name);
  }
}

function operationsOf(text: string): Set<string> {
  const constants = new Map([...text.matchAll(/^\s*(?:const )?(\w+)\s*(?:bindings\.OperationKind\s*)?=\s*"([\w-]+)"/gm)].map(([, name, value]) => [name, value]));
  const found = new Set<string>();
  for (const [, list] of text.matchAll(/\[\]bindings\.OperationKind\{([^}]*)\}/g)) {
    for (const word of list.split(',').map((each) => each.trim()).filter((each) => each !== '')) {
      const operation = /^"([\w-]+)"$/.exec(word)?.[1] ?? OPERATIONS[word.replace('bindings.', '')] ?? constants.get(word);
      if (operation !== undefined) found.add(operation);
    }
  }
  return found;
}

/** Words of the table for Go's types; what is decoded in a way of its own is any string. */
export function typeWord(type: string): string {
  const plain = type.replace(/^\*/, '');
  if (/^u?int(8|16|32|64)?$/.test(plain)) return 'int';
  if (/^float(32|64)$/.test(plain)) return 'number';
  if (plain === 'bool') return 'bool';
  return /^(\w+\.)?Duration$/.test(plain) ? 'duration' : 'string';
}

/** Dapr compares names in any case. */
export function has(names: ReadonlyMap<string, unknown>, name: string): boolean {
  return [...names.keys()].some((each) => each.toLowerCase() === name.toLowerCase());
}

function lowerFirst(name: string): string {
  return name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/, (head) => head.toLowerCase());
}

