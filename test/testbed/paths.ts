// Where the real software is built, kept and logs to: `.cache/` of the repository, which git ignores.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const repositoryRoot = resolve(__dirname, '..', '..');

/** A folder below `.cache/`, made when missing. */
export function cacheFolder(...names: string[]): string {
  const folder = join(repositoryRoot, '.cache', ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}
