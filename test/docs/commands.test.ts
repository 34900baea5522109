// Every ```console block runs in a folder that holds the page's file=… blocks above it, and prints what it shows.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { blocksOf, PAGES, writeBlock } from './markdown';
import { InstalledCommand, installCommand } from '../support/installed-command';

const WITH_COMMANDS = PAGES.filter((page) => blocksOf(page).some(({ language }) => language === 'console'));
const SECONDS_PER_PAGE = 120;

let installed: InstalledCommand;
beforeAll(() => {
  installed = installCommand();
});
afterAll(() => installed.remove());

describe.each(WITH_COMMANDS)('%s', (page) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'docs-'));
    writeCommand(path.join(folder, '.bin'));
    mkdirSync(path.join(folder, 'work'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const files = blocksOf(page).filter(({ file }) => file !== undefined);
  const blocks = blocksOf(page).filter(({ language }) => language === 'console');
  test.each(blocks.map((block): [number, string] => [block.line, block.text]))('the commands of line %i', (line, text) => {
    while (files.length > 0 && files[0].line < line) writeBlock(path.join(folder, 'work'), files.shift()!);
    expect(transcript(text, folder)).toBe(text.trimEnd());
  }, SECONDS_PER_PAGE * 1_000);
});

/** The block again, with what the commands print now. */
function transcript(text: string, folder: string): string {
  const commands = text.split('\n').filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
  return commands.map((command) => {
    const { stdout } = spawnSync('bash', ['-c', `{ ${command}\n} 2>&1`], {
      cwd: path.join(folder, 'work'),
      encoding: 'utf8',
      env: { ...process.env, PATH: `${path.join(folder, '.bin')}:${process.env.PATH}` },
    });
    return `$ ${command}\n${stdout}`.trimEnd();
  }).join('\n');
}

function writeCommand(bin: string): void {
  mkdirSync(bin);
  const command = path.join(bin, 'cdk8s-openfunction');
  writeFileSync(command, `#!/bin/sh\nexec node "${installed.main}" "$@"\n`);
  chmodSync(command, 0o755);
}
