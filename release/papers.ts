// What goes with the packages of a release: the SBOM, the notes, and the tag of the proxy's image.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sbomOf } from './sbom';
import { imageTag } from '../src/private/image/bundle';

const DIST = join(__dirname, '..', 'dist');

/** The first section of a changelog: from its first heading of a version to the next one. */
export function notesOf(changelog: string): string {
  const first = changelog.split(/^(?=#{2,3} \[?\d+\.\d+\.\d+)/m).find((section) => section.startsWith('#')) ?? '';
  return first.trim() === '' ? 'The first release.\n' : `${first.trim()}\n`;
}

export function writePapers(dist: string): void {
  writeFileSync(join(dist, 'sbom.cdx.json'), `${JSON.stringify(sbomOf(), null, 2)}\n`);
  writeFileSync(join(dist, 'notes.md'), notesOf(readFileSync(join(dist, 'changelog.md'), 'utf8')));
  writeFileSync(join(dist, 'proxy-tag.txt'), imageTag());
}

if (require.main === module) writePapers(DIST);
