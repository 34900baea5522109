/** A page in Debian's Chromium: what its script returns. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../testbed';

/** `script` is the body of an async function; what it returns must be JSON. */
export async function inBrowser<T>(body: string, script: string): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'browser-'));
  try {
    const page = join(folder, 'page.html');
    const caught = `(async () => {${script}})().then((value) => ({ value }), (error) => ({ error: String(error) }))`;
    const show = '.then((result) => { document.body.textContent = btoa(unescape(encodeURIComponent(JSON.stringify(result)))); })';
    writeFileSync(page, `<!doctype html><meta charset="utf-8"><body style="margin:0">${body}<script>${caught}${show}</script></body>`);
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--allow-file-access-from-files', '--virtual-time-budget=120000', `--user-data-dir=${folder}/profile`];
    const dom = await run('chromium', [...flags, '--dump-dom', `file://${page}`]);
    const shown = /<body[^>]*>([A-Za-z0-9+/=]+)/.exec(dom)?.[1];
    if (shown === undefined) throw new Error(`the page gave no result: ${dom.slice(0, 500)}`);
    const { value, error } = JSON.parse(Buffer.from(shown, 'base64').toString()) as { value: T; error?: string };
    if (error !== undefined) throw new Error(error);
    return value;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
