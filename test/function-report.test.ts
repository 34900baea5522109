import { DaprProxyImage, OpenFunctionApp, PlatformSettings } from '../src';
import { component } from './support/components';
import { asyncFunction, v1beta2 } from './support/functions';
import { synthManifest } from './support/synth';
import { bundleOf } from '../src/private/image/bundle';

const OUTPUT = { outputs: [{ dapr: { name: 'web', type: 'bindings.http' } }] };
const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
const SCALED = { scaleOptions: { maxReplicas: 5, keda: { triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }] } } };

/** What most pods lack of the restricted level. */
const UNHARDENED = [
  'containers[0].securityContext.runAsNonRoot: is not true',
  'containers[0].securityContext.capabilities.drop: does not drop ALL',
  'containers[0].securityContext.allowPrivilegeEscalation: is not false',
  'containers[0].securityContext.seccompProfile: is neither RuntimeDefault nor Localhost',
];

test('the report of a function without Dapr says that it needs Knative, and nothing else', () => {
  expect(synthManifest(v1beta2()).fn.report).toEqual({
    name: 'fn',
    namespace: 'ns',
    image: 'acme/fn:1',
    workload: 'KnativeService',
    httpEngine: 'knative',
    port: 8080,
    daprMode: 'off',
    minReplicas: 0,
    internalUrl: 'http://fn.ns.svc.cluster.local',
    externalUrls: [],
    hosts: [],
    topics: [],
    components: [],
    resources: [{
      daprMode: 'off',
      containers: [{ name: 'function', minReplicas: 0 }],
      atMinimum: { cpuRequest: '0', cpuLimit: '0', memoryRequest: '0', memoryLimit: '0', without: [] },
    }],
    targets: ['Kubernetes 1.35', 'Knative Serving 1.24'],
    daprReason: 'openfunction.io/enable-dapr is not set, and the function defines no inputs, outputs or states',
    objects: [{ apiVersion: 'serving.knative.dev/v1', kind: 'Service', namespace: 'ns', name: 'fn', role: 'workload' }],
    requiredApis: ['Service.serving.knative.dev'],
    knativeFeatures: [],
    prerequisites: [],
    podSecurity: [{ role: 'workload', level: 'baseline', breaches: UNHARDENED }],
    sidecars: 'none',
    pendingEvents: 'off',
    notes: [],
    warnings: [],
  });
});

test.each<[object, string[]]>([
  [{ 'autoscaling.knative.dev/initial-scale': '0' }, ['allow-zero-initial-scale: "true" in Knative\'s ConfigMap config-autoscaler, for an initial scale of 0']],
  [{ 'autoscaling.knative.dev/initialScale': '0' }, ['allow-zero-initial-scale: "true" in Knative\'s ConfigMap config-autoscaler, for an initial scale of 0']],
  [{ 'autoscaling.knative.dev/initial-scale': '1' }, []],
  [{ 'autoscaling.knative.dev/class': 'kpa.autoscaling.knative.dev' }, []],
  [{ 'autoscaling.knative.dev/class': 'hpa.autoscaling.knative.dev' }, ['Knative\'s autoscaler-hpa, which its core installation does not hold']],
  [{ 'autoscaling.knative.dev/class': 'autoscaler.acme.io' }, ['an autoscaler of class autoscaler.acme.io for Knative']],
])('the report of a Knative function with %j names what its autoscaler needs of the cluster', (annotations, prerequisites) => {
  expect(synthManifest(v1beta2({ annotations })).fn.report.prerequisites).toEqual(prerequisites);
  expect(synthManifest(v1beta2({ scaleOptions: { knative: annotations } })).fn.report.prerequisites).toEqual(prerequisites);
});

test('the report of an async function behind the proxy lists every object and what the cluster must have', () => {
  const { report } = synthManifest(asyncFunction({ ...SCALED, ...OUTPUT })).fn;
  expect(report.objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'Component fn-bindings-queue', 'Resiliency fn-dapr-proxy', 'Service fn', 'Service fn-any', 'Deployment fn', 'ScaledObject fn', 'Service fn-dapr-proxy',
    'NetworkPolicy fn-dapr-proxy', 'Deployment fn-dapr-proxy', `ConfigMap ${bundleOf().configMapName}`,
  ]);
  expect(report.requiredApis).toEqual(['Component.dapr.io', 'Resiliency.dapr.io', 'ScaledObject.keda.sh']);
  expect(report.prerequisites).toEqual([
    'Dapr 1.16 or later with its sidecar injector',
    'Kubernetes 1.30 or later, for the sleep before a pod stops',
    'a network plugin that enforces NetworkPolicies, or an API token: otherwise every pod can use the Dapr API of this function',
    'the Dapr component web in namespace ns',
  ]);
});

const ALONE = '1 beside the proxy (while it is away, no event comes in and no pod can publish; of two replicas, the other one goes on)';

test.each<[string, object, string]>([
  ['off', v1beta2(), 'none'],
  ['standalone with a known maximum', asyncFunction(SCALED), `${ALONE}; with a sidecar in each pod: 5`],
  ['standalone without a scaler', asyncFunction(), `${ALONE}; with a sidecar in each pod: 1`],
  ['standalone under KEDA without a maximum', asyncFunction({ scaleOptions: { keda: SCALED.scaleOptions.keda } }), `${ALONE}; with a sidecar in each pod: 100`],
  ['standalone without a maximum of Knative', v1beta2(OUTPUT), `${ALONE}; with a sidecar in each pod: one per replica`],
  ['standalone without a maximum of Knative, as it is written', v1beta2({ ...OUTPUT, scaleOptions: { knative: { 'autoscaling.knative.dev/max-scale': '0' } } }),
    `${ALONE}; with a sidecar in each pod: one per replica`],
  ['standalone with a maximum by annotation', v1beta2({ ...OUTPUT, annotations: { 'autoscaling.knative.dev/maxScale': '7' } }), `${ALONE}; with a sidecar in each pod: 7`],
  ['sidecar with a known maximum', v1beta2({ ...OUTPUT, ...SIDECAR, scaleOptions: { maxReplicas: 20 } }), '20; beside a shared proxy: 1'],
])('the report says how many sidecars run: %s', (_mode, manifest, sidecars) => {
  expect(synthManifest(manifest).fn.report.sidecars).toBe(sidecars);
});

test('the report is a copy: what a caller changes stays the caller\'s', () => {
  const { fn } = synthManifest(v1beta2());
  (fn.report.objects as unknown[]).push('x');
  expect(fn.report.objects).toHaveLength(1);
});

test('the report has the replicas that the proxy has, and would have', () => {
  const sidecars = (manifest: object) => synthManifest(manifest, { settings: { proxy: { replicas: 3 } } }).fn.report.sidecars;
  expect(sidecars(asyncFunction(SCALED))).toBe('3 beside the proxy; with a sidecar in each pod: 5');
  expect(sidecars(asyncFunction({ ...SCALED, ...SIDECAR }))).toBe('5; beside a shared proxy: 3');
});

describe('the report on pending events', () => {
  const scaled = (type: string, settings: Record<string, number>, options: object = {}) => {
    const serving = { triggers: { dapr: [{ name: 'c', topic: 't' }] }, bindings: {}, pubsub: { c: component(type, settings) } };
    const { pendingEvents, pendingEventsReplicas } = synthManifest(asyncFunction(serving), options).fn.report;
    return [pendingEvents, pendingEventsReplicas];
  };

  test('says the replicas that the concurrency of the components allows', () => {
    expect(scaled('pubsub.redis', {}, { pendingEvents: {} })).toEqual(['at most 10 replicas: the components hand over 10 events at once, 1 for each replica', 10]);
    expect(scaled('pubsub.redis', { concurrency: 5 }, { pendingEvents: { targetPerReplica: 4 }, proxy: { replicas: 2 } })).toEqual([
      'at most 3 replicas: the components hand over 10 events at once, 4 for each replica', 3,
    ]);
  });

  test('says so where a component does not tell', () => {
    const unknown = 'as far as the components hand over events at once, 1 for each replica; how many is not known here';
    expect(scaled('pubsub.mqtt3', {}, { pendingEvents: {} })).toEqual([unknown, undefined]);
    expect(scaled('pubsub.kafka', {}, { pendingEvents: {} })).toEqual([`${unknown} (Kafka: one for each partition)`, undefined]);
  });

  test('is off where the function does not scale on them', () => {
    expect(scaled('pubsub.redis', {})).toEqual(['off', undefined]);
    expect(scaled('pubsub.redis', {}, { pendingEvents: { enabled: false } })).toEqual(['off', undefined]);
  });
});

test('objects that functions of a chart share are in the report of each of them, and gone with what needs them', () => {
  const { chart, fn } = synthManifest(asyncFunction());
  const other = OpenFunctionApp.fromManifest(chart, 'other', { ...asyncFunction({}, {}, { name: 'other' }) });
  const shared = () => [fn, other].map(({ report }) => report.objects.filter(({ role }) => role === 'bundle').map(({ kind, name }) => `${kind} ${name}`));
  expect(shared()).toEqual([[`ConfigMap ${bundleOf().configMapName}`], [`ConfigMap ${bundleOf().configMapName}`]]);
  PlatformSettings.of(chart).set({ proxyImage: DaprProxyImage.fromRegistry('acme/dapr-proxy:1') });
  expect(shared()).toEqual([[], []]);
});

test('the report says what the function does with topics, queues, bindings and stores, in JSON as the types have it', () => {
  const { topics, components } = synthManifest(asyncFunction({
    triggers: { dapr: [{ name: 'queue', type: 'bindings.kafka' }, { name: 'elsewhere', type: 'pubsub', topic: 'a' }, { name: 'clock', type: 'bindings.cron' }] },
    bindings: { queue: component('bindings.kafka', { topics: 'in', publishTopic: 'out' }), clock: component('bindings.cron') },
    states: { store: { spec: component('state.redis') } },
    outputs: [{ dapr: { name: 'queue', type: 'bindings.kafka', operation: 'create' } }],
  })).fn.report;
  expect(topics).toEqual([
    { use: 'writes', topic: 'out', component: 'fn-bindings-queue', componentType: 'bindings.kafka' },
    { use: 'subscribes', topic: 'a', component: 'elsewhere', componentType: 'pubsub' },
    { use: 'reads', topic: 'in', component: 'fn-bindings-queue', componentType: 'bindings.kafka' },
  ]);
  expect(components).toEqual([
    { name: 'fn-bindings-clock', componentType: 'bindings.cron', isOwn: true, uses: ['reads'], schedule: '@every 5m' },
    { name: 'fn-bindings-queue', componentType: 'bindings.kafka', isOwn: true, uses: ['reads', 'writes'] },
    { name: 'fn-state-store', componentType: 'state.redis', isOwn: true, uses: ['keepsState'] },
    { name: 'elsewhere', componentType: 'pubsub', isOwn: false, uses: ['subscribes'] },
  ]);
});
