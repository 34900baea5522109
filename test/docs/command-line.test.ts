// The reference of the command line is what --help prints, written by `UPDATE_DOCS=1 npx jest test/docs/command-line`; without
// the variable nothing is ever written.
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { ROOT } from './markdown';
import { command } from '../support/command-line';

const FILE = path.join(ROOT, 'docs/reference/command-line.md');
const COMMANDS = [
  [], ['init'], ['render'], ['validate'], ['diff'], ['report'], ['topology'], ['explain'], ['schema'], ['krm'], ['monitoring'],
  ['proxy-image'], ...['tag', 'context', 'build', 'push'].map((verb) => ['proxy-image', verb]), ['completion'],
];

const INTRODUCTION = `# Reference of the command line

What \`cdk8s-openfunction COMMAND --help\` prints. [The guide](../guides/cli.md) shows the commands at work.

Exit codes: 0; 1 for invalid input, or if \`render --check\` finds a difference; 2 for wrong usage. \`diff\` has its own.
`;

test('the page has the help of every command', async () => {
  const sections = [];
  for (const words of COMMANDS) {
    const { code, out, err } = await command(...words, '--help');
    expect([words, code, err]).toEqual([words, 0, '']);
    sections.push(`## ${words.length === 0 ? 'cdk8s-openfunction' : words.join(' ')}\n\n\`\`\`text\n${out.trimEnd()}\n\`\`\`\n`);
  }
  const page = [INTRODUCTION, ...sections].join('\n');
  if (process.env.UPDATE_DOCS === '1') writeFileSync(FILE, page);
  expect(readFileSync(FILE, 'utf8')).toBe(page);
});

test('every help has examples, and every command that there is is on the page', async () => {
  const { out } = await command('--help');
  const listed = [...out.split('Commands:\n')[1].split('\n\n')[0].matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => name).filter((name) => name !== 'help');
  expect([...new Set(COMMANDS.flatMap(([first]) => first ?? []))].sort()).toEqual(listed.sort());
  for (const words of COMMANDS.filter(([first, second]) => first !== 'proxy-image' || second !== undefined)) {
    expect((await command(...words, '--help')).out).toContain('\nExamples:\n  # ');
  }
});
