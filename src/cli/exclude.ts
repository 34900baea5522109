/** What is left out of a folder: patterns of `--exclude` and of the folder's ignore file, as .gitignore has them. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ignore from 'ignore';
import type { Excluded } from '../private/yaml/read-paths';

/** In a folder that was given on the command line. */
export const IGNORE_FILE = '.openfunctionignore';

/** @param output a folder of generated files, which are not input */
export function exclusions(patterns: readonly string[], output?: string): (folder: string) => Excluded {
  return (folder) => {
    const rules = ignore().add(ignoreFile(folder)).add([...patterns]);
    const generated = output === undefined ? undefined : `${relative(folder, output)}/`;
    return (path) => path === generated || rules.ignores(path);
  };
}

function ignoreFile(folder: string): string {
  try {
    return readFileSync(join(folder, IGNORE_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
