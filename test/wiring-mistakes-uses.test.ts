// Mistakes in how functions use components and topics (docs/spec M72s, M72t, M72x).
import { DaprComponent, DaprMode, FunctionInput, FunctionOutput } from '../src';
import { found, from, Program, to } from './support/wiring-program';

type Case = [title: string, write: (p: Program) => void, expected: string[]];
const check = (_: string, write: (p: Program) => void, expected: string[]) => expect(found(write)).toEqual(expected);
const create = { operation: 'create' };

describe('outputs', () => {
  test.each<Case>([
    ['of one topic twice are a warning at the second', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders'), to(p.events, 'orders', { name: 'again' })] });
      p.fn('b', { inputs: [from(p.events, 'orders')] });
    }, [
      'warning output-twice at chart/a outputs[1].topic: is what the output "events" does already (chart/a outputs[0].topic); leave one of the two',
    ]],
    ['of one binding and operation twice are', (p) => {
      const mail = p.component('mail', 'bindings.smtp', { host: 'smtp', port: '25' });
      p.fn('a', { outputs: [FunctionOutput.toBinding(mail, create), FunctionOutput.toBinding(mail, { ...create, name: 'again' })] });
    }, [
      'warning output-twice at chart/a outputs[1].component: is what the output "mail" does already (chart/a outputs[0].component); leave one of the two',
    ]],
    ['of one binding with other metadata, and of one topic with other metadata, are right', (p) => {
      const mail = p.component('mail', 'bindings.smtp', { host: 'smtp', port: '25' });
      const emailTo = (name: string) => FunctionOutput.toBinding(mail, { ...create, name, metadata: { emailTo: `${name}@acme.dev` } });
      p.fn('a', { outputs: [emailTo('x'), emailTo('y'), to(p.events, 'orders'), to(p.events, 'orders', { name: 'later', metadata: { ttlInSeconds: '60' } })] });
      p.fn('b', { inputs: [from(p.events, 'orders')] });
    }, []],
  ])('%s', check);
});

describe('components of two types', () => {
  const store = (p: Program, componentType: string) => (
    DaprComponent.fromComponentName(p.chart, componentType, { componentName: 'carts', componentType }));
  test.each<Case>([
    ['of states are a warning at the second function', (p) => {
      p.fn('a', { states: [store(p, 'state.redis')] });
      p.fn('b', { states: [store(p, 'state.mongodb')] });
    }, [
      'warning component-types-differ at chart/b states[0]: "carts" is "state.mongodb" here, and "state.redis" at function shop/a (chart/a states[0])',
    ]],
    ['of one function are a warning at the second use', (p) => {
      p.fn('a', { outputs: [to(store(p, 'pubsub.kafka'), 'x'), to(store(p, 'pubsub.redis'), 'y', { name: 'other' })] });
    }, [
      'warning component-types-differ at chart/a outputs[1].component: "carts" is "pubsub.redis" here, and "pubsub.kafka" at function shop/a (chart/a outputs[0].component)',
    ]],
    ['are right in two namespaces, and so are one type and a type that says only the block', (p) => {
      p.fn('a', { states: [store(p, 'state.redis')] });
      p.fn('b', { states: [store(p, 'state.mongodb')], namespace: 'depot' });
      p.fn('c', { states: [store(p, 'state.existing')] });
    }, []],
  ])('%s', check);
});

describe('bindings', () => {
  const rabbit = (p: Program, direction: string) => p.component('jobs', 'bindings.rabbitmq', { host: 'amqp://rabbit:5672', queueName: 'jobs', direction });
  const kafka = (p: Program, settings: { [name: string]: string }) => (
    p.component('jobs', 'bindings.kafka', { brokers: 'kafka:9092', authType: 'none', consumerGroup: 'jobs', ...settings }));
  test.each<Case>([
    ['of the direction output are a warning as an input', (p) => {
      const jobs = rabbit(p, 'output');
      p.fn('a', { inputs: [FunctionInput.fromBinding(jobs)] });
      p.fn('b', { outputs: [FunctionOutput.toBinding(jobs, create)] });
    }, [
      'warning binding-one-way at chart/a inputs[0].component: the direction of "jobs" is "output", so Dapr does not open it as input',
    ]],
    ['of the direction input are a warning as an output', (p) => {
      const jobs = rabbit(p, 'input');
      p.fn('a', { inputs: [FunctionInput.fromBinding(jobs)] });
      p.fn('b', { outputs: [FunctionOutput.toBinding(jobs, create)] });
    }, [
      'warning binding-one-way at chart/b outputs[0].component: the direction of "jobs" is "input", so Dapr does not open it as output',
    ]],
    ['of Kafka without a topic for an output are', (p) => {
      p.fn('a', { outputs: [FunctionOutput.toBinding(kafka(p, { topics: 'jobs' }), create)] });
    }, [
      'warning binding-one-way at chart/a outputs[0].component: "jobs" has no "publishTopic", without which nothing goes to Kafka',
    ]],
    ['of Kafka without topics for an input are', (p) => {
      p.fn('a', { inputs: [FunctionInput.fromBinding(kafka(p, { publishTopic: 'jobs' }))] });
    }, [
      'warning binding-one-way at chart/a inputs[0].component: "jobs" has no "topics", without which nothing comes from Kafka',
    ]],
    ['of both directions are right', (p) => {
      const jobs = rabbit(p, 'input, output');
      p.fn('a', { inputs: [FunctionInput.fromBinding(jobs)] });
      p.fn('b', { outputs: [FunctionOutput.toBinding(jobs, create)] });
    }, []],
  ])('%s', check);
});

describe('stores for actors', () => {
  const store = (p: Program, name: string, actorStateStore: string) => p.component(name, 'state.redis', { redisHost: 'redis:6379', actorStateStore });
  test.each<Case>([
    ['are a warning where a function has two', (p) => {
      p.fn('a', { states: [store(p, 'x', 'true'), store(p, 'y', 'true')] });
    }, [
      'warning actor-stores at chart/a states[1]: "y" is a store for actors, and so is "x" (chart/a states[0]): Dapr takes one for each app',
    ]],
    ['are right where a function has one', (p) => {
      p.fn('a', { states: [store(p, 'x', 'true'), store(p, 'y', 'false')] });
      p.fn('b', { states: [store(p, 'z', 'true')] });
    }, []],
  ])('%s', check);
});

describe('events', () => {
  const metadata = { rawPayload: 'true' };
  test.each<Case>([
    ['that are sent raw and read as CloudEvents are a warning', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders', { metadata })] });
      p.fn('b', { inputs: [from(p.events, 'orders')] });
    }, [
      'warning payload-differs at chart/a outputs[0].topic: is sent with rawPayload, and function shop/b (chart/b inputs[0].topic) reads without, so Dapr takes its data for a CloudEvent',
    ]],
    ['that are sent as CloudEvents and read raw are information', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.fn('b', { inputs: [from(p.events, 'orders', { metadata })] });
    }, [
      'information payload-differs at chart/a outputs[0].topic: is sent as a CloudEvent, and function shop/b (chart/b inputs[0].topic) reads it with rawPayload, so it gets the whole CloudEvent as data',
    ]],
    ['that are sent and read raw are right, also by a function that subscribes itself', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders', { metadata })] });
      p.fn('b', { inputs: [from(p.events, 'orders', { metadata })] });
      p.fn('c', { dapr: DaprMode.SIDECAR, inputs: [from(p.events, 'orders')] });
    }, []],
  ])('%s', check);
});

describe('variables', () => {
  const api = 'http://localhost:3500/v1.0';
  const withEnv = (p: Program, env: { [name: string]: string }) => {
    p.fn('a', { dapr: DaprMode.SIDECAR, outputs: [to(p.events, 'orders')], states: [p.component('carts', 'state.redis', { redisHost: 'redis:6379' })], env });
    p.fn('b', { inputs: [from(p.events, 'orders')] });
  };
  test.each<Case>([
    ['with a URL of Dapr that names a component but for a slip are a warning', (p) => {
      withEnv(p, { PUBLISH: `${api}/publish/evnts/orders`, CART: `${api}/state/cart` });
    }, [
      'warning component-misspelt at chart/a env.CART: names the component "cart", which is not here; did you mean "carts"?',
      'warning component-misspelt at chart/a env.PUBLISH: names the component "evnts", which is not here; did you mean "events"?',
    ]],
    ['with a URL of Dapr that names a topic but for a slip are', (p) => {
      withEnv(p, { PUBLISH: `${api}/publish/events/ordres?metadata.ttlInSeconds=5` });
    }, [
      'warning topic-misspelt at chart/a env.PUBLISH: nothing here subscribes to the topic "ordres" of "events"; did you mean "orders" of function shop/b (chart/b inputs[0].topic)?',
    ]],
    ['that name a component or a topic but for a slip by their own names are', (p) => {
      withEnv(p, { PUBSUB_NAME: 'event', ORDERS_TOPIC: 'oders', STATE_STORE: 'crats' });
    }, [
      'warning topic-misspelt at chart/a env.ORDERS_TOPIC: names the topic "oders", which nothing here deals with; did you mean "orders"?',
      'warning component-misspelt at chart/a env.PUBSUB_NAME: names the component "event", which is not here; did you mean "events"?',
      'warning component-misspelt at chart/a env.STATE_STORE: names the component "crats", which is not here; did you mean "carts"?',
    ]],
    ['that name what there is, or something else, are right', (p) => {
      p.component('archive', 'state.redis', { redisHost: 'redis:6379' });
      withEnv(p, { PUBSUB_NAME: 'events', TOPIC: 'orders', STORE: 'archive', BINDING: 'mailer', BOOKS_TOPIC: 'books', PUBLISH: `${api}/publish/events/orders` });
    }, []],
    ['of a function without Dapr are not looked at', (p) => {
      p.fn('a', { env: { PUBSUB_NAME: 'evnts' } });
    }, []],
  ])('%s', check);
});

describe('calls that pods are told of', () => {
  const callee = (p: Program) => p.fn('orders');
  const links = (p: Program, url: string) => p.object('v1', 'ConfigMap', 'links', { data: { ORDERS_URL: url } });
  const MEANT = 'nothing here is called "ordres.shop"; did you mean "orders.shop" of function shop/orders (chart/orders name)?';
  const inContainer = (p: Program, ...containers: object[]) => p.fn('a', { pod: { containers } });

  test.each<Case>([
    ['by a key of a ConfigMap are found', (p) => {
      callee(p);
      links(p, 'http://ordres.shop/x');
      inContainer(p, { name: 'function', env: [{ name: 'URL', valueFrom: { configMapKeyRef: { name: 'links', key: 'ORDERS_URL' } } }] });
    }, [`warning call-to-nowhere at chart/a env.URL: URL from the ConfigMap shop/links: ${MEANT}`]],
    ['by a whole ConfigMap are', (p) => {
      callee(p);
      links(p, 'http://ordres.shop/x');
      inContainer(p, { name: 'function', envFrom: [{ prefix: 'MY_', configMapRef: { name: 'links' } }] });
    }, [`warning call-to-nowhere at chart/a pod.containers[0].envFrom[0]: MY_ORDERS_URL from the ConfigMap shop/links: ${MEANT}`]],
    ['by a ConfigMap of a workload beside the functions are', (p) => {
      callee(p);
      links(p, 'http://ordres.shop/x');
      const containers = [{ name: 'web', envFrom: [{ configMapRef: { name: 'links' } }] }];
      p.object('apps/v1', 'Deployment', 'web', { spec: { template: { spec: { containers } } } });
    }, [`warning call-to-nowhere at chart/orders name: ORDERS_URL of the Deployment shop/web from the ConfigMap shop/links: ${MEANT}`]],
    ['by arguments are', (p) => {
      callee(p);
      p.fn('a', { command: ['serve'], args: ['-v', '--orders=http://ordres.shop/x'] });
    }, [`warning call-to-nowhere at chart/a args[1]: ${MEANT}`]],
    ['by another container, or one that runs before, are', (p) => {
      callee(p);
      const env = [{ name: 'URL', value: 'http://ordres.shop/x' }];
      p.fn('a', { pod: { containers: [{ name: 'helper', image: 'acme/helper:1', env }], initContainers: [{ name: 'first', image: 'acme/first:1', env }] } });
    }, [`warning call-to-nowhere at chart/a pod.containers[0].env[0]: ${MEANT}`, `warning call-to-nowhere at chart/a pod.initContainers[0].env[0]: ${MEANT}`]],
    ['by a host without its namespace are, where the name of the variable says that it is one', (p) => {
      callee(p);
      p.fn('a', { env: { ORDERS_HOST: 'ordres', ORDERS_ADDR: 'orders:8080', TABLE: 'ordres', REDIS_HOST: 'redis', HOST: 'localhost' } });
    }, [
      'warning call-to-nowhere at chart/a env.ORDERS_ADDR: function shop/orders (chart/orders name) is called at port 80, not 8080: its URL is http://orders.shop.svc.cluster.local',
      `warning call-to-nowhere at chart/a env.ORDERS_HOST: ${MEANT}`,
    ]],
    ['in another cluster domain are told the name that is right', (p) => {
      callee(p);
      p.fn('a', { env: { URL: 'http://orders.shop.svc.cluster.lokal' } });
    }, ['warning call-to-nowhere at chart/a env.URL: nothing here is called "orders.shop.svc.cluster.lokal"; did you mean "orders.shop"?']],
    ['that are right, that no ConfigMap here has, and topics of a ConfigMap', (p) => {
      callee(p);
      links(p, 'http://orders.shop/x');
      const valueFrom = (name: string, key: string) => ({ configMapKeyRef: { name, key } });
      inContainer(p, { name: 'function', env: [{ name: 'A', valueFrom: valueFrom('links', 'ORDERS_URL') }, { name: 'B', valueFrom: valueFrom('links', 'NONE') }, { name: 'C', valueFrom: valueFrom('none', 'NONE') }] });
      p.object('v1', 'ConfigMap', 'topics', { data: { ORDERS_TOPIC: 'palced' } });
      p.fn('b', { outputs: [to(p.events, 'placed')], pod: { containers: [{ name: 'function', envFrom: [{ configMapRef: { name: 'topics' } }] }] } });
    }, [
      'warning topic-misspelt at chart/b pod.containers[0].envFrom[0]: ORDERS_TOPIC from the ConfigMap shop/topics names the topic "palced", which nothing here deals with; did you mean "placed"?',
    ]],
  ])('%s', check);
});

describe('app-ids in calls', () => {
  const invoking = (p: Program, appId: string) => p.fn('a', { env: { URL: `http://localhost:3500/v1.0/invoke/${appId}/method/x` }, dapr: DaprMode.SIDECAR });
  const endpoint = (p: Program) => p.object('dapr.io/v1alpha1', 'HTTPEndpoint', 'github', { spec: { baseUrl: 'https://api.github.example' } });

  test.each<Case>([
    ['that are the name of a function are a warning', (p) => {
      p.fn('pay', { dapr: DaprMode.SIDECAR });
      invoking(p, 'pay');
    }, ['warning call-to-unknown-app at chart/a env.URL: "pay" is the name of function shop/pay (chart/pay name), and its app-id is "pay-shop"']],
    ['that are an HTTPEndpoint but for a slip are', (p) => {
      endpoint(p);
      invoking(p, 'githbu');
    }, ['warning call-to-unknown-app at chart/a env.URL: nothing here has the app-id "githbu"; did you mean the HTTPEndpoint "github"?']],
    ['that are an HTTPEndpoint are right', (p) => {
      endpoint(p);
      invoking(p, 'github');
    }, []],
  ])('%s', check);
});

describe('components', () => {
  const redis = { redisHost: 'redis:6379' };
  const foreign = (p: Program, name: string, type: string, scopes?: string[]) => p.object('dapr.io/v1alpha1', 'Component', name, { spec: { type, version: 'v1', metadata: [{ name: 'redisHost', value: 'redis:6379' }] }, scopes });

  test.each<Case>([
    ['that nobody uses are information', (p) => {
      p.component('spare', 'state.redis', redis);
      foreign(p, 'other', 'pubsub.redis');
      p.fn('a');
    }, [
      'information component-unused at Component shop/spare: no function of "shop" uses the Component "spare"',
      'information component-unused at Component shop/other: no function of "shop" uses the Component "other"',
    ]],
    ['that an app elsewhere may use, that a variable names, or of other kinds are right', (p) => {
      foreign(p, 'scoped', 'state.redis', ['elsewhere']);
      foreign(p, 'vault', 'secretstores.kubernetes');
      p.component('named', 'state.redis', redis);
      p.fn('a', { env: { STORE_NAME: 'named' }, dapr: DaprMode.SIDECAR });
    }, []],
    ['beside a workload that has a sidecar may be its own', (p) => {
      p.component('spare', 'state.redis', redis);
      p.fn('a');
      p.object('apps/v1', 'Deployment', 'web', { spec: { template: { metadata: { annotations: { 'dapr.io/enabled': 'true', 'dapr.io/app-id': 'web' } }, spec: { containers: [{ name: 'web' }] } } } });
    }, []],
  ])('%s', check);
});

describe('timers of one function', () => {
  const ticking = (first: string, second: string) => (p: Program) => {
    const timer = (name: string, schedule: string) => FunctionInput.fromBinding(p.component(name, 'bindings.cron', { schedule }));
    p.fn('a', { inputs: [timer('one', first), timer('two', second)] });
  };
  const twice = (first: string, second: string) => [
    `warning schedule-twice at chart/a inputs[1].component: "two" has the schedule "${second}", as often as "${first}" of "one" (chart/a inputs[0].component), so the function runs twice as often`,
  ];

  test.each([
    ['@every 5m', '*/5 * * * *'], ['@hourly', '0 * * * *'], ['0 0 * * * *', '0 * * * *'], ['@every 60s', '@every 1m'], ['@daily', '0 0 * * *'],
    ['@every 1h', '@hourly'], ['*/1 * * * *', '* * * * *'], ['@every 6h', '0 */6 * * *'], ['*/10 * * * * *', '@every 10s'],
  ])('with the schedules %s and %s are a warning', (first, second) => {
    expect(found(ticking(first, second))).toEqual(twice(first, second));
  });

  test.each([
    ['@every 5m', '*/7 * * * *'], ['@every 7m', '*/7 * * * *'], ['@daily', '0 8 * * *'], ['@weekly', '@monthly'], ['5 * * * *', '10 * * * *'],
  ])('with the schedules %s and %s are right', (first, second) => {
    expect(found(ticking(first, second))).toEqual([]);
  });
});
