// The snippets of "Getting started" as programs, so that what is printed there is what runs here.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from '../docs/markdown';
import { cacheFolder } from '../testbed';

const PAGE = 'docs/getting-started.md';

/** Writes the page's first snippet of a language to a file below `.cache/languages`. */
export function pageProgram(language: string, folder: string, file: string): string {
  const block = blocksOf(PAGE).find((each) => each.language === language);
  if (block === undefined) throw new Error(`${PAGE} has no snippet in ${language}`);
  const path = join(cacheFolder('languages', 'page', folder), file);
  writeFileSync(path, block.text);
  return path;
}
