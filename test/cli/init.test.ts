// Folders to start with: their checks pass.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { command } from '../support/command-line';
import { installCommand } from '../support/installed-command';

const ROOT = join(__dirname, '../..');
const SLOW = 120_000;
const { version, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string; peerDependencies: object };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'init-'));
});
afterEach(() => rmSync(root, { recursive: true }));
const files = (folder: string) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();

test('manifests: every command of the check in CI passes', async () => {
  const folder = join(root, 'a/b');
  expect(await command('init', folder)).toEqual({
    code: 0, out: '', err: `${folder}: 5 files: functions/hello.yaml, platform.yaml, schemas/function.schema.json, schemas/platform.schema.json, .github/workflows/functions.yml\n`
      + 'after a change: cdk8s-openfunction render functions/ --platform platform.yaml -o manifests --prune\n',
  });
  expect(files(folder)).toEqual([
    '.github/workflows/functions.yml', 'functions/hello.yaml', 'manifests/default.hello.service.serving.knative.dev.yaml', 'platform.yaml',
    'schemas/function.schema.json', 'schemas/platform.schema.json',
  ]);
  expect((await command('schema', 'v1beta2')).out).toBe(readFileSync(join(folder, 'schemas/function.schema.json'), 'utf8'));
  const workflow = parse(readFileSync(join(folder, '.github/workflows/functions.yml'), 'utf8')) as { jobs: { check: { steps: { run?: string }[] } } };
  const runs = workflow.jobs.check.steps.flatMap(({ run }) => run ?? []);
  const start = `npx --yes --package cdk8s-openfunction@${version} cdk8s-openfunction `;
  expect(runs.map((run) => run.startsWith(start))).toEqual([true, true]);
  const results = [];
  for (const run of runs) {
    const argv = run.slice(start.length).split(' ').map((word) => (/^(functions\/|platform\.yaml|manifests)$/.test(word) ? join(folder, word) : word));
    results.push(await command(...argv));
  }
  expect(results).toEqual([
    { code: 0, out: 'no problems in 1 function\n', err: '' }, { code: 0, out: '', err: `${join(folder, 'manifests')}: 1 file, all up to date\n` },
  ]);
});

test('a program: it type-checks, and cdk8s synthesizes it', async () => {
  const folder = join(root, 'p');
  const installed = installCommand();
  try {
    expect((await command('init', folder, '--program')).code).toBe(0);
    expect(files(folder)).toEqual(['.github/workflows/functions.yml', '.gitignore', 'cdk8s.yaml', 'main.ts', 'package.json', 'tsconfig.json']);
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies: object };
    expect(dependencies).toEqual({ ...peerDependencies, 'cdk8s-openfunction': version });
    mkdirSync(join(folder, 'node_modules'));
    for (const name of ['cdk8s', 'cdk8s-plus-28', 'constructs', '@types', '.bin']) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    symlinkSync(dirname(dirname(dirname(installed.main))), join(folder, 'node_modules', 'cdk8s-openfunction'));
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'node_modules/cdk8s-cli/bin/cdk8s'), 'synth', '--check-upgrade=false'], {
      cwd: folder, encoding: 'utf8', env: { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}` },
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(readFileSync(join(folder, 'manifests/functions.k8s.yaml'), 'utf8')).toContain('image: acme/hello:1.0.0');
    const paths = JSON.stringify({ compilerOptions: { paths: { 'cdk8s-openfunction': [join(ROOT, 'src/index.ts')] }, types: ['node'] }, extends: './tsconfig.json', include: ['main.ts'] });
    writeFileSync(join(folder, 'tsconfig.test.json'), paths);
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.test.json'], { cwd: folder });
  } finally {
    installed.remove();
  }
}, SLOW);

test('no file that is there is changed, and then nothing is written', async () => {
  writeFileSync(join(root, 'platform.yaml'), 'mine\n');
  expect(await command('init', root)).toEqual({ code: 2, out: '', err: `error: ${join(root, 'platform.yaml')}: is there already; nothing was written\n` });
  expect([files(root), readFileSync(join(root, 'platform.yaml'), 'utf8')]).toEqual([['platform.yaml'], 'mine\n']);
});

test.each(['schemas', 'functions', '.github', 'manifests'])('a file %s where a folder has to be is found before anything is written', async (name) => {
  writeFileSync(join(root, name), '');
  expect(await command('init', root)).toEqual({ code: 2, out: '', err: `error: ${join(root, name)}: is there already; nothing was written\n` });
  expect(readdirSync(root)).toEqual([name]);
});

test('a folder that cannot be is wrong usage', async () => {
  writeFileSync(join(root, 'f'), '');
  expect(await command('init', join(root, 'f/g'))).toEqual({ code: 2, out: '', err: expect.stringMatching(/^error: .*f\/g: cannot be written: /) as string });
  expect(existsSync(join(root, 'f/g'))).toBe(false);
});
