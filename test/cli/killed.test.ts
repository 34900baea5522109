// What a folder holds after `render -o` was killed, at whatever moment.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { InstalledCommand, installCommand } from '../support/installed-command';

const FUNCTIONS = 100;
const SLOW = 120_000;
const functions = (image: string) => Array.from({ length: FUNCTIONS }, (_, index) => (
  `apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: f${index}, namespace: shop}\nspec: {image: "${image}", serving: {}}\n`
)).join('---\n');

let installed: InstalledCommand;
let root: string;
beforeAll(() => {
  installed = installCommand();
});
afterAll(() => installed.remove());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'killed-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const SLOW_FILES = `
const fs = require('node:fs');
const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
for (const name of ['writeFileSync', 'renameSync']) {
  const whole = fs[name];
  fs[name] = (...args) => { wait(); return whole(...args); };
}`;

interface End { readonly signal: NodeJS.Signals; readonly when: () => boolean }

/** Renders to `out`; where its end is given, files take 20 ms each, and it and its group get the signal once the condition holds. */
async function render(image: string, end?: End): Promise<NodeJS.Signals | null> {
  writeFileSync(join(root, 'in.yaml'), functions(image));
  writeFileSync(join(root, 'slow.cjs'), SLOW_FILES);
  const env = { ...process.env, ...(end && { NODE_OPTIONS: `--require ${join(root, 'slow.cjs')}` }) };
  const argv = [installed.main, 'render', join(root, 'in.yaml'), '-o', join(root, 'out')];
  const child = spawn(process.execPath, argv, { stdio: 'ignore', detached: true, env });
  let running = true;
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_, signal) => {
    running = false;
    resolve(signal);
  }));
  if (end !== undefined) {
    while (running && !end.when()) await setTimeout(1);
    process.kill(-child.pid!, end.signal);
  }
  return ended;
}

const out = () => join(root, 'out');
const contents = () => new Map(readdirSync(out()).filter((name) => name.endsWith('.yaml')).map((name) => [name, readFileSync(join(out(), name), 'utf8')]));
const staged = (folder: string) => readdirSync(folder).filter((name) => name.includes('.cdk8s-openfunction-'));

const filesIn = (folder: string) => staged(folder).flatMap((name) => readdirSync(join(folder, name))).length;
const isNew = (name: string) => readFileSync(join(out(), name), 'utf8').includes('acme/new:2');

test('a folder that was not there is not there, and the next run clears what is left beside it', async () => {
  expect(await render('acme/old:1', { signal: 'SIGKILL', when: () => filesIn(root) > 1 })).toBe('SIGKILL');
  expect(existsSync(out())).toBe(false);
  expect(staged(root)).toHaveLength(1);
  expect(await render('acme/old:1')).toBeNull();
  expect(readdirSync(root).sort()).toEqual(['in.yaml', 'out', 'slow.cjs']);
  expect(contents().size).toBe(FUNCTIONS);
}, SLOW);

test('a folder that was there, while the new files are written within, holds the old files, and the next run clears the rest', async () => {
  await render('acme/old:1');
  const before = contents();
  expect(await render('acme/new:2', { signal: 'SIGKILL', when: () => filesIn(out()) > 1 })).toBe('SIGKILL');
  expect([contents(), staged(out()).length]).toEqual([before, 1]);
  expect(await render('acme/new:2')).toBeNull();
  expect([readdirSync(out()).filter(isNew).length, staged(out())]).toEqual([FUNCTIONS, []]);
}, SLOW);

test('a folder that was there, while the new files replace the old ones, holds the new files soon after', async () => {
  await render('acme/old:1');
  const when = () => isNew('shop.f0.service.serving.knative.dev.yaml');
  expect(await render('acme/new:2', { signal: 'SIGKILL', when })).toBe('SIGKILL');
  while (staged(out()).length > 0) await setTimeout(10);
  expect(readdirSync(out()).filter(isNew)).toHaveLength(FUNCTIONS);
}, SLOW);

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it once all is written', async (signal) => {
  expect(await render('acme/new:2', { signal, when: () => filesIn(root) > 1 })).toBe(signal);
  expect([readdirSync(out()).filter(isNew).length, staged(root)]).toEqual([FUNCTIONS, []]);
}, SLOW);

test('a folder that is a mount point is written to, where a rename from beside it would fail', () => {
  writeFileSync(join(root, 'in.yaml'), functions('acme/old:1'));
  const script = 'mkdir "$1/out" && mount -t tmpfs none "$1/out" && "$2" "$3" render "$1/in.yaml" -o "$1/out" && ls "$1/out" | wc -l';
  const { status, stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', root, process.execPath, installed.main], { encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([0, `${FUNCTIONS}\n`, `${root}/out: ${FUNCTIONS} files: ${FUNCTIONS} added\n`]);
}, SLOW);
