// Who reaches the proxy and the function's pods, and how the proxy finds these (docs/spec M110 and later).
import { DaprProxyProps, ProxyDiscovery } from '../../../src';
import { asyncFunction, v1beta2 } from '../../support/functions';
import { all, environment, list, one, proxyTemplate, synthManifest, SynthOptions, Tree } from '../../support/synth';

const OUTPUT = { outputs: [{ dapr: { name: 'web', type: 'bindings.http' } }] };
const SCALED = { scaleOptions: { keda: { triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }] } } };
const KEDA = { triggers: { http: { engine: 'keda', port: 3000 } }, ...OUTPUT };

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

describe('the Service of the proxy', () => {
  test('is emitted where KEDA calls it', () => {
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
