// What settings and tokens become in the proxy's pod (docs/spec M102 to M105 and M111).
import { Duration, Size } from 'cdk8s';
import { DaprProxyProps, ProxyDiscovery, ProxyLogLevel, TimeLimit } from '../../../src';
import { asyncFunction, v1beta2 } from '../../support/functions';
import { container, environment, podTemplate, problemsOf, proxyTemplate, synthManifest, SynthOptions } from '../../support/synth';

const OUTPUT = { outputs: [{ dapr: { name: 'web', type: 'bindings.http', operation: 'post' } }] };
const SCALED = { scaleOptions: { keda: { triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }] } } };
const KEDA = { triggers: { http: { engine: 'keda', port: 3000 } }, ...OUTPUT };
const proxyOf = (manifest: object, options: SynthOptions = {}) => proxyTemplate(synthManifest(manifest, options).objects, 'fn');
const env = (manifest: object, options: SynthOptions = {}) => environment(proxyOf(manifest, options), 'dapr-proxy');
const own = (variables: Record<string, unknown>) => Object.fromEntries(Object.entries(variables).filter(([key]) => key.startsWith('DAPR_PROXY_')));

describe('settings of the proxy', () => {
  test('without values stay its own defaults, but for addresses, ports, hold and drain', () => {
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
    [{ replicas: '2' as unknown as number }, 'proxy.replicas: must be a number, got "2"'],
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
