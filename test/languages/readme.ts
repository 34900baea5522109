// The snippets of the README as programs, so that what is printed there is what runs here.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from '../docs/markdown';
import { cacheFolder } from '../testbed';

/** Writes the README's first snippet of a language to a file below `.cache/languages`, as it is or as `wrap` completes it. */
export function readmeProgram(language: string, folder: string, file: string, wrap = (text: string) => text): string {
  const block = blocksOf('README.md').find((each) => each.language === language);
  if (block === undefined) throw new Error(`README.md has no snippet in ${language}`);
  const path = join(cacheFolder('languages', 'readme', folder), file);
  writeFileSync(path, wrap(block.text));
  return path;
}
