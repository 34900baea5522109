import { Chart, Duration, Testing } from 'cdk8s';
import { DaprComponent, DaprComponentProps, FunctionScaling, OpenFunctionApp, FunctionInput, PendingEventsScaling } from '../../../src';
import { component } from '../../support/components';
import { asyncFunction } from '../../support/functions';
import { synthManifest } from '../../support/synth';

const APP = (
  scaling: FunctionScaling, pendingEvents?: PendingEventsScaling, replicas = 1,
  props: DaprComponentProps = { componentType: 'pubsub.redis', metadata: { redisHost: 'redis:6379', concurrency: 10, queueDepth: 10 } },
) => {
  const chart = new Chart(Testing.app(), 'chart', { namespace: 'shop' });
  const queue = new DaprComponent(chart, 'queue', props);
  return new OpenFunctionApp(chart, 'orders', { image: 'acme/orders:1.0.0', inputs: [FunctionInput.fromTopic(queue, 'orders')], scaling, pendingEvents, proxy: { replicas } });
};
const REDIS = component('pubsub.redis', { queueDepth: 10 });
const JETSTREAM = component('pubsub.jetstream');
interface Scaler {
  readonly pollingInterval?: number;
  readonly triggers: { readonly type: string; readonly metadata: Record<string, string> }[];
}
const scaler = (app: OpenFunctionApp) => (app.scaler?.toJson() as { spec: Scaler } | undefined)?.spec;
const about = (app: OpenFunctionApp, field: string) => app.report.warnings.filter((line) => line.includes(field));

describe('scaling on pending events alone', () => {
  it('makes a ScaledObject with the push trigger, polled every 10 s in case a push is lost', () => {
    expect(scaler(APP({ minReplicas: 0 }, { targetPerReplica: 5, activation: 2 }))).toMatchObject({
      minReplicaCount: 0,
      pollingInterval: 10,
      triggers: [{
        type: 'external-push',
        metadata: { scalerAddress: 'orders-dapr-proxy.shop.svc.cluster.local:18082', target: '5', activation: '2' },
      }],
    });
  });

  it('gives the options of a scaler their effect, so none is called useless', () => {
    const app = APP({ minReplicas: 0, maxReplicas: 5, cooldownPeriod: Duration.seconds(30) });
    expect(about(app, 'has no effect')).toEqual([]);
  });

  it('switched off leaves no scaler, and the options of one are called useless', () => {
    const app = APP({ minReplicas: 1, maxReplicas: 5 }, { enabled: false });
    expect(scaler(app)).toBeUndefined();
    expect(about(app, 'maxReplicas')).toHaveLength(1);
  });

  it.each([
    ['targetPerReplica', { targetPerReplica: 0 }, '0 is below 1'],
    ['activation', { activation: -1 }, '-1 is below 0'],
  ])('rejects %s out of range', (field, pendingEvents, message) => {
    expect(() => Testing.synth(Chart.of(APP({ minReplicas: 0 }, pendingEvents)))).toThrow(`pendingEvents.${field}: ${message}`);
  });
});

describe('replicas that pending events can reach', () => {
  it('are bounded by what the components hand over at once, which the report says', () => {
    const { pendingEventsReplicas, warnings } = APP({ minReplicas: 0, maxReplicas: 50 }, { targetPerReplica: 2 }).report;
    expect([pendingEventsReplicas, warnings]).toEqual([5, []]);
  });

  it('grow with the replicas of the proxy, each of which has a sidecar', () => {
    expect(APP({ minReplicas: 0, maxReplicas: 50 }, undefined, 3).report.pendingEventsReplicas).toBe(30);
  });

  it('do not grow with the topics of one Redis component, whose workers they share', () => {
    const serving = { triggers: { dapr: [{ name: 'r', topic: 'a' }, { name: 'r', topic: 'b' }, { name: 'j', topic: 'a' }, { name: 'j', topic: 'b' }] }, pubsub: { r: REDIS, j: JETSTREAM } };
    expect(synthManifest(asyncFunction({ ...serving, scaleOptions: { maxReplicas: 13 } })).fn.report.pendingEventsReplicas).toBe(12);
  });
});

describe('a broker trigger beside pending events', () => {
  const withTrigger = (metadata: { [name: string]: string }) =>
    APP({ minReplicas: 0, triggers: [{ triggerType: 'rabbitmq', metadata }] }, undefined, 1, { componentType: 'pubsub.rabbitmq', metadata: { host: 'amqp://rabbit:5672', requeueInFailure: true } });

  it('of RabbitMQ over AMQP is blind, which is reported', () => {
    const app = withTrigger({ host: 'amqp://rabbit', queueName: 'orders', mode: 'QueueLength', value: '5' });
    expect(about(app, 'rabbitmq')).toEqual([expect.stringContaining('does not see messages that the proxy\'s sidecar holds')]);
    expect(scaler(app)?.triggers.map(({ type }) => type)).toEqual(['rabbitmq', 'external-push']);
  });

  it('of RabbitMQ over HTTP counts unacknowledged messages too', () => {
    expect(about(withTrigger({ protocol: 'http', host: 'http://rabbit', queueName: 'orders', mode: 'QueueLength', value: '5' }), 'rabbitmq')).toEqual([]);
  });
});

test('a formula of KEDA takes the place of pending events, which is reported', () => {
  const advanced = { scalingModifiers: { formula: 'lag', target: '5' } };
  const lag = [{ triggerType: 'kafka', name: 'lag', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }];
  expect(APP({ minReplicas: 0, triggers: lag, advanced }).report.warnings).toEqual([
    'warning: scaling.advanced.scalingModifiers: take the place of every trigger, and their formula cannot name pending events, '
    + 'which then wake the function and have no other effect',
  ]);
  expect(APP({ minReplicas: 0, triggers: lag, advanced }, { enabled: false }).report.warnings).toEqual([]);
});
