// `diff --against`: what was at a Git revision.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../support/command-line';

const fn = (name: string, spec: string) => [
  'apiVersion: core.openfunction.io/v1beta2', 'kind: Function', `metadata: {name: ${name}, namespace: shop}`, `spec: {${spec}}`, '',
].join('\n');

let root: string;
const file = (name: string, content: string) => {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), content);
  return join(root, name);
};
const git = (...args: string[]) => execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args]);
const hello = (image: string) => fn('hello', `image: "${image}", serving: {}`);
const commit = () => {
  git('add', '-A');
  git('commit', '-q', '-m', 'c');
};
const against = (revision: string, ...more: string[]) => (
  command('diff', '--against', revision, join(root, 'functions'), '--brief', ...more));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'against-'));
  git('init', '-q', '-b', 'main');
  file('functions/a.yaml', hello('acme/hello:1'));
  file('functions/drafts/b.yaml', 'not: ready\n');
  file('functions/.openfunctionignore', 'drafts/\n');
  commit();
});

afterEach(() => rmSync(root, { recursive: true }));

test('compares with the same paths at a revision, ignore file included, and leaves the repository as it is', async () => {
  file('functions/a.yaml', hello('acme/hello:2'));
  file('functions/c.yaml', fn('new', 'image: x, serving: {}'));
  const status = git('status', '--porcelain').toString();
  const out = 'hello         image acme/hello:1 → 2; pods restart\nnew           added\n';
  expect(await against('main')).toEqual({ code: 1, out, err: '' });
  expect(git('status', '--porcelain').toString()).toBe(status);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('cdk8s-openfunction-'))).toEqual([]);
  commit();
  expect(await against('HEAD')).toEqual({ code: 0, out: '', err: '' });
  const one = await command('diff', '--against', 'HEAD~1', join(root, 'functions/a.yaml'), '--brief');
  expect(one.out).toBe('hello         image acme/hello:1 → 2; pods restart\n');
});

test('follows links within the revision, and takes its platform settings', async () => {
  file('shared/p.yaml', hello('acme/linked:1').replace('hello,', 'linked,'));
  symlinkSync('../shared/p.yaml', join(root, 'functions/l.yaml'));
  file('platform.yaml', 'clusterDomain: one.internal\n');
  commit();
  file('platform.yaml', 'gateway: {name: g, namespace: g}\n');
  file('shared/p.yaml', hello('acme/linked:2').replace('hello,', 'linked,'));
  expect((await against('HEAD')).out).toBe('linked        image acme/linked:1 → 2; pods restart\n');
  const paths = [join(root, 'functions/a.yaml'), '--platform', join(root, 'platform.yaml')];
  const out = 'hello         added: HTTPRoute hello\n\n+ HTTPRoute shop/hello (gateway.networking.k8s.io/v1)\n';
  expect(await command('diff', '--against', 'HEAD', ...paths)).toEqual({ code: 1, out, err: '' });
});

test('a file, a folder or all functions that are gone are removed, and a folder without manifests was empty', async () => {
  file('notes/README.md', 'x');
  file('notes/deep/e.yaml', hello('x').replace('hello', 'deep'));
  commit();
  rmSync(join(root, 'notes/deep'), { recursive: true });
  file('notes/f.yaml', hello('x').replace('hello', 'new'));
  for (const gone of ['notes/deep/e.yaml', 'notes/deep', 'notes/deep/']) {
    expect(await command('diff', '--against', 'HEAD', join(root, gone), '--brief'))
      .toEqual({ code: 1, out: 'deep          removed\n', err: '' });
  }
  expect((await command('diff', '--against', 'HEAD~1', join(root, 'notes'), '--brief')).out).toBe('new           added\n');
  rmSync(join(root, 'functions/a.yaml'));
  expect(await against('HEAD')).toEqual({ code: 1, out: 'hello         removed\n', err: '' });
  const nowhere = join(root, 'nowhere');
  expect(await command('diff', '--against', 'HEAD', nowhere))
    .toEqual({ code: 2, out: '', err: `error: ${nowhere}: there is no such file or folder\n` });
});

test('a link to a folder is followed, one that leads nowhere and files other than manifests are left alone', async () => {
  file('shared/p.yaml', hello('acme/linked:1').replace('hello', 'linked'));
  symlinkSync('../shared', join(root, 'functions/all'));
  symlinkSync('..', join(root, 'functions/up'));
  symlinkSync('nowhere', join(root, 'functions/broken'));
  file('functions/.hidden/x.yaml', '[');
  file('functions/picture.png', '\0');
  commit();
  file('shared/p.yaml', hello('acme/linked:2').replace('hello', 'linked'));
  const out = 'linked        image acme/linked:1 → 2; pods restart\n';
  expect(await against('HEAD', '--exclude', 'up/')).toEqual({ code: 1, out, err: '' });
  symlinkSync('nowhere.yaml', join(root, 'functions/broken.yaml'));
  commit();
  rmSync(join(root, 'functions/broken.yaml'));
  const err = 'error: HEAD:functions/broken.yaml: is a link to what is not there\n';
  expect(await against('HEAD', '--exclude', 'up/')).toEqual({ code: 2, out: '', err });
});

test('functions of a submodule are those of its commit', async () => {
  const other = mkdtempSync(join(tmpdir(), 'submodule-'));
  const inOther = (...args: string[]) => execFileSync('git', ['-C', other, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args]);
  inOther('init', '-q', '-b', 'main');
  writeFileSync(join(other, 's.yaml'), hello('acme/sub:1').replace('hello', 'sub'));
  inOther('add', '-A');
  inOther('commit', '-q', '-m', 'c');
  git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other, 'functions/sub');
  commit();
  file('functions/sub/s.yaml', hello('acme/sub:2').replace('hello', 'sub'));
  rmSync(other, { recursive: true });
  expect(await against('HEAD')).toEqual({ code: 1, out: 'sub           image acme/sub:1 → 2; pods restart\n', err: '' });
});

test('in a hook of Git, whose variables name its own repository', async () => {
  file('functions/a.yaml', hello('acme/hello:2'));
  process.env.GIT_DIR = '.git';
  try {
    expect((await against('main')).out).toBe('hello         image acme/hello:1 → 2; pods restart\n');
  } finally {
    delete process.env.GIT_DIR;
  }
});

test('a shallow clone says why a revision is not there', async () => {
  file('functions/a.yaml', hello('acme/hello:2'));
  commit();
  const clone = join(root, 'a clone');
  git('clone', '-q', '--depth=1', `file://${root}`, clone);
  const { code, err } = await command('diff', '--against', 'HEAD~1', join(clone, 'functions'));
  const why = `is not a revision of the repository ${clone}, which is a shallow clone: fetch it first`;
  expect([code, err]).toEqual([2, `error: --against: HEAD~1 ${why}\n`]);
});

test('finds everything added where the path did not exist', async () => {
  file('more/d.yaml', hello('x').replace('hello', 'more'));
  expect((await command('diff', '--against', 'main', join(root, 'more'), '--brief')).out).toBe('more          added\n');
});

test.each([
  ['a revision that is none', 'nowhere', (dir: string) => `error: --against: nowhere is not a revision of the repository ${dir}\n`],
  [
    'a revision that looks like an option', '--all',
    (dir: string) => `error: --against: --all is not a revision of the repository ${dir}\n`,
  ],
])('%s is wrong usage', async (_, revision, err) => {
  expect(await command('diff', `--against=${revision}`, join(root, 'functions'))).toEqual({ code: 2, out: '', err: err(root) });
});

test('a folder without a repository is wrong usage', async () => {
  rmSync(join(root, '.git'), { recursive: true });
  const err = expect.stringMatching(/^error: --against: .*not a git repository/) as string;
  expect(await against('main')).toEqual({ code: 2, out: '', err });
});

test('problems of the revision are named with it', async () => {
  file('functions/a.yaml', hello('x').replace('image', 'imge'));
  commit();
  file('functions/a.yaml', hello('x'));
  expect(await against('HEAD')).toEqual({
    code: 2, out: '', err: [
      'HEAD:functions/a.yaml:4:1 image: is missing; give the image of the function',
      'HEAD:functions/a.yaml:4:8 imge: unknown field; did you mean "image"?',
      '2 problems in 1 of 1 function; nothing was compared', '',
    ].join('\n'),
  });
});
