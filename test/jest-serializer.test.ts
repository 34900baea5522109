import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Testing } from 'cdk8s';
import { DaprProxyImage } from '../src';
import * as serializer from '../src/jest-serializer';
import { v1beta2 } from './support/functions';
import { synthManifest } from './support/synth';

const BUNDLE = readFileSync(path.join(__dirname, '..', 'proxy', 'bundle', 'index.js'), 'utf8');
const VERSION = DaprProxyImage.bundledVersion;
const HASH = VERSION.slice(-12);

expect.addSnapshotSerializer(serializer);

test.each([
  ['the bundle', BUNDLE, '"<the bundled dapr-proxy>"'],
  ['the bundle of another release', BUNDLE.replaceAll(/\+[0-9a-f]{12}/g, '+0123456789ab'), '"<the bundled dapr-proxy>"'],
  ['the name of its ConfigMap', `dapr-proxy-${HASH}`, '"dapr-proxy-<hash>"'],
  ['its version in a label', VERSION, '"<version>"'],
])('%s is shown without what changes with each release', (_what, text, shown) => {
  expect(serializer.test(text)).toBe(true);
  expect(serializer.serialize(text)).toBe(shown);
});

test.each([['a text that names another version', '"0.1.0+0123456789ab"'], ['a long text', 'x'.repeat(20_000)], ['a number', 1], ['nothing', undefined], ['an object', {}]])(
  '%s is left to others', (_what, value) => {
    expect(serializer.test(value)).toBe(false);
  });

test('a snapshot of a whole chart stays short', () => {
  const { chart } = synthManifest(v1beta2({ annotations: { 'openfunction.io/enable-dapr': 'true' } }));
  const [bundle] = (Testing.synth(chart) as { kind: string; data: object }[]).filter(({ kind }) => kind === 'ConfigMap');
  expect(bundle).toMatchInlineSnapshot(`
{
  "apiVersion": "v1",
  "data": {
    "index.js": "<the bundled dapr-proxy>",
  },
  "immutable": true,
  "kind": "ConfigMap",
  "metadata": {
    "annotations": {
      "argocd.argoproj.io/sync-options": "Prune=false",
      "kustomize.toolkit.fluxcd.io/prune": "disabled",
    },
    "labels": {
      "openfunction.io/managed": "true",
      "openfunction.io/proxy-version": "<version>",
    },
    "name": "dapr-proxy-<hash>",
    "namespace": "ns",
  },
}
`);
  expect(bundle.data).toEqual({ 'index.js': BUNDLE });
});

test('jest finds what it needs in the compiled module: two functions', () => {
  expect(Object.keys(serializer).sort()).toEqual(['serialize', 'test']);
});
