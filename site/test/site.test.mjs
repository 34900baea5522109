// The built site as a reader meets it: links, widths, search, tabs, diagrams. `npm run build` comes first.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { DIST, PAGES, startSite } from './browser.mjs';

const WIDTHS = { phone: 390, desktop: 1280 };
let site;
before(async () => {
  site = await startSite();
});
after(() => site.stop());

/** A page at a width, and the errors that it reported until now. */
async function open(file, width) {
  const page = await site.browser.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(`${file}: ${error.message}`));
  page.on('response', (response) => response.status() >= 400 && errors.push(`${file}: ${response.url()} ${response.status()}`));
  await page.setViewport({ width, height: 900 });
  await page.goto(site.address + file, { waitUntil: 'networkidle2' });
  return { page, errors };
}

test('links of the site lead to pages and headings that exist', () => {
  const html = new Map(PAGES.map((page) => [page, readFileSync(path.join(DIST, page), 'utf8')]));
  const broken = [...html].flatMap(([page, text]) => [...text.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href)
    .filter((href) => !/^[a-z]+:/.test(href))
    .filter((href) => {
      const { pathname, hash } = new URL(href, `http://site/${page}`);
      const target = html.get(decodeURIComponent(pathname).slice(1).replace(/^$|\/$/, '$&index.html'));
      return target === undefined || (hash !== '' && !target.includes(` id="${decodeURIComponent(hash).slice(1)}"`));
    })
    .map((href) => `${page}: ${href}`));
  assert.deepEqual(broken, []);
});

test('no page is wider than a phone or a desktop, or reports an error', async () => {
  const { page, errors } = await open('index.html', WIDTHS.desktop);
  const wide = [];
  for (const file of PAGES) {
    // Of the API there are many pages of one form: these are looked at as they are served, which is quicker.
    const served = file.startsWith('api/');
    await page.setJavaScriptEnabled(!served);
    await page.goto(site.address + file);
    if (!served) await page.waitForFunction(() => [...document.querySelectorAll('.diagram')].every((diagram) => diagram.querySelector('svg')));
    for (const [device, width] of Object.entries(WIDTHS)) {
      await page.setViewport({ width, height: 900 });
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (excess > 0) wide.push(`${file}: ${excess} pixels wider than a ${device}`);
    }
  }
  assert.deepEqual([...errors, ...wide], []);
});

for (const [device, width] of Object.entries(WIDTHS)) {
  test(`the search on a ${device} finds the page on Dapr mode and opens it`, async () => {
    const { page } = await open('index.html', width);
    await page.click('.VPNavBarSearch button');
    await page.waitForSelector('#localsearch-input');
    await page.type('#localsearch-input', 'dapr-service-mode');
    await page.waitForSelector('#localsearch-list a[href*="/concepts/dapr-mode.html"]');
    await page.click('#localsearch-list a[href*="/concepts/dapr-mode.html"]');
    await page.waitForFunction(() => location.pathname === '/concepts/dapr-mode.html' && document.title.startsWith('Dapr mode'));
  });
}

test('the search finds a prop of the API by its name in each language, and guides before the API', async () => {
  const { page } = await open('index.html', WIDTHS.desktop);
  await page.click('.VPNavBarSearch button');
  await page.waitForSelector('#localsearch-input');
  for (const word of ['idleReplicas', 'idle_replicas', 'IdleReplicas']) {
    await page.$eval('#localsearch-input', (input) => input.select());
    await page.type('#localsearch-input', word);
    await page.waitForSelector('#localsearch-list a[href*="/api/FunctionScaling.html#idlereplicas"]');
  }
  await page.$eval('#localsearch-input', (input) => input.select());
  await page.type('#localsearch-input', 'pending events');
  await page.waitForFunction(() => document.querySelector('#localsearch-list a')?.getAttribute('href').includes('/concepts/'));
});

test('the API has a page for each type, in the four languages', async () => {
  const { types } = JSON.parse(readFileSync(new URL('../../.jsii', import.meta.url), 'utf8'));
  const names = Object.values(types).map(({ name }) => `api/${name}.html`);
  assert.deepEqual(PAGES.filter((page) => page.startsWith('api/')), [...names, 'api/index.html'].sort());
  const { page } = await open('api/TimeLimit.html', WIDTHS.desktop);
  const signatures = await page.$$eval('.vp-code-group', (groups) => groups.map((group) => (
    [...group.querySelectorAll('.blocks code')].map((code) => code.textContent.trim()))));
  assert.deepEqual(signatures, [
    ['TimeLimit.none(): TimeLimit', 'TimeLimit.none() -> TimeLimit', 'static TimeLimit none()', 'func TimeLimit_None() TimeLimit'],
    [
      'TimeLimit.of(duration: Duration): TimeLimit', 'TimeLimit.of(duration: Duration) -> TimeLimit',
      'static TimeLimit of(Duration duration)', 'func TimeLimit_Of(duration Duration) TimeLimit',
    ],
  ]);
});

test('a page of the API says how a struct is written, what a prop is, and what it is called in each language', async () => {
  const { page } = await open('api/FunctionScaling.html', WIDTHS.desktop);
  const created = await page.$$eval('.vp-code-group:first-of-type .blocks code', (codes) => codes.map((code) => code.textContent.trim().split('\n').at(-1)));
  assert.deepEqual(created.slice(0, 4), [
    'const value: FunctionScaling = {};', 'FunctionScaling()', 'FunctionScaling.builder().build();', 'value := &cdk8sopenfunction.FunctionScaling{}',
  ]);
  const text = await page.$eval('#idlereplicas', (heading) => heading.nextElementSibling.textContent);
  assert.equal(text, 'number · optional · Python idle_replicas · Go IdleReplicas');
});

test('a diagram is drawn', async () => {
  const { page } = await open('architecture.html', WIDTHS.desktop);
  await page.waitForSelector('.diagram svg');
  const text = await page.$eval('.diagram svg', (drawing) => drawing.textContent);
  assert.ok(text.includes('typed props'), text);
});

test('a language that is chosen in one group of tabs is shown there and on the next visit', async () => {
  const { page } = await open('getting-started.html', WIDTHS.phone);
  const shown = () => page.$$eval('.vp-code-group .blocks > .active', (blocks) => blocks.map((block) => block.innerText));
  const tabs = await page.$$eval('.vp-code-group .tabs label', (labels) => labels.map((label) => label.innerText));
  assert.deepEqual(tabs, ['TypeScript', 'Python', 'Java', 'Go']);
  assert.match((await shown()).join(), /import \{ App, Chart \} from 'cdk8s'/);
  await page.evaluate(() => [...document.querySelectorAll('.vp-code-group label')].find((label) => label.innerText === 'Go').click());
  assert.match((await shown()).join(), /package main/);
  await page.reload({ waitUntil: 'networkidle2' });
  await page.waitForFunction(() => document.querySelector('.vp-code-group .blocks > .active').innerText.includes('package main'));
});
