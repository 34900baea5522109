// Packs a tarball of npm anew, its files in the order of their paths. npm puts files of one name side by side, wherever they
// are; files of one folder are more alike, so that the same tarball is smaller by a twentieth.
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
  entries.sort((one, other) => (one.path < other.path ? -1 : 1));
  // Two empty blocks are the end.
  return gzipSync(Buffer.concat([...entries.map(({ bytes }) => bytes), Buffer.alloc(2 * BLOCK)]), { level: 9 });
}

if (require.main === module) {
  const folder = process.argv[2]!;
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.tgz'))) writeFileSync(join(folder, file), inOrder(readFileSync(join(folder, file))));
}
