/** What is left out of a folder: patterns of `--exclude` and of the folder's ignore file, as .gitignore has them. */
import { readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import type ignore from 'ignore';
import type { Excluded, InputFile } from '../private/yaml/read-paths';

/** In a folder that was given on the command line. */
export const IGNORE_FILE = '.openfunctionignore';

/** @param output a folder of generated files, which are not input */
export function exclusions(patterns: readonly string[], output?: string): (folder: string) => Excluded {
  return (folder) => {
    const rules = rulesOf(ignoreFile(folder), patterns);
    const generated = output === undefined ? undefined : realPath(output);
    const isOutput = (path: string) => (
      generated !== undefined && path.endsWith('/') && realPath(join(folder, path)) === generated);
    return (path) => isOutput(path) || rules?.ignores(path) === true;
  };
}

/** Most folders leave nothing out, and need no library for it. */
function rulesOf(file: string, patterns: readonly string[]): ReturnType<typeof ignore> | undefined {
  if (file === '' && patterns.length === 0) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('ignore') as typeof ignore)().add(file).add([...patterns]);
}

/** A link may lead to the same folder; nothing for what is not there. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function ignoreFile(folder: string): string {
  try {
    return readFileSync(join(folder, IGNORE_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/**
 * The record of what this command wrote is in the files, not beside them: it survives merges, needs no file of its own,
 * and a copy under another name is nobody's but the user's.
 */
export function markOf(name: string): string {
  return `# Written by cdk8s-openfunction render as ${name}. Changes are lost; without this line the file stays.\n`;
}

/** Found in a folder as it was written. */
export function isGenerated({ file, content, inFolder }: InputFile): boolean {
  const mark = markOf(basename(file));
  return inFolder && content.subarray(0, Buffer.byteLength(mark)).toString() === mark;
}
