/** The version of this package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The relative path is the same from `src/cli` and `lib/cli`. */
export function packageVersion(): string {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return version;
}
