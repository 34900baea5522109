// Mistakes between functions and what is beside them: brokers of KEDA, Services, workloads, routes (docs/spec M72o to M72q).
import { DaprMode, FunctionInput, FunctionOutput } from '../src';
import { found, from, kafka, Program, to } from './support/wiring-program';

const orders = (p: Program) => p.fn('p', { outputs: [to(p.events, 'orders')] });
const scaledBy = (p: Program, ...triggers: object[]) => p.fn('a', { inputs: [from(p.events, 'orders')], scaling: { triggers: triggers as ReturnType<typeof kafka>[] } });
const route = (hostname: string, ...paths: string[]) => ({
  http: { route: { hostnames: [hostname], ...(paths.length > 0 && { rules: paths.map((value) => ({ matches: [{ path: { type: 'PathPrefix', value } }] })) }) } },
});
/** A Deployment beside the functions with one variable. */
function workload(p: Program, URL: string, annotations: object = {}): void {
  const labels = { app: 'web' };
  const containers = [{ name: 'web', env: [{ name: 'URL', value: URL }] }];
  p.object('apps/v1', 'Deployment', 'web', { spec: { selector: { matchLabels: labels }, template: { metadata: { annotations, labels }, spec: { containers } } } });
}
const SIDECAR = { 'dapr.io/enabled': 'true', 'dapr.io/app-id': 'web' };
const service = (p: Program, name: string, port: number, namespace = 'shop') => p.object('v1', 'Service', name, { spec: { ports: [{ port }] } }, namespace);

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

describe('calls', () => {
  test.each<Case>([
    ['of a host outside of the cluster but for a slip are a warning', (p) => {
      p.fn('a', route('orders.acme.dev'));
      p.fn('b', { env: { URL: 'https://ordres.acme.dev/x' } });
    }, [
      'warning call-to-nowhere at chart/b env.URL: nothing here is called "ordres.acme.dev"; did you mean "orders.acme.dev" of function shop/a (chart/a name)?',
    ]],
    ['of a binding to such a host are', (p) => {
      p.fn('a', route('orders.acme.dev'));
      p.fn('b', { outputs: [FunctionOutput.toBinding(p.component('hook', 'bindings.http', { url: 'https://ordes.acme.dev' }), { operation: 'post' })] });
    }, [
      'warning call-to-nowhere at chart/b outputs[0].component: nothing here is called "ordes.acme.dev"; did you mean "orders.acme.dev" of function shop/a (chart/a name)?',
    ]],
    ['with TLS of a function that answers without are', (p) => {
      orders(p);
      scaledBy(p);
      p.fn('b', { env: { URL: 'https://a.shop:8080/x' } });
    }, [
      'warning call-to-nowhere at chart/b env.URL: function shop/a (chart/a name) answers without TLS: its URL is http://a.shop.svc.cluster.local:8080',
    ]],
    ['of a Service beside the functions at a port that it does not have are', (p) => {
      service(p, 'stock', 8080);
      p.fn('b', { env: { URL: 'http://stock/x' } });
    }, [
      'warning call-to-nowhere at chart/b env.URL: the Service shop/stock has the port 8080, not 80',
    ]],
    ['of a Service beside the functions but for a slip are', (p) => {
      service(p, 'stock', 80);
      p.fn('b', { env: { URL: 'http://stok/x' } });
    }, [
      'warning call-to-nowhere at chart/b env.URL: nothing here is called "stok.shop"; did you mean "stock.shop", a Service beside the functions?',
    ]],
    ['of a Service of another namespace by its bare name are', (p) => {
      service(p, 'stock', 80, 'depot');
      p.fn('b', { env: { URL: 'http://stock/x' } });
    }, [
      'warning call-to-nowhere at chart/b env.URL: nothing here is called "stock.shop"; the Service depot/stock is in another namespace, so say "stock.depot"',
    ]],
    ['of other hosts, and of Services at their ports, are right', (p) => {
      p.fn('a', route('api.acme.dev'));
      service(p, 'stock', 8080);
      service(p, 'cache', 6379, 'depot');
      p.fn('b', { env: { A: 'https://app.acme.dev', B: 'http://stock:8080', C: 'redis://cache.depot', D: 'https://api.acme.dev/x', E: 'https://api.acme.com' } });
    }, []],
  ])('%s', check);
});

describe('calls of workloads beside the functions', () => {
  test.each<Case>([
    ['to a function but for a slip are a warning at the function', (p) => {
      p.fn('orders');
      workload(p, 'http://ordres.shop/x');
    }, [
      'warning call-to-nowhere at chart/orders name: URL of the Deployment shop/web: nothing here is called "ordres.shop"; did you mean "orders.shop" of function shop/orders (chart/orders name)?',
    ]],
    ['to an app-id but for a slip are', (p) => {
      p.fn('orders', { dapr: DaprMode.SIDECAR });
      workload(p, 'http://localhost:3500/v1.0/invoke/ordres-shop/method/x', SIDECAR);
    }, [
      'warning call-to-unknown-app at chart/orders name: URL of the Deployment shop/web: nothing here has the app-id "ordres-shop"; did you mean "orders-shop" of function shop/orders (chart/orders name)?',
    ]],
    ['through Dapr without a sidecar are', (p) => {
      p.fn('orders', { dapr: DaprMode.SIDECAR });
      workload(p, 'http://localhost:3500/v1.0/invoke/orders-shop/method/x');
    }, [
      'warning call-to-nowhere at chart/orders name: URL of the Deployment shop/web: its pods have no sidecar, so nothing answers there',
    ]],
    ['at a port that the function does not have are', (p) => {
      orders(p);
      scaledBy(p);
      workload(p, 'http://a.shop:9999/x');
    }, [
      'warning call-to-nowhere at chart/a name: URL of the Deployment shop/web: function shop/a (chart/a name) is called at port 8080, not 9999: its URL is http://a.shop.svc.cluster.local:8080',
    ]],
    ['to functions as they are, to others and to unknown apps are right', (p) => {
      p.fn('orders', { dapr: DaprMode.SIDECAR });
      workload(p, 'http://orders.shop http://legacy http://localhost:3500/v1.0/invoke/legacy/method/x', SIDECAR);
    }, []],
  ])('%s', check);
});

describe('routes of one function', () => {
  test.each<Case>([
    ['with one match in two rules are a warning', (p) => {
      p.fn('a', route('a.acme.dev', '/x', '/y', '/x/'));
    }, [
      'warning route-shared at chart/a http.route: the path "/x" of "a.acme.dev" is in two rules, of which only the first gets requests',
    ]],
    ['with a prefix that another function has but for a slash are', (p) => {
      p.fn('a', route('x.acme.dev', '/x'));
      p.fn('b', route('x.acme.dev', '/x/'));
    }, [
      'warning route-shared at chart/b http.route: the path "/x" of "x.acme.dev" is that of function shop/a (chart/a http.route) too, so requests reach only the one that is older',
    ]],
  ])('%s', check);
});
