import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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

  test('--namespace counts for functions that name none', async () => {
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

  test('-o writes one file per object instead', async () => {
    const folder = join(root, 'out/put');
    const result = await command('render', '-f', file('a.yaml', `${HELLO}---\n${OTHER}`), '-o', folder);
    expect(result).toEqual({ code: 0, out: '', err: '' });
    expect(readdirSync(folder)).toEqual(['links.configmap.yaml', 'shop.hello.service.serving.knative.dev.yaml']);
  });

  test('-o writes nothing when there is an error', async () => {
    const folder = join(root, 'out');
    expect((await command('render', '-f', file('a.yaml', 'x'), '-o', folder)).code).toBe(1);
    expect(existsSync(folder)).toBe(false);
  });

  test('-o into what is no folder is wrong usage', async () => {
    const { code, err } = await command('render', '-f', file('a.yaml', HELLO), '-o', join(file('f', ''), 'x'));
    expect(code).toBe(2);
    expect(err).toMatch(/^error: .*: cannot be written: /);
  });

  test('gives the same bytes again', async () => {
    const path = file('a.yaml', `${WITH_PROXY}---\n${HELLO}`);
    expect(await command('render', '-f', path)).toEqual(await command('render', '-f', path));
  });
});
