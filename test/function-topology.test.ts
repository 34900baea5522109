// The wiring of an app: nodes and edges, whatever way its functions come in (docs/spec M127b to M127e).
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { DaprComponent, DaprMode, FunctionInput, FunctionOutput, FunctionTopology, OpenFunctionApp, PlatformSettings } from '../src';
import { asyncFunction, EVENTS, KAFKA, STORE, v1beta2 } from './support/functions';
import { newChart, quietly } from './support/synth';

const edges = (topology: FunctionTopology) => topology.edges.map(({ from, kind, to, topic }) => `${from} -${kind}-> ${to}${topic === undefined ? '' : ` (${topic})`}`);
const ids = (topology: FunctionTopology) => topology.nodes.map(({ id }) => id);
const OTHER = { namespace: 'other' };

function shop(): { app: App; chart: Chart; events: DaprComponent; orders: OpenFunctionApp; mails: OpenFunctionApp } {
  const { app, chart } = newChart('shop');
  const events = new DaprComponent(chart, 'events', { componentType: 'pubsub.kafka', metadata: { brokers: 'kafka:9092', authType: 'none' } });
  const orders = new OpenFunctionApp(chart, 'orders', { image: 'acme/orders:2', http: { route: { hostnames: ['orders.acme.example'] } }, outputs: [FunctionOutput.toTopic(events, 'placed')] });
  const mails = new OpenFunctionApp(chart, 'mails', { image: 'acme/mails:1', inputs: [FunctionInput.fromTopic(events, 'placed', { deadLetterTopic: 'unsent' })], scaling: { minReplicas: 0, maxReplicas: 5 } });
  return { app, chart, events, orders, mails };
}

test('a topology has functions with what they are made of, and what lies between them', () => {
  const { app } = shop();
  const topology = FunctionTopology.of(app);
  expect(topology.nodes).toEqual([
    {
      id: 'function shop/mails', kind: 'function', name: 'mails', namespace: 'shop', chart: 'chart',
      details: { image: 'acme/mails:1', workload: 'Deployment', port: 8080, daprMode: 'standalone', appId: 'mails-shop', minReplicas: 0, maxReplicas: 5, internalUrl: 'http://mails.shop.svc.cluster.local:8080', externalUrls: [] },
    },
    {
      id: 'function shop/orders', kind: 'function', name: 'orders', namespace: 'shop', chart: 'chart',
      details: { image: 'acme/orders:2', workload: 'KnativeService', httpEngine: 'knative', port: 8080, daprMode: 'standalone', appId: 'orders-shop', minReplicas: 0, internalUrl: 'http://orders.shop.svc.cluster.local', externalUrls: ['http://orders.acme.example/shop/orders'] },
    },
    { id: 'host orders.acme.example', kind: 'host', name: 'orders.acme.example' },
    { id: 'outside', kind: 'outside', name: 'outside' },
    { id: 'pubsub shop/events', kind: 'pubsub', name: 'events', namespace: 'shop', componentType: 'pubsub.kafka' },
    { id: 'topic shop/events/placed', kind: 'topic', name: 'placed', namespace: 'shop', components: ['pubsub shop/events'] },
    { id: 'topic shop/events/unsent', kind: 'topic', name: 'unsent', namespace: 'shop', components: ['pubsub shop/events'] },
  ]);
  expect(topology.edges).toEqual([
    { kind: 'deadLetters', from: 'function shop/mails', to: 'topic shop/events/unsent', component: 'events', topic: 'placed' },
    { kind: 'publishes', from: 'function shop/orders', to: 'topic shop/events/placed', component: 'events' },
    { kind: 'calls', from: 'host orders.acme.example', to: 'function shop/orders' },
    { kind: 'calls', from: 'outside', to: 'host orders.acme.example' },
    { kind: 'subscribes', from: 'topic shop/events/placed', to: 'function shop/mails', component: 'events' },
  ]);
  expect(topology.findings).toEqual([{
    rule: 'dead-letters-unread', level: 'information', functionId: 'function shop/mails', place: 'chart/mails inputs[0].deadLetterTopic',
    message: 'nothing here reads the dead letters in the topic "unsent" of "events"',
  }]);
  expect(JSON.parse(topology.json())).toEqual({ nodes: topology.nodes, edges: topology.edges, findings: topology.findings });
  expect([topology.node('function shop/orders')?.name, topology.node('function shop/none')]).toEqual(['orders', undefined]);
});

test('settings that come later, and functions in another order, are in it', () => {
  const { app, chart } = newChart('shop');
  OpenFunctionApp.fromManifest(chart, 'b', { ...v1beta2({}, {}, { name: 'b' }) });
  OpenFunctionApp.fromManifest(chart, 'a', { ...v1beta2({}, {}, { name: 'a' }) });
  PlatformSettings.of(app).set({ gateway: { name: 'public', namespace: 'gateways', domain: 'acme.example' } });
  expect(edges(FunctionTopology.of(app))).toEqual([
    'host a.shop.acme.example -calls-> function shop/a', 'host b.shop.acme.example -calls-> function shop/b',
    'outside -calls-> host a.shop.acme.example', 'outside -calls-> host b.shop.acme.example',
  ]);
});

describe('topics', () => {
  const own = (serving: object, metadata: object) => asyncFunction({ bindings: {}, ...serving }, {}, metadata);
  const withAddress = (brokers: string) => ({ ...EVENTS, metadata: [{ name: 'brokers', value: brokers }, { name: 'authType', value: 'none' }] });
  const pair = (brokers: [string, string], names: [string, string] = ['bus', 'events']) => {
    const { app, chart } = newChart('shop');
    OpenFunctionApp.fromManifest(chart, 'a', { ...v1beta2({ outputs: [{ dapr: { name: names[0], topic: 't' } }], pubsub: { [names[0]]: withAddress(brokers[0]) } }, {}, { name: 'a' }) });
    OpenFunctionApp.fromManifest(chart, 'b', { ...own({ triggers: { dapr: [{ name: names[1], topic: 't' }] }, pubsub: { [names[1]]: withAddress(brokers[1]) } }, { name: 'b', ...OTHER }) });
    return ids(FunctionTopology.of(app)).filter((id) => id.startsWith('topic'));
  };

  test.each<[string, [string, string], string[]]>([
    ['of one broker in one order or the other', ['k1.acme:9092,k2.acme:9092', 'k2.acme:9092, k1.acme:9092'], ['topic shop/bus/t']],
    ['of one broker, named from its own namespace and from another', ['kafka:9092', 'kafka.shop.svc.cluster.local:9092'], ['topic shop/bus/t']],
    ['of brokers of one name in two namespaces', ['kafka:9092', 'kafka:9092'], ['topic other/events/t', 'topic shop/bus/t']],
    ['of brokers beside each container', ['localhost:9092', 'localhost:9092'], ['topic other/events/t', 'topic shop/bus/t']],
  ])('%s', (_, brokers, expected) => {
    expect(pair(brokers)).toEqual(expected);
  });

  test('of two brokers that users call by one name differ', () => {
    const { app, chart } = newChart('shop');
    for (const [name, host] of [['a', 'k1:9092'], ['b', 'k2:9092']]) {
      OpenFunctionApp.fromManifest(chart, name, { ...own({ triggers: { dapr: [{ name: 'bus', topic: 't' }] }, pubsub: { bus: withAddress(host) } }, { name }) });
    }
    expect(ids(FunctionTopology.of(app)).filter((id) => id.startsWith('topic'))).toEqual(['topic shop/b-pubsub-bus/t', 'topic shop/bus/t']);
  });

  test('lie where bindings of Kafka read and write, with those of pub/sub on the same brokers', () => {
    const { app, chart } = newChart('shop');
    OpenFunctionApp.fromManifest(chart, 'a', { ...v1beta2({ outputs: [{ dapr: { name: 'out', operation: 'create' } }], bindings: { out: KAFKA } }, {}, { name: 'a' }) });
    OpenFunctionApp.fromManifest(chart, 'b', { ...own({ triggers: { dapr: [{ name: 'bus', topic: 'orders' }] }, pubsub: { bus: EVENTS } }, { name: 'b' }) });
    expect(edges(FunctionTopology.of(app))).toEqual([
      'function shop/a -binds-> topic shop/bus/orders', 'topic shop/bus/orders -subscribes-> function shop/b',
    ]);
  });
});

test('a cron binding shows when it fires, a state store which functions use it, and a function without Dapr has neither', () => {
  const { app, chart } = newChart('shop');
  const parts = {
    triggers: { dapr: [{ name: 'tick', type: 'bindings.cron' }] },
    bindings: { tick: { type: 'bindings.cron', version: 'v1', metadata: [{ name: 'schedule', value: '@every 5m' }] } },
    states: { carts: { spec: STORE } },
  };
  OpenFunctionApp.fromManifest(chart, 'a', { ...asyncFunction(parts, {}, { name: 'a' }) });
  OpenFunctionApp.fromManifest(chart, 'b', { ...asyncFunction({ ...parts, annotations: { 'openfunction.io/enable-dapr': 'false' } }, {}, { name: 'b' }) });
  const topology = FunctionTopology.of(app);
  expect(topology.nodes.filter(({ kind }) => kind !== 'function')).toEqual([
    { id: 'binding shop/a-bindings-tick', kind: 'binding', name: 'tick', namespace: 'shop', componentType: 'bindings.cron', schedule: '@every 5m' },
    { id: 'state shop/a-state-carts', kind: 'state', name: 'carts', namespace: 'shop', componentType: 'state.redis' },
  ]);
  expect(edges(topology)).toEqual(['binding shop/a-bindings-tick -binds-> function shop/a', 'function shop/a -state-> state shop/a-state-carts']);
  expect(topology.node('function shop/b')?.details).toEqual({ image: 'acme/fn:1', workload: 'Deployment', port: 8080, daprMode: 'off', minReplicas: 1, maxReplicas: 1, externalUrls: [] });
});

describe('calls', () => {
  const calling = (env: { [name: string]: string }, options: object = {}) => {
    const { app, chart } = newChart('shop');
    new OpenFunctionApp(chart, 'carts', { image: 'acme/carts:1', dapr: DaprMode.SIDECAR, states: [DaprComponent.fromComponentName(chart, 'store', { componentName: 'store', componentType: 'state.redis' })] });
    new OpenFunctionApp(chart, 'pages', { image: 'acme/pages:1', env, ...options });
    return edges(FunctionTopology.of(app)).filter((edge) => edge.includes('-calls->'));
  };
  const CALL = 'function shop/pages -calls-> function shop/carts';

  test.each<[string, { [name: string]: string }, string[]]>([
    ['its URL', { CARTS: 'http://carts.shop.svc.cluster.local/items?x=1' }, [CALL]],
    ['its short host in a URL', { CARTS: 'http://carts/items' }, [CALL]],
    ['its host and port', { CARTS: 'carts.shop:80' }, [CALL]],
    ['its URL in a list', { TARGETS: 'http://a.example,http://carts.shop.svc' }, [CALL]],
    ['its app-id', { CARTS_APP_ID: 'carts-shop' }, [CALL]],
    ['Dapr\'s invocation of it', { CARTS: 'http://localhost:3500/v1.0/invoke/carts-shop.shop/method/items' }, [CALL]],
    ['an app-id that is not a function', { CARTS: 'http://localhost:3500/v1.0/invoke/stock/method/items' }, ['function shop/pages -calls-> appId shop/stock']],
    ['a word that is its name', { TABLE: 'carts' }, []],
    ['an app-id of something else', { GITHUB_APP_ID: '12345' }, []],
    ['another host', { CARTS: 'http://carts.other.svc.cluster.local' }, []],
    ['the function itself', { SELF: 'http://pages.shop.svc.cluster.local' }, []],
  ])('lead from a variable with %s', (_, env, expected) => {
    expect(calling(env)).toEqual(expected);
  });

  test('lead from a workload beside the functions, and from a binding that calls a URL', () => {
    const { app, chart, orders } = shop();
    new kplus.Deployment(chart, 'web', { metadata: { name: 'web' }, replicas: 1, containers: [{ image: 'acme/web:1', envVariables: { ORDERS: kplus.EnvValue.fromValue(orders.internalUrl) } }] });
    new kplus.Deployment(chart, 'cache', { metadata: { name: 'cache' }, replicas: 1, containers: [{ image: 'acme/cache:1' }] });
    const hook = new DaprComponent(chart, 'hook', { componentType: 'bindings.http', metadata: { url: 'http://orders.shop/hooks' } });
    new OpenFunctionApp(chart, 'watch', { image: 'acme/watch:1', outputs: [FunctionOutput.toBinding(hook, { operation: 'post' })] });
    const topology = FunctionTopology.of(app);
    expect(edges(topology).filter((edge) => edge.endsWith('-> function shop/orders'))).toEqual([
      'binding shop/hook -calls-> function shop/orders', 'host orders.acme.example -calls-> function shop/orders', 'workload shop/web -calls-> function shop/orders',
    ]);
    expect(topology.nodes.filter(({ kind }) => kind === 'workload')).toEqual([{ id: 'workload shop/web', kind: 'workload', name: 'web', namespace: 'shop', workload: 'Deployment', image: 'acme/web:1' }]);
  });
});

test('functions of one host are told apart by the path that a URL has', () => {
  const { app, chart } = newChart('shop');
  const routed = (id: string, value: string) => new OpenFunctionApp(chart, id, {
    image: 'acme/fn:1', http: { route: { hostnames: ['shop.acme.dev'], rules: [{ matches: [{ path: { type: 'PathPrefix', value } }] }] } },
  });
  routed('pages', '/');
  routed('orders', '/orders');
  routed('returns', '/orders/returns');
  const env = { A: 'https://shop.acme.dev/orders/1', B: 'https://shop.acme.dev/orders/returns/1' };
  new OpenFunctionApp(chart, 'desk', { image: 'acme/desk:1', env });
  new OpenFunctionApp(chart, 'other', { image: 'acme/other:1', env: { C: 'https://shop.acme.dev/ordersheet' } });
  expect(edges(FunctionTopology.of(app)).filter((edge) => /^function shop\/(desk|other) -calls/.test(edge))).toEqual([
    'function shop/desk -calls-> function shop/orders', 'function shop/desk -calls-> function shop/returns', 'function shop/other -calls-> function shop/pages',
  ]);
});

test('Subscriptions beside functions lead to their scopes, and to any app without them', () => {
  const { app, chart } = shop();
  const subscription = (name: string, topic: string, more: object, scopes?: string[]) => (
    new ApiObject(chart, name, { apiVersion: 'dapr.io/v2alpha1', kind: 'Subscription', metadata: { name, namespace: 'shop' }, spec: { pubsubname: 'events', topic, ...more }, ...(scopes && { scopes }) }));
  subscription('one', 'placed', { deadLetterTopic: 'lost' }, ['orders-shop', 'stock']);
  subscription('two', 'unsent', {});
  new ApiObject(chart, 'stock', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'stock', namespace: 'shop' }, spec: { template: { metadata: { annotations: { 'dapr.io/enabled': 'true', 'dapr.io/app-id': 'stock' } } } } });
  expect(edges(FunctionTopology.of(app)).filter((edge) => !edge.includes('host') && !edge.includes('mails') && !edge.includes('publishes'))).toEqual([
    'function shop/orders -deadLetters-> topic shop/events/lost (placed)',
    'topic shop/events/placed -subscribes-> function shop/orders', 'topic shop/events/placed -subscribes-> workload shop/stock',
    'topic shop/events/unsent -subscribes-> appId shop/*',
    'workload shop/stock -deadLetters-> topic shop/events/lost (placed)',
  ]);
});

test('of a chart or a function, it has functions elsewhere only where they are wired with it', () => {
  const { app, events, mails } = shop();
  const other = new Chart(app, 'stock', { namespace: 'shop' });
  new OpenFunctionApp(other, 'pick', { image: 'acme/pick:1', inputs: [FunctionInput.fromTopic(events, 'placed')] });
  new OpenFunctionApp(other, 'count', { image: 'acme/count:1' });
  const shown = ({ nodes }: FunctionTopology) => nodes.filter(({ kind }) => kind === 'function').map(({ name, elsewhere = false }) => [name, elsewhere]);
  expect(shown(FunctionTopology.of(other))).toEqual([['count', false], ['mails', true], ['orders', true], ['pick', false]]);
  const one = FunctionTopology.of(mails);
  expect(shown(one)).toEqual([['mails', false], ['orders', true], ['pick', true]]);
  expect(ids(one).filter((id) => !id.startsWith('function'))).toEqual(['pubsub shop/events', 'topic shop/events/placed', 'topic shop/events/unsent']);
});

test('asking for it changes nothing of what is synthesized', () => {
  const [asked, plain] = [shop(), shop()];
  FunctionTopology.of(asked.app);
  expect(quietly(() => Testing.synth(asked.chart))).toEqual(quietly(() => Testing.synth(plain.chart)));
});

test('what may be intended is information in the topology: topics with one side, dialogues, state under one prefix, app-ids elsewhere', () => {
  const { app, chart, events, orders } = shop();
  const store = new DaprComponent(chart, 'store', { componentType: 'state.redis', metadata: { redisHost: 'redis:6379', keyPrefix: 'name' } });
  orders.addState(store);
  orders.addEnv('LEDGER', 'http://orders-shop-dapr.shop:3500/v1.0/invoke/ledger/method/x');
  new OpenFunctionApp(chart, 'stock', { image: 'acme/stock:1', states: [store], inputs: [FunctionInput.fromTopic(events, 'asked')], outputs: [FunctionOutput.toTopic(events, 'told')] });
  new OpenFunctionApp(chart, 'audit', { image: 'acme/audit:1', inputs: [FunctionInput.fromTopic(events, 'told')], outputs: [FunctionOutput.toTopic(events, 'asked'), FunctionOutput.toTopic(events, 'noted', { name: 'note' })] });
  orders.addOutput(FunctionOutput.toTopic(events, 'asked', { name: 'ask' }));
  const found = FunctionTopology.of(app).findings.map(({ rule, level, place, message }) => [rule, level, place, message]);
  expect(found).toEqual([
    ['topic-without-subscriber', 'information', 'chart/audit outputs[1].topic', 'nothing here subscribes to the topic "noted" of "events"'],
    ['topic-cycle', 'information', 'chart/audit outputs[0].topic', 'events of "asked" come back to this function by way of function shop/stock (chart/stock outputs[0].topic)'],
    ['dead-letters-unread', 'information', 'chart/mails inputs[0].deadLetterTopic', 'nothing here reads the dead letters in the topic "unsent" of "events"'],
    ['call-to-unknown-app', 'information', 'chart/orders env.LEDGER', 'nothing here has the app-id "ledger"'],
    ['state-shared', 'information', 'chart/stock states[0]', 'the keyPrefix of "store" lets this function and function shop/orders (chart/orders states[0]) write the same keys'],
  ]);
  expect(FunctionTopology.of(orders).findings.map(({ rule }) => rule)).toEqual(['call-to-unknown-app']);
});
