import { readPlatform, readPlatformText } from '../../src/cli/platform';
import { formatProblem, show } from '../../src/private/problem/problem';
import { deepFreeze } from '../support/functions';

const linesOf = (value: unknown) => readPlatform(value).problems.map(formatProblem);

describe('platform settings as YAML', () => {
  test('of every field become the model', () => {
    const { platform, strict, problems, proxyImage } = readPlatform(deepFreeze({
      clusterDomain: 'acme.local',
      gateway: { name: 'public', namespace: 'gateways', domain: 'acme.io', service: { name: 'envoy', namespace: 'gateways', port: 8080 } },
      gateways: { 'a/b': { name: 'c', namespace: 'd', clusterDomain: 'x.y', hostTemplate: '{{.Name}}', pathTemplate: '/{{.Name}}', labelKey: 'k' } },
      knativeIngress: { name: 'i', namespace: 'n' },
      kedaInterceptor: { name: 'i', namespace: 'n', port: 81 },
      kedaHttpScaler: { name: 's', namespace: 'n' },
      targets: { kedaHttp: '0.8.0', keda: 'v2.17' },
      knativeFeatures: ['kubernetes.podspec-fieldref'],
      hooks: { pre: ['a'], post: ['b'] },
      tracing: { provider: 'opentelemetry', exporter: { endpoint: 'o:4317' }, tags: { a: 'b' } },
      proxyImage: 'acme/proxy:1',
      proxy: {
        replicas: 2, imagePullSecrets: ['s'], holdTimeout: '5m', drainTimeout: '30s', maxWaiting: 10, maxWaitingSize: '64Mi', maxInFlightPerPod: 5, maxMessageSize: 1048576,
        maxHeaders: 100, connectTimeout: '500ms', functionTimeout: '1.5s', peerTimeout: '1m', resolveInterval: '2s', adminPort: 1, scalerPort: 2, logLevel: 'debug',
        discovery: 'endpointslices', networkPolicy: false, inboundRetry: false, apiToken: 'a', appToken: 'b', tokenOnEvents: true, serviceAccountToken: true,
        serviceAccount: 'sa', resources: { cpu: { request: '1' }, memory: { limit: '1Gi' } }, sidecarResources: { cpu: { limit: '2' } },
      },
      pendingEvents: { enabled: false, targetPerReplica: 5, activation: 1 },
      kedaNamespace: 'k',
      monitoringNamespace: 'm',
      referenceGrants: true,
      syncWaves: true,
      leastPrivilege: true,
      strict: true,
    }));
    expect(problems).toEqual([]);
    expect([strict, proxyImage]).toEqual([true, 'acme/proxy:1']);
    expect(platform).toEqual({
      clusterDomain: 'acme.local',
      gateways: {
        'openfunction/openfunction': { name: 'public', namespace: 'gateways', domain: 'acme.io', service: { name: 'envoy', namespace: 'gateways', port: 8080 } },
        'a/b': { name: 'c', namespace: 'd', clusterDomain: 'x.y', hostTemplate: '{{.Name}}', pathTemplate: '/{{.Name}}', labelKey: 'k' },
      },
      knativeIngress: { name: 'i', namespace: 'n', port: 80 },
      kedaInterceptor: { name: 'i', namespace: 'n', port: 81 },
      kedaHttpScaler: { name: 's', namespace: 'n', port: 9090 },
      targets: { kedaHttp: '0.8.0', keda: 'v2.17' },
      knativeFeatures: ['kubernetes.podspec-fieldref'],
      hooks: { pre: ['a'], post: ['b'], policy: 'Append' },
      tracing: { enabled: true, provider: { name: 'opentelemetry', exporter: { endpoint: 'o:4317' } }, tags: { a: 'b' } },
      proxy: {
        replicas: 2, imagePullSecrets: ['s'], holdTimeout: 300, drainTimeout: 30, maxWaiting: 10, maxWaitingSize: 67108864, maxInFlightPerPod: 5,
        maxMessageSize: 1048576, maxHeaders: 100, connectTimeout: 500, functionTimeout: 1500, peerTimeout: 60000, resolveInterval: 2000, adminPort: 1, scalerPort: 2,
        logLevel: 'debug', discovery: 'endpointslices', networkPolicy: false, inboundRetry: false, apiToken: 'a', appToken: 'b', tokenOnEvents: true,
        serviceAccountToken: true, serviceAccount: 'sa', resources: { cpuRequest: '1', memoryLimit: '1Gi' }, sidecarResources: { cpuLimit: '2' },
      },
      pendingEvents: { enabled: false, targetPerReplica: 5, activation: 1 },
      kedaNamespace: 'k',
      monitoringNamespace: 'm',
      referenceGrants: true,
      syncWaves: true,
      leastPrivilege: true,
    });
  });

  test('take tracing with the provider as an object, as a Function has it', () => {
    expect(readPlatform({ tracing: { enabled: false, provider: { name: 'skywalking', oapServer: 'o' } } }).platform.tracing)
      .toEqual({ enabled: false, provider: { name: 'skywalking', oapServer: 'o' } });
    expect(readPlatform({ tracing: { enabled: false, provider: 'skywalking' } }).platform.tracing).toEqual({ enabled: false, provider: { name: 'skywalking' } });
  });

  test('take an order of hooks, as the ConfigMap does', () => {
    expect(readPlatform({ hooks: { order: ['a', 'b'] } })).toEqual({ platform: { hooks: { pre: ['a', 'b'], post: ['b', 'a'], policy: 'Append' } }, problems: [] });
    expect(readPlatform({ hooks: { order: ['a', 'b'], post: ['c'] } }).platform).toEqual({ hooks: { pre: ['a', 'b'], post: ['c'], policy: 'Append' } });
  });

  test('that are empty settle nothing', () => {
    expect(readPlatform({})).toEqual({ platform: {}, problems: [] });
  });

  test.each([
    ['no object', 'x', ['.: must be an object with platform settings, got "x"']],
    ['nothing', undefined, ['.: must be an object with platform settings, got null']],
    ['an unknown field', { clusterDomian: 'x' }, ['clusterDomian: unknown field; did you mean "clusterDomain"?']],
    ['a cluster domain that is none', { clusterDomain: 'A_' }, ['clusterDomain: "A_" is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit']],
    ['a name and a namespace that are too long', { gateway: { name: 'g'.repeat(300), namespace: 'n'.repeat(64) } }, [
      `gateway.name: "${'g'.repeat(79)}… has 300 characters, 253 are allowed`, `gateway.namespace: "${'n'.repeat(64)}" has 64 characters, 63 are allowed`,
    ]],
    ['a name that no Service can have', { knativeIngress: { name: 'a.b', namespace: 'n' } }, [
      'knativeIngress.name: "a.b" is not a valid DNS-1035 label: lower-case letters, digits and "-", beginning with a letter and not ending with "-"',
    ]],
    ['a gateway without namespace', { gateway: { name: 'a' } }, ['gateway.namespace: is missing; give its namespace']],
    ['a gateway under a wrong key', { gateways: { a: { name: 'b', namespace: 'c' } } }, ['gateways.a: "a" is not of the form "<namespace>/<name>"']],
    ['a gateway that is a word', { gateways: { 'a/b': 'c' } }, ['gateways["a/b"]: must be an object, got "c"']],
    ['a Service without a name', { knativeIngress: { namespace: 'a', port: 0 } }, ['knativeIngress.name: is missing; give the name of a Service', 'knativeIngress.port: 0 is outside 1..65535']],
    ['the operator\'s proxy', { proxyImage: 'openfunction/dapr-proxy:v0.1.1' }, ['proxyImage: "openfunction/dapr-proxy:v0.1.1" is the operator\'s proxy, which can never become ready here; leave it out for the bundled one, or give an image that "cdk8s-openfunction proxy-image push" built']],
    ['an image of the proxy that is none', { proxyImage: 'A B' }, ['proxyImage: "A B" is not a valid image reference; give one such as "registry.acme.io/orders:1.0.0"']],
    ['a feature that is empty', { knativeFeatures: [''] }, ['knativeFeatures[0]: must not be empty']],
    ['features but for a slip or their prefix', { knativeFeatures: ['kubernetes.podspec-feildref', 'kubernetes.podspec-fieldRef', 'podspec-fieldref', 'affinity', 'fast', 'kubernetes.podspec-newer', 'multi-container'] }, [
      'warning: knativeFeatures[0]: "kubernetes.podspec-feildref" is not a feature flag of Knative; did you mean "kubernetes.podspec-fieldref"?',
      'warning: knativeFeatures[1]: "kubernetes.podspec-fieldRef" is not a feature flag of Knative; did you mean "kubernetes.podspec-fieldref"?',
      'warning: knativeFeatures[2]: "podspec-fieldref" is not a feature flag of Knative; did you mean "kubernetes.podspec-fieldref"?',
      'warning: knativeFeatures[3]: "affinity" is not a feature flag of Knative; did you mean "kubernetes.podspec-affinity"?',
      'warning: knativeFeatures[4]: "fast" is not a feature flag of Knative',
    ]],
    ['replicas below 1', { proxy: { replicas: 0 } }, ['proxy.replicas: 0 is outside 1..100']],
    ['proxy settings that are a list', { proxy: [] }, ['proxy: must be an object, got []']],
    ['a time limit of nothing', { proxy: { holdTimeout: '0s' } }, ['proxy.holdTimeout: "0s" is not above 0; write "none" for no limit']],
    ['a duration without unit', { proxy: { holdTimeout: '5' } }, ['proxy.holdTimeout: "5" is not a duration such as "500ms", "60s" or "5m"']],
    ['a duration below 0', { proxy: { peerTimeout: '-5s' } }, ['proxy.peerTimeout: "-5s" is not a duration such as "500ms", "60s" or "5m"']],
    ['a duration that is a number', { proxy: { peerTimeout: 5 } }, ['proxy.peerTimeout: must be a string, got 5; quote it: "5"']],
    ['a size that is none', { proxy: { maxMessageSize: '64 MB' } }, ['proxy.maxMessageSize: "64 MB" is not a size such as 1048576 or "64Mi"']],
    ['a size that is a boolean', { proxy: { maxMessageSize: true } }, ['proxy.maxMessageSize: must be a string, got true; quote it: "true"']],
    ['tracing that is a list', { tracing: [] }, ['tracing: must be an object, got []']],
    ['a value that is no JSON', { hooks: new Map() }, ['hooks: must be plain data, got a Map']],
  ])('with %s is a problem', (_, value, expected) => {
    expect(linesOf(value)).toEqual(expected);
  });
});

describe('the ConfigMap openfunction-config', () => {
  const configMap = (data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'openfunction-config' }, data });

  test('gives proxy image, hooks and tracing; its other keys are the operator\'s business', () => {
    expect(readPlatform(configMap({
      'openfunction.dapr-proxy.image': 'acme/proxy:1',
      'plugins': 'order: [a, b]',
      'plugins.tracing': 'enabled: true\nprovider: {name: skywalking}\ntags: {a: 1}',
      'knative-serving.config-features.name': 'x',
    }))).toEqual({
      proxyImage: 'acme/proxy:1',
      platform: {
        hooks: { pre: ['a', 'b'], post: ['b', 'a'], policy: 'Override' },
        tracing: { enabled: true, provider: { name: 'skywalking' }, tags: { a: '1' } },
      },
      problems: [],
    });
  });

  test.each(['openfunction/dapr-proxy:v0.1.1', 'mirror.acme.io/openfunction/dapr-proxy', `docker.io/openfunctiondev/dapr-proxy@sha256:${'a'.repeat(64)}`])(
    'with the operator\'s own proxy, %s, leaves it to the operator and says so', (reference) => {
      const { proxyImage, problems } = readPlatform(configMap({ 'openfunction.dapr-proxy.image': reference }));
      expect(proxyImage).toBeUndefined();
      const shown = show(reference);
      expect(problems.map(formatProblem)).toEqual([
        `warning: data["openfunction.dapr-proxy.image"]: ${shown} is the operator's proxy, which can never become ready here: it is ignored, and the bundled one used; remove the key to silence this`,
      ]);
    });

  test('prefers the newer of two keys', () => {
    expect(readPlatform(configMap({ 'plugins': 'pre: [a]', 'hooks': 'pre: [b]', 'plugins.tracing': 'enabled: true', 'tracing': 'enabled: false' })).platform).toEqual({
      hooks: { pre: ['b'], post: [], policy: 'Append' },
      tracing: { enabled: false },
    });
  });

  test('takes an order of hooks under the newer key too', () => {
    expect(readPlatform(configMap({ hooks: 'order: [a, b]\npolicy: Override' })).platform).toEqual({ hooks: { pre: ['a', 'b'], post: ['b', 'a'], policy: 'Override' } });
  });

  test('without any of the keys, or without data, settles nothing', () => {
    expect(readPlatform(configMap({ 'plugins': '', 'openfunction.dapr-proxy.image': '' }))).toEqual({ platform: {}, problems: [] });
    expect(readPlatform({ kind: 'ConfigMap' })).toEqual({ platform: {}, problems: [] });
  });

  test('with a broken value is an error at its key', () => {
    expect(linesOf(configMap({ tracing: 'enabled: [', x: 3 }))).toEqual([
      'data.tracing: is not valid YAML, line 1 of it: flow sequence in block collection must be sufficiently indented and end with a ]',
      'data.x: must be a string, got 3; quote it: "3"',
    ]);
    expect(linesOf(configMap({ 'openfunction.dapr-proxy.image': 'a:b:c' }))).toEqual([
      'data["openfunction.dapr-proxy.image"]: "a:b:c" is not a valid image reference: it has two tags; give one such as "registry.acme.io/orders:1.0.0"',
    ]);
    expect(linesOf({ kind: 'ConfigMap', data: [] })).toEqual(['data: must be an object, got []']);
  });
});

describe('a file of platform settings', () => {
  test('gives problems with their places', () => {
    expect(readPlatformText('clusterDomain: x\nproxy:\n  replicas: 0\n', 'p.yaml').problems.map(formatProblem)).toEqual(['p.yaml:3:3 proxy.replicas: 0 is outside 1..100']);
  });

  test.each([
    ['is broken', 'a: [', 'p.yaml:1:5 .: is not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['is empty', '', 'p.yaml:1:1 .: is empty: there is no document in it'],
    ['holds two documents', 'clusterDomain: x\n---\nclusterDomain: y\n', 'p.yaml:1:1 .: holds 2 documents; one with the platform settings is expected'],
    ['holds a broken second document', 'clusterDomain: x\n---\n[', 'p.yaml:3:2 .: is not valid YAML: flow sequence must end with a ]'],
  ])('that %s is an error', (_, text, expected) => {
    expect(readPlatformText(text, 'p.yaml')).toEqual({ platform: {}, problems: [expect.objectContaining({ severity: 'error' })] });
    expect(readPlatformText(text, 'p.yaml').problems.map(formatProblem)).toEqual([expected]);
  });
});
