// Mistakes in the wiring of functions, one of each kind, each with both places (docs/spec M72d, M72g to M72r).
import { FunctionInput, FunctionOutput, PlatformSettings } from '../src';
import { found, from, kafka, Program, to } from './support/wiring-program';

describe('topics', () => {
  test.each<[string, (p: Program) => void, string[]]>([
    ['a topic that differs by a plural is a warning at both', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.fn('b', { inputs: [from(p.events, 'order')] });
    }, [
      'warning topic-misspelt at chart/a outputs[0].topic: nothing here subscribes to the topic "orders" of "events"; did you mean "order" of function shop/b (chart/b inputs[0].topic)?',
      'warning topic-misspelt at chart/b inputs[0].topic: nothing here publishes to the topic "order" of "events"; did you mean "orders" of function shop/a (chart/a outputs[0].topic)?',
    ]],
    ['a topic that differs by case is', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orderPlaced')] });
      p.fn('b', { inputs: [from(p.events, 'orderplaced')] });
    }, [
      'warning topic-misspelt at chart/a outputs[0].topic: nothing here subscribes to the topic "orderPlaced" of "events"; did you mean "orderplaced" of function shop/b (chart/b inputs[0].topic)?',
      'warning topic-misspelt at chart/b inputs[0].topic: nothing here publishes to the topic "orderplaced" of "events"; did you mean "orderPlaced" of function shop/a (chart/a outputs[0].topic)?',
    ]],
    ['a topic that differs by separators is', (p) => {
      p.fn('a', { outputs: [to(p.events, 'order-placed')] });
      p.fn('b', { inputs: [from(p.events, 'order.placed')] });
    }, [
      'warning topic-misspelt at chart/a outputs[0].topic: nothing here subscribes to the topic "order-placed" of "events"; did you mean "order.placed" of function shop/b (chart/b inputs[0].topic)?',
      'warning topic-misspelt at chart/b inputs[0].topic: nothing here publishes to the topic "order.placed" of "events"; did you mean "order-placed" of function shop/a (chart/a outputs[0].topic)?',
    ]],
    ['a topic that differs by the order of its words is', (p) => {
      p.fn('a', { outputs: [to(p.events, 'placed-orders')] });
      p.fn('b', { inputs: [from(p.events, 'orders-placed')] });
    }, [
      'warning topic-misspelt at chart/a outputs[0].topic: nothing here subscribes to the topic "placed-orders" of "events"; did you mean "orders-placed" of function shop/b (chart/b inputs[0].topic)?',
      'warning topic-misspelt at chart/b inputs[0].topic: nothing here publishes to the topic "orders-placed" of "events"; did you mean "placed-orders" of function shop/a (chart/a outputs[0].topic)?',
    ]],
    ['a topic that has the namespace before it is', (p) => {
      p.fn('a', { outputs: [to(p.events, 'shop.orders')] });
      p.fn('b', { inputs: [from(p.events, 'orders')] });
    }, [
      'warning topic-misspelt at chart/a outputs[0].topic: nothing here subscribes to the topic "shop.orders" of "events"; did you mean "orders" of function shop/b (chart/b inputs[0].topic)?',
      'warning topic-misspelt at chart/b inputs[0].topic: nothing here publishes to the topic "orders" of "events"; did you mean "shop.orders" of function shop/a (chart/a outputs[0].topic)?',
    ]],
    ['a topic but for a slip is, also beside one that has both sides', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.fn('b', { inputs: [from(p.events, 'orders')] });
      p.fn('c', { inputs: [from(p.events, 'ordres')] });
      p.fn('d', { outputs: [to(p.events, 'oders')] });
    }, [
      'warning topic-misspelt at chart/c inputs[0].topic: nothing here publishes to the topic "ordres" of "events"; did you mean "orders" of function shop/a (chart/a outputs[0].topic)?',
      'warning topic-misspelt at chart/d outputs[0].topic: nothing here subscribes to the topic "oders" of "events"; did you mean "orders" of function shop/b (chart/b inputs[0].topic)?',
    ]],
    ['a plural beside a topic that has both sides is information', (p) => {
      p.fn('a', { outputs: [to(p.events, 'order')] });
      p.fn('b', { inputs: [from(p.events, 'order')] });
      p.fn('c', { outputs: [to(p.events, 'orders')] });
    }, [
      'information topic-misspelt at chart/c outputs[0].topic: nothing here subscribes to the topic "orders" of "events"; did you mean "order" of function shop/b (chart/b inputs[0].topic)?',
    ]],
    ['a Subscription with a slip in its topic is named', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.object('dapr.io/v2alpha1', 'Subscription', 'mails', { spec: { pubsubname: 'events', topic: 'ordres' }, scopes: ['mails'] });
    }, [
      'warning topic-misspelt at chart/a outputs[0].topic: nothing here subscribes to the topic "orders" of "events"; did you mean "ordres" of the Subscription shop/mails?',
    ]],
    ['a topic of one name on another database of Redis is a warning at both', (p) => {
      const redis = (name: string, redisDB: string) => p.component(name, 'pubsub.redis', { redisHost: 'redis:6379', redisDB });
      p.fn('a', { outputs: [to(redis('x', '0'), 'orders')] });
      p.fn('b', { inputs: [from(redis('y', '1'), 'orders')] });
    }, [
      'warning topic-on-other-broker at chart/a outputs[0].topic: nothing here subscribes to the topic "orders" of "x", but function shop/b (chart/b inputs[0].topic) does to one of this name on another broker, by "y"; are both meant to lead to one broker?',
      'warning topic-on-other-broker at chart/b inputs[0].topic: nothing here publishes to the topic "orders" of "y", but function shop/a (chart/a outputs[0].topic) does to one of this name on another broker, by "x"; are both meant to lead to one broker?',
    ]],
    ['a topic of one component name on brokers of two kinds is', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.fn('b', { namespace: 'mail', inputs: [from(p.component('events', 'pubsub.redis', { redisHost: 'redis:6379' }, 'mail'), 'orders')] });
    }, [
      'warning topic-on-other-broker at chart/b inputs[0].topic: nothing here publishes to the topic "orders" of "events", but function shop/a (chart/a outputs[0].topic) does to one of this name on another broker, by "events"; are both meant to lead to one broker?',
      'warning topic-on-other-broker at chart/a outputs[0].topic: nothing here subscribes to the topic "orders" of "events", but function mail/b (chart/b inputs[0].topic) does to one of this name on another broker, by "events"; are both meant to lead to one broker?',
    ]],
    ['a broker in memory reaches no other function', (p) => {
      const memory = p.component('memory', 'pubsub.in-memory');
      p.fn('a', { outputs: [to(memory, 'orders')] });
      p.fn('b', { inputs: [from(memory, 'orders')] });
    }, [
      'warning topic-in-one-app at chart/b inputs[0].topic: events that function shop/a (chart/a outputs[0].topic) sends stay in its own sidecar, since the broker is in memory; take a broker beside the pods',
    ]],
    ['a filter of MQTT reads the topics that fit it', (p) => {
      const mqtt = p.component('mqtt', 'pubsub.mqtt3', { url: 'tcp://mqtt:1883' });
      p.fn('a', { outputs: [to(mqtt, 'sensors/1/heat')] });
      p.fn('b', { inputs: [from(mqtt, 'sensors/+/heat')] });
    }, []],
    ['a filter cannot be published to', (p) => {
      const mqtt = p.component('mqtt', 'pubsub.mqtt3', { url: 'tcp://mqtt:1883' });
      p.fn('a', { outputs: [to(mqtt, 'sensors/+/heat')] });
      p.fn('b', { inputs: [from(mqtt, 'sensors/+/heat')] });
    }, [
      'warning topic-refused at chart/a outputs[0].topic: "sensors/+/heat" is a filter for subscriptions, to which nothing can be published',
    ]],
    ['a Subscription beside an input of the same topic is a warning', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.fn('b', { inputs: [from(p.events, 'orders')] });
      p.object('dapr.io/v2alpha1', 'Subscription', 'again', { spec: { pubsubname: 'events', topic: 'orders' }, scopes: ['b-shop'] });
    }, [
      'warning topic-twice at chart/b inputs[0].topic: the Subscription "again" subscribes this function to "orders" too; leave one of the two',
    ]],
  ])('%s', (_, write, expected) => {
    expect(found(write)).toEqual(expected);
  });
});

describe('dead letters', () => {
  test.each<[string, (p: Program) => void, string[]]>([
    ['that go to each other\'s topics are a warning', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.fn('b', { inputs: [from(p.events, 'orders', { deadLetterTopic: 'failed' }), from(p.events, 'failed', { deadLetterTopic: 'orders' })] });
    }, [
      'information dead-letters-mixed at chart/b inputs[1].deadLetterTopic: "orders" has events of function shop/a (chart/a outputs[0].topic) too, so dead letters come among them',
      'warning dead-letter-cycle at chart/b inputs[0].deadLetterTopic: dead letters of "orders" come back to it by way of function shop/b (chart/b inputs[1].deadLetterTopic), so an event that nobody can handle goes round for ever',
    ]],
    ['that their reader publishes again are information', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.fn('b', { inputs: [from(p.events, 'orders', { deadLetterTopic: 'failed' })] });
      p.fn('c', { inputs: [from(p.events, 'failed')], outputs: [to(p.events, 'orders')] });
    }, [
      'information topic-cycle at chart/b inputs[0].deadLetterTopic: events that fail come back to this function by way of function shop/c (chart/c outputs[0].topic)',
    ]],
    ['in a topic of other events are information', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders'), to(p.events, 'paid', { name: 'paid' })] });
      p.fn('b', { inputs: [from(p.events, 'orders', { deadLetterTopic: 'paid' })] });
      p.fn('c', { inputs: [from(p.events, 'paid')] });
    }, [
      'information dead-letters-mixed at chart/b inputs[0].deadLetterTopic: "paid" has events of function shop/a (chart/a outputs[1].topic) too, so dead letters come among them',
    ]],
    ['of a misspelt topic are a warning', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.fn('b', { inputs: [from(p.events, 'orders', { deadLetterTopic: 'orders-faild' })] });
      p.fn('c', { inputs: [from(p.events, 'orders-failed')] });
    }, [
      'warning topic-misspelt at chart/b inputs[0].deadLetterTopic: nothing here subscribes to the topic "orders-faild" of "events"; did you mean "orders-failed" of function shop/c (chart/c inputs[0].topic)?',
      'warning topic-misspelt at chart/c inputs[0].topic: nothing here publishes to the topic "orders-failed" of "events"; did you mean "orders-faild" of function shop/b (chart/b inputs[0].deadLetterTopic)?',
    ]],
  ])('%s', (_, write, expected) => {
    expect(found(write)).toEqual(expected);
  });
});

describe('scopes of topics', () => {
  test.each<[string, (p: Program) => void, string[]]>([
    ['that protect a topic from a function are a warning', (p) => {
      const open = p.bus('open', { protectedTopics: 'orders' });
      p.fn('a', { outputs: [to(open, 'orders')] });
      p.fn('b', { inputs: [from(open, 'orders')] });
    }, [
      'warning topic-refused at chart/a outputs[0].topic: protectedTopics of "open" refuses "orders" to the app-id "a-shop"',
      'warning topic-refused at chart/b inputs[0].topic: protectedTopics of "open" refuses "orders" to the app-id "b-shop"',
    ]],
    ['that name other topics of an app are', (p) => {
      const open = p.bus('open', { publishingScopes: 'a-shop=paid', subscriptionScopes: 'b-shop=' });
      p.fn('a', { outputs: [to(open, 'orders')] });
      p.fn('b', { inputs: [from(open, 'orders')] });
    }, [
      'warning topic-refused at chart/a outputs[0].topic: publishingScopes of "open" refuses "orders" to the app-id "a-shop"',
      'warning topic-refused at chart/b inputs[0].topic: subscriptionScopes of "open" refuses "orders" to the app-id "b-shop"',
    ]],
    ['that allow other topics are', (p) => {
      const open = p.bus('open', { allowedTopics: 'paid,placed' });
      p.fn('a', { outputs: [to(open, 'orders')] });
      p.fn('b', { inputs: [from(open, 'orders')] });
    }, [
      'warning topic-refused at chart/a outputs[0].topic: allowedTopics of "open" refuses "orders" to the app-id "a-shop"',
      'warning topic-refused at chart/b inputs[0].topic: allowedTopics of "open" refuses "orders" to the app-id "b-shop"',
    ]],
    ['that name an app but for a slip are', (p) => {
      const open = p.bus('open', { publishingScopes: 'oders-shop=orders' });
      p.fn('orders', { outputs: [to(open, 'orders')] });
      p.fn('b', { inputs: [from(open, 'orders')] });
    }, [
      'warning scope-misspelt at chart/orders name: scopes of topics of the Component "open" name the app-id "oders-shop", which nothing here has; do they mean this function, "orders-shop"?',
    ]],
    ['that grant a topic but for a slip are, with least privilege', (p) => {
      PlatformSettings.of(p.app).set({ leastPrivilege: true });
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.fn('b', { inputs: [from(p.events, 'orders')] });
      p.events.grantPublish('ordres', 'tills');
    }, [
      'warning topic-misspelt at chart/a outputs[0].topic: the scopes of topics of "events" name "ordres", which nothing here uses; do they mean "orders"?',
    ]],
  ])('%s', (_, write, expected) => {
    expect(found(write)).toEqual(expected);
  });
});

describe('components', () => {
  test.each<[string, (p: Program) => void, string[]]>([
    ['of a Subscription but for a slip are a warning where the right one is used', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.object('dapr.io/v2alpha1', 'Subscription', 'mails', { spec: { pubsubname: 'event', topic: 'orders' }, scopes: ['mails'] });
    }, [
      'warning component-misspelt at chart/a outputs[0].topic: the Subscription "mails" names the component "event", which is not here; does it mean "events"?',
    ]],
  ])('%s', (_, write, expected) => {
    expect(found(write)).toEqual(expected);
  });
});

describe('consumer groups', () => {
  test.each<[string, (p: Program) => void, string[]]>([
    ['by one app-id in two namespaces are a warning', (p) => {
      const infra = { brokers: 'kafka.infra:9092' };
      const annotations = { 'dapr.io/app-id': 'worker' };
      p.fn('p', { outputs: [to(p.bus('one', infra), 'orders')] });
      p.fn('a', { annotations, inputs: [from(p.bus('two', infra), 'orders')] });
      p.fn('b', { annotations, namespace: 'mail', inputs: [from(p.bus('three', infra, { namespace: 'mail' }), 'orders')] });
    }, [
      'warning consumer-group-shared at chart/a inputs[0].topic: the consumer group "worker" of "two" is that of function mail/b (chart/b inputs[0].topic) too, so each event reaches one of the two alone; it is the app-id of both; give one another app-id',
    ]],
    ['of two components that lead one function to one topic are', (p) => {
      const [x, y] = ['x', 'y'].map((name) => p.bus(name, { consumerGroup: 'g' }));
      p.fn('p', { outputs: [to(x, 'orders')] });
      p.fn('a', { inputs: [from(x, 'orders'), from(y, 'orders')] });
    }, [
      'warning consumer-group-shared at chart/a inputs[1].topic: is read through "x" already (chart/a inputs[0].topic), in the same consumer group "g", so each event comes through one of the two alone',
    ]],
    ['by which KEDA scales, but Dapr does not read, are', (p) => {
      p.fn('p', { outputs: [to(p.events, 'orders')] });
      p.fn('a', { inputs: [from(p.events, 'orders')], scaling: { triggers: [kafka('orders', 'orders-group')] } });
    }, [
      'warning scaled-by-other-group at chart/a scaling.triggers[0].metadata.consumerGroup: Dapr reads "orders" for this function in the group "a-shop" (chart/a inputs[0].topic), so KEDA sees no lag of it in "orders-group"',
    ]],
    ['of a topic that another function reads are', (p) => {
      p.fn('p', { outputs: [to(p.events, 'orders'), to(p.events, 'paid', { name: 'paid' })] });
      p.fn('a', { inputs: [from(p.events, 'orders')], scaling: { triggers: [kafka('paid', 'a-shop')] } });
      p.fn('b', { inputs: [from(p.events, 'paid')] });
    }, [
      'warning scaled-by-other-topic at chart/a scaling.triggers[0].metadata.topic: "paid" is read by function shop/b (chart/b inputs[0].topic) and not by this function, which wakes for events of another one',
    ]],
    ['of Redis streams are looked at too', (p) => {
      const redis = p.component('redis', 'pubsub.redis', { redisHost: 'redis:6379' });
      p.fn('p', { outputs: [to(redis, 'orders')] });
      p.fn('a', { inputs: [from(redis, 'orders')], scaling: { triggers: [{ triggerType: 'redis-streams', metadata: { address: 'redis.shop.svc.cluster.local:6379', stream: 'orders', consumerGroup: 'a', pendingEntriesCount: '5' } }] } });
    }, [
      'warning scaled-by-other-group at chart/a scaling.triggers[0].metadata.consumerGroup: Dapr reads "orders" for this function in the group "a-shop" (chart/a inputs[0].topic), so KEDA sees no lag of it in "a"',
    ]],
    ['of the app-id are right', (p) => {
      p.fn('p', { outputs: [to(p.events, 'orders')] });
      p.fn('a', { inputs: [from(p.events, 'orders')], scaling: { triggers: [kafka('orders', 'a-shop')] } });
    }, []],
    ['of a queue are information, as its work is shared', (p) => {
      const queue = p.component('jobs', 'bindings.rabbitmq', { host: 'amqp://rabbit:5672', queueName: 'jobs' });
      p.fn('p', { outputs: [FunctionOutput.toBinding(queue, { operation: 'create' })] });
      p.fn('a', { inputs: [FunctionInput.fromBinding(queue)] });
      p.fn('b', { inputs: [FunctionInput.fromBinding(queue)] });
    }, [
      'information queue-shared at chart/b inputs[0].component: "jobs" is a queue that function shop/a (chart/a inputs[0].component) reads too, so each entry reaches one of the two alone',
    ]],
  ])('%s', (_, write, expected) => {
    expect(found(write)).toEqual(expected);
  });
});
