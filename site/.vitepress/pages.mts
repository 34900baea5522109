// The pages of the site: docs/, in the order in which docs/README.md links to them (a page that is not linked comes last),
// and the API, from what jsii says of it.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DefaultTheme } from 'vitepress';
import { apiPages, indexPage, KINDS } from './api/pages.mts';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
/** What the site is built from. */
export const PAGES = fileURLToPath(new URL('../.pages/', import.meta.url));
const API = apiPages();

export function writePages(): void {
  rmSync(PAGES, { recursive: true, force: true });
  cpSync(DOCS, PAGES, { recursive: true });
  mkdirSync(path.join(PAGES, 'api'));
  const pages = [{ name: 'index', text: indexPage(API) }, ...API];
  for (const { name, text } of pages) writeFileSync(path.join(PAGES, 'api', `${name}.md`), text);
}

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
  const docs = folders.map((folder) => ({
    text: FOLDERS[folder] ?? folder,
    collapsed: !['.', 'guides', 'recipes', 'concepts'].includes(folder),
    items: pages.filter((page) => path.dirname(page) === folder).map((page) => ({ text: titleOf(page), link: `/${page.replace('README', 'index')}` })),
  })).filter(({ items }) => items.length > 0);
  return [...docs, apiSection()];
}

function apiSection(): DefaultTheme.SidebarItem {
  const items = KINDS.map((kind) => ({
    text: kind,
    collapsed: true,
    items: API.filter((page) => page.kind === kind).map(({ name }) => ({ text: name, link: `/api/${name}` })),
  }));
  return { text: 'API', link: '/api/', collapsed: true, items };
}

function linkedFrom(page: string): string[] {
  return [...readFileSync(DOCS + page, 'utf8').matchAll(/\]\(([^)#:]+\.md)/g)].map(([, target]) => path.normalize(target));
}

function titleOf(page: string): string {
  return /^# (.*)$/m.exec(readFileSync(DOCS + page, 'utf8'))![1].replaceAll('`', '');
}
