// What the proxy announces to Dapr, and more than one replica of it (docs/spec M106 to M109 and M114).
import { Duration } from 'cdk8s';
import { FunctionInput, ProxyDiscovery } from '../../../src';
import { component } from '../../support/components';
import { existing } from '../../support/existing-component';
import { asyncFunction } from '../../support/functions';
import { all, environment, one, problemsOf, proxyTemplate, synthManifest, SynthOptions, synthProps, Tree } from '../../support/synth';

const SCALED = { scaleOptions: { keda: { triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }] } } };
const CLOCK = asyncFunction({ triggers: { dapr: [{ name: 'clock', type: 'bindings.cron' }] }, bindings: {} });

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
    expect(warnings).toEqual(['warning: inputs[0].bulk: Dapr up to 1.18 drops the events of a function that lacks the bulk method']);
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
      'warning: serving.triggers.dapr[0].name: "clock" fires in each of the proxy\'s 3 replicas without leaderElection',
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

  test.each<[string, object]>([
    ['Kubernetes', component('bindings.kubernetes', { namespace: 'shop', kubeconfigPath: '/etc/kube/config' })],
    ['RethinkDB', component('bindings.rethinkdb.statechange', { address: 'rethinkdb:28015' })],
    ['MQTT with a connection for each', component('bindings.mqtt3', { url: 'tcp://mqtt:1883', consumerID: 'fn-{podName}', topic: 'orders' })],
  ])('is a stream where it watches %s, which the leader hands over without asking for each event', (_what, watch) => {
    const clock = component('bindings.cron', { schedule: '@every 1m' });
    const manifest = asyncFunction({ triggers: { dapr: [{ name: 'watch' }, { name: 'clock' }] }, bindings: { watch, clock } });
    const { objects, fn } = synthManifest(manifest, { proxy: { replicas: 3 } });
    const { DAPR_PROXY_SHARED_BINDINGS, DAPR_PROXY_SHARED_STREAMS, DAPR_PROXY_LEASE } = environment(proxyTemplate(objects, 'fn'), 'dapr-proxy');
    expect([DAPR_PROXY_SHARED_BINDINGS, DAPR_PROXY_SHARED_STREAMS, DAPR_PROXY_LEASE]).toEqual(['fn-bindings-clock', 'fn-bindings-watch', 'fn-dapr-proxy']);
    expect(fn.report.warnings).toEqual([]);
  });

  test('needs a token and rights where it watches Kubernetes: a warning, and a line of the report', () => {
    const watch = component('bindings.kubernetes', { namespace: 'shop' });
    const manifest = asyncFunction({ triggers: { dapr: [{ name: 'watch' }] }, bindings: { watch } });
    const { fn } = synthManifest(manifest);
    expect(fn.report.warnings).toEqual([
      'warning: serving.triggers.dapr[0].name: "watch" asks the Kubernetes API, for which the proxy\'s pod has no token; set serviceAccountToken of the proxy',
    ]);
    const withToken = synthManifest(manifest, { proxy: { serviceAccountToken: true } }).fn.report;
    expect(withToken.warnings).toEqual([]);
    expect(withToken.prerequisites).toContain('a role by which ServiceAccount fn-dapr-proxy may list and watch the events of namespace shop, for fn-bindings-watch');
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
    [2, ['warning: serving.triggers.dapr[0].name: "clock" fires in the sidecar of every pod; behind the dapr-proxy it fires once']],
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
