// The pages of docs/, in the order in which docs/README.md links to them. A page that is not linked yet comes last.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DefaultTheme } from 'vitepress';

export const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
const FOLDERS: Record<string, string> = {
  '.': 'Start',
  'guides': 'Guides',
  'recipes': 'Recipes',
  'concepts': 'Concepts',
  'reference': 'Reference',
  'spec': 'Rules',
  'decisions': 'Decisions',
};

export function sidebar(): DefaultTheme.SidebarItem[] {
  const order = ['README.md', ...linkedFrom('README.md')];
  const position = (page: string): number => (order.includes(page) ? order.indexOf(page) : order.length);
  const pages = readdirSync(DOCS, { recursive: true, encoding: 'utf8' })
    .filter((page) => page.endsWith('.md'))
    .sort((one, other) => position(one) - position(other) || one.localeCompare(other));
  const folders = [...new Set([...Object.keys(FOLDERS), ...pages.map((page) => path.dirname(page))])];
  return folders.map((folder) => ({
    text: FOLDERS[folder] ?? folder,
    collapsed: !['.', 'guides', 'recipes', 'concepts'].includes(folder),
    items: pages.filter((page) => path.dirname(page) === folder).map((page) => ({ text: titleOf(page), link: `/${page.replace('README', 'index')}` })),
  })).filter(({ items }) => items.length > 0);
}

function linkedFrom(page: string): string[] {
  return [...readFileSync(DOCS + page, 'utf8').matchAll(/\]\(([^)#:]+\.md)/g)].map(([, target]) => path.normalize(target));
}

function titleOf(page: string): string {
  return /^# (.*)$/m.exec(readFileSync(DOCS + page, 'utf8'))![1].replaceAll('`', '');
}
