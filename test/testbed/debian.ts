// Programs that Debian and Ubuntu package, installed when a machine lacks them.
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from './command';
import { cacheFolder } from './paths';
import { step } from './progress';

// Daemons land in /usr/sbin, which the PATH of an ordinary user leaves out.
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Path of a command, or undefined. */
export async function findCommand(command: string): Promise<string | undefined> {
  for (const folder of FOLDERS.filter(Boolean)) {
    const path = join(folder, command);
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
  }
  return undefined;
}

// A package's own service must not start: the suites start private daemons on free ports. policy-rc.d is Debian's
// switch for that; one that is there already is the machine owner's decision and stays.
const INSTALL = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o DPkg::Lock::Timeout=300 update
apt-get -qq -y -o DPkg::Lock::Timeout=300 --no-install-recommends install "$@"
`;

/** Installs the packages of the commands that are missing: `{ etcd: 'etcd-server' }`. */
export async function ensurePackages(packageOf: Record<string, string>): Promise<void> {
  if ((await missing(packageOf)).length === 0) return;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo'];
  // Suites may run at the same time; the second one waits here and finds nothing left to do.
  const lock = join(cacheFolder('lock'), 'apt');
  const packages = await missing(packageOf);
  await step(`installing ${packages.join(', ')}`, async () => {
    const [command, ...args] = [...asRoot, 'flock', lock, 'sh', '-c', INSTALL, 'install', ...packages];
    await run(command, args);
  });
  const still = await missing(packageOf);
  if (still.length > 0) throw new Error(`installed, but their commands are not found: ${still.join(', ')}`);
}

async function missing(packageOf: Record<string, string>): Promise<string[]> {
  const found = await Promise.all(Object.keys(packageOf).map(findCommand));
  return [...new Set(Object.values(packageOf).filter((_, index) => found[index] === undefined))];
}
