// Which component types daprd has, in which versions: read from the files that register them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Registration {
  /** Folder of the implementation in components-contrib; a few lie in Dapr itself. */
  readonly folder?: string;
  /** Of bindings. */
  readonly input?: boolean;
  readonly output?: boolean;
}

/** Full type → version → implementation. Without versions of its own, a type is `v1`. */
export type Registry = Record<string, Record<string, Registration>>;

const PREFIXES: Record<string, string> = {
  bindings: 'bindings', pubsub: 'pubsub', state: 'state', secretstores: 'secretstores', configuration: 'configuration',
  lock: 'lock', crypto: 'crypto', conversation: 'conversation', middleware: 'middleware.http',
};

export function readRegistry(daprFolder: string): Registry {
  const folder = join(daprFolder, 'cmd', 'daprd', 'components');
  const into: Registry = {};
  for (const file of readdirSync(folder).sort()) {
    const prefix = PREFIXES[file.split('_')[0]];
    if (prefix !== undefined && file.endsWith('.go')) readFile(prefix, readFileSync(join(folder, file), 'utf8'), into);
  }
  return into;
}

function readFile(prefix: string, text: string, into: Registry): void {
  const imports = importsOf(text);
  const folderOf = (code: string): string | undefined =>
    [...code.matchAll(/\b(\w+)\.\w+/g)].map(([, name]) => imports.get(name)).find((path) => path !== undefined);
  const body = text.slice(text.indexOf('func init()'));
  for (const [, verb, rest] of body.matchAll(/DefaultRegistry\.(Register\w+)\(([\s\S]*?)(?=\n\t?\w+\.DefaultRegistry|\n\}\n)/g)) {
    if (verb === 'RegisterComponentWithVersions') {
      const [, name] = /^"([^"]+)"/.exec(rest)!;
      for (const [, version, constructor] of rest.matchAll(/Version:\s*"(v\d+)",\s*Constructor:\s*([\w.]+)/g)) {
        add(into, `${prefix}.${name}`, version, { folder: folderOf(constructor) });
      }
      continue;
    }
    // The names are the last arguments; nothing else in the call is a lower-case word in quotes right before its end.
    const names = [...(/((?:,\s*"[^"]+")+)\)/.exec(rest)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(([, name]) => name);
    const direction = verb === 'RegisterInputBinding' ? { input: true } : verb === 'RegisterOutputBinding' ? { output: true } : {};
    for (const name of names) add(into, `${prefix}.${name}`, 'v1', { folder: folderOf(rest), ...direction });
  }
}

function add(into: Registry, type: string, version: string, registration: Registration): void {
  into[type] ??= {};
  into[type][version] = { ...into[type][version], ...registration };
}

/** Local name of each imported package of components-contrib → its folder. */
function importsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, alias, path] of text.matchAll(/^\s*(?:import\s+)?(\w+)?\s*"github\.com\/dapr\/components-contrib\/([^"]+)"/gm)) {
    if (path.includes('/')) found.set(alias ?? path.split('/').pop()!, path);
  }
  return found;
}
