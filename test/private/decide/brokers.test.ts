// What follows from the broker behind a component: the hold, warnings, and what pending events reach (docs/spec M57, M105, M106).
import { mayGiveBack } from '../../../src/private/decide/brokers';
import { ResolvedTrigger } from '../../../src/private/decide/components';
import { component, scaler } from '../../support/components';
import { asyncFunction } from '../../support/functions';
import { environment, proxyTemplate, synthManifest } from '../../support/synth';

function proxied(components: object[], options = {}) {
  const pubsub = Object.fromEntries(components.map((spec, index) => [`c${index}`, spec]).filter(([, spec]) => JSON.stringify(spec).includes('pubsub.')));
  const bindings = Object.fromEntries(components.map((spec, index) => [`c${index}`, spec]).filter(([, spec]) => JSON.stringify(spec).includes('bindings.')));
  const dapr = components.map((_, index) => ({ name: `c${index}`, topic: `c${index}` in pubsub ? 't' : undefined }));
  const { objects, fn } = synthManifest(asyncFunction({ triggers: { dapr }, pubsub, bindings }), options);
  const { DAPR_PROXY_HOLD_TIMEOUT: hold, DAPR_PROXY_GIVE_BACK: giveBack } = environment(proxyTemplate(objects, 'fn'), 'dapr-proxy');
  return { hold, giveBack, warnings: fn.report.warnings.map((line) => line.split(': ').slice(2).join(': ')) };
}

const KINESIS = { streamName: 's', consumerName: 'c', region: 'r', accessKey: 'a', secretKey: 'k', sessionToken: 't' };
const ACKNOWLEDGES = '"c": Dapr 1.18 acknowledges an event that fails, which a deadLetterTopic would keep';

test.each<[string, object[], string]>([
  ['60 s where nothing is known', [component('pubsub.mqtt3')], '60s'],
  ['below the 60 s of Redis', [component('pubsub.redis')], '48s'],
  ['below a given time of Redis, a plain number being milliseconds', [component('pubsub.redis', { processingTimeout: 30_000 })], '24s'],
  ['below a given time of Redis, as a duration', [component('pubsub.redis', { ProcessingTimeout: '1m30s' })], '60s'],
  ['without end for a Redis that never redelivers, since its time to process is 0', [component('pubsub.redis', { processingTimeout: '0' })], '0'],
  ['without end for a Redis that never looks for what to redeliver', [component('pubsub.redis', { redeliverInterval: '0s' })], '0'],
  ['without end for a JetStream that asks for no acknowledgement', [component('pubsub.jetstream', { ackPolicy: 'none' })], '0'],
  ['below the 30 s of a JetStream that asks for one', [component('pubsub.jetstream', { ackPolicy: 'explicit' })], '24s'],
  ['without end for a RabbitMQ that takes everything for acknowledged', [component('pubsub.rabbitmq', { autoAck: 'true' })], '0'],
  ['60 s for a RabbitMQ that waits for the acknowledgement', [component('pubsub.rabbitmq', { autoAck: 'false' })], '60s'],
  ['below the 60 s of a Redis that looks more often', [component('pubsub.redis', { redeliverInterval: '5s' })], '48s'],
  ['Redis\' default where its time is only known later', [component('pubsub.redis', { processingTimeout: '${TIME}' })], '48s'],
  ['below the 10 s of SQS', [component('pubsub.aws.snssqs')], '8s'],
  ['below the 10 s of SQS by its old name', [component('pubsub.snssqs')], '8s'],
  ['of a type whatever its case', [component('pubsub.Redis')], '48s'],
  ['below a given time of SQS, in seconds', [component('pubsub.aws.snssqs', { messageVisibilityTimeout: 50 })], '40s'],
  ['below the 30 s of JetStream', [component('pubsub.jetstream')], '24s'],
  ['below a given time of JetStream', [component('pubsub.jetstream', { ackWait: '500ms' })], '1s'],
  ['60 s for RabbitMQ, which waits half an hour', [component('pubsub.rabbitmq')], '60s'],
  ['the shortest of several', [component('pubsub.redis'), component('pubsub.jetstream'), component('pubsub.kafka')], '24s'],
  ['without end for a cron binding, whose event would be lost', [component('bindings.cron')], '0'],
  ['without end for a Kafka binding', [component('bindings.kafka'), component('pubsub.jetstream')], '0'],
  ['without end for a RabbitMQ binding', [component('bindings.rabbitmq')], '0'],
  ['without end for a binding that watches and never repeats', [component('bindings.kubernetes', { namespace: 'shop' })], '0'],
  ['without end for Kinesis, which goes on after a failure', [component('bindings.aws.kinesis', KINESIS)], '0'],
])('the hold is %s', (_name, components, hold) => {
  expect(proxied(components).hold).toBe(hold);
});

describe('a proxy that ends gives its topic events back', () => {
  test.each<[string, object[], string | undefined]>([
    ['not to Redis, whose events a newer Dapr acknowledges when they fail', [component('pubsub.redis')], undefined],
    ['not to a Redis that never redelivers', [component('pubsub.redis', { processingTimeout: '0' })], undefined],
    ['to SQS', [component('pubsub.aws.snssqs')], 'true'],
    ['to JetStream', [component('pubsub.jetstream')], 'true'],
    ['not to a JetStream that asks for no acknowledgement', [component('pubsub.jetstream', { ackPolicy: 'none' })], undefined],
    ['to a RabbitMQ that requeues', [component('pubsub.rabbitmq', { requeueInFailure: 'true' })], 'true'],
    ['not to another RabbitMQ', [component('pubsub.rabbitmq')], undefined],
    ['not to a RabbitMQ that requeues and takes everything for acknowledged', [component('pubsub.rabbitmq', { requeueInFailure: 'true', autoAck: 'true' })], undefined],
    ['to Kafka', [component('pubsub.kafka')], 'true'],
    ['not to a Kafka that skips', [component('pubsub.kafka', { consumeRetryEnabled: 'false' })], undefined],
    ['not to a broker of which nothing is known', [component('pubsub.mqtt3')], undefined],
    ['if all of several take them', [component('pubsub.aws.snssqs'), component('pubsub.kafka')], 'true'],
    ['only if all of several take them', [component('pubsub.kafka'), component('pubsub.mqtt3')], undefined],
    ['whatever its bindings are, whose events it keeps', [component('pubsub.kafka'), component('bindings.cron')], 'true'],
    ['but has none with bindings alone', [component('bindings.cron')], undefined],
  ])('%s', (_broker, components, giveBack) => {
    expect(proxied(components).giveBack).toBe(giveBack);
  });

  test('not where they would be dead letters', () => {
    const redis = { block: 'pubsub', componentType: 'pubsub.redis', spec: { metadata: [] } };
    const triggers = (delivery: object) => [{ ...redis, delivery }] as unknown as ResolvedTrigger[];
    const older = { dapr: '1.16' };
    expect([mayGiveBack(triggers({}), older), mayGiveBack(triggers({ deadLetterTopic: 'dead' }), older)]).toEqual([true, false]);
  });

  test.each([['1.16', true], ['1.17', false], [undefined, false]])('to Redis with Dapr %s: %s', (dapr, expected) => {
    const triggers = [{ block: 'pubsub', componentType: 'pubsub.redis', spec: { metadata: [] } }] as unknown as ResolvedTrigger[];
    expect(mayGiveBack(triggers, { dapr })).toBe(expected);
  });

  test('not to a component that is defined elsewhere, whose settings are not known', () => {
    const elsewhere = asyncFunction({ triggers: { dapr: [{ name: 'shared', type: 'pubsub.redis', topic: 't' }] }, pubsub: {}, bindings: {} });
    expect(environment(proxyTemplate(synthManifest(elsewhere).objects, 'fn'), 'dapr-proxy').DAPR_PROXY_GIVE_BACK).toBeUndefined();
  });
});

test('the hold of an existing component follows its type', () => {
  const { objects } = synthManifest(asyncFunction({ triggers: { dapr: [{ name: 'x', type: 'pubsub.jetstream', topic: 't' }] }, bindings: {} }));
  expect(environment(proxyTemplate(objects, 'fn'), 'dapr-proxy').DAPR_PROXY_HOLD_TIMEOUT).toBe('24s');
});

describe('components that are known to lose or repeat events', () => {
  test.each<[object, string[]]>([
    [component('pubsub.rabbitmq'), ['requeueInFailure of "c0": RabbitMQ drops a message whose delivery failed, so a plain rollout loses 2 to 5 % of a busy queue; set it to true']],
    [component('pubsub.rabbitmq', { requeueInFailure: 'true' }), []],
    [component('pubsub.rabbitmq', { requeueInFailure: 'Yes' }), []],
    [component('pubsub.rabbitmq', { requeueInFailure: 'false' }), ['requeueInFailure of "c0": RabbitMQ drops a message whose delivery failed, so a plain rollout loses 2 to 5 % of a busy queue; set it to true']],
    [component('pubsub.kafka'), []],
    [component('pubsub.kafka', { consumeRetryEnabled: '1' }), []],
    [component('bindings.kafka'), []],
    [component('bindings.kafka', { consumeRetryEnabled: 'false' }), ['consumeRetryEnabled of "c0": a Kafka binding skips a message whose delivery failed; set it to true']],
    [component('bindings.kafka', { consumeRetryEnabled: 'true' }), []],
    [component('bindings.cron'), []],
    [component('pubsub.kafka', { consumeRetryEnabled: 'false' }), ['consumeRetryEnabled of "c0": Kafka then skips a message whose delivery failed; leave it on']],
    [component('pubsub.aws.snssqs'), []],
    [component('pubsub.snssqs'), []],
    [component('pubsub.mqtt3'), []],
    [component('pubsub.aws.snssqs', { messageVisibilityTimeout: 60 }), []],
    [component('pubsub.redis'), []],
    [component('pubsub.redis', { queueDepth: 20, concurrency: '20' }), []],
  ])('are warnings: %j', (spec, warnings) => {
    expect(proxied([spec]).warnings).toEqual(warnings);
  });

  test.each<[object, string[]]>([
    [component('pubsub.redis'), ['"c": Redis repeats up to 110 events when no pod is there for longer than 60 s', ACKNOWLEDGES]],
    [component('pubsub.redis', { queueDepth: 5, concurrency: 2, processingTimeout: '2m' }), ['"c": Redis repeats up to 7 events when no pod is there for longer than 120 s', ACKNOWLEDGES]],
    [component('pubsub.redis', { processingTimeout: 0 }), []],
    [component('pubsub.aws.snssqs'), ['"c": SQS delivers an event again after 10 s, which waking a function can take; messageVisibilityTimeout sets it']],
    [component('pubsub.aws.snssqs', { messageVisibilityTimeout: 60 }), []],
    [component('pubsub.kafka'), []],
  ])('are notes of the report where nothing must be changed: %j', (spec, notes) => {
    const { fn } = synthManifest(asyncFunction({ triggers: { dapr: [{ name: 'c', topic: 't' }] }, pubsub: { c: spec }, scaleOptions: { maxReplicas: 100 } }));
    expect(fn.report.notes).toEqual([...notes, 'serving.triggers.dapr[0].topic: nothing here publishes to the topic "t" of "c"']);
    expect(fn.report.warnings).toEqual([]);
  });

  describe('a Redis whose topics hold its connections', () => {
    const of = (topics: number, metadata: Record<string, string> = {}) => {
      const dapr = Array.from({ length: topics }, (_, at) => ({ name: 'c', topic: `t${at}` }));
      const { report } = synthManifest(asyncFunction({ triggers: { dapr }, pubsub: { c: component('pubsub.redis', metadata) }, scaleOptions: { maxReplicas: 100 } })).fn;
      return { warnings: report.warnings, notes: report.notes.filter((note) => note.includes('poolSize')) };
    };
    const held = (topics: number, connections: string) => `each of its ${topics} topics holds one of the ${connections}, so none is left to publish and to acknowledge; `
      + `set poolSize to more than ${topics}`;

    test('is a warning where its own poolSize is too small', () => {
      expect(of(3, { poolSize: '3' })).toEqual({ warnings: [`poolSize of "c": ${held(3, '3 connections')}`].map((line) => expect.stringContaining(line)), notes: [] });
      expect(of(3, { poolSize: '4' })).toEqual({ warnings: [], notes: [] });
    });

    test('is a note where the default may be', () => {
      expect(of(10)).toEqual({ warnings: [], notes: [`"c": ${held(10, '10 connections that a sidecar with one CPU has')}`] });
      expect(of(9)).toEqual({ warnings: [], notes: [] });
    });
  });

  test('are none where the function has its own sidecar', () => {
    const serving = { triggers: { dapr: [{ name: 'r', topic: 't' }] }, pubsub: { r: component('pubsub.redis') }, annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
    expect(synthManifest(asyncFunction(serving)).fn.report.warnings).toEqual([]);
  });
});

describe('pending events alone', () => {
  const reach = (spec: object, targetPerReplica: number, replicas = 1) => synthManifest(asyncFunction({
    triggers: { dapr: [{ name: 'c', topic: 't' }] }, pubsub: { c: spec }, scaleOptions: { maxReplicas: 100 },
  }), { pendingEvents: { targetPerReplica }, proxy: { replicas } }).fn.report;

  test('reach as many replicas as the component hands over events at once, which the report says', () => {
    expect(reach(component('pubsub.redis'), 1).pendingEventsReplicas).toBe(10);
    expect(reach(component('pubsub.redis'), 2).pendingEventsReplicas).toBe(5);
    expect(reach(component('pubsub.jetstream'), 1).pendingEventsReplicas).toBe(1);
    expect(reach(component('pubsub.kafka'), 1).pendingEventsReplicas).toBeUndefined();
    expect(reach(component('pubsub.jetstream', { concurrency: 'parallel' }), 1).pendingEventsReplicas).toBeUndefined();
    expect(reach(component('pubsub.redis', { queueDepth: 1, concurrency: '${MANY}' }), 1).pendingEventsReplicas).toBeUndefined();
    expect(reach(component('pubsub.redis'), 1).warnings).toEqual([]);
  });
});

describe('a broker trigger beside pending events', () => {
  const RABBITMQ = 'over AMQP "rabbitmq" does not see messages that the proxy\'s sidecar holds; use protocol "http" with unacknowledged messages, or rely on pending events';
  const EXISTING = { triggers: { dapr: [{ name: 'queue', type: 'pubsub.existing', topic: 't' }] }, bindings: undefined };
  const warnings = (type: string, metadata: Record<string, string>, source: object = EXISTING) =>
    synthManifest(asyncFunction({ ...source, scaleOptions: { keda: { triggers: [scaler(type, metadata)] } } })).fn.report.warnings;

  test.each<[string, Record<string, string>, string]>([
    ['rabbitmq', {}, RABBITMQ],
    ['rabbitmq', { protocol: 'amqp', host: 'http://x' }, RABBITMQ],
    ['rabbitmq', { host: 'amqp://x' }, RABBITMQ],
    ['rabbitmq', { host: 'https://x', excludeUnacknowledged: 'true' },
      'without unacknowledged messages "rabbitmq" does not see messages that the proxy\'s sidecar holds; leave excludeUnacknowledged out'],
    ['aws-sqs-queue', { scaleOnInFlight: 'false' }, 'without those in flight "aws-sqs-queue" does not see messages that the proxy\'s sidecar holds; leave scaleOnInFlight on'],
    ['redis-streams', { lagCount: '5' }, 'by its lag "redis-streams" does not see messages that the proxy\'s sidecar holds; use pendingEntriesCount'],
    ['redis-sentinel-streams', { lagCount: '5' }, 'by its lag "redis-sentinel-streams" does not see messages that the proxy\'s sidecar holds; use pendingEntriesCount'],
  ])('is blind: %s with %j', (type, metadata, why) => {
    expect(warnings(type, metadata)).toEqual([`warning: serving.scaleOptions.keda.triggers[0]: ${why}`]);
  });

  test.each<[string, Record<string, string>]>([
    ['rabbitmq', { protocol: 'http' }],
    ['rabbitmq', { protocol: 'http', excludeUnacknowledged: 'false' }],
    ['rabbitmq', { protocol: 'auto', host: 'HTTPS://x' }],
    ['aws-sqs-queue', {}],
    ['aws-sqs-queue', { scaleOnInFlight: 'true' }],
    ['redis-streams', { pendingEntriesCount: '5' }],
    ['redis-streams', { lagCount: '0' }],
    ['kafka', { lagThreshold: '5' }],
    ['nats-jetstream', {}],
  ])('sees what the sidecar holds: %s with %j', (type, metadata) => {
    expect(warnings(type, metadata)).toEqual([]);
  });

  test('is looked at where the function gets its events from that broker, and not for another queue', () => {
    const from = (componentType: string, metadata = {}) => ({ triggers: { dapr: [{ name: 'c', topic: 't' }] }, pubsub: { c: component(componentType, metadata) } });
    expect(warnings('rabbitmq', {}, from('pubsub.rabbitmq', { requeueInFailure: true }))).toEqual([`warning: serving.scaleOptions.keda.triggers[0]: ${RABBITMQ}`]);
    expect(warnings('rabbitmq', {}, from('pubsub.jetstream'))).toEqual([]);
    expect(warnings('redis-streams', { lagCount: '5' }, {})).toEqual([]);
  });
});

describe('events that two sidecars do not share are a warning', () => {
  const ONE_ID = 'all connect by one consumerID, and the broker keeps one such connection; give "{podName}" as consumerID and "$share/<group>/<topic>" as topic';
  const NO_SHARE = 'give "$share/<group>/<topic>" as topic, or each gets every event';
  const SOLACE = { url: 'amqp://solace:5672', anonymous: 'true' };
  const MORE = { keda: { triggers: [{ type: 'cron', metadata: { timezone: 'UTC', start: '0 6 * * *', end: '0 20 * * *', desiredReplicas: '2' } }] } };
  const said = (spec: object, topic: string | undefined, replicas: number) => {
    const block = topic === undefined ? 'bindings' : 'pubsub';
    const { fn } = synthManifest(asyncFunction({ triggers: { dapr: [{ name: 'c', topic }] }, [block]: { c: spec } }), { proxy: { replicas } });
    return fn.report.warnings.filter((line) => line.includes('not shared'));
  };

  test.each<[object, string | undefined, string | undefined]>([
    [component('pubsub.mqtt3'), 'orders', ONE_ID],
    [component('pubsub.mqtt3', { consumerID: 'fixed' }), '$share/fn/orders', ONE_ID],
    [component('pubsub.mqtt3', { consumerID: 'fn-{podName}' }), 'orders', NO_SHARE],
    [component('pubsub.mqtt3', { consumerID: '{uuid}' }), '$share/fn/orders', undefined],
    [component('bindings.mqtt3', { url: 'tcp://mqtt:1883', consumerID: 'fixed', topic: '$share/fn/orders' }), undefined, ONE_ID],
    [component('bindings.mqtt3', { url: 'tcp://mqtt:1883', consumerID: '{uuid}', topic: 'orders' }), undefined, undefined],
    [component('bindings.mqtt3', { url: 'tcp://mqtt:1883', consumerID: '{uuid}', topic: '$share/fn/orders' }), undefined, undefined],
    [component('pubsub.jetstream'), 'orders', 'set queueGroupName, or each gets every event'],
    [component('pubsub.jetstream', { queueGroupName: 'fn' }), 'orders', undefined],
    [component('pubsub.kubemq', { address: 'kubemq:50000' }), 'orders', 'set group, or each gets every event'],
    [component('pubsub.kubemq', { address: 'kubemq:50000', group: 'fn' }), 'orders', undefined],
    [component('pubsub.solace.amqp', SOLACE), 'orders', 'name a "queue:" as topic, or each gets every event'],
    [component('pubsub.solace.amqp', SOLACE), 'queue:orders', undefined],
    [component('pubsub.pulsar', { host: 'pulsar:6650', subscribeType: 'exclusive' }), 'orders', 'subscribeType "exclusive" takes one of them, and the others fail; leave it out'],
    [component('pubsub.pulsar', { host: 'pulsar:6650', subscribeType: 'failover' }), 'orders', undefined],
    [component('pubsub.rocketmq', { consumerModel: 'Broadcasting' }), 'orders', 'consumerModel "broadcasting" gives each every event; leave it out'],
    [component('pubsub.rocketmq'), 'orders', undefined],
    [component('bindings.aws.kinesis', { ...KINESIS, mode: 'extended' }), undefined, 'in mode "extended" they take its shards from each other; leave mode out'],
    [component('bindings.aws.kinesis', { ...KINESIS, mode: 'shared' }), undefined, undefined],
    [component('bindings.kubernetes', { namespace: 'shop' }), undefined, undefined],
    [component('bindings.rethinkdb.statechange'), undefined, undefined],
    [component('pubsub.redis'), 'orders', undefined],
    [component('pubsub.kafka'), 'orders', undefined],
    [component('bindings.cron', { schedule: '@every 1m' }), undefined, undefined],
  ])('%j, topic %s', (spec, topic, why) => {
    const line = `warning: serving.triggers.dapr[0].name: events of "c" are not shared by the sidecars of 2 proxies: ${why}`;
    expect(said(spec, topic, 2)).toEqual(why === undefined ? [] : [line]);
    expect(said(spec, topic, 1)).toEqual([]);
  });

  test('also where each of several pods has its sidecar, but not where the component is defined elsewhere, whose settings are not known', () => {
    const sidecar = (pubsub: object) => synthManifest(asyncFunction({
      triggers: { dapr: [{ name: 'c', type: 'pubsub.mqtt3', topic: 't' }] }, bindings: {}, pubsub,
      annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' },
      scaleOptions: { maxReplicas: 2, ...MORE },
    })).fn.report.warnings.filter((line) => line.includes('not shared'));
    expect(sidecar({ c: component('pubsub.mqtt3') })).toEqual([
      `warning: serving.triggers.dapr[0].name: events of "c" are not shared by the sidecars of several pods: ${ONE_ID}`,
    ]);
    expect(sidecar({})).toEqual([]);
  });
});
