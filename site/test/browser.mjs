// The built site, served on loopback, in a real browser.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from 'puppeteer-core';

export const DIST = fileURLToPath(new URL('../.vitepress/dist/', import.meta.url));
export const PAGES = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html')).sort();

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

export async function startSite() {
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, 'http://site');
    const file = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    try {
      const body = await readFile(path.join(DIST, decodeURIComponent(file)));
      response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  return {
    browser,
    address: `http://127.0.0.1:${server.address().port}/`,
    async stop() {
      await browser.close();
      server.close();
    },
  };
}
