// Mistakes seen through Dapr's API, by objects that lead to functions or select their pods, and by brokers (docs/spec M72z).
import { ApiObject } from 'cdk8s';
import { DaprMode, FunctionInput, FunctionOutput, HttpEngine } from '../src';
import { found, from, Program, to } from './support/wiring-program';

const create = { operation: 'create' };
const sidecar = { dapr: DaprMode.SIDECAR };
const API = 'http://localhost:3500/v1.0';
const orders = (p: Program) => p.fn('p', { outputs: [to(p.events, 'orders')] });
const reader = (p: Program) => p.fn('reader', { inputs: [from(p.events, 'orders')] });
const mqtt = (p: Program) => p.component('mqtt', 'pubsub.mqtt3', { url: 'tcp://mqtt:1883' });
const store = (p: Program, name: string, more = {}) => p.component(name, 'state.redis', { redisHost: 'redis:6379', ...more });
const kafka = (p: Program, settings: { [name: string]: string }) => p.component('queue', 'bindings.kafka', { brokers: 'kafka:9092', authType: 'none', ...settings });
/** A Deployment with a sidecar and one variable. */
function workload(p: Program, name: string, value: string): void {
  const annotations = { 'dapr.io/enabled': 'true', 'dapr.io/app-id': 'web' };
  p.object('apps/v1', 'Deployment', 'web', { spec: { template: { metadata: { annotations }, spec: { containers: [{ name: 'web', env: [{ name, value }] }] } } } });
}
const dapr = (p: Program, kind: string, name: string, spec: object, scopes?: string[], namespace = 'shop') => p.object('dapr.io/v1alpha1', kind, name, { spec, scopes }, namespace);
const resiliency = (p: Program, retry: string, namespace?: string) => dapr(p, 'Resiliency', 'slow', {
  policies: { retries: { important: { policy: 'constant', duration: '1s', maxRetries: 3 } } }, targets: { components: { events: { inbound: { retry } } } },
}, undefined, namespace);

type Case = [title: string, write: (p: Program) => void, expected: string[]];
const check = (_: string, write: (p: Program) => void, expected: string[]) => expect(found(write)).toEqual(expected);

describe("URLs of Dapr's API", () => {
  test.each<Case>([
    ['by which a workload publishes are a publisher, so that a slip in them is a warning', (p) => {
      reader(p);
      workload(p, 'URL', `${API}/publish/events/ordres`);
    }, [
      'warning topic-misspelt at chart/reader inputs[0].topic: nothing here publishes to the topic "orders" of "events"; did you mean "ordres" of the Deployment shop/web?',
    ]],
    ['by which a function without an output publishes are', (p) => {
      reader(p);
      p.fn('a', { ...sidecar, env: { URL: `${API}/publish/events/ordres` } });
    }, [
      'warning topic-misspelt at chart/a env.URL: nothing here subscribes to the topic "ordres" of "events"; did you mean "orders" of function shop/reader (chart/reader inputs[0].topic)?',
      'warning topic-misspelt at chart/reader inputs[0].topic: nothing here publishes to the topic "orders" of "events"; did you mean "ordres" of function shop/a (chart/a env.URL)?',
    ]],
    ['at another port than that of the sidecar are a warning', (p) => {
      p.fn('orders', sidecar);
      p.fn('a', { ...sidecar, env: { URL: 'http://localhost:3501/v1.0/invoke/orders-shop/method/x' } });
    }, [
      'warning call-to-nowhere at chart/a env.URL: Dapr\'s HTTP API is at port 3500, not 3501',
    ]],
    ['of an operation that a Configuration denies are', (p) => {
      p.fn('a', { ...sidecar, annotations: { 'dapr.io/config': 'closed' } });
      p.fn('b', { ...sidecar, env: { A: `${API}/invoke/a-shop/method/orders/7`, B: `${API}/invoke/a-shop/method/prices/7` } });
      const operations = [{ name: '/prices', httpVerb: ['GET'], action: 'allow' }];
      dapr(p, 'Configuration', 'closed', { accessControl: { defaultAction: 'deny', policies: [{ appId: 'b-shop', namespace: 'shop', defaultAction: 'deny', operations }] } });
    }, [
      'warning call-refused at chart/b env.A: the Configuration "closed" of function shop/a (chart/a name) denies the call of "/orders/7" of the app-id "b-shop"',
    ]],
    ['of one app-id among several in a variable are found', (p) => {
      p.fn('orders', sidecar);
      p.fn('a', { ...sidecar, env: { APP_IDS: 'orders-shop, ordrs-shop' } });
    }, [
      'warning call-to-unknown-app at chart/a env.APP_IDS: nothing here has the app-id "ordrs-shop"; did you mean "orders-shop" of function shop/orders (chart/orders name)?',
    ]],
    ['that lead where something reads, and are told to a workload by the right name, are right', (p) => {
      reader(p);
      workload(p, 'URL', `${API}/publish/events/orders`);
      p.fn('a', { ...sidecar, env: { URL: `${API}/publish/events/orders`, STATE: `${API}/state/carts` }, states: [store(p, 'carts')] });
    }, []],
  ])('%s', check);
});

describe('objects', () => {
  test.each<Case>([
    ['of Knative and of OpenFunction that send events to a function but for a slip are a warning', (p) => {
      p.fn('orders');
      const sink = { ref: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'ordres' } };
      p.object('sources.knative.dev/v1', 'PingSource', 'ping', { spec: { schedule: '* * * * *', sink } });
      p.object('events.openfunction.io/v1alpha1', 'EventSource', 'source', { spec: { sink } });
      p.object('eventing.knative.dev/v1', 'Trigger', 'all', { spec: { broker: 'default', subscriber: { uri: 'http://ordres.shop' } } });
    }, [
      'warning call-to-nowhere at chart/orders name: uri of the Trigger shop/all: nothing here is called "ordres.shop"; did you mean "orders.shop" of function shop/orders (chart/orders name)?',
      'warning route-to-nowhere at chart/orders name: the PingSource shop/ping leads to the Service "ordres", which is not here; does it mean "orders.shop"?',
      'warning route-to-nowhere at chart/orders name: the EventSource shop/source leads to the Service "ordres", which is not here; does it mean "orders.shop"?',
    ]],
    ['that stand for a host but for a slip are', (p) => {
      p.fn('orders');
      dapr(p, 'HTTPEndpoint', 'endpoint', { baseUrl: 'http://ordres.shop' });
      p.object('v1', 'Service', 'alias', { spec: { type: 'ExternalName', externalName: 'ordres.shop.svc.cluster.local' } });
    }, [
      'warning call-to-nowhere at chart/orders name: baseUrl of the HTTPEndpoint shop/endpoint: nothing here is called "ordres.shop"; did you mean "orders.shop" of function shop/orders (chart/orders name)?',
      'warning call-to-nowhere at chart/orders name: externalName of the Service shop/alias: nothing here is called "ordres.shop.svc.cluster.local"; did you mean "orders.shop" of function shop/orders (chart/orders name)?',
    ]],
    ['that select pods of a function but for a slip are', (p) => {
      orders(p);
      reader(p);
      p.object('v1', 'Service', 'own', { spec: { selector: { 'openfunction.io/serving': 'readr' }, ports: [{ port: 80 }] } });
      p.object('policy/v1', 'PodDisruptionBudget', 'own', { spec: { minAvailable: 1, selector: { matchLabels: { 'openfunction.io/proxy': 'readers' } } } });
    }, [
      'warning selector-misspelt at chart/reader name: the Service shop/own selects pods of a function "readr", which is not here; does it mean "reader"?',
      'warning selector-misspelt at chart/reader name: the PodDisruptionBudget shop/own selects pods of a function "readers", which is not here; does it mean "reader"?',
    ]],
    ['that select pods of functions or of others, and lead to functions or elsewhere, are right', (p) => {
      orders(p);
      reader(p);
      p.fn('web');
      p.object('policy/v1', 'PodDisruptionBudget', 'own', { spec: { selector: { matchLabels: { 'openfunction.io/serving': 'reader' } } } });
      p.object('v1', 'Service', 'other', { spec: { type: 'ExternalName', externalName: 'db.acme.dev' } });
      p.object('sources.knative.dev/v1', 'PingSource', 'ping', { spec: { sink: { ref: { kind: 'Service', name: 'web' } } } });
      p.object('eventing.knative.dev/v1', 'Trigger', 'all', { spec: { subscriber: { ref: { kind: 'Service', name: 'legacy' } } } });
    }, []],
  ])('%s', check);
});

describe('brokers', () => {
  test.each<Case>([
    ['whose topic is read through two components in two groups are a warning', (p) => {
      const [x, y] = ['x', 'y'].map((name) => p.bus(name, { consumerGroup: name }));
      p.fn('p', { outputs: [to(x, 'orders')] });
      p.fn('a', { inputs: [from(x, 'orders'), from(y, 'orders')] });
    }, [
      'warning topic-twice at chart/a inputs[1].topic: is read through "x" already (chart/a inputs[0].topic), in another consumer group, so each event comes twice',
    ]],
    ['of RabbitMQ do not lead from a queue to a topic of its name', (p) => {
      const queue = p.component('q', 'bindings.rabbitmq', { host: 'amqp://rabbit:5672', queueName: 'orders' });
      p.fn('a', { outputs: [FunctionOutput.toBinding(queue, create)] });
      p.fn('b', { inputs: [from(p.component('t', 'pubsub.rabbitmq', { connectionString: 'amqp://rabbit:5672', requeueInFailure: 'true' }), 'orders')] });
    }, [
      'warning topic-on-other-broker at chart/a outputs[0].component: function shop/b (chart/b inputs[0].topic) has "orders" by "t", but in RabbitMQ a queue of bindings is not the topic of this name',
      'warning topic-on-other-broker at chart/b inputs[0].topic: function shop/a (chart/a outputs[0].component) has "orders" by "q", but in RabbitMQ a queue of bindings is not the topic of this name',
    ]],
    ['of Kafka that a binding writes to and a subscription reads, or the other way round, are information', (p) => {
      const queue = kafka(p, { publishTopic: 'orders', topics: 'paid', consumerGroup: 'g' });
      p.fn('a', { inputs: [FunctionInput.fromBinding(queue)], outputs: [FunctionOutput.toBinding(queue, create)] });
      p.fn('b', { inputs: [from(p.events, 'orders')], outputs: [to(p.events, 'paid')] });
      p.fn('c', { outputs: [to(p.events, 'orders')] });
    }, [
      'information topic-cycle at chart/a outputs[0].component: events of "orders" come back to this function by way of function shop/b (chart/b outputs[0].topic)',
      'information payload-differs at chart/a outputs[0].component: a binding writes no CloudEvents, which function shop/b (chart/b inputs[0].topic) expects without rawPayload',
      'information payload-differs at chart/a inputs[0].component: a binding gets the whole CloudEvent that function shop/b (chart/b outputs[0].topic) publishes, not its data alone',
    ]],
    ['of MQTT whose filter lacks a topic by a slip in one level, or by a slash before it, are a warning at both', (p) => {
      const broker = mqtt(p);
      p.fn('a', { outputs: [to(broker, 'sensors/1/heat'), to(broker, '/lamps/1', { name: 'lamps' })] });
      p.fn('b', { inputs: [from(broker, 'sensor/+/heat', { name: 'x' }), from(broker, 'lamps/+', { name: 'y' })] });
    }, [
      'warning topic-misspelt at chart/a outputs[1].topic: nothing here subscribes to the topic "/lamps/1" of "mqtt"; did you mean "lamps/+" of function shop/b (chart/b inputs[1].topic)?',
      'warning topic-misspelt at chart/a outputs[0].topic: nothing here subscribes to the topic "sensors/1/heat" of "mqtt"; did you mean "sensor/+/heat" of function shop/b (chart/b inputs[0].topic)?',
      'warning topic-misspelt at chart/b inputs[1].topic: nothing here publishes to the topic "lamps/+" of "mqtt"; did you mean "/lamps/1" of function shop/a (chart/a outputs[1].topic)?',
      'warning topic-misspelt at chart/b inputs[0].topic: nothing here publishes to the topic "sensor/+/heat" of "mqtt"; did you mean "sensors/1/heat" of function shop/a (chart/a outputs[0].topic)?',
    ]],
  ])('%s', check);
});

describe('dead letters', () => {
  test.each<Case>([
    ['that their function reads itself are information', (p) => {
      orders(p);
      p.fn('b', { inputs: [from(p.events, 'orders', { deadLetterTopic: 'failed', name: 'x' }), from(p.events, 'failed', { name: 'y' })] });
    }, [
      'information topic-cycle at chart/b inputs[0].deadLetterTopic: events that fail come back to this function in "failed" (chart/b inputs[1].topic)',
    ]],
    ['in a topic that their own filter takes are a warning', (p) => {
      const broker = mqtt(p);
      p.fn('a', { outputs: [to(broker, 'shop/orders')] });
      p.fn('b', { inputs: [from(broker, 'shop/#', { deadLetterTopic: 'shop/dead' })] });
    }, [
      'warning dead-letter-cycle at chart/b inputs[0].deadLetterTopic: dead letters of "shop/dead" come back to it, so an event that nobody can handle goes round for ever',
    ]],
  ])('%s', check);
});

describe('rings', () => {
  test.each<Case>([
    ['of topics and calls are information', (p) => {
      p.fn('a', { http: { engine: HttpEngine.KNATIVE }, outputs: [to(p.events, 'orders')] });
      p.fn('b', { inputs: [from(p.events, 'orders')], env: { NEXT: 'http://a.shop/x' } });
    }, [
      'information call-cycle at chart/a outputs[0].topic: calls and events come back to this function by way of function shop/b (chart/b env.NEXT)',
    ]],
    ['of topics and a binding that calls are', (p) => {
      p.fn('a', { http: {}, outputs: [to(p.events, 'orders')] });
      const hook = p.component('hook', 'bindings.http', { url: 'http://a.shop' });
      p.fn('b', { inputs: [from(p.events, 'orders')], outputs: [FunctionOutput.toBinding(hook, { operation: 'post' })] });
    }, [
      'information call-cycle at chart/a outputs[0].topic: calls and events come back to this function by way of function shop/b (chart/b outputs[0].component)',
    ]],
  ])('%s', check);
});

describe('objects of Dapr', () => {
  test.each<Case>([
    ['in another namespace than the component that they name are a warning', (p) => {
      orders(p);
      reader(p);
      dapr(p, 'Subscription', 'mails', { pubsubname: 'events', topic: 'orders' }, ['web'], 'mail');
      resiliency(p, 'important', 'infra');
    }, [
      'warning component-misspelt at chart/p outputs[0].topic: the Subscription "mails" is in namespace "mail", and the component "events" in "shop"',
      'warning component-misspelt at chart/p outputs[0].topic: the Resiliency "slow" is in namespace "infra", and the component "events" in "shop"',
    ]],
    ['of a namespace with functions of its own are information', (p) => {
      orders(p);
      reader(p);
      p.fn('mail', { namespace: 'mail' });
      dapr(p, 'Subscription', 'mails', { pubsubname: 'events', topic: 'orders' }, ['web'], 'mail');
    }, [
      'information component-misspelt at chart/p outputs[0].topic: the Subscription "mails" is in namespace "mail", and the component "events" in "shop"',
    ]],
    ['with a policy that is not there are a warning', (p) => {
      orders(p);
      reader(p);
      resiliency(p, 'importnt');
    }, [
      'warning policy-unknown at Resiliency shop/slow: the Resiliency shop/slow has no retry "importnt", which a target names; did you mean "important"?',
    ]],
    ['with policies of the other kinds, or of apps and actors, that are not there are', (p) => {
      reader(p);
      dapr(p, 'Resiliency', 'slow', {
        policies: { timeouts: { short: '1s' }, retries: { few: { policy: 'constant', maxRetries: 3 } } },
        targets: {
          components: { events: { outbound: { timeout: 'few', circuitBreaker: 'open' } } },
          apps: { 'reader-shop': { timeout: 'short', retry: 'DaprBuiltInServiceRetries' } },
          actors: { cart: { retry: 'fw' } },
        },
      });
    }, [
      'warning policy-unknown at Resiliency shop/slow: the Resiliency shop/slow has no retry "fw", which a target names; did you mean "few"?',
      'warning policy-unknown at Resiliency shop/slow: the Resiliency shop/slow has no circuitBreaker "open", which a target names',
      'warning policy-unknown at Resiliency shop/slow: the Resiliency shop/slow has no timeout "few", which a target names',
    ]],
    ['that subscribe to a binding, or a function without Dapr, are', (p) => {
      p.fn('a', { inputs: [FunctionInput.fromBinding(p.component('tick', 'bindings.cron', { schedule: '@every 5m' }))] });
      p.fn('b');
      orders(p);
      dapr(p, 'Subscription', 'one', { pubsubname: 'tick', topic: 'x' }, ['web']);
      dapr(p, 'Subscription', 'two', { pubsubname: 'events', topic: 'orders' }, ['b-shop']);
    }, [
      'warning component-misspelt at chart/a inputs[0].component: the Subscription "one" names "tick", a binding, which has no topics',
      'warning scope-misspelt at chart/b name: the scopes of the Subscription "two" name the app-id "b-shop", which this function would have if it used Dapr',
    ]],
    ['whose secret store, or whose name in a workload, differs by a slip are', (p) => {
      new ApiObject(p.chart, 'bus', { apiVersion: 'dapr.io/v1alpha1', kind: 'Component', metadata: { name: 'messages', namespace: 'shop' }, spec: { type: 'pubsub.kafka', version: 'v1', metadata: [{ name: 'brokers', value: 'kafka:9092' }, { name: 'saslPassword', secretKeyRef: { name: 'kafka', key: 'password' } }] }, auth: { secretStore: 'valut' } });
      dapr(p, 'Component', 'vault', { type: 'secretstores.hashicorp.vault', version: 'v1', metadata: [] });
      p.fn('a', { outputs: [to(p.named('messages', 'pubsub.kafka'), 'orders')] });
      workload(p, 'PUBSUB_NAME', 'mesages');
    }, [
      'warning component-misspelt at chart/a outputs[0].topic: PUBSUB_NAME of the Deployment "web" names the component "mesages", which is not here; does it mean "messages"?',
      'warning component-misspelt at chart/a outputs[0].topic: the Component "messages" takes secrets from "valut", which is not here; does it mean "vault"?',
    ]],
    ['a Configuration of another namespace is', (p) => {
      p.fn('a', { ...sidecar, annotations: { 'dapr.io/config': 'closed' } });
      dapr(p, 'Configuration', 'closed', { tracing: { samplingRate: '1' } }, undefined, 'infra');
    }, [
      'warning configuration-misspelt at chart/a annotations["dapr.io/config"]: the Configuration "closed" is in namespace "infra", not in that of the function',
    ]],
  ])('%s', check);
});

describe('stores of one function', () => {
  test.each<Case>([
    ['that are one store are information', (p) => {
      p.fn('a', { states: [store(p, 'x'), store(p, 'y')] });
    }, [
      'information state-shared at chart/a states[1]: is the same store as "x" (chart/a states[0]), with the same keys',
    ]],
    ['with databases, tables or prefixes of their own are right', (p) => {
      p.fn('a', { states: [store(p, 'x'), store(p, 'y', { redisDB: '1' }), store(p, 'z', { keyPrefix: 'z' })] });
    }, []],
  ])('%s', check);
});

describe('warnings of the function itself', () => {
  const warnings = (write: (p: Program) => ReturnType<Program['fn']>) => write(new Program()).report.warnings;
  const routed = (...matches: string[]) => warnings((p) => p.fn('b', { inputs: [from(p.events, 'orders', { rules: matches.map((match, at) => ({ match, path: `/${at}` })) })] }));

  test('are rules to which no event comes, since an earlier one takes it', () => {
    expect(routed('', 'event.type == "x"')).toEqual(['warning: inputs[0].rules[1].match: rules[0] takes every event, so no event comes to this rule']);
    expect(routed('event.type == "x"', 'event.type == "x"')).toEqual(['warning: inputs[0].rules[1].match: is that of rules[0] too, so no event comes to this rule']);
    expect(routed('event.type == "x"', 'event.type == "y"')).toEqual([]);
  });

  test('are rules that Dapr refuses, and no rules of rarer literals', () => {
    expect(routed('1 == 1.0', 'event.type.lower() == "x"', 'size(event.data)')).toEqual([
      'warning: inputs[0].rules[0].match: "1 == 1.0" is refused by Dapr: "==" cannot take double',
      'warning: inputs[0].rules[1].match: "event.type.lower() == \\"x\\"" is refused by Dapr: there is no function "lower"',
      'warning: inputs[0].rules[2].match: "size(event.data)" is neither true nor false but int',
    ]);
    expect(routed('event.data.n == 0x1F', 'event.data == {"a": [1u]}', 'event.data.n > 1e308', 'timestamp(event.time).getHours() < 8')).toEqual([]);
  });

  test('are queues of KEDA triggers that differ by a slip from those of inputs', () => {
    const [warning] = warnings((p) => {
      const jobs = p.component('jobs', 'bindings.azure.storagequeues', { accountName: 'acme', queueName: 'invoices' });
      return p.fn('b', { inputs: [FunctionInput.fromBinding(jobs)], scaling: { triggers: [{ triggerType: 'azure-queue', metadata: { queueName: 'invoces', connectionFromEnv: 'QUEUE', accountName: 'acme' } }] } });
    }).filter((each) => each.includes('queueName'));
    expect(warning).toBe('warning: scaling.triggers[0].metadata.queueName: the function has no input from "invoces"; did you mean "invoices"?');
  });
});
