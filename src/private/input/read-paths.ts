/** Files, folders and standard input → the bytes of every manifest file, in a stable order. */
import { readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_BYTES, tooLarge } from './decode-text';
import { ProblemGroup, ProblemsError } from '../problems-error';

export interface InputFile {
  /** As given, or below the folder as given; what problems show. */
  readonly file: string;
  readonly content: Buffer;
}

const STANDARD_INPUT = '-';
const MANIFEST = /\.(ya?ml|json)$/;
const WITHOUT_DOCUMENTS = /^(?:\s|#.*|---)*$/;

/** All paths that cannot be read are reported in one error. */
export function readPaths(paths: readonly string[]): InputFile[] {
  const failures: ProblemGroup[] = [];
  const files = paths.flatMap((path) => {
    try {
      return readPath(path);
    } catch (error) {
      failures.push({ where: path, problems: [{ severity: 'error', path: [], message: describe(error) }] });
      return [];
    }
  });
  if (failures.length > 0) throw new ProblemsError(failures);
  return files;
}

function readPath(path: string): InputFile[] {
  if (path === STANDARD_INPUT) return [{ file: path, content: readStandardInput() }];
  if (!statSync(path).isDirectory()) return [{ file: path, content: readLimited(path) }];
  return manifestsIn(path, new Set([realpathSync(path)]))
    .map((file) => ({ file, content: readLimited(file) }))
    // A placeholder in a folder is no mistake, unlike an empty file that was named.
    .filter(({ content }) => !WITHOUT_DOCUMENTS.test(content.subarray(0, PLACEHOLDER_BYTES).toString()) || content.length > PLACEHOLDER_BYTES);
}

const PLACEHOLDER_BYTES = 4096;

/** `above` are the real folders around this one, which a link may lead back to. */
function manifestsIn(folder: string, above: ReadonlySet<string>): string[] {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.') && name !== 'node_modules').sort();
  return names.flatMap((name) => {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) {
      const real = realpathSync(path);
      return above.has(real) ? [] : manifestsIn(path, new Set([...above, real]));
    }
    return stats?.isFile() === true && MANIFEST.test(name) ? [path] : [];
  });
}

/** A byte more than allowed is enough to be refused by what reads the text. */
function readLimited(path: string): Buffer {
  const { size } = statSync(path);
  if (size > MAX_BYTES) throw new Error(tooLarge(size));
  return readFileSync(path);
}

/** Read by hand, since `readFileSync` fails where standard input is not ready yet. */
function readStandardInput(): Buffer {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let total = 0; total <= MAX_BYTES;) {
    const length = readSome(chunk);
    if (length === 0) break;
    chunks.push(Buffer.from(chunk.subarray(0, length)));
    total += length;
  }
  return Buffer.concat(chunks);
}

const CHUNK_BYTES = 64 * 1024;
const RETRY_MS = 10;

function readSome(chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(0, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = { ENOENT: 'there is no such file or folder', EACCES: 'may not be read', ELOOP: 'is a link to itself' };
  return known[code ?? ''] ?? message;
}
