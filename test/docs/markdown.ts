// Pages of the documentation, and the fenced blocks in them.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

export const ROOT = path.join(__dirname, '..', '..');

export interface Block {
  /** Path of the page below the root. */
  readonly page: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  /** Words after the language, such as `run` or `file=functions/orders.yaml`. */
  readonly words: string[];
  /** Of `file=PATH`: where a reader puts it. */
  readonly file?: string;
  /** Of `from=PATH`: the file of the repository that it shows. */
  readonly from?: string;
  readonly text: string;
}

/** The pages at the root and everything in `docs/`, by path. */
export const PAGES: readonly string[] = ['README.md', 'CONTRIBUTING.md', 'CODE_OF_CONDUCT.md', 'SECURITY.md', 'CHANGELOG.md', ...markdownBelow('docs')].sort();

export function pageText(page: string): string {
  return readFileSync(path.join(ROOT, page), 'utf8');
}

export function blocksOf(page: string): Block[] {
  const lines = pageText(page).split('\n');
  const blocks: Block[] = [];
  for (let index = 0; index < lines.length; index++) {
    const [, indent, info] = /^(\s*)```(\S.*)$/.exec(lines[index]) ?? [];
    if (info === undefined) continue;
    const start = index;
    while (lines[++index].trim() !== '```');
    const [language, ...words] = info.split(/\s+/);
    const text = lines.slice(start + 1, index).map((line) => line.slice(indent.length)).join('\n');
    const valueOf = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
    const [file, from] = [valueOf('file'), valueOf('from')];
    blocks.push({ page, line: start + 1, language, words, file, from, text: `${text}\n` });
  }
  return blocks;
}

/** Writes a block with `file=PATH` to that path in a folder. */
export function writeBlock(folder: string, { file, text }: Block): void {
  const target = path.join(folder, file!);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** Rows of the table whose header begins with the given cells; cells as they are written. */
export function tableOf(page: string, ...header: string[]): string[][] {
  const rows = pageText(page).split('\n').map(cellsOf);
  const start = rows.findIndex((row) => row !== undefined && header.every((cell, index) => row[index] === cell));
  if (start < 0) throw new Error(`${page} has no table ${header.join(' | ')}`);
  const end = rows.findIndex((row, index) => index > start && row === undefined);
  return rows.slice(start + 2, end < 0 ? undefined : end) as string[][];
}

/** A pipe inside a cell is written `\|`. */
export function cellsOf(line: string): string[] | undefined {
  if (!line.startsWith('|')) return undefined;
  return line.slice(1, line.lastIndexOf('|')).split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function markdownBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    return entry.isDirectory() ? markdownBelow(name) : entry.name.endsWith('.md') ? [name] : [];
  });
}
