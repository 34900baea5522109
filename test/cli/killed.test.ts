// What a folder holds after `render -o` was killed, at whatever moment.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstalledCommand, installCommand } from '../support/installed-command';

const FUNCTIONS = 300;
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

/** Renders to `out`, and kills the process as soon as a condition holds. */
async function render(image: string, killWhen: () => boolean = () => false): Promise<NodeJS.Signals | null> {
  writeFileSync(join(root, 'in.yaml'), functions(image));
  const child = spawn(process.execPath, [installed.main, 'render', join(root, 'in.yaml'), '-o', join(root, 'out')], { stdio: 'ignore' });
  let running = true;
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_, signal) => {
    running = false;
    resolve(signal);
  }));
  while (running && !killWhen()) await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGKILL');
  return ended;
}

const out = () => join(root, 'out');
const contents = () => new Map(readdirSync(out()).filter((name) => name.endsWith('.yaml')).map((name) => [name, readFileSync(join(out(), name), 'utf8')]));
const staged = (folder: string) => readdirSync(folder).filter((name) => name.includes('.cdk8s-openfunction-'));

test('a folder that was not there is not there, and the next run clears what is left beside it', async () => {
  expect(await render('acme/old:1', () => staged(root).length > 0)).toBe('SIGKILL');
  expect(existsSync(out())).toBe(false);
  expect(staged(root)).toHaveLength(1);
  expect(await render('acme/old:1')).toBeNull();
  expect(readdirSync(root)).toEqual(['in.yaml', 'out']);
  expect(contents().size).toBe(FUNCTIONS);
}, SLOW);

test.each([
  ['while the new files are written within, holds the old files', () => staged(out()).length > 0],
  ['while they replace the old ones, holds old and new files, each of them whole', () => {
    const first = readFileSync(join(out(), 'shop.f0.service.serving.knative.dev.yaml'), 'utf8');
    return first.includes('acme/new:2');
  }],
] as const)('a folder that was there, %s', async (_, killWhen) => {
  await render('acme/old:1');
  const before = contents();
  expect(await render('acme/new:2', killWhen)).toBe('SIGKILL');
  const between = contents();
  expect(await render('acme/new:2')).toBeNull();
  const after = contents();
  expect([before.size, between.size, after.size, staged(out())]).toEqual([FUNCTIONS, FUNCTIONS, FUNCTIONS, []]);
  for (const [name, text] of between) expect([before.get(name), after.get(name)]).toContain(text);
}, SLOW);

test('a folder that is a mount point is written to, where a rename from beside it would fail', () => {
  writeFileSync(join(root, 'in.yaml'), functions('acme/old:1'));
  const script = 'mkdir "$1/out" && mount -t tmpfs none "$1/out" && "$2" "$3" render "$1/in.yaml" -o "$1/out" && ls "$1/out" | wc -l';
  const { status, stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', root, process.execPath, installed.main], { encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([0, `${FUNCTIONS}\n`, `${root}/out: ${FUNCTIONS} files: ${FUNCTIONS} added\n`]);
}, SLOW);
