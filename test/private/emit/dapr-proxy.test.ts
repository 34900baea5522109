// The proxy's Deployment and the objects around it (docs/spec M98 to M116).
import { Duration, Size } from 'cdk8s';
import { DaprProxyProps, FunctionInput, ProxyDiscovery, ProxyLogLevel, TimeLimit } from '../../../src';
import type { ContainerModel } from '../../../src/private/function/proxy-settings';
import { existing } from '../../support/existing-component';
import { asyncFunction, v1beta2 } from '../../support/functions';
import { resources as amounts } from '../../support/resources';
import {
  all, container, environment, list, one, podTemplate, problemsOf, proxyTemplate, StringMap, synthManifest, SynthOptions, synthProps, Tree,
} from '../../support/synth';

const OUTPUT = { outputs: [{ dapr: { name: 'web', type: 'bindings.http' } }] };
const SCALED = { scaleOptions: { keda: { triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }] } } };
const KEDA = { triggers: { http: { engine: 'keda', port: 3000 } }, ...OUTPUT };
const CLOCK = asyncFunction({ triggers: { dapr: [{ name: 'clock', type: 'bindings.cron' }] }, bindings: {} });
const proxyOf = (manifest: object, options: SynthOptions = {}) => proxyTemplate(synthManifest(manifest, options).objects, 'fn');
const env = (manifest: object, options: SynthOptions = {}) => environment(proxyOf(manifest, options), 'dapr-proxy');
const own = (variables: Record<string, unknown>) => Object.fromEntries(Object.entries(variables).filter(([key]) => key.startsWith('DAPR_PROXY_')));

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
      'serving.annotations["dapr.io/app-max-concurrency"]: with gRPC it deadlocks Dapr 1.16; use the limit of the component itself',
    ]);
    expect(proxyOf(v1beta2({ ...OUTPUT, annotations })).metadata.annotations).toMatchObject(annotations);
  });
});

describe('settings of the proxy', () => {
  test('that nobody gave stay its own defaults, but for addresses, ports, hold and drain', () => {
    expect(own(env(asyncFunction()))).toEqual({
      DAPR_PROXY_FUNCTION_HOST: 'fn.ns.svc.cluster.local',
      DAPR_PROXY_FUNCTION_PORT: '8080',
      DAPR_PROXY_FALLBACK_HOST: 'fn-any.ns.svc.cluster.local',
      DAPR_PROXY_LISTEN_PORT: '8080',
      DAPR_PROXY_ADMIN_PORT: '18081',
      DAPR_PROXY_PROBE_PORT: '18083',
      DAPR_PROXY_HOLD_TIMEOUT: '0',
      DAPR_PROXY_DRAIN_TIMEOUT: '25s',
    });
  });

  test('are all passed on, in the units that it reads', () => {
    const proxy: DaprProxyProps = {
      holdTimeout: TimeLimit.of(Duration.minutes(2)),
      drainTimeout: Duration.seconds(9),
      maxWaiting: 1,
      maxWaitingSize: Size.kibibytes(3),
      maxInFlightPerPod: 2,
      maxMessageSize: Size.mebibytes(1),
      maxHeaders: 5,
      connectTimeout: Duration.millis(250),
      functionTimeout: TimeLimit.of(Duration.seconds(3)),
      peerTimeout: Duration.minutes(1),
      resolveInterval: Duration.millis(200),
      adminPort: 1000,
      scalerPort: 1001,
      logLevel: ProxyLogLevel.DEBUG,
      tokenOnEvents: true,
      discovery: ProxyDiscovery.ENDPOINT_SLICES,
    };
    expect(env(asyncFunction(SCALED), { proxy })).toMatchObject({
      DAPR_PROXY_HOLD_TIMEOUT: '120s',
      DAPR_PROXY_DRAIN_TIMEOUT: '9s',
      DAPR_PROXY_MAX_WAITING: '1',
      DAPR_PROXY_MAX_WAITING_BYTES: '3072',
      DAPR_PROXY_MAX_IN_FLIGHT_PER_POD: '2',
      DAPR_PROXY_MAX_MESSAGE: '1048576',
      DAPR_PROXY_MAX_HEADERS: '5',
      DAPR_PROXY_CONNECT_TIMEOUT: '250ms',
      DAPR_PROXY_FUNCTION_TIMEOUT: '3000ms',
      DAPR_PROXY_PEER_TIMEOUT: '60000ms',
      DAPR_PROXY_RESOLVE_INTERVAL: '200ms',
      DAPR_PROXY_ADMIN_PORT: '1000',
      DAPR_PROXY_SCALER: 'true',
      DAPR_PROXY_SCALER_PORT: '1001',
      DAPR_PROXY_LOG_LEVEL: 'debug',
      DAPR_PROXY_TOKEN_ON_EVENTS: 'true',
      DAPR_PROXY_DISCOVERY: 'endpointslices',
    });
  });

  test.each<[string, object, object, string, string]>([
    ['a Knative function', v1beta2({ ...OUTPUT, triggers: { http: { port: 3000 } } }), {}, 'fn.ns.svc.cluster.local', '80'],
    ['engine keda', v1beta2(KEDA), {}, 'fn-workload.ns.svc.cluster.local', '80'],
    ['engine keda with a gateway Service, which wakes it', v1beta2(KEDA), { gateway: { name: 'g', namespace: 'g', service: { name: 'e', namespace: 'g' } } },
      'fn.ns.svc.cluster.local', '80'],
    ['another cluster domain', asyncFunction(), { clusterDomain: 'corp.example' }, 'fn.ns.svc.corp.example', '8080'],
  ])('lead to %s', (_name, manifest, settings, host, port) => {
    expect(env(manifest, { settings })).toMatchObject({ DAPR_PROXY_FUNCTION_HOST: host, DAPR_PROXY_FUNCTION_PORT: port });
  });

  test('without a gateway Service cannot wake engine keda, which is a warning', () => {
    expect(synthManifest(v1beta2(KEDA)).fn.report.warnings).toEqual([
      'warning: serving.triggers.http.engine: without a gateway Service in the platform settings, events that reach the proxy do not wake this function from zero',
    ]);
  });

  test.each([[18081, '18091', '18083'], [18083, '18081', '18093'], [18091, '18081', '18083']])('move its ports out of the way of port %d', (port, admin, probe) => {
    const pod = proxyOf(v1beta2({ ...OUTPUT, triggers: { http: { port } } }));
    expect(environment(pod, 'dapr-proxy')).toMatchObject({ DAPR_PROXY_LISTEN_PORT: String(port), DAPR_PROXY_ADMIN_PORT: admin, DAPR_PROXY_PROBE_PORT: probe });
    expect([...container(pod, 'dapr-proxy').ports].map(({ containerPort }) => String(containerPort))).toEqual([String(port), admin, probe]);
  });

  test('open the scaler where KEDA has a trigger that the proxy pushes to', () => {
    const pod = proxyOf(asyncFunction(SCALED));
    expect(environment(pod, 'dapr-proxy')).toMatchObject({ DAPR_PROXY_SCALER: 'true', DAPR_PROXY_SCALER_PORT: '18082' });
    expect([...container(pod, 'dapr-proxy').ports].map(({ name }) => String(name))).toEqual(['function-port', 'admin', 'scaler', 'probe']);
  });

  test('move its ports out of the way of where annotations move the sidecar', () => {
    const annotations = { 'dapr.io/grpc-port': '18081', 'dapr.io/metrics-port': '18082' };
    expect(env(asyncFunction({ ...SCALED, annotations }))).toMatchObject({ DAPR_PROXY_ADMIN_PORT: '18091', DAPR_PROXY_SCALER_PORT: '18092' });
  });

  test('cannot take ports that are taken', () => {
    const problems = (proxy: DaprProxyProps) => problemsOf(() => env(asyncFunction(), { proxy }));
    expect(problems({ adminPort: 8080, scalerPort: 3500 })).toEqual([
      'proxy.adminPort: 8080 is taken in the proxy\'s pod', 'proxy.scalerPort: 3500 is taken in the proxy\'s pod',
    ]);
    expect(problems({ adminPort: 7, scalerPort: 7 })).toContain('proxy.scalerPort: 7 is the admin port too; the two must differ');
  });

  test.each<[DaprProxyProps, string]>([
    [{ replicas: 0 }, 'proxy.replicas: 0 is outside 1..100'],
    [{ holdTimeout: TimeLimit.of(Duration.days(2)) }, 'proxy.holdTimeout: 172800 s is outside 0..86400 s'],
    [{ sidecarResources: { ephemeralStorage: { limit: Size.mebibytes(1) } } }, 'proxy.sidecarResources.ephemeralStorage: cannot be set: Dapr has no annotation for it'],
    [{ drainTimeout: Duration.seconds(0) }, 'proxy.drainTimeout: 0 s is outside 1..3600 s'],
    [{ connectTimeout: Duration.days(2) }, 'proxy.connectTimeout: 172800000 ms is outside 1..86400000 ms'],
    [{ maxWaiting: 1.5 }, 'proxy.maxWaiting: 1.5 is outside 1..1000000'],
    [{ maxInFlightPerPod: 100_001 }, 'proxy.maxInFlightPerPod: 100001 is outside 1..100000'],
    [{ maxWaitingSize: Size.gibibytes(17) }, 'proxy.maxWaitingSize: 18253611008 bytes is outside 1..17179869184 bytes'],
    [{ maxMessageSize: Size.gibibytes(2) }, 'proxy.maxMessageSize: 2147483648 bytes is outside 1..1073741824 bytes'],
    [{ adminPort: 65536 }, 'proxy.adminPort: 65536 is outside 1..65535'],
    [{ logLevel: 'trace' as ProxyLogLevel }, 'proxy.logLevel: "trace" is not one of "debug", "info", "warn", "error"'],
  ])('out of range are refused: %j', (proxy, problem) => {
    expect(problemsOf(() => env(asyncFunction(), { proxy }))).toEqual([problem]);
  });

  test('are rounded up to the unit of their variable', () => {
    const proxy = { holdTimeout: TimeLimit.of(Duration.millis(1500)), drainTimeout: Duration.millis(8001), connectTimeout: Duration.millis(20) };
    expect(env(asyncFunction(), { proxy })).toMatchObject({ DAPR_PROXY_HOLD_TIMEOUT: '2s', DAPR_PROXY_DRAIN_TIMEOUT: '9s', DAPR_PROXY_CONNECT_TIMEOUT: '20ms' });
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

describe('what the proxy announces', () => {
  const bus = existing('bus', 'pubsub.kafka');
  const queue = existing('queue', 'bindings.kafka');
  const subscriptions = (inputs: FunctionInput[]) => {
    const { objects, fn } = synthProps({ name: 'fn', image: 'i', inputs });
    const text = environment(proxyTemplate(objects, 'fn'), 'dapr-proxy').DAPR_PROXY_SUBSCRIPTIONS as string | undefined;
    return { list: text === undefined ? undefined : JSON.parse(text.replaceAll('$$', '$')) as unknown, text, warnings: fn.report.warnings };
  };

  test('beyond the context is what inputs say of dead letters, bulk, rules and routes', () => {
    const { list: found, text, warnings } = subscriptions([
      FunctionInput.fromTopic(bus, 'a', {
        deadLetterTopic: 'a-$(x)',
        bulk: { maxMessages: 10, maxAwait: Duration.millis(40) },
        rules: [{ match: 'event.type == "$"', path: '/x' }],
        defaultPath: '/d',
        metadata: { rawPayload: 'true' },
      }),
      FunctionInput.fromTopic(bus, 'b'),
      FunctionInput.fromBinding(queue, { route: '/q' }),
    ]);
    expect(found).toEqual([
      {
        component: 'bus',
        topic: 'a',
        deadLetterTopic: 'a-$(x)',
        bulk: { maxMessages: 10, maxAwaitMs: 40 },
        rules: [{ match: 'event.type == "$"', path: '/x' }],
        default: '/d',
        metadata: { rawPayload: 'true' },
      },
      { component: 'queue', route: '/q' },
    ]);
    expect(text).toContain('a-$$(x)');
    expect(warnings).toEqual(['warning: inputs[0].bulk: Dapr 1.16 drops the events of a function that lacks the bulk method']);
  });

  test('is left out where no input says more', () => {
    expect(subscriptions([FunctionInput.fromTopic(bus, 'a'), FunctionInput.fromBinding(queue)]).list).toBeUndefined();
  });

  test('must be what the proxy takes at its start', () => {
    const input = FunctionInput.fromTopic(bus, 'a', { deadLetterTopic: '', bulk: { maxMessages: 0 }, rules: [{ match: '', path: '/a' }, { match: 'true', path: '' }] });
    expect(problemsOf(() => subscriptions([input, FunctionInput.fromBinding(queue, { route: '' }), FunctionInput.fromTopic(bus, 'b', { bulk: { maxMessages: 1.5 } })]))).toEqual([
      'inputs[0].bulk.maxMessages: 0 is not a whole number from 1 to 2147483647',
      'inputs[0].deadLetterTopic: must not be empty',
      'inputs[0].rules[1].path: "" is not a path: it must begin with "/"',
      'inputs[1].route: "" is not a path: it must begin with "/"',
      'inputs[2].bulk.maxMessages: 1.5 is not a whole number from 1 to 2147483647',
    ]);
    expect(subscriptions([FunctionInput.fromTopic(bus, 'a', { bulk: { maxMessages: 1 } })]).list).toEqual([{ component: 'bus', topic: 'a', bulk: { maxMessages: 1 } }]);
  });

  test('is checked where the input is among all inputs, of which states announce nothing', () => {
    const cart = FunctionInput.fromState(existing('cart', 'state.redis'));
    expect(problemsOf(() => subscriptions([cart, FunctionInput.fromTopic(bus, 'a', { deadLetterTopic: '' })]))).toEqual([
      'inputs[1].deadLetterTopic: must not be empty',
    ]);
    expect(subscriptions([cart, FunctionInput.fromTopic(bus, 'a', { deadLetterTopic: 'd' })]).list).toEqual([
      { component: 'bus', topic: 'a', deadLetterTopic: 'd' },
    ]);
  });

  test('is said once for the same events', () => {
    const input = (name: string, deadLetterTopic?: string) => FunctionInput.fromTopic(bus, 'a', { name, deadLetterTopic });
    expect(subscriptions([input('one', 'd'), input('two', 'd'), input('three')]).list).toEqual([{ component: 'bus', topic: 'a', deadLetterTopic: 'd' }]);
    expect(problemsOf(() => subscriptions([input('one', 'd'), input('two', 'e')]))).toEqual([
      'inputs[1]: "bus" has other settings for the same events already; Dapr delivers them once',
    ]);
  });

  test('sends no dead letter back', () => {
    expect(problemsOf(() => subscriptions([FunctionInput.fromTopic(bus, 'a', { deadLetterTopic: 'a' })]))).toEqual([
      'inputs[0].deadLetterTopic: is the topic itself, so a dead letter would come back',
    ]);
  });

  test('must fit one variable', () => {
    const input = (length: number) => [FunctionInput.fromTopic(bus, 'a', { metadata: { k: 'x'.repeat(length) } })];
    const rest = String(subscriptions(input(0)).text).length;
    expect(String(subscriptions(input(102_400 - rest)).text)).toHaveLength(102_400);
    expect(problemsOf(() => subscriptions(input(102_401 - rest)))).toEqual([
      'inputs: what the proxy announces of them would have 102401 bytes, 102400 are allowed; shorten rules or metadata',
    ]);
  });

  test('needs the proxy', () => {
    const props = { name: 'fn', image: 'i', inputs: [FunctionInput.fromTopic(bus, 'a', { deadLetterTopic: 'd' })], annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
    expect(problemsOf(() => synthProps(props))).toEqual([
      'inputs[0].deadLetterTopic: needs the dapr-proxy, which announces it; without the proxy the function itself subscribes, so set it there',
    ]);
  });
});

describe('the guard of the shared sidecar', () => {
  const guard = (manifest: object, options: SynthOptions = {}) => one(synthManifest(manifest, options).objects, 'NetworkPolicy', 'fn-dapr-proxy');
  const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
  const ports = (...numbers: number[]) => numbers.map((port) => ({ port, protocol: 'TCP' }));
  const BASE = [
    { from: [{ podSelector: { matchLabels: { 'openfunction.io/serving': 'fn' } } }], ports: ports(3500, 50001) },
    { from: [{ namespaceSelector: {} }], ports: ports(50002) },
  ];

  test('lets in the function\'s pods for the API, sidecars for each other, and anybody for metrics', () => {
    expect(guard(asyncFunction()).spec).toEqual({
      podSelector: { matchLabels: { 'openfunction.io/proxy': 'fn' } },
      policyTypes: ['Ingress'],
      ingress: [...BASE, { from: [{ namespaceSelector: {} }], ports: ports(18081, 9090) }],
    });
  });

  test('lets in KEDA where it scales, metrics from one namespace, and peers of the proxy', () => {
    const settings = { kedaNamespace: 'scaling', monitoringNamespace: 'watch', proxy: { replicas: 2 } };
    expect(guard(asyncFunction({ ...SCALED, annotations: { 'dapr.io/metrics-port': '9999' } }), { settings }).spec?.ingress).toEqual([
      ...BASE,
      { from: [inNamespace('scaling'), inNamespace('watch')], ports: ports(18081, 9999) },
      { from: [inNamespace('scaling')], ports: ports(18082) },
      { from: [{ podSelector: { matchLabels: { 'openfunction.io/proxy': 'fn' } } }], ports: ports(18081) },
    ]);
  });

  test('opens the ports to which annotations move the sidecar', () => {
    const annotations = { 'dapr.io/grpc-port': '50101', 'dapr.io/internal-grpc-port': '50102' };
    expect([...(guard(asyncFunction({ annotations })).spec?.ingress as Tree)].map((rule) => rule.ports)).toEqual([ports(3500, 50101), ports(50102), ports(18081, 9090)]);
  });

  test('leaves the pods of the function open unless their own policy is asked for', () => {
    expect(all(synthManifest(asyncFunction()).objects, 'NetworkPolicy').map(({ metadata }) => metadata.name)).toEqual(['fn-dapr-proxy']);
  });

  const proxies = { podSelector: { matchLabels: { 'openfunction.io/proxy': 'fn' } } };
  test.each<[string, object, object, object[]]>([
    ['an asynchronous function only the proxy', asyncFunction(), {}, [{ from: [proxies], ports: ports(8080) }]],
    ['engine keda also the interceptor', v1beta2(KEDA), { kedaInterceptor: { name: 'interceptor', namespace: 'http-scaling' } }, [
      { from: [proxies], ports: ports(3000) }, { from: [inNamespace('http-scaling')], ports: ports(3000) },
    ]],
    ['engine knative Knative with its ingress', v1beta2({ triggers: { http: { port: 3000 } }, ...OUTPUT }), {}, [
      { from: [inNamespace('knative-serving')], ports: ports(8012, 8013, 8112, 9090) },
      { from: [inNamespace('kourier-system')], ports: ports(8012, 8013, 8112) },
    ]],
    ['engine knative the metrics\' namespace too', v1beta2({ triggers: { http: {} }, ...OUTPUT }), {
      knativeIngress: { name: 'gateway', namespace: 'istio-system' }, monitoringNamespace: 'watch',
    }, [
      { from: [inNamespace('knative-serving')], ports: ports(8012, 8013, 8112, 9090) },
      { from: [inNamespace('istio-system')], ports: ports(8012, 8013, 8112) },
      { from: [inNamespace('watch')], ports: ports(9091) },
    ]],
  ])('on demand lets reach the pods of %s', (_who, manifest, settings, ingress) => {
    const { objects, fn } = synthManifest(manifest, { settings: { ...settings, proxy: { functionNetworkPolicy: true } } });
    expect(one(objects, 'NetworkPolicy', 'fn').spec).toEqual({
      podSelector: { matchLabels: { 'openfunction.io/serving': 'fn' } }, policyTypes: ['Ingress'], ingress,
    });
    const roles = fn.report.objects.map(({ role }) => role);
    expect(roles.indexOf('functionNetworkPolicy')).toBeLessThan(roles.indexOf('workload'));
    expect(fn.report.prerequisites).toContain('a network plugin that enforces NetworkPolicies, to keep others away from the pods of this function');
  });

  test('can be left away, with a warning unless there is an API token', () => {
    const { objects, fn } = synthManifest(asyncFunction(), { proxy: { networkPolicy: false } });
    expect(all(objects, 'NetworkPolicy')).toEqual([]);
    expect(fn.report.warnings).toEqual(['warning: proxy.networkPolicy: without it and without an API token every pod of the cluster can use this function\'s Dapr API']);
    expect(synthManifest(asyncFunction(), { proxy: { networkPolicy: false, apiToken: { name: 't' } as never } }).fn.report.warnings).toEqual([
      'warning: proxy.apiToken: functions of the Node framework up to 0.6 hang, since it cannot send the token',
    ]);
  });

  test('needs a network plugin that enforces it, which the report says', () => {
    const needs = (options: SynthOptions) => synthManifest(asyncFunction(), options).fn.report.prerequisites.filter((line) => line.includes('network plugin'));
    expect(needs({})).toEqual(['a network plugin that enforces NetworkPolicies, or an API token: otherwise every pod can use the Dapr API of this function']);
    expect(needs({ proxy: { apiToken: { name: 't' } as never } })).toEqual([]);
  });
});

describe('tokens', () => {
  const secret = (name: string) => ({ secretKeyRef: { name, key: 'token' } });
  const NODE = 'functions of the Node framework up to 0.6 hang, since it cannot send the token';
  const ANNOTATED = { annotations: { 'dapr.io/api-token-secret': 'a', 'dapr.io/app-token-secret': 'b' } };
  const found = (manifest: object, options: SynthOptions = {}) => {
    const { objects, fn } = synthManifest(manifest, options);
    const [proxy, pod] = [proxyTemplate(objects, 'fn'), podTemplate(objects, 'fn')];
    const { 'dapr.io/api-token-secret': api, 'dapr.io/app-token-secret': app } = proxy.metadata.annotations;
    const [ofProxy, ofFunction] = [environment(proxy, 'dapr-proxy'), environment(pod)];
    return { annotations: [api, app], proxy: ofProxy.APP_API_TOKEN, fn: [ofFunction.DAPR_API_TOKEN, ofFunction.APP_API_TOKEN], warnings: fn.report.warnings };
  };
  const EXPECTED = { annotations: ['a', 'b'], proxy: secret('b'), fn: [secret('a'), secret('b')] };

  test('of the settings reach the sidecar, the proxy and the function', () => {
    const proxy = { apiToken: { name: 'a' } as never, appToken: { name: 'b' } as never };
    expect(found(asyncFunction(), { proxy })).toEqual({ ...EXPECTED, warnings: [`warning: proxy.apiToken: ${NODE}`] });
  });

  test('that annotations name do so too, and win over settings', () => {
    const warnings = [`warning: serving.annotations["dapr.io/api-token-secret"]: ${NODE}`];
    expect(found(asyncFunction(ANNOTATED))).toEqual({ ...EXPECTED, warnings });
    expect(found(asyncFunction(ANNOTATED), { proxy: { apiToken: { name: 'x' } as never, networkPolicy: false } })).toEqual({ ...EXPECTED, warnings });
  });

  test('that an annotation leaves empty are none', () => {
    const annotations = { 'dapr.io/api-token-secret': '' };
    expect(found(asyncFunction({ annotations }), { proxy: { apiToken: { name: 'x' } as never } })).toEqual({
      annotations: ['', undefined], proxy: undefined, fn: [undefined, undefined], warnings: [],
    });
  });

  test('that the function gives itself stay as given beside an annotation, and are an error beside a setting', () => {
    const params = { params: { DAPR_API_TOKEN: 'mine' } };
    expect(found(asyncFunction({ ...ANNOTATED, ...params })).fn).toEqual(['mine', secret('b')]);
    expect(problemsOf(() => found(asyncFunction(params), { proxy: { apiToken: { name: 'a' } as never } }))).toEqual([
      'serving.params.DAPR_API_TOKEN: "DAPR_API_TOKEN" is set by the API token; choose another name',
    ]);
  });
});

describe('more than one replica of the proxy', () => {
  test('gets a disruption budget, and peers where they answer KEDA together', () => {
    const alone = synthManifest(asyncFunction(), { proxy: { replicas: 2 } }).objects;
    expect(one(alone, 'PodDisruptionBudget', 'fn-dapr-proxy')).toMatchObject({
      apiVersion: 'policy/v1', spec: { maxUnavailable: 1, selector: { matchLabels: { 'openfunction.io/proxy': 'fn' } } },
    });
    expect(environment(proxyTemplate(alone, 'fn'), 'dapr-proxy').DAPR_PROXY_PEERS_HOST).toBeUndefined();
    const scaled = synthManifest(asyncFunction(SCALED), { proxy: { replicas: 2 } }).objects;
    expect(environment(proxyTemplate(scaled, 'fn'), 'dapr-proxy').DAPR_PROXY_PEERS_HOST).toBe('fn-dapr-proxy-peers.ns.svc.cluster.local');
    expect(one(scaled, 'Service', 'fn-dapr-proxy-peers').spec).toEqual({
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      ports: [{ name: 'admin', port: 18081, protocol: 'TCP', targetPort: 18081 }],
      selector: { 'openfunction.io/proxy': 'fn' },
    });
  });

  test('without leader election fires a cron binding once each, which is a warning', () => {
    expect(synthManifest(CLOCK, { proxy: { replicas: 3, leaderElection: false } }).fn.report.warnings).toEqual([
      'warning: serving.triggers.dapr[0].name: "clock" is a cron binding, which fires once in each of the proxy\'s 3 replicas without leaderElection',
    ]);
  });
});

describe('a binding that fires in the sidecar of every replica', () => {
  test.each([1, 3])('is passed on by the one of %s replicas that has the Lease, also while one replaces another', (replicas) => {
    const { objects, fn } = synthManifest(CLOCK, { proxy: { replicas } });
    const { DAPR_PROXY_SHARED_BINDINGS, DAPR_PROXY_LEASE } = environment(proxyTemplate(objects, 'fn'), 'dapr-proxy');
    expect([DAPR_PROXY_SHARED_BINDINGS, DAPR_PROXY_LEASE, fn.report.warnings]).toEqual(['clock', 'fn-dapr-proxy', []]);
    const { metadata, ...lease } = one(objects, 'Lease');
    expect([metadata.name, lease]).toEqual(['fn-dapr-proxy', { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' }]);
  });

  test('gives the proxy an account that may read and change its Lease and do nothing else, and a token in its own container', () => {
    const { objects } = synthManifest(CLOCK);
    expect(one(objects, 'Role').rules).toEqual([
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], resourceNames: ['fn-dapr-proxy'], verbs: ['get', 'patch'] },
    ]);
    expect(one(objects, 'RoleBinding').subjects).toEqual([{ kind: 'ServiceAccount', name: 'fn-dapr-proxy', namespace: 'ns' }]);
    const { spec } = proxyTemplate(objects, 'fn');
    expect([spec.serviceAccountName, spec.automountServiceAccountToken]).toEqual(['fn-dapr-proxy', false]);
    expect(spec.containers[0].volumeMounts[1]).toEqual({ name: 'kube-api-access', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true });
  });

  test('shares the account with the watch of EndpointSlices', () => {
    const { objects } = synthManifest(CLOCK, { proxy: { discovery: ProxyDiscovery.ENDPOINT_SLICES } });
    expect([...one(objects, 'Role').rules as Tree].map(({ resources }) => resources)).toEqual([['endpointslices'], ['leases']]);
  });

  test.each<[string, object, SynthOptions]>([
    ['leader election is off', CLOCK, { proxy: { leaderElection: false } }], ['no binding is of that kind', asyncFunction(), {}],
  ])('has no Lease where %s', (_why, manifest, options) => {
    const { objects } = synthManifest(manifest, options);
    expect([...all(objects, 'Lease'), ...all(objects, 'Role'), ...all(objects, 'ServiceAccount')]).toEqual([]);
    const { DAPR_PROXY_SHARED_BINDINGS, DAPR_PROXY_LEASE } = environment(proxyTemplate(objects, 'fn'), 'dapr-proxy');
    expect([DAPR_PROXY_SHARED_BINDINGS, DAPR_PROXY_LEASE]).toEqual([undefined, undefined]);
  });

  test.each<[number, string[]]>([
    [1, []],
    [2, ['warning: serving.triggers.dapr[0].name: "clock" is a cron binding, which fires in the sidecar of every pod; behind the dapr-proxy it fires once']],
  ])('with a sidecar in each of at most %s pods is warned of as %j', (maxReplicas, warnings) => {
    const sidecar = asyncFunction({
      triggers: { dapr: [{ name: 'clock', type: 'bindings.cron' }] },
      bindings: {},
      annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' },
      scaleOptions: { maxReplicas, keda: { triggers: [{ type: 'cron', metadata: { timezone: 'UTC', start: '0 6 * * *', end: '0 20 * * *', desiredReplicas: '1' } }] } },
    });
    expect(synthManifest(sidecar).fn.report.warnings).toEqual(warnings);
  });
});

describe('the Service of the proxy', () => {
  test('stands where KEDA calls it', () => {
    const { metadata, spec } = one(synthManifest(asyncFunction(SCALED)).objects, 'Service', 'fn-dapr-proxy');
    expect(metadata.labels).toEqual({ 'openfunction.io/managed': 'true', 'openfunction.io/proxy': 'fn' });
    expect(spec).toEqual({
      type: 'ClusterIP',
      ports: [
        { name: 'admin', port: 18081, protocol: 'TCP', targetPort: 18081 },
        { name: 'scaler', port: 18082, protocol: 'TCP', targetPort: 18082, appProtocol: 'kubernetes.io/h2c' },
      ],
      selector: { 'openfunction.io/proxy': 'fn' },
    });
  });
});

describe('a proxy that watches EndpointSlices', () => {
  test('gets an account that may only do that, and its token in its own container alone', () => {
    const { objects } = synthManifest(asyncFunction(), { proxy: { discovery: ProxyDiscovery.ENDPOINT_SLICES } });
    expect(list(objects)).toEqual(expect.arrayContaining(['ServiceAccount fn-dapr-proxy', 'Role fn-dapr-proxy', 'RoleBinding fn-dapr-proxy']));
    expect(one(objects, 'ServiceAccount').automountServiceAccountToken).toBe(false);
    expect(one(objects, 'Role').rules).toEqual([{ apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] }]);
    expect([one(objects, 'RoleBinding').roleRef, one(objects, 'RoleBinding').subjects]).toEqual([
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'fn-dapr-proxy' }, [{ kind: 'ServiceAccount', name: 'fn-dapr-proxy', namespace: 'ns' }],
    ]);
    const { spec } = proxyTemplate(objects, 'fn');
    expect([spec.serviceAccountName, spec.automountServiceAccountToken]).toEqual(['fn-dapr-proxy', false]);
    expect(spec.containers[0].volumeMounts[1]).toEqual({ name: 'kube-api-access', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true });
    expect(spec.volumes[1].projected.sources).toHaveLength(2);
  });

  test.each<[string, object]>([['a Knative Service', v1beta2(OUTPUT)], ['engine keda', v1beta2(KEDA)]])('does not do so in front of %s, whose pods it does not see', (_what, manifest) => {
    const proxy: DaprProxyProps = { discovery: ProxyDiscovery.ENDPOINT_SLICES };
    const found = (options: SynthOptions) => {
      const { objects, fn } = synthManifest(manifest, options);
      expect([...all(objects, 'Role'), ...all(objects, 'ServiceAccount'), ...all(objects, 'RoleBinding')]).toEqual([]);
      expect(environment(proxyTemplate(objects, 'fn'), 'dapr-proxy').DAPR_PROXY_DISCOVERY).toBeUndefined();
      return fn.report.warnings.filter((line) => line.includes('discovery'));
    };
    expect(found({ settings: { proxy } })).toEqual([]);
    expect(found({ proxy })).toEqual(['warning: proxy.discovery: has no effect on an HTTP function, whose one address the proxy knows']);
  });

  test('gives an account of the user\'s own the same right, and makes none', () => {
    const proxy: DaprProxyProps = { discovery: ProxyDiscovery.ENDPOINT_SLICES, serviceAccount: { name: 'queue-reader' } as never };
    const { objects } = synthManifest(asyncFunction(), { proxy });
    expect([all(objects, 'ServiceAccount'), one(objects, 'RoleBinding').subjects, proxyTemplate(objects, 'fn').spec.serviceAccountName]).toEqual([
      [], [{ kind: 'ServiceAccount', name: 'queue-reader', namespace: 'ns' }], 'queue-reader',
    ]);
  });
});
