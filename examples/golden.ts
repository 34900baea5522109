/** Compares what an example synthesizes with its `expected.yaml`, as text. `UPDATE_GOLDEN=1 npx jest examples` writes the files anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function compareWithGolden(folder: string, synthesized: string): void {
  const file = join(folder, 'expected.yaml');
  if (process.env.UPDATE_GOLDEN !== undefined) writeFileSync(file, synthesized);
  expect(synthesized).toBe(readFileSync(file, 'utf8'));
}
