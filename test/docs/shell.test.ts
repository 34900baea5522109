// Blocks that do not run here, since they need a cluster, a registry or minutes: what they say is held to what there is.
//
//   ```sh             commands: bash can parse them, our own have these options, scripts of npm exist
//   ```sh WORD        the same, where another test looks for the block by that word
//   ```yaml settings  platform settings, which the command takes without a warning
//   ```json           JSON
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Block, blocksOf, PAGES, ROOT } from './markdown';
import { command } from '../support/command-line';

const OURS = 'cdk8s-openfunction';
const OTHERS = ['kubectl', 'helm', 'kind', 'docker', 'npm', 'npx', 'git', 'cd', 'node', 'cosign'];

const blocks = (language: string, word?: string): [string, Block][] => PAGES.flatMap(blocksOf)
  .filter((block) => block.language === language && (word === undefined || block.words.includes(word)))
  .map((block) => [`${block.page}:${block.line}`, block]);

/** Commands of a block, each as its words. */
function commandsOf({ text }: Block): string[][] {
  const lines = text.replaceAll('\\\n', ' ').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.flatMap((line) => line.split(/ (?:&&|\|\||\|) /)).map((each) => each.trim().split(/\s+/).filter((word) => !/^\w+=/.test(word)))
    .filter((words) => words.length > 0);
}

describe.each(blocks('sh'))('%s', (_, block) => {
  test('is shell, of commands that are known', () => {
    execFileSync('bash', ['-n'], { input: block.text });
    expect(commandsOf(block).map(([name]) => name).filter((name) => name !== OURS && !OTHERS.includes(name) && !name.startsWith('.ci/'))).toEqual([]);
  });

  const ours = commandsOf(block).filter(([name]) => name === OURS).map((words) => words.slice(1));
  if (ours.length > 0) {
    test.each(ours.map((words) => [words]))('names options that there are: %j', async (words) => {
      const verbs = words[0] === 'proxy-image' ? words.slice(0, 2) : words.slice(0, 1);
      const { code, out } = await command(...verbs, '--help');
      expect(code).toBe(0);
      const known = new Set(out.match(/(?<![\w-])--?[a-z][\w-]*/g));
      expect(words.filter((word) => /^--?[a-z]/.test(word)).filter((option) => !known.has(option))).toEqual([]);
    });
  }

  const scripts = commandsOf(block).filter(([name, verb]) => name === 'npm' && verb === 'run').map(([, , script]) => script);
  if (scripts.length > 0) {
    test('names scripts of npm that there are', () => {
      const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
      expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);
    });
  }
});

test.each(blocks('yaml', 'settings'))('%s is taken as platform settings', async (_, { text }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'docs-'));
  const write = (name: string, content: string): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const fn = 'apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: hello}\nspec: {image: acme/hello:1, serving: {}}\n';
  const { code, err } = await command('render', write('hello.yaml', fn), '-n', 'shop', '--platform', write('platform.yaml', text));
  rmSync(folder, { recursive: true });
  expect([code, err]).toEqual([0, '']);
});

test.each(blocks('json'))('%s is JSON', (_, { text }) => {
  expect(typeof JSON.parse(text)).toBe('object');
});

test('every block in another language is a file of the repository, a file that runs, or the program that all languages share', () => {
  // compile.test.ts and snippets.test.ts are about all that is ts or yaml, commands.test.ts about console; the site draws mermaid.
  const held = ['ts', 'yaml', 'console', 'mermaid', 'sh', 'json', 'text'];
  const loose = PAGES.flatMap(blocksOf).filter(({ language, from, file, page }) => (
    !held.includes(language) && from === undefined && !(page === 'docs/getting-started.md' && (file !== undefined || ['python', 'java', 'go'].includes(language)))
  ));
  expect(loose.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
});

test('every text block follows a snippet that throws or warns', () => {
  // The reference of the command line is compared as a whole, by command-line.test.ts.
  const pages = PAGES.filter((page) => page !== 'docs/reference/command-line.md');
  const stray = pages.flatMap((page) => blocksOf(page).filter(({ language }, index, all) => (
    language === 'text' && !['throws', 'warns'].some((word) => all[index - 1]?.words.includes(word))
  ))).map(({ page, line }) => `${page}:${line}`);
  expect(stray).toEqual([]);
});
