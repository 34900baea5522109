/** What this package says of itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly version: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The relative path is the same from `src/cli` and `lib/cli`. */
export function packageManifest(): Manifest {
  return JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as Manifest;
}

export function packageVersion(): string {
  return packageManifest().version;
}
