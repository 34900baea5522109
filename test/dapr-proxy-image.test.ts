import { DaprProxyImage } from '../src';
import { v1beta2 } from './support/functions';
import { container, one, problemsOf, proxyTemplate, synthManifest } from './support/synth';

const OUTPUT = { outputs: [{ dapr: { name: 'web', type: 'bindings.http' } }] };

describe('the image of the proxy', () => {
  const synth = (proxyImage?: DaprProxyImage) => proxyTemplate(synthManifest(v1beta2(OUTPUT), { settings: { proxyImage } }).objects, 'fn');

  test('is a stock Node image with the bundle mounted, unless said otherwise', () => {
    const pod = synth();
    const { image, command, volumeMounts } = container(pod, 'dapr-proxy');
    expect([image, command, volumeMounts]).toEqual([
      expect.stringMatching(/^node:\d+\.\d+\.\d+-alpine/), ['node', '/opt/dapr-proxy/index.js'], [{ name: 'bundle', mountPath: '/opt/dapr-proxy', readOnly: true }],
    ]);
    expect(pod.spec.volumes).toEqual([{ name: 'bundle', configMap: { name: expect.stringMatching(/^dapr-proxy-[0-9a-f]{12}$/) as string } }]);
  });

  test('mounts an immutable ConfigMap whose name carries the hash, with a label for the version', () => {
    const { objects } = synthManifest(v1beta2(OUTPUT));
    const bundle = one(objects, 'ConfigMap');
    const [, hash] = bundle.metadata.name.split('dapr-proxy-');
    const version = expect.stringMatching(new RegExp(`^\\d+\\.\\d+\\.\\d+-${hash}$`)) as string;
    expect(bundle).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: `dapr-proxy-${hash}`,
        namespace: 'ns',
        labels: { 'openfunction.io/managed': 'true', 'openfunction.io/proxy-version': version },
        annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' },
      },
      immutable: true,
      data: { 'index.js': '<bundle>' },
    });
    expect(proxyTemplate(objects, 'fn').metadata.labels['openfunction.io/proxy-version']).toEqual(version);
  });

  test('can be another Node image, one built from the bundled source, or any image', () => {
    expect(container(synth(DaprProxyImage.inline({ nodeImage: 'mirror/node:22' })), 'dapr-proxy').image).toBe('mirror/node:22');
    const built = container(synth(DaprProxyImage.fromSource({ repository: 'acme.io/proxy' })), 'dapr-proxy');
    expect(built.image).toBe(`acme.io/proxy:${DaprProxyImage.bundledVersion}`);
    expect([built.command, built.volumeMounts]).toEqual([undefined, undefined]);
    const digest = `acme.io/proxy@sha256:${'0'.repeat(64)}`;
    expect(container(synth(DaprProxyImage.fromRegistry(digest)), 'dapr-proxy').image).toBe(digest);
    const pinned = `node:24-alpine@sha256:${'0'.repeat(64)}`;
    expect(container(synth(DaprProxyImage.inline({ nodeImage: pinned })), 'dapr-proxy').image).toBe(pinned);
  });

  test('without a reference is the one that releases publish, named by its contents', () => {
    expect(container(synth(DaprProxyImage.fromRegistry()), 'dapr-proxy').image).toBe(`ghcr.io/cdk8s-openfunction/dapr-proxy:${DaprProxyImage.bundledVersion}`);
  });

  test.each([
    ['fromRegistry', () => DaprProxyImage.fromRegistry('Acme:1'), 'reference: "Acme:1" is not a valid image reference: names are in lower case; did you mean "acme:1"?'],
    ['fromSource', () => DaprProxyImage.fromSource({ repository: 'acme:1' }),
      'repository: "acme:1" is not a valid image repository; give it without tag and digest, such as "registry.acme.io/dapr-proxy"'],
    ['inline', () => DaprProxyImage.inline({ nodeImage: '' }), 'nodeImage: "" is not a valid image reference; give one such as "registry.acme.io/orders:1.0.0"'],
  ])('is checked: %s', (_way, make, problem) => {
    expect(problemsOf(make)).toEqual([problem]);
  });
});
