// Dapr components under fixed names, and references to them: defined by the function or existing elsewhere.
import * as fc from 'fast-check';
import { given, maybe, some, subset, text, word, type Manifest } from './words';

interface Known {
  readonly type: string;
  readonly metadata: readonly Manifest[];
}

const password = { name: 'redisPassword', secretKeyRef: { name: 'redis', key: 'password' } };

/** A name means one type wherever it is used, so that every reference to it is right. */
const BINDINGS: Record<string, Known> = {
  queue: { type: 'bindings.rabbitmq', metadata: [{ name: 'queueName', value: 'q' }, { name: 'host', value: 'amqp://mq:5672' }, { name: 'durable', value: true }] },
  timer: { type: 'bindings.cron', metadata: [{ name: 'schedule', value: '@every 1h' }] },
  web: { type: 'bindings.http', metadata: [{ name: 'url', value: 'http://example.com' }] },
  stream: { type: 'bindings.kafka', metadata: [{ name: 'brokers', value: 'kafka:9092' }, { name: 'topics', value: 'a,b' }, { name: 'consumerGroup', value: 'g' }, { name: 'publishTopic', value: 'a' }, { name: 'authType', value: 'none' }] },
  cache: { type: 'bindings.redis', metadata: [{ name: 'redisHost', value: 'redis:6379' }, password] },
};
const PUBSUB: Record<string, Known> = {
  'events': { type: 'pubsub.redis', metadata: [{ name: 'redisHost', value: 'redis:6379' }, password] },
  'bus': { type: 'pubsub.kafka', metadata: [{ name: 'brokers', value: 'kafka:9092' }, { name: 'authType', value: 'none' }] },
  'memory': { type: 'pubsub.in-memory', metadata: [] },
  'mqtt-1': { type: 'pubsub.mqtt3', metadata: [{ name: 'url', value: 'tcp://mqtt:1883' }, { name: 'qos', value: 1 }] },
};
const STATES: Record<string, Known> = {
  cart: { type: 'state.redis', metadata: [{ name: 'redisHost', value: 'redis:6379' }, password] },
  notes: { type: 'state.in-memory', metadata: [] },
};

function component(known: Known): fc.Arbitrary<Manifest> {
  return some({ ignoreErrors: fc.boolean(), initTimeout: fc.constantFrom('', '10s', '1m') }).map((options) => ({
    type: known.type,
    version: 'v1',
    metadata: known.metadata,
    ...options,
  }));
}

function defined(known: Record<string, Known>, wrap: (spec: Manifest) => unknown = (spec) => spec): fc.Arbitrary<Manifest | undefined> {
  return maybe(subset(Object.keys(known), { minLength: 1, maxLength: 2 }).chain((names) =>
    fc.record(Object.fromEntries(names.map((name) => [name, component(known[name]).map(wrap)])))));
}

export interface Components {
  readonly bindings?: Manifest;
  readonly pubsub?: Manifest;
  readonly states?: Manifest;
}

export const components = (version: 'v1beta1' | 'v1beta2'): fc.Arbitrary<Manifest> => fc.record({
  bindings: defined(BINDINGS),
  pubsub: defined(PUBSUB),
  // A state without spec exists already.
  states: version === 'v1beta1' ? defined(STATES) : defined(STATES, (spec) => ({ spec })).chain((states) => fc.boolean().map((more) => (more ? { ...states, elsewhere: null } : states))),
}).map(given);

export interface Reference extends Manifest {
  readonly name: string;
  readonly type?: string;
  readonly topic?: string;
}

const reference = (block: Record<string, Known>, withTopic: boolean): fc.Arbitrary<Reference> =>
  fc.record({ name: fc.constantFrom(...Object.keys(block)), typed: fc.boolean(), topic: word })
    .map(({ name, typed, topic }) => given({ name, type: typed ? block[name].type : undefined, topic: withTopic ? topic : undefined }) as Reference);

/** What triggers a function, and what it sends to: not every binding goes both ways. */
const { web: _web, cache: _cache, ...inputs } = BINDINGS;
const eventReference = fc.oneof(reference(inputs, false), reference(PUBSUB, true));
const { timer: _timer, ...sinks } = BINDINGS;
const outputReference = fc.oneof(reference(sinks, false), reference(PUBSUB, true));
/** What an HTTP function reads besides. */
export const stateReference = reference(STATES, false);

/** Each component once: two outputs on one need names. */
export const outputs = (maxLength = 3): fc.Arbitrary<Manifest[]> => fc.uniqueArray(
  fc.tuple(outputReference, some({ operation: fc.constantFrom('create'), metadata: fc.dictionary(word, text, { maxKeys: 2, noNullPrototype: true }) }))
    .map(([ref, options]): Manifest => ({ ...ref, ...options })),
  { selector: ({ name }) => name, minLength: 1, maxLength },
);

export const triggers = (maxLength = 3): fc.Arbitrary<Reference[]> =>
  fc.uniqueArray(eventReference, { selector: ({ name, topic }) => `${name} ${topic}`, minLength: 1, maxLength });
