// The proxy's Deployment: its pod, what runs in it, and how it stops (docs/spec M98 to M101, M112 and M113).
import { Duration, Size } from 'cdk8s';
import { DaprProxyProps } from '../../../src';
import type { ContainerModel } from '../../../src/private/function/proxy-settings';
import { asyncFunction, v1beta2 } from '../../support/functions';
import { resources as amounts } from '../../support/resources';
import { environment, one, podTemplate, problemsOf, proxyTemplate, StringMap, synthManifest, SynthOptions, Tree } from '../../support/synth';

const OUTPUT = { outputs: [{ dapr: { name: 'web', type: 'bindings.http' } }] };
const KEDA = { triggers: { http: { engine: 'keda', port: 3000 } }, ...OUTPUT };
const proxyOf = (manifest: object, options: SynthOptions = {}) => proxyTemplate(synthManifest(manifest, options).objects, 'fn');

describe('the Deployment of the proxy', () => {
  test('has one replica, labels of its own and a selector that nothing can break', () => {
    const { objects } = synthManifest(v1beta2({ ...OUTPUT, labels: { team: 'x' } }, { version: '1' }));
    const { metadata, spec } = one(objects, 'Deployment', 'fn-dapr-proxy');
    expect(metadata.labels).toEqual({ 'openfunction.io/managed': 'true', 'openfunction.io/proxy': 'fn', 'openfunction.io/proxy-version': expect.any(String) as string });
    expect([spec?.replicas, spec?.selector]).toEqual([1, { matchLabels: { 'openfunction.io/proxy': 'fn' } }]);
    expect(spec?.template.metadata.labels).toEqual({ ...metadata.labels, team: 'x' });
  });

  test('has one container with the function\'s port, checked through a port of its own', () => {
    const { containers } = proxyOf(v1beta2({ ...OUTPUT, triggers: { http: { port: 3000 } } })).spec;
    expect(containers).toHaveLength(1);
    const { name, imagePullPolicy, ports, readinessProbe, livenessProbe } = containers[0] as Tree & { ports: Tree };
    expect([name, imagePullPolicy]).toEqual(['dapr-proxy', 'IfNotPresent']);
    expect(ports).toEqual([
      { name: 'function-port', containerPort: 3000, protocol: 'TCP' }, { name: 'admin', containerPort: 18081, protocol: 'TCP' },
      { name: 'probe', containerPort: 18083, protocol: 'TCP' },
    ]);
    expect([readinessProbe, livenessProbe]).toEqual([{ httpGet: { path: '/readyz', port: 'probe' } }, { httpGet: { path: '/healthz', port: 'probe' } }]);
  });

  test('runs hardened: no root, no token, no write, no capability, bounded memory', () => {
    const { spec } = proxyOf(asyncFunction());
    expect([spec.automountServiceAccountToken, spec.securityContext]).toEqual([false, { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } }]);
    const { securityContext, resources } = spec.containers[0];
    expect(securityContext).toEqual({
      runAsUser: 65532, runAsGroup: 65532, runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] },
    });
    expect(resources).toEqual({ requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '256Mi' } });
  });

  test('spreads over nodes and zones when there are several, as far as the cluster has them', () => {
    const spread = (topologyKey: string) => (
      { maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { 'openfunction.io/proxy': 'fn' } } });
    const spreadOf = (replicas: number) => (proxyTemplate(synthManifest(asyncFunction(), { proxy: { replicas } }).objects, 'fn').spec as { topologySpreadConstraints?: object }).topologySpreadConstraints;
    expect(spreadOf(1)).toBeUndefined();
    expect(spreadOf(2)).toEqual([spread('kubernetes.io/hostname'), spread('topology.kubernetes.io/zone')]);
  });

  test('has the context of its function and its place, in this order', () => {
    const { objects } = synthManifest(asyncFunction());
    const [proxy, fn] = [environment(proxyTemplate(objects, 'fn'), 'dapr-proxy'), environment(podTemplate(objects, 'fn'))];
    expect(Object.keys(proxy).slice(0, 5)).toEqual(['APP_PROTOCOL', 'FUNC_CONTEXT', 'FUNC_CONTEXT_V1BETA2', 'POD_NAME', 'POD_NAMESPACE']);
    expect([proxy.FUNC_CONTEXT, proxy.FUNC_CONTEXT_V1BETA2]).toEqual([fn.FUNC_CONTEXT, fn.FUNC_CONTEXT_V1BETA2]);
    expect([proxy.POD_NAME, proxy.POD_NAMESPACE]).toEqual([{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }, 'ns']);
  });
});

describe('annotations of the proxy\'s pod', () => {
  test('are those of the function, the sidecar\'s settings, and no more', () => {
    expect(proxyOf(asyncFunction()).metadata.annotations).toEqual({
      'dapr.io/app-id': 'fn-ns',
      'dapr.io/log-as-json': 'true',
      'dapr.io/app-protocol': 'grpc',
      'dapr.io/app-port': '8080',
      'dapr.io/sidecar-listen-addresses': '[::],0.0.0.0',
      'dapr.io/enable-app-health-check': 'true',
      'dapr.io/app-health-check-path': '/dapr-proxy/healthz',
      'dapr.io/app-health-probe-interval': '1',
      'dapr.io/app-health-probe-timeout': '1000',
      'dapr.io/app-health-threshold': '10',
      'dapr.io/block-shutdown-duration': '5s',
      'dapr.io/graceful-shutdown-seconds': '20',
      'dapr.io/disable-builtin-k8s-secret-store': 'true',
      'dapr.io/sidecar-cpu-request': '50m',
      'dapr.io/sidecar-memory-request': '96Mi',
      'dapr.io/sidecar-memory-limit': '512Mi',
      'dapr.io/enabled': 'true',
    });
  });

  test('take serving.annotations but those that mean nothing here, and are always enabled', () => {
    const kept = { 'dapr.io/app-id': 'mine', 'dapr.io/log-level': 'debug', 'dapr.io/sidecar-memory-limit': '1Gi', 'note': 'x' };
    const dropped = ['autoscaling.knative.dev/target', 'serving.knative.dev/x', 'queue.sidecar.serving.knative.dev/x', 'features.knative.dev/x', 'module.wasm.image/variant'];
    const annotations = { ...kept, ...Object.fromEntries(dropped.map((key) => [key, '1'])), 'dapr.io/enabled': 'false' };
    const found = proxyOf(asyncFunction({ annotations })).metadata.annotations;
    expect(found).toMatchObject({ ...kept, 'dapr.io/enabled': 'true' });
    expect(dropped.filter((key) => key in found)).toEqual([]);
  });

  test.each([['500', '1'], ['1000', '1'], ['2500', '3'], ['soon', '1']])('ask for the health of the proxy each second, or as seldom as a timeout of %s ms needs', (timeout, seconds) => {
    expect(proxyOf(asyncFunction({ annotations: { 'dapr.io/app-health-probe-timeout': timeout } })).metadata.annotations).toMatchObject({
      'dapr.io/app-health-probe-interval': seconds, 'dapr.io/app-health-probe-timeout': timeout,
    });
  });

  test('leave the sidecar its access to Secrets where its pod gets a token', () => {
    const { metadata, spec } = proxyOf(asyncFunction(), { proxy: { serviceAccountToken: true } });
    expect(['dapr.io/disable-builtin-k8s-secret-store' in metadata.annotations, spec.automountServiceAccountToken]).toEqual([false, true]);
  });
});

describe('resources of the proxy and of its sidecar', () => {
  const resourcesOf = (manifest: object, options: SynthOptions) => {
    const { metadata: { annotations }, spec } = proxyOf(manifest, options);
    const sidecar = Object.entries(annotations).filter(([key]) => /sidecar-(cpu|memory)/.test(key)).map(([key, value]) => [key.replace('dapr.io/sidecar-', ''), value]);
    return { proxy: spec.containers[0].resources as unknown, sidecar: Object.fromEntries(sidecar) as StringMap };
  };

  test.each<[string, ContainerModel | undefined, ContainerModel | undefined, ContainerModel]>([
    ['nobody', undefined, undefined, {}],
    ['the platform', { memoryLimit: '1Gi' }, undefined, { memoryLimit: '1Gi' }],
    ['the function', undefined, { cpuLimit: '1' }, { cpuLimit: '1' }],
    ['both', { memoryLimit: '1Gi', cpuRequest: '1m' }, { cpuRequest: '2m', memoryRequest: '128Mi' }, { memoryLimit: '1Gi', cpuRequest: '2m', memoryRequest: '128Mi' }],
  ])('that %s gives replace the defaults field by field', (_who, platform, given, expected) => {
    const both = (size: ContainerModel | undefined) => size && { resources: amounts(size), sidecarResources: amounts(size) };
    const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = { cpuRequest: '50m', cpuLimit: undefined, memoryRequest: '96Mi', memoryLimit: undefined, ...expected };
    expect(resourcesOf(asyncFunction(), { settings: { proxy: both(platform) }, proxy: both(given) })).toEqual({
      proxy: {
        requests: { cpu: cpuRequest, memory: memoryRequest },
        limits: { ...(cpuLimit !== undefined && { cpu: cpuLimit }), memory: memoryLimit ?? '256Mi' },
      },
      sidecar: {
        'cpu-request': cpuRequest, 'memory-request': memoryRequest, ...(cpuLimit !== undefined && { 'cpu-limit': cpuLimit }), 'memory-limit': memoryLimit ?? '512Mi',
      },
    });
  });

  test.each<[string, DaprProxyProps, string]>([
    ['twice the size of all events', { maxWaitingSize: Size.mebibytes(200) }, '528Mi'],
    ['twice the largest event, if that is more', { maxWaitingSize: Size.mebibytes(1), maxMessageSize: Size.kibibytes(1537) }, '132Mi'],
  ])('have 128Mi and %s as the limit of memory', (_what, proxy, limit) => {
    expect(resourcesOf(asyncFunction(), { proxy }).proxy).toEqual({ requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: limit } });
  });

  test('with a limit below what is requested, also by default, are refused, as the API server would refuse the pod', () => {
    const small: DaprProxyProps = { resources: amounts({ memoryLimit: '64Mi' }), sidecarResources: amounts({ cpuRequest: '0.5', cpuLimit: '100m', memoryLimit: '95.5Mi' }) };
    expect(problemsOf(() => proxyOf(asyncFunction(), { proxy: small }))).toEqual([
      'proxy.resources.memory.limit: "64Mi" is below the request, "96Mi"',
      'proxy.sidecarResources.cpu.limit: "100m" is below the request, "0.5"',
      'proxy.sidecarResources.memory.limit: "95.5Mi" is below the request, "96Mi"',
    ]);
    const annotations = { 'dapr.io/sidecar-memory-request': '32Mi' };
    expect(resourcesOf(asyncFunction({ annotations }), { proxy: { resources: amounts({ memoryLimit: '96Mi' }), sidecarResources: amounts({ memoryLimit: '64Mi' }) } })).toEqual({
      proxy: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '96Mi' } },
      sidecar: { 'cpu-request': '50m', 'memory-request': '32Mi', 'memory-limit': '64Mi' },
    });
  });

  test('of ephemeral storage are those of the proxy alone', () => {
    const proxy = { resources: { ephemeralStorage: { request: Size.mebibytes(10), limit: Size.gibibytes(1) } } };
    expect(resourcesOf(asyncFunction(), { proxy }).proxy).toEqual({
      requests: { 'cpu': '50m', 'memory': '96Mi', 'ephemeral-storage': '10Mi' }, limits: { 'memory': '256Mi', 'ephemeral-storage': '1Gi' },
    });
  });

  test('that are not quantities are refused', () => {
    expect(problemsOf(() => proxyOf(asyncFunction(), { proxy: { resources: amounts({ cpuLimit: 'half' }), sidecarResources: amounts({ memoryRequest: '64 Mi' }) } }))).toEqual([
      'proxy.resources.cpu.limit: must be a quantity such as 1, "100m" or "64Mi", got "half"',
      'proxy.sidecarResources.memory.request: must be a quantity such as 1, "100m" or "64Mi", got "64 Mi"',
    ]);
  });
});

describe('the app protocol of the proxy', () => {
  test.each<[string, object, string]>([
    ['an async function', asyncFunction(), 'grpc'], ['a Knative function', v1beta2(OUTPUT), 'http'], ['engine keda', v1beta2(KEDA), 'http'],
    ['a Knative function that says grpc', v1beta2({ ...OUTPUT, annotations: { 'dapr.io/app-protocol': 'grpc' } }), 'grpc'],
    ['an async function that says h2c', asyncFunction({ annotations: { 'dapr.io/app-protocol': 'h2c' } }), 'h2c'],
  ])('of %s is its own', (_name, manifest, protocol) => {
    const pod = proxyOf(manifest);
    expect([pod.metadata.annotations['dapr.io/app-protocol'], environment(pod, 'dapr-proxy').APP_PROTOCOL]).toEqual([protocol, protocol]);
  });

  test.each([
    ['https', '"https" does not go with the dapr-proxy, which is reached over loopback; give "grpc", "http" or "h2c"'],
    ['grpcs', '"grpcs" does not go with the dapr-proxy, which is reached over loopback; give "grpc", "http" or "h2c"'],
    ['htp', '"htp" is not one of "grpc", "http", "h2c"; did you mean "http"?'],
  ])('cannot be %s', (protocol, problem) => {
    expect(problemsOf(() => proxyOf(asyncFunction({ annotations: { 'dapr.io/app-protocol': protocol } })))).toEqual([`serving.annotations["dapr.io/app-protocol"]: ${problem}`]);
  });

  test('cannot have TLS by the old annotation', () => {
    expect(problemsOf(() => proxyOf(asyncFunction({ annotations: { 'dapr.io/app-ssl': 'true' } })))).toEqual([
      'serving.annotations["dapr.io/app-ssl"]: "true" does not go with the dapr-proxy, which is reached over loopback',
    ]);
    expect(proxyOf(asyncFunction({ annotations: { 'dapr.io/app-ssl': 'false' } })).metadata.annotations).toMatchObject({ 'dapr.io/app-ssl': 'false' });
  });

  test('http with a health check of the function\'s own never wakes it, which is a warning', () => {
    const warnings = (protocol: string, path: string) => synthManifest(asyncFunction({
      annotations: { 'dapr.io/app-protocol': protocol, 'dapr.io/app-health-check-path': path },
    })).fn.report.warnings;
    expect(warnings('http', '/healthz')).toEqual([
      'warning: serving.annotations["dapr.io/app-health-check-path"]: "/healthz" is a path of the function, so without a pod Dapr takes no events that could wake it; '
      + 'the proxy itself answers /dapr-proxy/healthz',
    ]);
    expect(warnings('http', '/dapr-proxy/healthz')).toEqual([]);
    expect(warnings('grpc', '/healthz')).toEqual([]);
  });

  test('grpc forbids a limit that deadlocks Dapr, which http may have', () => {
    const annotations = { 'dapr.io/app-max-concurrency': '5' };
    expect(problemsOf(() => proxyOf(asyncFunction({ annotations })))).toEqual([
      'serving.annotations["dapr.io/app-max-concurrency"]: with gRPC it deadlocks Dapr up to 1.18; use the limit of the component itself',
    ]);
    expect(proxyOf(v1beta2({ ...OUTPUT, annotations })).metadata.annotations).toMatchObject(annotations);
  });
});

describe('how the proxy stops', () => {
  test.each([[1, '0s', '1', 7], [25, '5s', '20', 55], [300, '5s', '295', 605]])('with a drain timeout of %d s spends it once', (seconds, block, graceful, grace) => {
    const { metadata, spec } = proxyOf(asyncFunction(), { proxy: { drainTimeout: Duration.seconds(seconds) } });
    expect([metadata.annotations['dapr.io/block-shutdown-duration'], metadata.annotations['dapr.io/graceful-shutdown-seconds'], spec.terminationGracePeriodSeconds])
      .toEqual([block, graceful, grace]);
  });
});

test.each<[StringMap, number]>([
  [{ 'dapr.io/block-shutdown-duration': '1m30s' }, 25 + 90 + 20 + 5],
  [{ 'dapr.io/graceful-shutdown-seconds': '100' }, 25 + 5 + 100 + 5],
  [{ 'dapr.io/block-shutdown-duration': '-5s', 'dapr.io/graceful-shutdown-seconds': '-1' }, 25 + 0 + 20 + 5],
  [{ 'dapr.io/block-shutdown-duration': 'x', 'dapr.io/graceful-shutdown-seconds': 'y' }, 55],
])('the grace period of the proxy holds what annotations ask of Dapr: %j', (annotations, seconds) => {
  expect(proxyOf(asyncFunction({ annotations })).spec.terminationGracePeriodSeconds).toBe(seconds);
});
