import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Testing } from 'cdk8s';
import { DaprProxyImage } from '../src';
import * as serializer from '../src/jest-serializer';
import { v1beta2 } from './support/functions';
import { synthManifest } from './support/synth';

const BUNDLE = readFileSync(path.join(__dirname, '..', 'proxy', 'bundle', 'index.js'), 'utf8');
const VERSION = DaprProxyImage.bundledVersion.replace(/-([0-9a-f]{12})$/, '+$1');

expect.addSnapshotSerializer(serializer);

test('the bundle is shown by its version and hash', () => {
  expect(serializer.test(BUNDLE)).toBe(true);
  expect(serializer.serialize(BUNDLE)).toBe(`"<dapr-proxy ${VERSION}>"`);
});

test.each([['a text that only names a version', `"${VERSION}"`], ['a long text', 'x'.repeat(20_000)], ['a number', 1], ['nothing', undefined], ['an object', {}]])(
  '%s is left to others', (_what, value) => {
    expect(serializer.test(value)).toBe(false);
  });

test('a snapshot of a whole chart stays short', () => {
  const { chart } = synthManifest(v1beta2({ annotations: { 'openfunction.io/enable-dapr': 'true' } }));
  const [bundle] = (Testing.synth(chart) as { kind: string; data: object }[]).filter(({ kind }) => kind === 'ConfigMap');
  expect({ data: { 'index.js': BUNDLE.replaceAll(/\+[0-9a-f]{12}/g, '+0123456789ab') } }).toMatchInlineSnapshot(`
{
  "data": {
    "index.js": "<dapr-proxy 0.1.0+0123456789ab>",
  },
}
`);
  expect(bundle.data).toEqual({ 'index.js': BUNDLE });
});

test('jest finds what it needs in the compiled module: two functions', () => {
  expect(Object.keys(serializer).sort()).toEqual(['serialize', 'test']);
});
