import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { inOrder } from '../../release/order';

/** Too long for the name and the prefix of a header. */
const LONG = `package/${'deep/'.repeat(60)}z.js`;
const FILES: Record<string, string> = { 'package/b.js': 'b', [LONG]: 'long', 'package/a/c.js': 'c'.repeat(1_000), 'package/a.js': '', 'package/empty/é.js': 'é', 'package/node_modules/a.d.ts': 'x', 'package/z.d.ts': 'z', 'package/.jsii': '{}', 'package/README.md': '#' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'order-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each(['ustar', 'pax', 'gnu'])('files of a tarball of the form %s are in the order of their kinds and paths, with contents and modes, and packing again changes nothing', (form) => {
  const files = form === 'ustar' ? Object.keys(FILES).filter((file) => file !== LONG) : Object.keys(FILES);
  for (const file of files) {
    mkdirSync(path.join(folder, 'in', file, '..'), { recursive: true });
    writeFileSync(path.join(folder, 'in', file), FILES[file]);
  }
  chmodSync(path.join(folder, 'in', 'package/b.js'), 0o755);
  execFileSync('tar', ['-czf', '../given.tgz', `--format=${form}`, ...files], { cwd: path.join(folder, 'in') });
  const packed = inOrder(readFileSync(path.join(folder, 'given.tgz')));
  writeFileSync(path.join(folder, 'packed.tgz'), packed);
  mkdirSync(path.join(folder, 'out'));
  execFileSync('tar', ['-xzf', '../packed.tgz'], { cwd: path.join(folder, 'out') });
  const listed = execFileSync('tar', ['-tzf', 'packed.tgz', '--quoting-style=literal'], { cwd: folder, encoding: 'utf8' }).trim().split('\n');
  expect(listed.filter((file) => file !== LONG)).toEqual([
    'package/README.md', 'package/.jsii', 'package/z.d.ts', 'package/a.js', 'package/a/c.js', 'package/b.js', 'package/empty/é.js', 'package/node_modules/a.d.ts',
  ]);
  expect(files.map((file) => readFileSync(path.join(folder, 'out', file), 'utf8'))).toEqual(files.map((file) => FILES[file]));
  expect([statSync(path.join(folder, 'out', 'package/b.js')).mode % 0o1000, listed.length]).toEqual([0o755, files.length]);
  expect(inOrder(packed)).toEqual(packed);
});
