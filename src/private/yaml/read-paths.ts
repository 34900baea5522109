/** Files, folders and standard input → the bytes of every manifest file, in a stable order. */
import { Stats, closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileOfTool, KUSTOMIZATION, MAX_BYTES } from './decode-text';
import { filesBesideObjects } from './kustomization';
import { ProblemGroup, ProblemsError } from '../problem/problem';

export interface InputFile {
  /** As given, or below the folder as given; what problems show. */
  readonly file: string;
  readonly content: Buffer;
  /** Found in a folder, not named. */
  readonly inFolder: boolean;
  /** Why it is left out; it then has no content. */
  readonly skipped?: string;
}

const STANDARD_INPUT = '-';
const MANIFEST = /\.(ya?ml|json)$/;
const LINE_WITHOUT_CONTENT = /^\s*(?:#.*|---\s*)?$/;

/** Whether what is found in a folder is left out; paths are relative to it, and those of folders end in `/`. */
export type Excluded = (path: string) => boolean;

export function readPaths(paths: readonly string[]): InputFile[] {
  return readEachPath(paths).flatMap(({ files }) => files);
}

/**
 * The files of each path; all paths and files that cannot be read are reported in one error.
 *
 * @param excludedIn what to leave out of a folder that was given
 */
export function readEachPath(
  paths: readonly string[], excludedIn: (folder: string) => Excluded = () => () => false,
): { readonly path: string; readonly files: InputFile[] }[] {
  const failures: ProblemGroup[] = [];
  const attempt = <T>(path: string, words: Record<string, string>, read: () => T[]): T[] => {
    try {
      return read();
    } catch (error) {
      const { path: culprit = path } = error as NodeJS.ErrnoException;
      failures.push({ where: culprit, problems: [{ severity: 'error', path: [], message: describe(error, words) }] });
      return [];
    }
  };
  const read = paths.map((path) => {
    const found = attempt(path, NOT_READABLE, () => filesOf(path, excludedIn));
    const wordsFor = ({ inFolder }: Found) => (inFolder ? NOT_READABLE_IN_FOLDER : NOT_READABLE);
    return { path, files: found.flatMap((file) => attempt(file.path, wordsFor(file), () => readFile(file))) };
  });
  if (failures.length > 0) throw new ProblemsError(failures);
  return read;
}

interface Found {
  readonly path: string;
  /** Found there, not named. */
  readonly inFolder: boolean;
  readonly skipped?: string;
}

function filesOf(path: string, excludedIn: (folder: string) => Excluded): Found[] {
  if (path === STANDARD_INPUT || !statSync(path).isDirectory()) return [{ path, inFolder: false }];
  const isExcluded = excludedIn(path);
  const excluded: Excluded = (below) => isExcluded(relative(path, below) + (below.endsWith(sep) ? '/' : ''));
  return manifestsIn(path, new Set([realpathSync(path)]), excluded);
}

function readFile({ path, inFolder, skipped }: Found): InputFile[] {
  if (skipped !== undefined) return [{ file: path, content: Buffer.alloc(0), inFolder, skipped }];
  const content = path === STANDARD_INPUT ? readUpTo(0, MAX_BYTES + 1) : readLimited(path);
  // An empty file in a folder may be a placeholder; one that was named is a mistake.
  const isPlaceholder = inFolder && content.toString().split('\n').every((line) => LINE_WITHOUT_CONTENT.test(line));
  return isPlaceholder ? [] : [{ file: path, content, inFolder }];
}

/** `above` are the real folders around this one, which a link may lead back to. */
function manifestsIn(
  folder: string, above: ReadonlySet<string>, excluded: Excluded, outerPatches: ReadonlySet<string> = new Set(),
): Found[] {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.') && name !== 'node_modules').sort();
  const patches = new Set([...outerPatches, ...patchesIn(folder, names)]);
  return names.flatMap((name) => {
    const path = join(folder, name);
    const stats = followed(path);
    const skipped = fileOfTool(name, names) ?? (patches.has(path) ? 'a kustomization uses it' : undefined);
    if (stats?.isDirectory() === true) {
      if (excluded(path + sep)) return [];
      if (skipped !== undefined) return [{ path, inFolder: true, skipped }];
      const real = realpathSync(path);
      return above.has(real) ? [] : manifestsIn(path, new Set([...above, real]), excluded, patches);
    }
    // A link that leads nowhere fails when it is read: a manifest that is left out in silence would be pruned.
    const isWanted = (stats === undefined || stats.isFile()) && MANIFEST.test(name) && !excluded(path);
    return isWanted ? [{ path, inFolder: true, skipped }] : [];
  });
}

/** What a kustomization of the folder patches and configures with. */
function patchesIn(folder: string, names: readonly string[]): string[] {
  return names.filter((name) => KUSTOMIZATION.test(name))
    .flatMap((name) => filesBesideObjects(readLimited(join(folder, name))).map((file) => join(folder, file)));
}

function followed(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return undefined;
    throw error;
  }
}

/** A byte more than allowed is enough for a text to be refused; a file of any size costs no more. */
function readLimited(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    return readUpTo(descriptor, MAX_BYTES + 1);
  } finally {
    closeSync(descriptor);
  }
}

function readUpTo(descriptor: number, limit: number): Buffer {
  const chunks: Buffer[] = [];
  for (let total = 0; total < limit;) {
    const length = readSome(descriptor, CHUNK);
    if (length === 0) break;
    chunks.push(Buffer.from(CHUNK.subarray(0, length)));
    total += length;
  }
  return Buffer.concat(chunks);
}

/** Shared by all files, since nothing of it is kept. */
const CHUNK = Buffer.alloc(64 * 1024);
const RETRY_MS = 10;

/** Standard input that has nothing yet has not ended. */
function readSome(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

const NOT_READABLE: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'may not be read',
  ELOOP: 'is a link to itself',
};
const NOT_READABLE_IN_FOLDER = { ...NOT_READABLE, ENOENT: 'is a link to what is not there' };

function describe(error: unknown, words: Record<string, string>): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return words[code ?? ''] ?? message;
}
