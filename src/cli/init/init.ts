/** `init`: a folder to start with, whose checks pass. */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Files, folderFiles, programFiles } from './templates';
import { plural } from '../../private/problem/shared';
import { AddCommand, examples, EXIT, Streams, UsageError } from '../command';
import { planFiles, writeFiles } from '../files';
import { evaluate } from '../input';
import { objectsOf } from '../synthesize';
import { packageManifest } from '../version';

interface InitOptions { readonly program?: boolean }

export const addInit: AddCommand = (program, streams, done) => {
  const command = program.command('init')
    .description('write a folder to start with: a function, platform settings and a check for CI')
    .argument('[folder]', 'where to write; no file that is there is changed', '.')
    .option('--program', 'a cdk8s program in TypeScript instead of manifests')
    .action((folder: string, options: InitOptions) => done(init(folder, options, streams)));
  examples(command, [
    ['init my-functions', 'functions as manifests, which this command renders'],
    ['init my-functions --program', 'functions in a program, which cdk8s synthesizes'],
  ]);
};

function init(folder: string, { program = false }: InitOptions, { err }: Streams): number {
  const { version: own, peerDependencies: peers = {} } = packageManifest();
  const files = (program ? programFiles : folderFiles)({ own, peers });
  const there = obstacles(folder, [...Object.keys(files), ...(program ? [] : ['manifests'])]);
  if (there.length > 0) {
    throw new UsageError(there.map((path) => `${path}: is there already; nothing was written`).join('\n'));
  }
  try {
    write(folder, files);
    if (!program) renderFirst(folder);
  } catch (error) {
    throw new UsageError(`${folder}: cannot be written: ${(error as Error).message}`);
  }
  const next = program ? 'npm install && npm run synth'
    : 'cdk8s-openfunction render functions/ --platform platform.yaml -o manifests --prune';
  const names = Object.keys(files);
  err(`${folder}: ${plural(names.length, 'file')}: ${names.join(', ')}\nafter a change: ${next}\n`);
  return EXIT.ok;
}

/** Files that are there, and files where folders have to be: found before anything is written. */
function obstacles(folder: string, names: readonly string[]): string[] {
  const partsOf = (name: string) => name.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  const isFile = (path: string) => existsSync(path) && !statSync(path).isDirectory();
  const isThere = (name: string) => names.includes(name) && name !== 'manifests' && existsSync(join(folder, name));
  return [...new Set(names.flatMap(partsOf))].filter((name) => isThere(name) || isFile(join(folder, name)))
    .map((name) => join(folder, name));
}

function write(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content, { flag: 'wx' });
  }
}

/** The check in CI compares with these. */
function renderFirst(folder: string): void {
  const { emitted } = evaluate([join(folder, 'functions')], { platform: join(folder, 'platform.yaml') });
  writeFiles(planFiles(join(folder, 'manifests'), [...objectsOf(emitted)]), false);
}
