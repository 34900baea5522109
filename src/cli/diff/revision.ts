/** Files of a Git revision, laid out in a folder as they were in the repository. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../command';

/** Writes what a path held at a revision below `target`, and gives its new place; nothing if it did not exist. */
export function checkOut(path: string, revision: string, target: string): string | undefined {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const folder = isFolder ? resolve(path) : dirname(resolve(path));
  const root = git(folder, ['rev-parse', '--show-toplevel']).toString().trim();
  // The repository's folder is a real path; the given one may lead through links.
  const inside = relative(root, isFolder ? realpathSync(folder) : join(realpathSync(folder), basename(path)));
  const isOutside = inside === '..' || inside.startsWith(`..${sep}`);
  if (isOutside) throw new UsageError(`${path}: is outside the repository ${root}`);
  const commit = git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], () => (
    `--against: ${revision} is not a revision of the repository ${root}`)).toString().trim();
  const listed = git(root, ['ls-tree', '-r', '-z', '--name-only', commit, '--', ...(inside === '' ? [] : [inside])]);
  const names = listed.toString().split('\0').filter((name) => name !== '');
  contentsOf(root, commit, names).forEach((content, index) => {
    const file = join(target, names[index]);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  });
  return names.length === 0 ? undefined : join(target, inside);
}

/** Links are followed within the revision. */
function contentsOf(root: string, commit: string, names: readonly string[]): Buffer[] {
  if (names.length === 0) return [];
  const input = names.map((name) => `${commit}:${name}\n`).join('');
  const output = git(root, ['cat-file', '--batch', '--follow-symlinks'], undefined, input);
  let at = 0;
  return names.map((name) => {
    const end = output.indexOf('\n', at);
    const [, type, size] = output.subarray(at, end).toString().split(' ');
    // What else Git answers names a link that leads out of the revision, or a submodule.
    if (type !== 'blob') throw new UsageError(`--against: ${name} is not a file at that revision, nor a link to one`);
    at = end + 1 + Number(size) + 1;
    return output.subarray(end + 1, at - 1);
  });
}

const MAX_OUTPUT = 2 ** 30;

function git(folder: string, args: readonly string[], explain?: () => string, input?: string): Buffer {
  const { status, stdout, stderr, error } = spawnSync('git', ['-C', folder, ...args], { input, maxBuffer: MAX_OUTPUT });
  if (error !== undefined) throw new UsageError(`--against: git cannot be run: ${error.message}`);
  if (status !== 0) throw new UsageError(explain?.() ?? `--against: ${stderr.toString().trim()}`);
  return stdout;
}
