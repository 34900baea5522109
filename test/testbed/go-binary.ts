// Go programs built from source: the modules in `test/testbed/go/` (or the judges' own) pin every version by go.sum.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command';
import { fingerprint } from './fingerprint';
import { cacheFolder } from './paths';
import { step } from './progress';

export interface GoBinaryOptions {
  /** Package to build. Default: the module's own main package. */
  readonly package?: string;
  readonly tags?: readonly string[];
  /** Variables set by the linker, `import/path.name` → value. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Said while it builds, such as `kube-apiserver 1.32.0 (about 4 min cold)`. Default: the name. */
  readonly title?: string;
  /** Folder of the Go module. Default: `test/testbed/go/<name>`. */
  readonly folder?: string;
}

// Builds when nobody did; the name appears only once the file is complete, so it needs no lock to be read.
const BUILD = `
set -e
out=$1; shift
[ -e "$out" ] || { go build -o "$out.part" "$@" && mv "$out.part" "$out"; }
`;

/** Path of a Go program, built on first use and kept in `.cache/bin` until its module, options or Go itself change. */
export async function goBinary(name: string, options: GoBinaryOptions = {}): Promise<string> {
  const folder = options.folder ?? join(__dirname, 'go', name);
  const args = buildArguments(options);
  const goVersion = (await run('go', ['env', 'GOVERSION'], { cwd: folder })).trim();
  const binary = join(cacheFolder('bin'), `${name}-${fingerprint(folder, goVersion + args.join('\n'))}`);
  if (existsSync(binary)) return binary;
  // flock, not a lock file of our own: the kernel lets go of it however a run ends.
  const lock = join(cacheFolder('lock'), name);
  await step(`building ${options.title ?? name}`, async () => {
    await run('flock', [lock, 'sh', '-c', BUILD, 'build', binary, ...args], { cwd: folder });
  });
  return binary;
}

/** Folder of a Go module in the module cache, downloaded when missing: where the CRDs of a release lie. */
export async function goModuleDir(modulePath: string, version: string): Promise<string> {
  const answer = await run('go', ['mod', 'download', '-json', `${modulePath}@${version}`], { cwd: __dirname });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}

function buildArguments(options: GoBinaryOptions): string[] {
  const variables = Object.entries(options.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  return [
    '-p', '2',
    '-trimpath',
    '-buildvcs=false',
    `-ldflags=${['-s', '-w', ...variables].join(' ')}`,
    ...(options.tags ? [`-tags=${options.tags.join(',')}`] : []),
    options.package ?? '.',
  ];
}
