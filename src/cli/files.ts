/** Objects → one file each in a folder: what would change there, and the change itself. */
import {
  chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, renameSync, rmSync,
  statSync, writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { markOf } from './exclude';
import { toYaml } from './yaml-text';

/** The files of the objects, and how a folder differs from them; names in order. */
export interface Plan {
  readonly folder: string;
  readonly texts: ReadonlyMap<string, string>;
  readonly missing: string[];
  readonly different: string[];
  readonly unchanged: string[];
  /** Written by this command once, and of no object now. */
  readonly leftOver: string[];
}

export function planFiles(folder: string, objects: readonly unknown[]): Plan {
  const target = resolve(folder);
  const names = fileNames(objects);
  const texts = new Map(names.map((name, index) => [name, `${markOf(name)}${toYaml([objects[index]])}`]));
  const there = new Map(entriesOf(target).map((name) => (
    [name, texts.has(name) ? contentOf(join(target, name)) : startOf(join(target, name))])));
  const sorted = [...names].sort();
  const obstacle = sorted.find((name) => there.has(name) && there.get(name) === undefined);
  if (obstacle !== undefined) throw new Error(`${obstacle} is there and is not a file`);
  return {
    folder: target,
    texts,
    missing: sorted.filter((name) => !there.has(name)),
    different: sorted.filter((name) => there.has(name) && there.get(name) !== texts.get(name)),
    unchanged: sorted.filter((name) => there.get(name) === texts.get(name)),
    leftOver: [...there].filter(([name, text]) => !texts.has(name) && isOurs(name, text)).map(([name]) => name).sort(),
  };
}

function isOurs(name: string, text: string | undefined): boolean {
  return text?.startsWith(markOf(name)) === true;
}

function entriesOf(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(folder);
}

/** Nothing for what is not a file. */
function contentOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return ''; // a link that leads nowhere
  return stats.isFile() ? readFileSync(path, 'utf8') : undefined;
}

/** Enough to tell whose it is. It may be of any kind and size, and may not be ours to read. */
function startOf(path: string): string {
  try {
    if (!path.endsWith('.yaml') || !statSync(path).isFile()) return '';
    const descriptor = openSync(path, 'r');
    try {
      const start = Buffer.alloc(MAX_MARK);
      return start.toString('utf8', 0, readSync(descriptor, start));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

const MAX_MARK = 512;

/**
 * A folder that is not there appears with all its files at once. In one that is, the files are written to a folder
 * within, since above may be another file system or one without the right to write; then they replace the old ones, and
 * those that are left over go. Whoever kills this process finds the old files or the new ones, and never half of one.
 */
export function writeFiles({ folder, texts, missing, different, leftOver }: Plan, prune: boolean): void {
  const isNew = statSync(folder, { throwIfNoEntry: false }) === undefined;
  const around = isNew ? dirname(folder) : folder;
  mkdirSync(around, { recursive: true });
  removeOldStaging(around, isNew ? basename(folder) : '');
  const staging = mkdtempSync(isNew ? `${folder}${STAGING}` : join(folder, STAGING));
  const names = [...missing, ...different];
  const resume = holdSignals();
  try {
    for (const name of names) writeFileSync(join(staging, name), texts.get(name)!);
    if (isNew) {
      chmodSync(staging, FOLDER_MODE & ~process.umask()); // eslint-disable-line no-bitwise
      renameSync(staging, folder);
    } else {
      replace({ staging, folder, names, gone: prune ? leftOver : [] });
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
    resume();
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What ends a process ends it once all is written. */
function holdSignals(): () => void {
  release();
  SIGNALS.forEach((signal) => process.on(signal, end));
  return () => setImmediate(release); // a signal that came meanwhile is told of before that
}

function end(signal: NodeJS.Signals): void {
  release();
  process.kill(process.pid, signal);
}

function release(): void {
  SIGNALS.forEach((signal) => process.off(signal, end));
}

interface Replacement {
  readonly staging: string;
  readonly folder: string;
  readonly names: readonly string[];
  readonly gone: readonly string[];
}

/** Run by Node alone: it begins when it knows all, and needs nobody from then on. */
const REPLACE = `
const { renameSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { staging, folder, names, gone } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
for (const name of names) renameSync(join(staging, name), join(folder, name));
for (const name of gone) rmSync(join(folder, name), { force: true });
rmSync(staging, { recursive: true });`;

/**
 * No call of an operating system replaces the files of a folder at once, so a process of its own does it, in a session
 * of its own: it goes on when this one is killed, by whatever signal, or by a lack of memory.
 */
function replace(given: Replacement): void {
  if (given.names.length + given.gone.length === 0) return;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- 5 ms that most runs can do without
  const { spawnSync } = require('node:child_process') as typeof import('node:child_process');
  const options = { input: JSON.stringify(given), detached: true, windowsHide: true, encoding: 'utf8' } as const;
  const { status, error, stderr } = spawnSync(process.execPath, ['-e', REPLACE], options);
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(/^Error: (.*)$/m.exec(stderr)?.[1] ?? stderr);
}

/** What an earlier run left that was killed before it could replace anything. */
function removeOldStaging(folder: string, name = ''): void {
  for (const entry of readdirSync(folder)) {
    const [, pid] = entry.startsWith(name) ? STAGING_NAME.exec(entry.slice(name.length)) ?? [] : [];
    if (pid !== undefined && isLeftOver(join(folder, entry), Number(pid))) {
      rmSync(join(folder, entry), { recursive: true, force: true });
    }
  }
}

/** In a container, each process has the number of the one that was killed. */
function isLeftOver(staging: string, pid: number): boolean {
  const changed = statSync(staging, { throwIfNoEntry: false })?.mtimeMs;
  return !isRunning(pid) || (changed !== undefined && Date.now() - changed > HOUR_MS);
}

const HOUR_MS = 3_600_000;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const STAGING = `.cdk8s-openfunction-${process.pid}-`;
const STAGING_NAME = /^\.cdk8s-openfunction-(\d+)-\w{6}$/;
const FOLDER_MODE = 0o777;

/**
 * `<namespace>.<name>.<kind>.<group>.yaml`: a sorted listing keeps the objects of a function together, and a name
 * does not depend on other objects.
 */
export function fileNames(objects: readonly unknown[]): string[] {
  const used = new Set<string>();
  const counts = new Map<string, number>();
  return objects.map((object) => {
    const base = baseName(object);
    let count = counts.get(base) ?? 0;
    const next = () => (++count === 1 ? `${base}.yaml` : `${base}.${count}.yaml`);
    let name = next();
    while (used.has(name)) name = next();
    counts.set(base, count);
    used.add(name);
    return name;
  });
}

function baseName(object: unknown): string {
  const { apiVersion, kind, metadata } = object as {
    apiVersion: string; kind: string; metadata?: { [key: string]: unknown };
  };
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : undefined;
  const parts = [metadata?.namespace, metadata?.name ?? metadata?.generateName, kind, group];
  const name = parts.filter((part) => typeof part === 'string' && part !== '').join('.').toLowerCase();
  // File systems allow 255 bytes; namespace, name and kind together can exceed that.
  return name.replace(/[^a-z0-9._-]/g, '_').replace(/^\./, '_').slice(0, MAX_NAME);
}

const MAX_NAME = 240;
