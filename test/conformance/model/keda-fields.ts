// What each of KEDA's scalers reads its parameters into: structures with `keda` tags, found from the constructor that
// the operator calls for a type.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './catalogue-sources';

export interface ScalerFields {
  /** Parameter → word for its type. */
  readonly types: Map<string, string>;
  /** Other name of the same parameter → its first one. */
  readonly aliases: Map<string, string>;
  /** Parameter → places (`m`, `e`, `a`) where the code looks beside those of the schema. */
  readonly places: Map<string, string>;
}

interface Field {
  readonly type: string;
  readonly tag: string;
}

interface GoFile {
  readonly text: string;
  readonly structs: Map<string, Field[]>;
  readonly scaler?: string;
}

/** Scaler type → what it reads. */
export function scalerFields(folder: string): Record<string, ScalerFields> {
  const scalers = join(folder, 'pkg', 'scalers');
  const files = filesBelow(scalers, '.go').filter((name) => !name.endsWith('_test.go')).map((name) => goFile(readFileSync(join(scalers, name), 'utf8')));
  const structs = new Map(files.flatMap((file) => [...file.structs]));
  const azure = filesBelow(join(scalers, 'azure'), '.go').map((name) => readFileSync(join(scalers, 'azure', name), 'utf8')).join('\n');
  const into: Record<string, ScalerFields> = {};
  for (const [type, constructor] of constructors(folder)) {
    const file = files.find(({ text }) => text.includes(`func ${constructor}(`));
    if (file?.scaler === undefined) throw new Error(`no parameters of the scaler ${type} found`);
    const found: ScalerFields = { types: new Map(), aliases: new Map(), places: new Map() };
    collect(file.structs.get(file.scaler)!, structs, found);
    askedFor(file.text, found.places);
    if (/azure\.\w*(Parse\w+|NewAzure|GetAzure)/.test(file.text) || type.startsWith('azure-')) cloudKeys(azure, file.text, found.places);
    into[type] = found;
  }
  return into;
}

function constructors(folder: string): Array<[type: string, constructor: string]> {
  const text = readdirSync(join(folder, 'pkg', 'scaling')).filter((name) => name === 'scalers_builder.go')
    .map((name) => readFileSync(join(folder, 'pkg', 'scaling', name), 'utf8')).join('');
  return [...text.matchAll(/case "([\w-]+)":\s*\n\s*return scalers\.(\w+)\(/g)]
    .map(([, type, constructor]) => [type, constructor] as [string, string]).filter(([type]) => type !== 'external-mock');
}

function goFile(text: string): GoFile {
  const structs = new Map<string, Field[]>();
  let scaler: string | undefined;
  for (const [, name, body] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    const fields = [...body.matchAll(/^\s+(?:\w+[ \t]+)?([\w.*[\]]+)\s*`keda:"([^"]*)"`/gm)].map(([, type, tag]) => ({ type, tag }));
    if (fields.length > 0) structs.set(name, fields);
    if (fields.length > 0 && /^\s+triggerIndex\s/im.test(body)) scaler = name;
  }
  return { text, structs, scaler };
}

function collect(fields: readonly Field[], structs: ReadonlyMap<string, Field[]>, found: ScalerFields): void {
  for (const { type, tag } of fields) {
    const names = /name=\s*([^,]+)/.exec(tag)?.[1].trim().split(';') ?? [];
    if (names.length === 0) {
      const inner = structs.get(type.replace(/^\*/, '').split('.').pop()!);
      if (inner !== undefined) collect(inner, structs, found);
      continue;
    }
    for (const name of names) found.types.set(name, typeWord(type));
    // The schema says of a name that two structures have only what it found last.
    if (/order=[^,]*resolvedEnv/.test(tag)) for (const name of names) found.places.set(name, `${found.places.get(name) ?? ''}e`);
    for (const other of names.slice(1)) found.aliases.set(other, names[0]);
  }
}

/** Which of Azure's clouds, and its addresses where that one is private: read by every scaler for Azure, past the tags. */
function cloudKeys(azure: string, own: string, places: Map<string, string>): void {
  const names = [...azure.matchAll(/\w+Key\s+string = "(\w+)"/g), ...[azure, own].flatMap((text) => [...text.matchAll(/"(\w+ResourceURL)"/g)])].map(([, name]) => name);
  for (const name of ['cloud', ...names]) places.set(name, 'm');
}

/** Some are read by name, past the tags. */
function askedFor(text: string, places: Map<string, string>): void {
  for (const [, map, name] of text.matchAll(/(TriggerMetadata|AuthParams)\["(\w+)"\]/g)) {
    places.set(name, `${places.get(name) ?? ''}${map === 'AuthParams' ? 'a' : 'm'}`);
  }
  // Pulsar copies these from the metadata to where they are read.
  const copied = /KeyMapping := map\[string\]string\{([^}]*)\}/.exec(text)?.[1] ?? '';
  for (const [, name] of copied.matchAll(/"(\w+)":/g)) places.set(name, 'm');
}

function typeWord(type: string): string {
  const plain = type.replace(/^\*/, '');
  if (/^u?int(8|16|32|64)?$/.test(plain)) return 'int';
  if (/^float(32|64)$/.test(plain)) return 'number';
  if (plain === 'bool') return 'bool';
  if (plain === 'time.Duration') return 'duration';
  if (plain === '[]int') return 'ints';
  return plain.startsWith('[]') ? 'list' : 'string';
}
