// How long the proxy holds an event (dapr-proxy.md, section 5).
import { asyncFunction } from '../../support/functions';
import { environment, proxyTemplate, synthManifest } from '../../support/synth';

const component = (type: string, metadata: Record<string, string | number> = {}) => ({
  type, version: 'v1', metadata: Object.entries(metadata).map(([name, value]) => ({ name, value })),
});

function proxied(components: object[], options = {}) {
  const pubsub = Object.fromEntries(components.map((spec, index) => [`c${index}`, spec]).filter(([, spec]) => JSON.stringify(spec).includes('pubsub.')));
  const bindings = Object.fromEntries(components.map((spec, index) => [`c${index}`, spec]).filter(([, spec]) => JSON.stringify(spec).includes('bindings.')));
  const dapr = components.map((_, index) => ({ name: `c${index}`, topic: `c${index}` in pubsub ? 't' : undefined }));
  const { objects, fn } = synthManifest(asyncFunction({ triggers: { dapr }, pubsub, bindings }), options);
  return { hold: environment(proxyTemplate(objects, 'fn'), 'dapr-proxy').DAPR_PROXY_HOLD_TIMEOUT, warnings: fn.report.warnings.map((line) => line.split(': ').slice(2).join(': ')) };
}

test.each<[string, object[], string]>([
  ['60 s where nothing is known', [component('pubsub.mqtt3')], '60s'],
  ['below the 60 s of Redis', [component('pubsub.redis')], '48s'],
  ['below a given time of Redis, a plain number being milliseconds', [component('pubsub.redis', { processingTimeout: 30_000 })], '24s'],
  ['below a given time of Redis, as a duration', [component('pubsub.redis', { ProcessingTimeout: '1m30s' })], '60s'],
  ['Redis\' default where its time is nothing', [component('pubsub.redis', { processingTimeout: '0' })], '48s'],
  ['Redis\' default where its time is no time', [component('pubsub.redis', { processingTimeout: 'soon' })], '48s'],
  ['below the 10 s of SQS', [component('pubsub.aws.snssqs')], '8s'],
  ['below a given time of SQS, in seconds', [component('pubsub.aws.snssqs', { messageVisibilityTimeout: 50 })], '40s'],
  ['below the 30 s of JetStream', [component('pubsub.jetstream')], '24s'],
  ['below a given time of JetStream', [component('pubsub.jetstream', { ackWait: '500ms' })], '1s'],
  ['60 s for RabbitMQ, which waits half an hour', [component('pubsub.rabbitmq')], '60s'],
  ['the shortest of several', [component('pubsub.redis'), component('pubsub.jetstream'), component('pubsub.kafka')], '24s'],
  ['without end for a cron binding, whose event would be lost', [component('bindings.cron')], '0'],
  ['without end for a Kafka binding', [component('bindings.kafka'), component('pubsub.jetstream')], '0'],
  ['without end for a RabbitMQ binding', [component('bindings.rabbitmq')], '0'],
])('the hold is %s', (_name, components, hold) => {
  expect(proxied(components).hold).toBe(hold);
});

test('the hold of an existing component follows its type', () => {
  const { objects } = synthManifest(asyncFunction({ triggers: { dapr: [{ name: 'x', type: 'pubsub.jetstream', topic: 't' }] }, bindings: {} }));
  expect(environment(proxyTemplate(objects, 'fn'), 'dapr-proxy').DAPR_PROXY_HOLD_TIMEOUT).toBe('24s');
});

describe('components that are known to lose or repeat events', () => {
  test.each<[object, string[]]>([
    [component('pubsub.rabbitmq'), ['requeueInFailure of "c0": RabbitMQ drops a message whose delivery failed; set it to true']],
    [component('pubsub.rabbitmq', { requeueInFailure: 'true' }), []],
    [component('pubsub.kafka'), []],
    [component('pubsub.kafka', { consumeRetryEnabled: 'false' }), ['consumeRetryEnabled of "c0": Kafka then skips a message whose delivery failed; leave it on']],
    [component('pubsub.aws.snssqs'), ['messageVisibilityTimeout of "c0": SQS redelivers after 10 s, sooner than a function wakes; set it to 60 or more']],
    [component('pubsub.aws.snssqs', { messageVisibilityTimeout: 60 }), []],
    [component('pubsub.redis'), ['queueDepth of "c0": Redis reads 100 messages ahead and handles 10 at once, so the rest can be redelivered while they wait; make them equal']],
    [component('pubsub.redis', { queueDepth: 20, concurrency: '20' }), []],
  ])('are warnings: %j', (spec, warnings) => {
    expect(proxied([spec]).warnings).toEqual(warnings);
  });

  test('are none where the function has its own sidecar', () => {
    const serving = { triggers: { dapr: [{ name: 'r', topic: 't' }] }, pubsub: { r: component('pubsub.redis') }, annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
    expect(synthManifest(asyncFunction(serving)).fn.report.warnings).toEqual([]);
  });
});

describe('pending events alone', () => {
  const warnings = (spec: object, maxReplicas: number, targetPerReplica: number, replicas = 1) => synthManifest(asyncFunction({
    triggers: { dapr: [{ name: 'c', topic: 't' }] }, pubsub: { c: spec }, scaleOptions: { maxReplicas },
  }), { onPendingEvents: { targetPerReplica }, proxy: { replicas } }).fn.report.warnings.filter((line) => line.includes('reach'));
  const redis = component('pubsub.redis', { queueDepth: 10 });

  test('reach as many replicas as the component hands over events at once', () => {
    expect(warnings(redis, 10, 1)).toEqual([]);
    expect(warnings(redis, 11, 1)).toEqual([
      'warning: serving.scaleOptions.maxReplicas: pending events alone reach at most 10 replicas of 11: the components hand over no more at once',
    ]);
    expect(warnings(redis, 6, 2)).toHaveLength(1);
    expect(warnings(component('pubsub.jetstream'), 2, 1)).toHaveLength(1);
    expect(warnings(component('pubsub.kafka'), 100, 1)).toEqual([]);
  });
});

test('a RabbitMQ trigger that looks over AMQP does not see what the sidecar holds', () => {
  const scaled = (metadata: object) => asyncFunction({ scaleOptions: { keda: { triggers: [{ type: 'rabbitmq', metadata }] } } });
  expect(synthManifest(scaled({ protocol: 'http' })).fn.report.warnings).toEqual([]);
  expect(synthManifest(scaled({})).fn.report.warnings).toEqual([
    'warning: serving.scaleOptions.keda.triggers[0]: over AMQP "rabbitmq" does not see messages that the proxy\'s sidecar holds; '
    + 'use protocol "http" with unacknowledged messages, or rely on pending events',
  ]);
});
