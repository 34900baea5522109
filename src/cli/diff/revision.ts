/** Files of a Git revision, laid out in a folder as they were in the repository. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { UsageError } from '../command';
import { IGNORE_FILE } from '../exclude';

interface Entry { readonly type: string; readonly mode: string; readonly id: string; readonly name: string }

const LINK = '120000';
/** What is read in a folder, or says what is; links may lead to folders. */
const READ = /\.(?:ya?ml|json)$|(?:^|\/)Kustomization$/;
const HIDDEN = /(?:^|\/)(?:\.|node_modules\/)/;

export class Revision {
  private readonly roots: string[] = [];

  /** @param target an empty folder, where all paths are laid out */
  public constructor(private readonly name: string, private readonly target: string) {}

  /** Writes what a path held, and gives its new place; nothing if no manifest was there. */
  public checkOut(path: string): string | undefined {
    const folder = nearestFolder(resolve(path));
    const root = lineOf(git(folder, ['rev-parse', '--show-toplevel']));
    // The repository's folder is a real path; the given one may lead through links.
    const inside = relative(root, join(realpathSync(folder), relative(folder, resolve(path)))).split(sep).join('/');
    if (leadsOut(inside)) throw new UsageError(`${path}: is outside the repository ${root}`);
    if (!this.roots.includes(root)) this.roots.push(root);
    const target = join(this.target, String(this.roots.indexOf(root)));
    return layOut(root, this.commitIn(root), inside, target) ? join(target, inside) : undefined;
  }

  /** Text about files that were laid out → text about files of the revision. */
  public shown(text: string): string {
    return text.split(`${this.target}${sep}`).map((part, index) => (
      index === 0 ? part : part.replace(/^\d+[/\\]?/, `${this.name}:`))).join('');
  }

  private commitIn(root: string): string {
    return lineOf(git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${this.name}^{commit}`], () => {
      const isShallow = lineOf(git(root, ['rev-parse', '--is-shallow-repository'])) === 'true';
      const advice = isShallow ? ', which is a shallow clone: fetch it first' : '';
      return `--against: ${this.name} is not a revision of the repository ${root}${advice}`;
    }));
  }
}

/** What is given may be gone, with folders above it. */
function nearestFolder(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : nearestFolder(dirname(path));
}

function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith('../') || isAbsolute(path);
}

/** Whether there was anything. Links come last, so that nothing is ever written through one. */
function layOut(root: string, commit: string, path: string, target: string): boolean {
  const links = new Map<string, string>();
  const seen = new Set<string>();
  const open = [path];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const entries = entriesIn(root, commit, next);
    const contents = contentsOf(root, entries.filter(({ type }) => type === 'blob'));
    for (const { type, mode, id, name } of entries) {
      const place = join(target, name);
      mkdirSync(dirname(place), { recursive: true });
      if (type === 'commit') layOutSubmodule(join(root, name), id, place);
      else if (mode === LINK) links.set(place, linked(root, name, contents.get(id)!.toString(), target, open));
      else writeFileSync(place, contents.get(id)!);
    }
  }
  for (const [place, to] of links) symlinkSync(to, place);
  return existsSync(join(target, path));
}

/** Where a link leads once all is laid out: a place outside the repository is the same at every revision. */
function linked(root: string, name: string, to: string, target: string, open: string[]): string {
  const inside = posix.join(posix.dirname(name), to);
  if (posix.isAbsolute(to) || leadsOut(inside)) return resolve(root, dirname(name), to);
  open.push(inside.replace(/\/$/, ''));
  return join(target, inside);
}

/** One that was never fetched is an empty folder in the working tree, too. */
function layOutSubmodule(folder: string, commit: string, target: string): void {
  if (existsSync(join(folder, '.git'))) layOut(folder, commit, '', target);
}

function entriesIn(root: string, commit: string, path: string): Entry[] {
  const only = path === '' || path === '.' ? [] : [path];
  const listed = git(root, ['ls-tree', '-r', '-z', '--full-tree', commit, '--', ...only]);
  return listed.toString().split('\0').filter((line) => line !== '').map((line): Entry => {
    const [head, name] = [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)];
    const [mode, type, id] = head.split(' ');
    return { mode, type, id, name };
  }).filter(({ type, mode, name }) => {
    const below = name.slice(path.length);
    if (below === '' || below === `/${IGNORE_FILE}` || name === IGNORE_FILE) return true;
    return !HIDDEN.test(below) && (type === 'commit' || mode === LINK || READ.test(name));
  });
}

function contentsOf(root: string, entries: readonly Entry[]): Map<string, Buffer> {
  const ids = [...new Set(entries.map(({ id }) => id))];
  const output = git(root, ['cat-file', '--batch'], undefined, ids.map((id) => `${id}\n`).join(''));
  let at = 0;
  return new Map(ids.map((id) => {
    const start = output.indexOf('\n', at) + 1;
    const size = Number(output.subarray(at, start).toString().split(' ')[2]);
    at = start + size + 1;
    return [id, output.subarray(start, start + size)];
  }));
}

const MAX_OUTPUT = 2 ** 30;
/** In a hook, Git sets these for the repository of the hook, relative to its folder. */
const OF_HOOKS = { GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined, GIT_PREFIX: undefined };

function git(folder: string, args: readonly string[], explain?: () => string, input?: string): Buffer {
  const env = { ...process.env, ...OF_HOOKS, GIT_LITERAL_PATHSPECS: '1' };
  const options = { input, env, maxBuffer: MAX_OUTPUT };
  const { status, stdout, stderr, error } = spawnSync('git', ['-C', folder, ...args], options);
  if (error !== undefined) throw new UsageError(`--against: git cannot be run: ${error.message}`);
  if (status !== 0) throw new UsageError(explain?.() ?? `--against: ${stderr.toString().trim()}`);
  return stdout;
}

function lineOf(output: Buffer): string {
  return output.toString().replace(/\r?\n$/, '');
}
