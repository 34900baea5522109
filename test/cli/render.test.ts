import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readYaml } from '../../src/private/yaml/read-yaml';
import { command } from '../support/command-line';

interface Emitted { kind: string; metadata: { name: string; namespace?: string }; spec?: { template: { spec: { containers: { image: string }[] } } } }

const HELLO = 'apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: hello, namespace: shop}\nspec: {image: "acme/hello:1", serving: {}}\n';
const NAMELESS = HELLO.replace(', namespace: shop', '');
const OTHER = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: links}\ndata: {b: "1", a: null}\n';
const WITH_PROXY = HELLO.replace('serving: {}', 'serving: {annotations: {openfunction.io/enable-dapr: "true"}}').replace('hello,', 'queue,');

let root: string;
const file = (name: string, content: string) => {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), content);
  return join(root, name);
};
const objectsOf = (yaml: string) => readYaml(yaml, 'out').map(({ value }) => value as Emitted);
const kinds = (yaml: string) => objectsOf(yaml).map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'render-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('render', () => {
  test('prints what a function becomes, and nothing else', async () => {
    const { code, out, err } = await command('render', '-f', file('a.yaml', HELLO));
    expect([code, err]).toEqual([0, '']);
    expect(kinds(out)).toEqual(['Service shop/hello']);
    expect(out.startsWith('apiVersion: serving.knative.dev/v1\nkind: Service\n')).toBe(true);
  });

  test('passes other objects through untouched, in the order of the documents', async () => {
    const { code, out } = await command('render', '-f', file('a.yaml', `${OTHER}---\n${HELLO}---\n${OTHER.replace('links', 'more')}`));
    expect(code).toBe(0);
    expect(kinds(out)).toEqual(['ConfigMap /links', 'Service shop/hello', 'ConfigMap /more']);
    expect(objectsOf(out)[0]).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'links' }, data: { b: '1', a: null } });
    expect(out).toContain('data:\n  b: "1"\n  a: null\n');
  });

  test('reads files, folders and both, each file once', async () => {
    file('d/a.yaml', HELLO);
    const other = file('d/e/b.json', '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "links"}}');
    const { code, out } = await command('render', '-f', other, '-f', join(root, 'd'));
    expect(code).toBe(0);
    expect(kinds(out)).toEqual(['ConfigMap /links', 'Service shop/hello']);
  });

  test('--target wins over the file of --platform, one target at a time', async () => {
    const platform = file('platform.yaml', 'targets: {kubernetes: "1.30", dapr: "1.16"}\nproxy: {tokenOnEvents: true}\n');
    const given = ['render', '-f', file('a.yaml', WITH_PROXY), '--platform', platform, '--proxy-image', 'acme/proxy:1'];
    const older = await command(...given, '--target', 'kubernetes=1.29');
    expect([older.code, older.err.includes('needs Dapr 1.17, and the target is Dapr 1.16')]).toEqual([1, true]);
    const { code, out } = await command(...given, '--target', 'dapr=1.17', '--target', 'kubernetes=1.29');
    expect([code, out.includes('preStop')]).toEqual([0, false]);
    const wrong = await command(...given, '--target', 'dapr=1.1');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('"1.1" is outside 1.16 to 1.18 of Dapr')]);
  });

  test('--namespace applies to functions that name none', async () => {
    const { out, err } = await command('render', '-f', file('a.yaml', `${HELLO}---\n${NAMELESS.replace('hello', 'two')}---\n${OTHER}`), '--namespace', 'team');
    expect(kinds(out)).toEqual(['Service shop/hello', 'Service team/two', 'ConfigMap /links']);
    expect(err).toBe('');
  });

  test('puts what functions share before the first of them, once', async () => {
    const { out } = await command('render', '-f', file('a.yaml', `${OTHER}---\n${WITH_PROXY}---\n${WITH_PROXY.replace('queue', 'other')}`));
    const all = kinds(out);
    expect(all.filter((kind) => kind.startsWith('ConfigMap shop/dapr-proxy-'))).toHaveLength(1);
    expect(all[0]).toBe('ConfigMap /links');
    expect(all[1]).toMatch(/^ConfigMap shop\/dapr-proxy-/);
  });

  test('--proxy-image names the image of the proxy, and wins over the platform settings', async () => {
    const functions = file('a.yaml', WITH_PROXY);
    const platform = file('p.yaml', 'proxyImage: acme/platform:1');
    const imageOf = (yaml: string) => objectsOf(yaml).find(({ kind }) => kind === 'Deployment')?.spec?.template.spec.containers[0].image;
    expect(imageOf((await command('render', '-f', functions, '--proxy-image', 'acme/proxy:2')).out)).toBe('acme/proxy:2');
    expect(imageOf((await command('render', '-f', functions, '--platform', platform)).out)).toBe('acme/platform:1');
    expect(imageOf((await command('render', '-f', functions, '--platform', platform, '--proxy-image', 'acme/proxy:2')).out)).toBe('acme/proxy:2');
  });

  test('--platform takes the operator\'s ConfigMap as it is', async () => {
    const platform = file('p.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: openfunction-config}\ndata:\n  plugins: |\n    pre: [audit]\n');
    const { code, out } = await command('render', '-f', file('a.yaml', HELLO), '--platform', platform);
    expect(code).toBe(0);
    expect(out).toContain('"prePlugins":["audit"]');
  });

  test('prints warnings once each on standard error, and goes on', async () => {
    const path = file('a.yaml', NAMELESS);
    const { code, out, err } = await command('render', '-f', path);
    expect(code).toBe(0);
    expect(kinds(out)).toEqual(['Service default/hello']);
    expect(err).toBe(`${path}:3:1 warning: metadata.namespace: is not given by the function, the options or the chart; "default" is taken\n`);
  });

  test('--strict makes an error of a warning, on the command line or in the platform settings', async () => {
    const path = file('a.yaml', NAMELESS);
    const expected = {
      code: 1,
      out: '',
      err: `${path}:3:1 metadata.namespace: is not given by the function, the options or the chart; "default" is taken\n1 problem in 1 of 1 function; nothing was written\n`,
    };
    expect(await command('render', '-f', path, '--strict')).toEqual(expected);
    expect(await command('render', '-f', path, '--platform', file('p.yaml', 'strict: true'))).toEqual(expected);
  });

  test('prints every problem and no manifest when there is an error', async () => {
    const path = file('a.yaml', `${HELLO.replace('image:', 'imge:')}---\n${OTHER}`);
    expect(await command('render', '-f', path)).toEqual({
      code: 1,
      out: '',
      err: `${path}:4:1 image: is missing; give the image of the function\n${path}:4:8 imge: unknown field; did you mean "image"?\n2 problems in 1 of 1 function; nothing was written\n`,
    });
  });

  test('of a function that is only built prints nothing', async () => {
    const { code, out, err } = await command('render', '-f', file('a.yaml', HELLO.replace('serving', 'build')));
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('the function is only built');
  });

  test('-o writes one file per object instead, and says what it did', async () => {
    const folder = join(root, 'out/put');
    const input = file('a.yaml', `${HELLO}---\n${OTHER}`);
    expect(await command('render', input, '-o', folder)).toEqual({ code: 0, out: '', err: `${folder}: 2 files: 2 added\n` });
    expect(readdirSync(folder)).toEqual(['links.configmap.yaml', 'shop.hello.service.serving.knative.dev.yaml']);
    file('a.yaml', HELLO.replace('hello:1', 'hello:2'));
    expect((await command('render', input, '-o', folder)).err).toBe(`${folder}: 1 file: 1 changed; 1 is left over, and --prune removes it\n`);
    expect((await command('render', input, '-o', folder, '--prune')).err).toBe(`${folder}: 1 file: 1 unchanged, 1 removed\n`);
    expect(readdirSync(folder)).toEqual(['shop.hello.service.serving.knative.dev.yaml']);
    file('a.yaml', HELLO.replace('serving', 'build'));
    expect((await command('render', input, '-o', folder, '--prune')).err.split('\n').slice(-2)).toEqual([`${folder}: 0 files: 1 removed`, '']);
  });

  test('--check writes nothing, and names each file that is not what would be written', async () => {
    const folder = join(root, 'out');
    const input = file('a.yaml', `${HELLO}---\n${OTHER}`);
    expect(await command('render', input, '-o', folder, '--check')).toEqual({
      code: 1, out: `${folder}/links.configmap.yaml: is missing\n${folder}/shop.hello.service.serving.knative.dev.yaml: is missing\n`,
      err: `${folder}: 2 files not up to date; render with -o ${folder} --prune\n`,
    });
    expect(existsSync(folder)).toBe(false);
    await command('render', input, '-o', folder);
    expect(await command('render', input, '-o', folder, '--check')).toEqual({ code: 0, out: '', err: `${folder}: 2 files, all up to date\n` });
    file('a.yaml', HELLO.replace('hello:1', 'hello:2'));
    expect(await command('render', input, '-o', folder, '--check')).toEqual({
      code: 1, out: `${folder}/links.configmap.yaml: is left over\n${folder}/shop.hello.service.serving.knative.dev.yaml: differs\n`,
      err: `${folder}: 2 files not up to date; render with -o ${folder} --prune\n`,
    });
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('leaves out of a folder what --exclude and its ignore file say, and its own output', async () => {
    file('d/a.yaml', HELLO);
    file('d/drafts/b.yaml', 'not: ready');
    file('d/old/c.yaml', 'not: ready');
    file('d/old/keep.yaml', OTHER);
    file('d/.openfunctionignore', '# old ones\nold/*\n!old/keep.yaml\n');
    const all = ['render', join(root, 'd'), '--exclude', 'drafts/'];
    expect(kinds((await command(...all)).out)).toEqual(['Service shop/hello', 'ConfigMap /links']);
    expect((await command(...all, '-o', join(root, 'd/out'))).code).toBe(0);
    expect(await command(...all, '-o', join(root, 'd/out'))).toEqual({ code: 0, out: '', err: `${root}/d/out: 2 files: 2 unchanged\n` });
    expect((await command('render', join(root, 'd/old/c.yaml'), '--exclude', '*.yaml')).err).toContain('c.yaml:1:1');
  });

  test('leaves out what it wrote before, wherever that is among functions, but not by itself', async () => {
    file('d/a.yaml', HELLO);
    const here = ['render', join(root, 'd'), '-o', join(root, 'd')];
    expect(await command(...here)).toEqual({ code: 0, out: '', err: `${root}/d: 1 file: 1 added\n` });
    const name = 'shop.hello.service.serving.knative.dev.yaml';
    expect(await command(...here)).toEqual({ code: 0, out: '', err: `${root}/d/${name}:2:1 note: skipped: render wrote this file\n${root}/d: 1 file: 1 unchanged\n` });
    file('e/a.yaml', HELLO);
    mkdirSync(join(root, 'e/out'));
    symlinkSync('out', join(root, 'e/link'));
    const linked = ['render', join(root, 'e'), '-o', join(root, 'e/link')];
    expect((await command(...linked)).err).toBe(`${root}/e/link: 1 file: 1 added\n`);
    expect((await command(...linked)).err).toBe(`${root}/e/link: 1 file: 1 unchanged\n`);
    expect(await command('validate', join(root, 'e'))).toEqual({ code: 0, out: 'no problems in 1 function\n', err: `${root}/e/link/${name}:2:1 note: skipped: render wrote this file and 1 other file\n` });
    expect(kinds((await command('render', join(root, 'e/out'))).out)).toEqual(['Service shop/hello']);
  });

  test('takes paths without -f, and both together', async () => {
    expect(kinds((await command('render', file('a.yaml', NAMELESS), '-f', file('b.yaml', OTHER), '-n', 'team')).out)).toEqual(['ConfigMap /links', 'Service team/hello']);
  });

  test('-o writes nothing when there is an error', async () => {
    const folder = join(root, 'out');
    expect((await command('render', '-f', file('a.yaml', 'x'), '-o', folder)).code).toBe(1);
    expect(existsSync(folder)).toBe(false);
  });

  test('-o into something other than a folder is wrong usage', async () => {
    const { code, err } = await command('render', '-f', file('a.yaml', HELLO), '-o', join(file('f', ''), 'x'));
    expect(code).toBe(2);
    expect(err).toMatch(/^error: .*: cannot be written: /);
  });

  test('gives the same bytes again', async () => {
    const path = file('a.yaml', `${WITH_PROXY}---\n${HELLO}`);
    expect(await command('render', '-f', path)).toEqual(await command('render', '-f', path));
  });
});
