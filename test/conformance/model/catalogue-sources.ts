// Where the catalogues of Dapr's components and KEDA's scalers come from. Newer than what the suite runs: what a
// catalogue does not know is only warned about, so a newer one nags less.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { goModuleDir } from '../../testbed/go-binary';

export const CATALOGUE_VERSIONS = { dapr: '1.18.0', componentsContrib: '1.18.0', keda: '2.21.0' } as const;

export const daprFolder = (): Promise<string> => goModuleDir('github.com/dapr/dapr', `v${CATALOGUE_VERSIONS.dapr}`);
export const contribFolder = (): Promise<string> => goModuleDir('github.com/dapr/components-contrib', `v${CATALOGUE_VERSIONS.componentsContrib}`);
/** The version that daprd's own build asks for, so that it is there already. */
export const certificationFolder = (): Promise<string> =>
  goModuleDir('github.com/dapr/components-contrib/tests/certification', 'v0.0.0-20260219105038-d0cf89ba8acf');
export const kedaFolder = (): Promise<string> => goModuleDir('github.com/kedacore/keda/v2', `v${CATALOGUE_VERSIONS.keda}`);

/** Files below a folder whose name ends so, sorted, relative to it. */
export function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Go files of one package, without its tests. */
export function packageText(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go')).sort();
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}

/** One entry a line: small, and a diff shows the entry that changed. */
export function printTable(head: Record<string, unknown>, entries: Record<string, Record<string, unknown>>): string {
  const lines = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  for (const [key, table] of Object.entries(entries)) {
    const rows = Object.keys(table).sort().map((name) => `    ${JSON.stringify(name)}: ${JSON.stringify(table[name])}`);
    lines.push(`  ${JSON.stringify(key)}: {\n${rows.join(',\n')}\n  }`);
  }
  return `{\n${lines.join(',\n')}\n}\n`;
}
