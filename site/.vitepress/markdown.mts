// What the pages ask of Markdown beyond GitHub's: the same source reads well there and on the site.
import path from 'node:path';
import type { MarkdownRenderer } from 'vitepress';

const REPOSITORY = 'https://github.com/cdk8s-openfunction/cdk8s-openfunction/blob/main/';
const LANGUAGES: Record<string, string> = { ts: 'TypeScript', js: 'JavaScript', python: 'Python', java: 'Java', go: 'Go' };

/** Anchors as GitHub makes them, so that a link with an anchor works in both places. */
export function slugify(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(/\s/g, '-');
}

export function configure(md: MarkdownRenderer): void {
  md.core.ruler.after('block', 'language-tabs', ({ tokens, Token }) => groupLanguages(tokens, Token));
  linkToRepository(md);
  findPictures(md);
  drawDiagrams(md);
  // Double braces are Vue's, except here.
  md.renderer.rules.code_inline = (tokens, index) => `<code v-pre>${md.utils.escapeHtml(tokens[index].content)}</code>`;
}

type Tokens = ReturnType<MarkdownRenderer['parse']>;
type TokenClass = new (type: string, tag: string, nesting: -1 | 0 | 1) => Tokens[number];

/** Blocks in several languages, one right after the other, become tabs. */
function groupLanguages(tokens: Tokens, Token: TokenClass): void {
  const languageAt = (index: number): string | undefined => (
    tokens[index]?.type === 'fence' ? LANGUAGES[tokens[index].info.split(' ')[0]] : undefined
  );
  for (let start = 0; start < tokens.length; start++) {
    const group: string[] = [];
    for (let language; (language = languageAt(start + group.length)) && !group.includes(language);) group.push(language);
    if (group.length < 2) continue;
    const blocks = tokens.slice(start, start + group.length);
    blocks.forEach((block, index) => (block.info += ` [${group[index]}]`));
    const open = Object.assign(new Token('container_code-group_open', 'div', 1), { info: 'code-group', block: true });
    const close = new Token('container_code-group_close', 'div', -1);
    tokens.splice(start, group.length, open, ...blocks, close);
    start += group.length + 1;
  }
}

/** Files outside docs/ are not pages of the site, but for the API; a README is the index of its folder. */
function linkToRepository(md: MarkdownRenderer): void {
  const original = md.renderer.rules.link_open!;
  md.renderer.rules.link_open = (tokens, index, options, env: { relativePath: string }, self) => {
    const href = tokens[index].attrGet('href')!;
    tokens[index].attrSet('href', onSite(href, path.posix.dirname(env.relativePath)));
    return original(tokens, index, options, env, self);
  };
}

/** Pictures outside docs/ are one folder further away from the copies of the pages. */
function findPictures(md: MarkdownRenderer): void {
  const original = md.renderer.rules.image!;
  md.renderer.rules.image = (tokens, index, options, env: { relativePath: string }, self) => {
    const source = tokens[index].attrGet('src')!;
    const target = path.posix.join(path.posix.dirname(env.relativePath), source);
    if (target.startsWith('../')) tokens[index].attrSet('src', `../${source}`);
    return original(tokens, index, options, env, self);
  };
}

function onSite(href: string, folder: string): string {
  if (href.startsWith(`${REPOSITORY}docs/`)) return href.slice(`${REPOSITORY}docs`.length);
  if (/^(?:[a-z]+:|#|\/)/.test(href)) return href;
  const target = path.posix.join('docs', folder, href);
  if (target === 'API.md') return '/api/index.md';
  return target.startsWith('docs/') ? href.replace(/\bREADME\.md/, 'index.md') : REPOSITORY + target;
}

function drawDiagrams(md: MarkdownRenderer): void {
  const original = md.renderer.rules.fence!;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index];
    if (info.startsWith('mermaid')) return `<Mermaid source="${encodeURIComponent(content)}" />\n`;
    const file = / (?:file|from)=(\S+)/.exec(info)?.[1];
    const name = file === undefined ? '' : `<p class="file-name">${md.utils.escapeHtml(file)}</p>\n`;
    return name + original(tokens, index, ...rest);
  };
}
