// Mistakes in how functions use components and topics (docs/spec M72s, M72t).
import { DaprMode, FunctionInput, FunctionOutput } from '../src';
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
      'warning topic-misspelt at chart/a env.PUBLISH: names the topic "ordres", which nothing here deals with; did you mean "orders"?',
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
