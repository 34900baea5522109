import { defineConfig } from 'vitepress';
import { configure, slugify } from './markdown.mts';
import { PAGES, sidebar, writePages } from './pages.mts';

const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><text y="13" font-size="15">ƒ</text></svg>';

writePages();

export default defineConfig({
  title: 'cdk8s-openfunction',
  description: 'OpenFunction functions as cdk8s constructs',
  lang: 'en',
  srcDir: PAGES,
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  base: process.env.SITE_BASE ?? '/',
  rewrites: { 'README.md': 'index.md', ':folder/README.md': ':folder/index.md' },
  markdown: { html: false, config: configure, anchor: { slugify }, toc: { slugify }, headers: { slugify } },
  themeConfig: {
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local', options: { miniSearch: { searchOptions: { boostDocument } } } },
    socialLinks: [{ icon: 'github', link: 'https://github.com/cdk8s-openfunction/cdk8s-openfunction' }],
  },
});

/** A word of a guide is more likely meant than the same word in the API. */
function boostDocument(page: string): number {
  return page.includes('/api/') ? 0.5 : 1;
}
