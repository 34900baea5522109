// Programs that are more than one file: a folder of sources, copied into the cache and built there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command';
import { fingerprint } from './fingerprint';
import { cacheFolder } from './paths';
import { step } from './progress';

export interface BuiltFolderOptions {
  readonly sources: string;
  /** Shell commands, run in the copy. */
  readonly script: string;
  /** Said while it builds. */
  readonly title: string;
}

const COMPLETE = '.complete';
const BUILD = `
set -e
[ -e "$1/${COMPLETE}" ] && exit
rm -rf "$1"; cp -r "$2" "$1"; cd "$1"
eval "$3"
touch ${COMPLETE}
`;

/** Path of the copy, built on first use and kept in `.cache/built` until its sources or the script change. */
export async function builtFolder(name: string, { sources, script, title }: BuiltFolderOptions): Promise<string> {
  const folder = join(cacheFolder('built'), `${name}-${fingerprint(sources, script)}`);
  if (existsSync(join(folder, COMPLETE))) return folder;
  await step(`building ${title}`, () => run('flock', [join(cacheFolder('lock'), name), 'sh', '-c', BUILD, 'build', folder, sources, script]));
  return folder;
}
