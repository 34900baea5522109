// Packs a tarball of npm anew, with files that are alike side by side: by their kind and path, those of dependencies last. The
// README is in .jsii too, so it comes just before. npm puts files of one name side by side, wherever they are. The same
// tarball is smaller by a twentieth.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const BLOCK = 512;
/** Headers that say more of the entry after them: of pax and GNU. */
const OF_THE_NEXT = ['x', 'L', 'K'];

export function inOrder(tarball: Buffer): Buffer {
  const tar = gunzipSync(tarball);
  const entries: { path: string; bytes: Buffer }[] = [];
  for (let start = 0, at = 0; tar[at] !== undefined && tar[at] !== 0;) {
    const text = (from: number, length: number): string => tar.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const [name, size, type, prefix] = [text(0, 100), parseInt(text(124, 12), 8), text(156, 1), text(345, 155)];
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (OF_THE_NEXT.includes(type)) continue;
    entries.push({ path: `${prefix}/${name}`, bytes: tar.subarray(start, at) });
    start = at;
  }
  entries.sort((one, other) => (placeOf(one.path) < placeOf(other.path) ? -1 : 1));
  // Two empty blocks are the end.
  return gzipSync(Buffer.concat([...entries.map(({ bytes }) => bytes), Buffer.alloc(2 * BLOCK)]), { level: 9 });
}

function placeOf(path: string): string {
  const [kind = ''] = /(\.d)?\.[^./]*$/.exec(path) ?? [];
  const first = ['/package/README.md', '/package/.jsii'].indexOf(path);
  return [path.includes('/node_modules/') ? 1 : 0, first < 0 ? kind : `!${first}`, path].join(' ');
}

if (require.main === module) {
  const folder = process.argv[2]!;
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.tgz'))) writeFileSync(join(folder, file), inOrder(readFileSync(join(folder, file))));
}
