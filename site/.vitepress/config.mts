import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import type { Plugin } from 'vite';
import { configure, slugify } from './markdown.mts';
import { DOCS, sidebar } from './pages.mts';

const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><text y="13" font-size="15">ƒ</text></svg>';

export default defineConfig({
  title: 'cdk8s-openfunction',
  description: 'OpenFunction functions as cdk8s constructs',
  lang: 'en',
  srcDir: '../docs',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  base: process.env.SITE_BASE ?? '/',
  rewrites: { 'README.md': 'index.md', ':folder/README.md': ':folder/index.md' },
  markdown: { html: false, config: configure, anchor: { slugify }, toc: { slugify }, headers: { slugify } },
  vite: { plugins: [packagesForPages()] },
  themeConfig: {
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: 'https://github.com/cdk8s-openfunction/cdk8s-openfunction' }],
  },
});

/** Pages lie outside this folder, so by themselves they cannot find its packages. */
function packagesForPages(): Plugin {
  return {
    name: 'packages-for-pages',
    enforce: 'pre',
    resolveId(id, importer, options) {
      if (!importer?.startsWith(DOCS) || !/^vue(?:\/|$)/.test(id)) return undefined;
      return this.resolve(id, fileURLToPath(import.meta.url), { ...options, skipSelf: true });
    },
  };
}
