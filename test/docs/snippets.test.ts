// Every TypeScript block runs, and the YAML or text that follows it is what comes out.
//
//   ```ts              runs; ```yaml blocks up to the next snippet show whole objects of it, ```yaml excerpt parts of them
//   ```ts throws       runs and fails; the ```text block that follows is the error
//   ```ts warns        runs; the ```text block that follows is printed
//   ```ts compile      only compiles (see compile.test.ts)
//   ```yaml input      a manifest; the ```yaml blocks that follow are what it becomes
//   ```ts from=PATH    a file of the repository (see included.test.ts)
//   ```yaml file=PATH  a file for the page's commands (see commands.test.ts)
import { Block, blocksOf, PAGES } from './markdown';
import { expectShown } from './match';
import { newChart, objectsOf, parseYaml, Ran, runSnippet } from './snippet';
import { OpenFunctionManifests } from '../../src';

interface Case {
  readonly block: Block;
  /** The blocks up to the next one that runs. */
  readonly followers: Block[];
}

const CASES: [string, Case][] = PAGES.flatMap((page) => {
  const cases: [string, Case][] = [];
  for (const block of blocksOf(page)) {
    if (runs(block)) cases.push([`${page}:${block.line}`, { block, followers: [] }]);
    else cases.at(-1)?.[1].followers.push(block);
  }
  return cases;
});

function runs({ language, words, from }: Block): boolean {
  return (language === 'ts' && from === undefined && !words.includes('compile')) || (language === 'yaml' && words.includes('input'));
}

/** Not of the snippet above it: a file, or platform settings (see shell.test.ts). */
function isFile({ file, words }: Block): boolean {
  return file !== undefined || words.includes('settings');
}

test('every YAML block is a snippet\'s output, an input, or a file', () => {
  const known = new Set(CASES.flatMap(([, { block, followers }]) => [block, ...followers]).map(({ page, line }) => `${page}:${line}`));
  const stray = PAGES.flatMap(blocksOf).filter((block) => block.language === 'yaml' && !isFile(block)).map(({ page, line }) => `${page}:${line}`);
  expect(stray.filter((place) => !known.has(place))).toEqual([]);
});

test.each(CASES)('%s', (_, { block, followers }) => {
  const run = () => (block.language === 'ts' ? runSnippet(block) : runManifest(block));
  const said = followers.find(({ language }) => language === 'text')?.text.trimEnd();
  if (block.words.includes('throws')) {
    expect(messageOf(run)).toBe(said);
    return;
  }
  const { objects, warnings } = run();
  expect(warnings.join('').trimEnd()).toBe(block.words.includes('warns') ? said : '');
  for (const shown of followers.filter((each) => each.language === 'yaml' && !isFile(each))) {
    expectShown(parseYaml(shown.text), objects, shown.words.includes('excerpt'));
  }
});

function runManifest({ text }: Block): Ran {
  const { app, chart } = newChart();
  new OpenFunctionManifests(chart, 'manifests', { yaml: [text] });
  const warnings: string[] = [];
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((line) => {
    warnings.push(String(line));
    return true;
  });
  try {
    return { objects: objectsOf(app), warnings };
  } finally {
    stderr.mockRestore();
  }
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
