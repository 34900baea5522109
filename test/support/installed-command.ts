// The command in a process of its own, as an installed package has it: plain JavaScript, which starts in a third of the time
// that a loader of TypeScript takes.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.join(__dirname, '..', '..');

export interface InstalledCommand {
  /** What Node runs. */
  readonly main: string;
  remove(): void;
}

export function installCommand(): InstalledCommand {
  const folder = mkdtempSync(path.join(tmpdir(), 'installed-'));
  const lib = path.join(folder, 'lib');
  const sources = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  mkdirSync(lib);
  cpSync(path.join(ROOT, 'src'), lib, { recursive: true, filter: (file) => !file.endsWith('.ts') });
  buildSync({ absWorkingDir: path.join(ROOT, 'src'), entryPoints: sources, outdir: lib, format: 'cjs', platform: 'node', logLevel: 'error' });
  for (const beside of ['node_modules', 'package.json', 'proxy']) symlinkSync(path.join(ROOT, beside), path.join(folder, beside));
  return { main: path.join(lib, 'cli', 'main.js'), remove: () => rmSync(folder, { recursive: true }) };
}
