// Mistakes in what scales a function, one of each kind (docs/spec M72o, M72v).
import { FunctionInput, FunctionOutput } from '../src';
import { found, from, kafka, Program, to } from './support/wiring-program';

const orders = (p: Program) => p.fn('p', { outputs: [to(p.events, 'orders')] });
const scaledBy = (p: Program, ...triggers: object[]) => p.fn('a', { inputs: [from(p.events, 'orders')], scaling: { triggers: triggers as ReturnType<typeof kafka>[] } });

type Case = [title: string, write: (p: Program) => void, expected: string[]];
const check = (_: string, write: (p: Program) => void, expected: string[]) => expect(found(write)).toEqual(expected);

describe('what KEDA looks at', () => {
  test.each<Case>([
    ['a broker of Kafka that is not that of the input is a warning', (p) => {
      orders(p);
      scaledBy(p, kafka('orders', 'a-shop', 'kafka.infra:9092'));
    }, [
      'warning scaled-by-other-broker at chart/a scaling.triggers[0].metadata.bootstrapServers: Dapr reads "orders" for this function at "kafka.shop:9092" (chart/a inputs[0].topic), and KEDA looks for it at "kafka.infra:9092"',
    ]],
    ['a server of Redis that is not that of the input is', (p) => {
      const redis = p.component('redis', 'pubsub.redis', { redisHost: 'redis:6379' });
      p.fn('p', { outputs: [to(redis, 'orders')] });
      const metadata = { address: 'rediss.shop.svc.cluster.local:6379', stream: 'orders', consumerGroup: 'a-shop', pendingEntriesCount: '5' };
      p.fn('a', { inputs: [from(redis, 'orders')], scaling: { triggers: [{ triggerType: 'redis-streams', metadata }] } });
    }, [
      'warning scaled-by-other-broker at chart/a scaling.triggers[0].metadata.address: Dapr reads "orders" for this function at "redis.shop:6379" (chart/a inputs[0].topic), and KEDA looks for it at "rediss.shop:6379"',
    ]],
    ['a topic that nothing reads, in the group of an input, is', (p) => {
      orders(p);
      scaledBy(p, kafka('invoices', 'a-shop'));
    }, [
      'warning scaled-by-other-topic at chart/a scaling.triggers[0].metadata.topic: nothing here reads "invoices"; Dapr reads "orders" for this function (chart/a inputs[0].topic), so KEDA sees none of its events',
    ]],
    ['a queue of RabbitMQ that is not that of the binding is', (p) => {
      const jobs = p.component('jobs', 'bindings.rabbitmq', { host: 'amqp://rabbit:5672', queueName: 'jobs' });
      p.fn('p', { outputs: [FunctionOutput.toBinding(jobs, { operation: 'create' })] });
      const metadata = { host: 'http://guest:guest@rabbit:15672/', queueName: 'job', mode: 'QueueLength', value: '5', protocol: 'http' };
      p.fn('a', { inputs: [FunctionInput.fromBinding(jobs)], scaling: { triggers: [{ triggerType: 'rabbitmq', metadata }] } });
    }, [
      'warning scaled-by-other-topic at chart/a scaling.triggers[0].metadata.queueName: nothing here reads "job"; Dapr reads "jobs" for this function (chart/a inputs[0].component), so KEDA sees none of its events',
    ]],
    ['the topic of RabbitMQ instead of the queue that Dapr makes for the app is', (p) => {
      const rabbit = p.component('rabbit', 'pubsub.rabbitmq', { connectionString: 'amqp://rabbit:5672' });
      p.fn('p', { outputs: [to(rabbit, 'orders')] });
      const metadata = { host: 'http://guest:guest@rabbit:15672/', queueName: 'orders', mode: 'QueueLength', value: '5', protocol: 'http' };
      p.fn('a', { inputs: [from(rabbit, 'orders')], scaling: { triggers: [{ triggerType: 'rabbitmq', metadata }] } });
    }, [
      'warning scaled-by-other-topic at chart/a scaling.triggers[0].metadata.queueName: nothing here reads "orders"; Dapr reads "a-shop-orders" for this function (chart/a inputs[0].topic), so KEDA sees none of its events',
    ]],
    ['the queue that Dapr makes is right, and so is a topic of another group', (p) => {
      const rabbit = p.component('rabbit', 'pubsub.rabbitmq', { connectionString: 'amqp://rabbit:5672' });
      p.fn('p', { outputs: [to(rabbit, 'orders'), to(p.events, 'orders', { name: 'kafka' })] });
      const metadata = { host: 'http://guest:guest@rabbit:15672/', queueName: 'b-shop-orders', mode: 'QueueLength', value: '5', protocol: 'http' };
      p.fn('b', { inputs: [from(rabbit, 'orders')], scaling: { triggers: [{ triggerType: 'rabbitmq', metadata }] } });
      scaledBy(p, kafka('orders', 'a-shop'), kafka('invoices', 'invoicing'));
    }, []],
  ])('%s', check);
});

describe('objects that scale a function', () => {
  const target = { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' } } };
  test.each<Case>([
    ['beside a scaler of its own are a warning', (p) => {
      orders(p);
      scaledBy(p, kafka('orders', 'a-shop'));
      p.object('autoscaling/v2', 'HorizontalPodAutoscaler', 'cpu', target);
      p.object('keda.sh/v1alpha1', 'ScaledObject', 'lag', target);
    }, [
      'warning scaled-twice at chart/a name: the HorizontalPodAutoscaler shop/cpu scales this function too, which has a scaler of its own; leave one of the two',
      'warning scaled-twice at chart/a name: the ScaledObject shop/lag scales this function too, which has a scaler of its own; leave one of the two',
    ]],
    ['and its topic with fewer partitions than replicas are information', (p) => {
      orders(p);
      p.fn('a', { inputs: [from(p.events, 'orders')], scaling: { maxReplicas: 10, triggers: [kafka('orders', 'a-shop')] } });
      p.object('kafka.strimzi.io/v1beta2', 'KafkaTopic', 'orders', { spec: { partitions: 2 } });
    }, [
      'information replicas-beyond-partitions at chart/a scaling.maxReplicas: 10 replicas are more than the 2 partitions of the KafkaTopic "orders", each of which one replica reads',
    ]],
    ['where it has no scaler of its own, or of another namespace, are right', (p) => {
      orders(p);
      scaledBy(p);
      p.object('autoscaling/v2', 'HorizontalPodAutoscaler', 'cpu', target);
      p.fn('b', { inputs: [from(p.events, 'orders')], scaling: { maxReplicas: 2, triggers: [kafka('orders', 'b-shop')] } });
      p.object('keda.sh/v1alpha1', 'ScaledObject', 'lag', { spec: { scaleTargetRef: { name: 'b' } } }, 'depot');
      p.object('kafka.strimzi.io/v1beta2', 'KafkaTopic', 'orders', { spec: { partitions: 2 } });
    }, []],
  ])('%s', check);
});
