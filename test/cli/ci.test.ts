// The GitHub Action and the pre-commit hooks, as far as they run without GitHub and the npm registry: `npx` here runs
// the command of this working tree.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { InstalledCommand, installCommand } from '../support/installed-command';

const GUIDE = () => readFileSync(join(ROOT, 'docs/guides/gitops.md'), 'utf8');
const ROOT = join(__dirname, '../..');
const SLOW = 120_000;
const HELLO = 'apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: hello}\nspec: {image: "acme/hello:1", serving: {}}\n';

let installed: InstalledCommand;
let root: string;
const file = (name: string, content: string) => {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), content);
};
const git = (...args: string[]) => execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args]);
const shell = (script: string, env: Record<string, string> = {}) => {
  const PATH = `${join(root, '.bin')}:${process.env.PATH}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd: root, encoding: 'utf8', env: { ...process.env, ...env, PATH } });
  return { status, out: stdout + stderr };
};

beforeAll(() => {
  installed = installCommand();
});
afterAll(() => installed.remove());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ci-'));
  file('.bin/npx', `#!/bin/sh\nwhile [ "$1" != cdk8s-openfunction ]; do echo "$1" >> ${root}/.bin/asked; shift; done\nshift\nexec ${process.execPath} ${installed.main} "$@"\n`);
  chmodSync(join(root, '.bin/npx'), 0o755);
  file('functions/hello.yaml', HELLO);
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the action', () => {
  interface Action { inputs: Record<string, { default?: string; required?: boolean }>; runs: { using: string; steps: { run: string; shell: string; env: Record<string, string> }[] } }
  const { inputs, runs: { using, steps: [step, ...others] } } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;
  const runAction = (given: Record<string, string>) => {
    const env = Object.entries(step.env).map(([name, expression]) => {
      const [, context, input] = /^\$\{\{ (inputs|github)\.(\w+) \}\}$/.exec(expression)!;
      return [name, given[input] ?? (context === 'inputs' ? inputs[input].default! : 'main')];
    });
    return shell(step.run, { ...Object.fromEntries(env) as Record<string, string>, GITHUB_STEP_SUMMARY: join(root, 'summary.md') });
  };

  test('is one bash step, and each input has a variable, and a default unless it is required', () => {
    expect([using, step.shell, others]).toEqual(['composite', 'bash', []]);
    expect(Object.values(step.env).sort()).toEqual([...Object.keys(inputs).map((input) => `\${{ inputs.${input} }}`), '${{ github.action_ref }}'].sort());
    expect(Object.values(inputs).filter((input) => (input.default === undefined) !== (input.required === true))).toEqual([]);
  });

  test('annotates problems and fails', () => {
    file('functions/hello.yaml', HELLO.replace('image', 'imge'));
    expect(runAction({ paths: 'functions/', namespace: 'shop', version: '1.2.3' })).toEqual({
      status: 1, out: [
        '::error file=functions/hello.yaml,line=4,col=1::image: is missing; give the image of the function',
        '::error file=functions/hello.yaml,line=4,col=8::imge: unknown field; did you mean "image"?',
        '2 problems in 1 of 1 function', '',
      ].join('\n'),
    });
    expect(readFileSync(join(root, '.bin/asked'), 'utf8')).toBe('--yes\n--package\ncdk8s-openfunction@1.2.3\n');
  }, SLOW);

  test.each([
    ['the version that is given', { version: '1.2.3', action_ref: 'v2.0.0' }, '1.2.3'],
    ['that of the tag by which it is named', { action_ref: 'v0.10.0' }, '0.10.0'],
    ['the newest where it is named by a branch', { action_ref: 'main' }, 'latest'],
    ['the newest where it is named by a commit', { action_ref: '3d3c42e5aac5ba805825da76410c181273ba90b1' }, 'latest'],
    ['the newest where the tag is of another kind', { action_ref: 'v1' }, 'latest'],
  ])('runs %s', (_, given, version) => {
    expect(runAction({ paths: 'functions/', namespace: 'shop', ...given }).status).toBe(0);
    expect(readFileSync(join(root, '.bin/asked'), 'utf8')).toBe(`--yes\n--package\ncdk8s-openfunction@${version}\n`);
  }, SLOW);

  test('says what changes, and fails only if the manifests are not up to date', () => {
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '-m', 'c');
    const given = { paths: 'functions/', namespace: 'shop', against: 'main', manifests: 'manifests' };
    expect(runAction(given).status).toBe(1);
    expect(shell('npx cdk8s-openfunction render functions/ -n shop -o manifests').status).toBe(0);
    expect(runAction(given)).toEqual({ status: 0, out: 'no problems in 1 function\nmanifests: 1 file, all up to date\n' });
    file('functions/hello.yaml', HELLO.replace('hello:1', 'hello:2'));
    rmSync(join(root, 'summary.md'));
    expect(runAction(given)).toEqual({
      status: 1, out: [
        'no problems in 1 function', 'manifests/shop.hello.service.serving.knative.dev.yaml: differs',
        'manifests: 1 file not up to date; render with -o manifests --prune', '',
      ].join('\n'),
    });
    expect(readFileSync(join(root, 'summary.md'), 'utf8').split('\n').slice(0, 3)).toEqual([
      '| function | changes |', '|---|---|', '| `hello` | image acme/hello:1 → 2<br>pods restart |',
    ]);
    expect(runAction({ ...given, against: 'nowhere' }).status).toBe(2);
  }, SLOW);

  test('passes warnings, but not with strict', () => {
    expect(runAction({ paths: 'functions/' }).status).toBe(0);
    expect(runAction({ paths: 'functions/', strict: 'true' }).status).toBe(1);
  }, SLOW);
});

test('the hooks validate, and check the manifests', () => {
  const hooks = parse(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as { id: string; entry: string; pass_filenames: boolean; always_run: boolean }[];
  const config = parse(/```yaml file=\.pre-commit-config\.yaml\n([^`]*)```/.exec(GUIDE())![1]) as {
    repos: [{ hooks: { id: string; args: string[] }[] }];
  };
  const runHook = (id: string) => {
    const { entry } = hooks.find((hook) => hook.id === id)!;
    const { args } = config.repos[0].hooks.find((hook) => hook.id === id)!;
    return shell(`${entry} ${args.join(' ')}`);
  };
  // A commit that only removes files has none that pre-commit would run a hook for.
  expect(hooks.map(({ id, pass_filenames: passes, always_run: always }) => [id, passes, always])).toEqual([
    ['openfunction-validate', false, true], ['openfunction-manifests', false, true],
  ]);
  expect(runHook('openfunction-validate')).toEqual({ status: 0, out: 'no problems in 1 function\n' });
  expect(runHook('openfunction-manifests').status).toBe(1);
  shell('npx cdk8s-openfunction render functions/ -n shop -o manifests');
  expect(runHook('openfunction-manifests')).toEqual({ status: 0, out: 'manifests/: 1 file, all up to date\n' });
}, SLOW);

test('the plugin of Argo CD runs without a shell, in the namespace of the application', () => {
  const { spec: { generate } } = parse(/```yaml file=plugin\.yaml\n([^`]*)```/.exec(GUIDE())![1]) as { spec: { generate: { command: string[]; args?: string[] } } };
  const [node, main, ...rest] = [...generate.command, ...generate.args ?? []];
  expect([node, main]).toEqual(['/nodejs/bin/node', '/app/lib/cli/main.js']); // as image/Dockerfile has them
  const generated = (ARGOCD_APP_NAMESPACE?: string) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [installed.main, ...rest], { cwd: root, encoding: 'utf8', env: { ...process.env, ARGOCD_APP_NAMESPACE } });
    return { status, namespaces: stdout.match(/^ {2}namespace: .*$/gm), stderr };
  };
  expect(generated('shop')).toEqual({ status: 0, namespaces: ['  namespace: shop'], stderr: '' });
  expect(generated()).toMatchObject({ status: 0, namespaces: ['  namespace: default'] });
  expect(generated('A').status).toBe(2);
}, SLOW);
