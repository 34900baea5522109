// Blocks with from=PATH are that file, written by `UPDATE_DOCS=1 npx jest test/docs/included`; without the variable nothing is
// ever written. The files are compiled and run where they are: test/docs/compile, examples, test/integration.
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { blocksOf, pageText, PAGES, ROOT } from './markdown';

const INCLUDING = PAGES.filter((page) => blocksOf(page).some(({ from }) => from !== undefined));

test('some pages show files of the repository', () => {
  expect(INCLUDING.length).toBeGreaterThan(2);
});

test.each(INCLUDING)('%s shows the files as they are', (page) => {
  if (process.env.UPDATE_DOCS === '1') {
    const updated = pageText(page).replaceAll(/^(```\S+ from=(\S+).*\n)[^]*?^```$/gm, (_, fence: string, file: string) => `${fence}${textOf(file)}\`\`\``);
    writeFileSync(path.join(ROOT, page), updated);
  }
  for (const { from, text } of blocksOf(page)) if (from !== undefined) expect(text).toBe(textOf(from));
});

function textOf(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
