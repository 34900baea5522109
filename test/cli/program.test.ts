import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { command } from '../support/command-line';
import { InstalledCommand, installCommand } from '../support/installed-command';

const MAIN = join(__dirname, '../../src/cli/main.ts');
const HELLO = 'apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: hello, namespace: shop}\nspec: {image: "acme/hello:1", serving: {}}\n';
const USUAL = `apiVersion: core.openfunction.io/v1beta2
kind: Function
metadata:
  name: hello
  namespace: shop
spec:
  image: acme/hello:1
  serving:
    triggers:
      http:
        port: 8080
`;
const SLOW = 120_000;

describe('usage', () => {
  test('--help and --version are answered on standard output', async () => {
    const help = await command('--help');
    expect([help.code, help.err]).toEqual([0, '']);
    expect(help.out).toMatch(/^Usage: cdk8s-openfunction/);
    expect((await command('render', '--help')).code).toBe(0);
    expect(await command('--version')).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string, err: '' });
  });

  test.each([
    ['no command', [], /^Usage: /],
    ['an unknown command', ['rendr'], /^error: unknown command 'rendr'\n\(Did you mean render\?\)\n/],
    ['an unknown option', ['render', '-f', 'x', '--namspace', 'x'], /^error: unknown option '--namspace'\n\(Did you mean --namespace\?\)\n/],
    ['an argument too many', ['schema', 'function', 'platform'], /^error: too many arguments for 'schema'\. Expected 1 argument but got 2\.\n/],
    ['an argument where none is', ['krm', 'x'], /^error: too many arguments for 'krm'\. Expected 0 arguments but got 1\.\n/],
    ['no file', ['render'], /^error: give at least one file or folder, or - for standard input\n$/],
    ['--check without a folder', ['render', MAIN, '--check'], /^error: --check needs -o\n$/],
    ['--prune without a folder', ['render', MAIN, '--prune'], /^error: --prune needs -o\n$/],
    ['an option without its value', ['validate', '-f'], /^error: option '-f, --file <path>' argument missing\n/],
    ['a namespace that is none', ['render', '-f', 'x', '--namespace', 'A'], /^error: option '-n, --namespace <namespace>' argument 'A' is invalid\. "A" is not a valid DNS-1123 label: /],
    ['a folder without a name', ['render', '-f', MAIN, '-o', ''], /^error: option '-o, --output <folder>' argument '' is invalid\. Give the path of a folder\.\n/],
    ['files that are not there', ['render', '-f', '/nowhere/a', '-f', '/nowhere/b'], /^error: \/nowhere\/a: there is no such file or folder\n\/nowhere\/b: there is no such file or folder\n$/],
    ['platform settings that are not there', ['render', '-f', MAIN, '--platform', '/nowhere'], /^error: \/nowhere: there is no such file or folder\n$/],
    ['a folder of platform settings', ['render', '-f', MAIN, '--platform', __dirname], /^error: .*: is a folder; --platform takes one file\n$/],
    ['a proxy image that is none', ['render', '-f', MAIN, '--proxy-image', 'A B'], /^error: option '--proxy-image <reference>' argument 'A B' is invalid\. "A B" is not a valid image reference; /],
  ])('%s is wrong usage', async (_, argv, err) => {
    const result = await command(...argv);
    expect(result.code).toBe(2);
    expect(result.out).toBe('');
    expect(result.err).toMatch(err);
    expect(result.err).not.toContain('    at ');
  });
});

describe('as a process', () => {
  let installed: InstalledCommand;
  beforeAll(() => {
    installed = installCommand();
  });
  afterAll(() => installed.remove());

  test('reads standard input and ends with the exit code', () => {
    const good = spawnSync(process.execPath, [installed.main, 'render', '-f', '-'], { input: HELLO, encoding: 'utf8' });
    expect([good.status, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toContain('kind: Service');
    const bad = spawnSync(process.execPath, [installed.main, 'validate', '-f', '-'], { input: 'x', encoding: 'utf8' });
    expect([bad.status, bad.stderr]).toEqual([1, '']);
    expect(bad.stdout).toBe('-:1:1 .: is not a Kubernetes object: an object with "apiVersion" and "kind" is expected, got "x"\n1 problem in other documents\n');
  }, SLOW);

  test('loads no other command and no library of YAML or patterns to render a usual function', () => {
    const print = "process.on('exit', () => process.stderr.write(Object.keys(require.cache).join('\\n')))";
    const call = ['-e', `${print}; require(${JSON.stringify(installed.main)})`, installed.main, 'render', '-f', '-'];
    const { status, stderr } = spawnSync(process.execPath, call, { input: USUAL, encoding: 'utf8' });
    const loaded = stderr.split('\n').map((file) => relative(join(installed.main, '../../..'), file));
    const commands = loaded.filter((file) => file.startsWith(join('lib', 'cli', ''))).map((file) => basename(file, '.js'));
    expect([status, commands.sort()]).toEqual([0, [
      'collect', 'colours', 'command', 'exclude', 'files', 'input', 'main', 'platform', 'print', 'program', 'progress', 'render', 'synthesize', 'version',
      'yaml-text',
    ]]);
    const libraries = loaded.filter((file) => /[/\\]node_modules[/\\](?:yaml|ignore)[/\\]/.test(file));
    // What stands there for that of cdk8s.
    expect(libraries.map((file) => file.slice(file.lastIndexOf('node_modules')))).toEqual([join('node_modules', 'yaml', 'dist', 'index.js')]);
  }, SLOW);

  test('loads the YAML library of cdk8s where cdk8s writes', () => {
    const call = [installed.main, 'topology', '--format', 'asyncapi', '-'];
    const { status, stdout, stderr } = spawnSync(process.execPath, call, { input: USUAL, encoding: 'utf8' });
    expect([status, stderr, stdout.split('\n')[0]]).toEqual([0, '', 'asyncapi: 3.0.0']);
  }, SLOW);

  test('whose output cannot be written says so', () => {
    const full = openSync('/dev/full', 'w');
    try {
      const { status, stderr } = spawnSync(process.execPath, [installed.main, 'render', '-f', '-'], { input: HELLO, encoding: 'utf8', stdio: ['pipe', full, 'pipe'] });
      expect([status, stderr]).toEqual([1, 'error: standard output cannot be written: ENOSPC: no space left on device, write\n']);
    } finally {
      closeSync(full);
    }
  }, SLOW);

  test.each([
    ['render', HELLO, 0],
    ['validate', HELLO.replace('serving: {}', 'serving: {a: 1, b: 2, c: 3}'), 1],
  ] as const)('whose reader stops early ends without a word, and with its exit code: %s', async (verb, text, exitCode) => {
    const root = mkdtempSync(join(tmpdir(), 'program-'));
    try {
      const many = Array.from({ length: 800 }, (_, index) => text.replace('hello', `hello-${index}`)).join('---\n');
      writeFileSync(join(root, 'a.yaml'), many);
      const child = spawn(process.execPath, [installed.main, verb, '-f', join(root, 'a.yaml')], { stdio: ['ignore', 'pipe', 'pipe'] });
      let err = '';
      child.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString();
      });
      child.stdout.once('data', () => child.stdout.destroy());
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect([code, err]).toEqual([exitCode, '']);
    } finally {
      rmSync(root, { recursive: true });
    }
  }, SLOW);
});

describe('names with line ends, controls of a terminal and marks of direction', () => {
  const EVIL = 'a\u001b[31m\u009b1m\n::error::b\u202e';
  const SHOWN = 'a\\u001b[31m\\u009b1m\\n::error::b\\u202e';
  let root: string;
  const file = (name: string, topic: string) => {
    const spec = `{image: "acme/hello:1", serving: {outputs: [{dapr: {name: bus, type: pubsub.kafka, topic: "${topic}"}}]}}`;
    writeFileSync(join(root, name), `apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: hello, namespace: shop}\nspec: ${spec}\n`);
    return join(root, name);
  };
  const shown = (text: string) => text.replaceAll(`${root}/`, '').split('\n');
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'names-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('are escaped in problems, so that a file is not a command to the CI that shows them', async () => {
    const { out } = await command('validate', file(`${EVIL}.yaml`, ''));
    expect(shown(out)).toEqual([
      `${SHOWN}.yaml:4:90 serving.outputs[0].dapr.topic: is missing; "bus" is a pub/sub component, so give a topic of it`,
      '1 problem in 1 of 1 function', '',
    ]);
  });

  test('are escaped in diff, report and topology', async () => {
    const [old, current] = [file('old.yaml', 'c'), file('new.yaml', SHOWN)];
    const words = `output topic ${SHOWN} of bus added; output topic c of bus removed; pods restart; the proxy restarts`;
    expect(shown((await command('diff', old, current, '--brief')).out)).toEqual([`hello         ${words}`, '']);
    const brackets = SHOWN.replace(/[\\[]/g, '\\$&');
    expect(shown((await command('diff', old, current, '--brief', '--format', 'markdown')).out)[2])
      .toBe(`| \`hello\` | ${words.replace(SHOWN, brackets).replaceAll('; ', '<br>')} |`);
    expect(shown((await command('report', current)).out)).toContain(`    publishes to ${SHOWN} through bus (pubsub.kafka)`);
    expect(shown((await command('topology', current)).out).slice(0, 4)).toEqual([
      'shop/hello: HTTP function, hello:1, 0 or more replicas, Dapr: shared proxy', '', 'wiring:',
      `  shop/hello publishes to the topic shop/bus/${SHOWN}`,
    ]);
  });
});
