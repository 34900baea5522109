// No file imports itself through others, not even for types only. The linter's own rule does not see types, and takes longer
// than all its others together.
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const ROOT = path.join(__dirname, '..');
const FOLDERS = ['src', 'proxy/src', 'proxy/test', 'test', 'bench', 'examples', 'release'];

type Sources = ReadonlyMap<string, string>;

function sourcesBelow(folder: string): [string, string][] {
  const files = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.map((file) => [path.posix.join(folder, file), readFileSync(path.join(ROOT, folder, file), 'utf8')]);
}

function importsOf(file: string, sources: Sources): string[] {
  return ts.preProcessFile(sources.get(file) ?? '').importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => path.posix.join(path.posix.dirname(file), fileName))
    .flatMap((name) => [`${name}.ts`, `${name}/index.ts`].filter((candidate) => sources.has(candidate)));
}

/** The shortest way back to each file that has one, told once for all files on it. */
function circlesAmong(sources: Sources): string[] {
  const imports = new Map([...sources.keys()].map((file) => [file, importsOf(file, sources)]));
  return [...sources.keys()].flatMap((start) => {
    const way = wayBack(start, imports);
    return way.every((file) => start <= file) && way.length > 0 ? [way.join(' → ')] : [];
  });
}

function wayBack(start: string, imports: ReadonlyMap<string, string[]>): string[] {
  const ways = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of imports.get(way[way.length - 1]) ?? []) {
      if (next === start) return [...way, next];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return [];
}

test('no file of the repository imports itself through others', () => {
  expect(circlesAmong(new Map(FOLDERS.flatMap(sourcesBelow)))).toEqual([]);
});

test('a circle is found when all of its imports are of types', () => {
  expect(circlesAmong(new Map([
    ['src/index.ts', "export * from './b/c';"],
    ['src/a.ts', "import type { C } from './b/c';\nexport interface A { c: C }"],
    ['src/b/c.ts', "import { type D } from '.';\nexport interface C { d: D }"],
    ['src/b/index.ts', "export type { A as D } from '../a';"],
    ['src/own.ts', "export type Own = import('./own').Own;"],
  ]))).toEqual(['src/a.ts → src/b/c.ts → src/b/index.ts → src/a.ts', 'src/own.ts → src/own.ts']);
});
