// The trigger sets in the tables of KEDA's own tests of its scalers: what is expected to be read, and what is not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { filesBelow } from './catalogue-sources';

export interface TriggerSet {
  readonly file: string;
  readonly type: string;
  readonly metadata: Record<string, string>;
  /** The test says that this one is refused. */
  readonly refused: boolean;
}

/** Only sets whose every value is written in the file; the others are put together by code. */
export function triggerSets(kedaFolder: string): TriggerSet[] {
  const scalers = join(kedaFolder, 'pkg', 'scalers');
  const types = typesByFile(kedaFolder, scalers);
  return filesBelow(scalers, '_scaler_test.go').flatMap((file) => {
    const type = types.get(file.replace('_test.go', '.go'));
    return type === undefined ? [] : setsIn(readFileSync(join(scalers, file), 'utf8')).map((set) => ({ file, type, ...set }));
  });
}

function typesByFile(kedaFolder: string, scalers: string): Map<string, string> {
  const builder = readFileSync(join(kedaFolder, 'pkg', 'scaling', 'scalers_builder.go'), 'utf8');
  const files = filesBelow(scalers, '_scaler.go').map((file) => [file, readFileSync(join(scalers, file), 'utf8')] as const);
  const found = new Map<string, string>();
  for (const [, type, constructor] of builder.matchAll(/case "([\w-]+)":\s*\n\s*return scalers\.(\w+)\(/g)) {
    const file = files.find(([, text]) => text.includes(`func ${constructor}(`))?.[0];
    if (file !== undefined && !found.has(file)) found.set(file, type);
  }
  return found;
}

type Row = Pick<TriggerSet, 'metadata' | 'refused'>;

function setsIn(text: string): Row[] {
  const words = new Map([...text.matchAll(/^\s*(?:const |var )?(\w+)\s*(?:string\s*)?:?=\s*("(?:[^"\\]|\\.)*")$/gm)].map(([, name, value]) => [name, value]));
  const structs = new Map([...text.matchAll(/^type (\w+) (?:= )?struct \{\n([\s\S]*?)^\}/gm)].map(([, name, body]) => [name, fieldNames(body)]));
  const rows: Row[] = [];
  for (const match of text.matchAll(/\[\](?:(\w+)|struct \{\n([\s\S]*?)\n\s*\})\{\n/g)) {
    const names = match[1] === undefined ? fieldNames(match[2]) : structs.get(match[1]);
    if (names === undefined) continue;
    const body = balanced(text, match.index + match[0].lastIndexOf('{'));
    for (const element of parts(body)) {
      const row = element.startsWith('{') ? rowOf(parts(balanced(element, 0)), names, words) : undefined;
      if (row !== undefined) rows.push(row);
    }
  }
  return rows;
}

function fieldNames(body: string): string[] {
  return [...body.matchAll(/^\s*(\w+(?:,\s*\w+)*)\s+[\w.*[\]]+/gm)].flatMap(([, names]) => names.split(/,\s*/));
}

function rowOf(given: readonly string[], names: readonly string[], words: ReadonlyMap<string, string>): Row | undefined {
  const fields = new Map(given.map((part, index) => {
    const keyed = /^(\w+):\s*([\s\S]*)$/.exec(part);
    return keyed === null ? [names[index] ?? '', part] as const : [keyed[1], keyed[2]] as const;
  }));
  const metadata = [...fields].find(([name]) => /^(trigger)?metadata$/i.test(name))?.[1];
  const values = metadata === undefined ? undefined : stringMap(metadata, words);
  if (values === undefined || Object.keys(values).length === 0) return undefined;
  const refused = [...fields].some(([name, value]) => /err/i.test(name) && !['false', 'nil', '""', ''].includes(value.trim()));
  return { metadata: values, refused };
}

function stringMap(text: string, words: ReadonlyMap<string, string>): Record<string, string> | undefined {
  if (!text.startsWith('map[string]string{')) return undefined;
  const into: Record<string, string> = {};
  for (const part of parts(balanced(text, text.indexOf('{')))) {
    const [, key, value] = /^("(?:[^"\\]|\\.)*"):\s*([\s\S]*)$/.exec(part) ?? [];
    const literal = value === undefined ? undefined : /^"/.test(value) ? value : words.get(value);
    if (literal === undefined || !/^"(?:[^"\\]|\\.)*"$/.test(literal)) return undefined;
    try {
      into[JSON.parse(key) as string] = JSON.parse(literal) as string;
    } catch {
      return undefined; // an escape that only Go has
    }
  }
  return into;
}

/** What stands between a brace and the one that closes it. */
function balanced(text: string, open: number): string {
  let end = open;
  for (let depth = 0; end < text.length; end++) {
    const skip = skipped(text, end);
    if (skip > end) {
      end = skip - 1;
      continue;
    }
    if ('{(['.includes(text[end])) depth++;
    if ('})]'.includes(text[end]) && --depth === 0) break;
  }
  return text.slice(open + 1, end);
}

/** Comma-separated parts, without comments. */
function parts(body: string): string[] {
  const found: string[] = [];
  let current = '';
  for (let at = 0, depth = 0; at < body.length; at++) {
    const skip = skipped(body, at);
    if (skip > at) {
      if (body[at] !== '/') current += body.slice(at, skip);
      at = skip - 1;
      continue;
    }
    if ('{(['.includes(body[at])) depth++;
    if ('})]'.includes(body[at])) depth--;
    if (body[at] === ',' && depth === 0) {
      found.push(current.trim());
      current = '';
    } else {
      current += body[at];
    }
  }
  return [...found, current.trim()].filter((part) => part !== '');
}

/** The end of the string or comment that begins here, else the same place. */
function skipped(text: string, at: number): number {
  const match = /^(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/)/.exec(text.slice(at, at + 4000));
  return at + (match?.[0].length ?? 0);
}

export interface TemplateTrigger {
  readonly file: string;
  readonly type: string;
  readonly metadata: Record<string, string>;
  /** Parameters whose values the test puts in. */
  readonly later: readonly string[];
  readonly modified: boolean;
  readonly authenticated: boolean;
}

const LATER = '__later__';

/** The triggers of the manifests that KEDA's end-to-end tests apply, which are templates in its tests. */
export function endToEndTriggers(kedaFolder: string): TemplateTrigger[] {
  const folder = join(kedaFolder, 'tests');
  return filesBelow(folder, '_test.go').flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const manifests = [...text.matchAll(/`([^`]*kind: Scaled(?:Object|Job)[^`]*)`/g)].map(([, yaml]) => yaml.replace(/\{\{[^}]*\}\}/g, LATER));
    return manifests.flatMap((yaml) => parseAllDocuments(yaml, { logLevel: 'silent' })).flatMap((document) => {
      const { spec } = (document.toJS() ?? {}) as { spec?: { triggers?: RawTrigger[]; advanced?: { scalingModifiers?: object } } };
      const modified = spec?.advanced?.scalingModifiers !== undefined;
      return (spec?.triggers ?? []).filter(({ metadata }) => metadata !== null).map(({ type, metadata, authenticationRef }) => {
        const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, String(value ?? '')] as const);
        const later = entries.filter(([, value]) => value.includes(LATER)).map(([name]) => name);
        return { file, type, metadata: Object.fromEntries(entries.filter(([name]) => !later.includes(name))), later, modified, authenticated: authenticationRef !== undefined };
      });
    });
  });
}

interface RawTrigger {
  readonly type: string;
  readonly metadata?: Record<string, unknown> | null;
  readonly authenticationRef?: object;
}
