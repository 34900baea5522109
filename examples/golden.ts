/** Compares what an example gives, mostly its objects, with a file of its folder, as text. `UPDATE_GOLDEN=1 npx jest examples` writes the files anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function compareWithGolden(folder: string, synthesized: string, name = 'expected.yaml'): void {
  const file = join(folder, name);
  if (process.env.UPDATE_GOLDEN !== undefined) writeFileSync(file, synthesized);
  expect(synthesized).toBe(readFileSync(file, 'utf8'));
}
