// What the suite asks of a language, and the generator that all of them share.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, repositoryRoot, run } from '../testbed';

/** `hello` is the program of "Getting started", `bakery` the one of examples/languages, `facts` the one of this suite. */
export const PROGRAMS = ['hello', 'bakery', 'facts'] as const;
export type Program = typeof PROGRAMS[number];

/** Versions of cdk8s-plus whose values all give what the program of test/interop gives in TypeScript. */
export const INTEROP_VERSIONS = ['28', '33', '34'] as const;
export type Interop = `interop ${typeof INTEROP_VERSIONS[number]}`;

export interface Language {
  /** The package's own command, where the language installs one. */
  readonly console?: string[];
  /** The program of test/interop with each version of cdk8s-plus whose values the language takes. */
  readonly interop: { readonly versions: readonly (typeof INTEROP_VERSIONS[number])[]; command(version: string): string[] };
  /** The command that runs the tests of the example. */
  tests(): string[];
  /** The command that runs a program in the current folder. */
  command(program: Program): string[];
}

/** Environment of everything that runs here: jsii's box about old Node versions is not ours to print. */
export const ENVIRONMENT: Record<string, string> = {
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.version.slice(1).split('.')[0],
  PIP_CACHE_DIR: cacheFolder('languages', 'pip'),
};

const PEERS = ['constructs', 'cdk8s', 'cdk8s-plus-28'] as const;

/** Versions of the peers as they are installed here: other languages run with the same. */
export const PEER_VERSIONS = installed(PEERS);
export const PACKAGE_VERSION = versionOf('.');

/** An empty folder below `.cache/languages`. */
export function emptyFolder(...names: string[]): string {
  rmSync(cacheFolder('languages', ...names), { recursive: true });
  return cacheFolder('languages', ...names);
}

export function command(program: string, args: readonly string[], cwd: string = repositoryRoot): Promise<string> {
  return run(program, args, { cwd, env: ENVIRONMENT });
}

/** Generates and builds the packages for one language; gives the folder they are in. */
export async function pacmak(target: 'python' | 'java' | 'go', peers: readonly string[], ...options: string[]): Promise<string> {
  const folder = emptyFolder('packages', target);
  const projects = [...peers.map((name) => join('node_modules', name)), '.stage'];
  await command('npx', ['jsii-pacmak', ...projects, '--target', target, '--npmignore=false', '--outdir', folder, ...options]);
  return join(folder, target);
}

export function installed(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, versionOf(join('node_modules', name))]));
}

function versionOf(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}
