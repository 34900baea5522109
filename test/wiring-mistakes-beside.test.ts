// Mistakes between functions and what is beside them: brokers of KEDA, Services, workloads, routes (docs/spec M72o to M72q).
import { DaprMode, FunctionOutput } from '../src';
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

describe('calls', () => {
  test.each<Case>([
    ['of a host outside of the cluster but for a slip are a warning', (p) => {
      p.fn('a', route('orders.acme.dev'));
      p.fn('b', { env: { URL: 'https://ordres.acme.dev/x' } });
    }, [
      'warning call-to-nowhere at chart/b env.URL: nothing here is called "ordres.acme.dev"; did you mean "orders.acme.dev" of function shop/a (chart/a name)?',
    ]],
    ['of a path that no route of the host takes are', (p) => {
      p.fn('a', route('shop.acme.dev', '/orders'));
      p.fn('b', route('shop.acme.dev', '/prices'));
      p.fn('c', { env: { URL: 'https://shop.acme.dev/order/1?x=2' } });
    }, [
      'warning call-to-nowhere at chart/c env.URL: no route takes the path "/order/1" of "shop.acme.dev", the host of function shop/a (chart/a http.route)',
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
    ['of paths that a route takes, and of their beginnings, are right', (p) => {
      p.fn('a', route('shop.acme.dev', '/api/orders/'));
      p.fn('b', { http: { route: { hostnames: ['shop.acme.dev'], rules: [{ matches: [{ path: { type: 'Exact', value: '/health' } }] }] } } });
      p.fn('c', { env: { A: 'https://shop.acme.dev/api/orders/1', B: 'https://shop.acme.dev', C: 'https://shop.acme.dev/api', D: 'https://shop.acme.dev/health?x' } });
    }, []],
    ['of other hosts, and of Services at their ports, are right', (p) => {
      p.fn('a', route('api.acme.dev'));
      service(p, 'stock', 8080);
      service(p, 'cache', 6379, 'depot');
      p.fn('b', { env: { A: 'https://app.acme.dev', B: 'http://stock:8080', C: 'redis://cache.depot', D: 'https://api.acme.dev/shop/a/x', E: 'https://api.acme.com' } });
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

describe('objects that lead to a function', () => {
  const httpRoute = (p: Program, name: string, port: number) => p.object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'site', {
    spec: { parentRefs: [{ name: 'gateway' }], rules: [{ backendRefs: [{ name, port }] }] },
  });
  const ingress = (p: Program, name: string, port: object) => p.object('networking.k8s.io/v1', 'Ingress', 'site', {
    spec: { rules: [{ host: 'x.acme.dev', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port } } }] } }] },
  });
  test.each<Case>([
    ['of the name of its Service but for a slip are a warning', (p) => {
      p.fn('orders');
      httpRoute(p, 'ordres', 80);
      ingress(p, 'order', { number: 80 });
    }, [
      'warning route-to-nowhere at chart/orders name: the HTTPRoute shop/site leads to the Service "ordres", which is not here; does it mean "orders.shop"?',
      'warning route-to-nowhere at chart/orders name: the Ingress shop/site leads to the Service "order", which is not here; does it mean "orders.shop"?',
    ]],
    ['at a port that its Service does not have are', (p) => {
      orders(p);
      scaledBy(p);
      httpRoute(p, 'a', 80);
      ingress(p, 'a', { number: 8081 });
    }, [
      'warning route-to-nowhere at chart/a name: the HTTPRoute shop/site leads to port 80 of the Service "a", which has 8080',
      'warning route-to-nowhere at chart/a name: the Ingress shop/site leads to port 8081 of the Service "a", which has 8080',
    ]],
    ['where it has no Service are', (p) => {
      p.fn('a', { dapr: DaprMode.SIDECAR, inputs: [from(p.events, 'orders')] });
      orders(p);
      httpRoute(p, 'a', 8080);
    }, [
      'warning route-to-nowhere at chart/a name: the HTTPRoute shop/site leads to this function, which has no Service',
    ]],
    ['at its port, by the name of a port, or to Services beside it are right', (p) => {
      orders(p);
      scaledBy(p);
      service(p, 'aa', 80);
      httpRoute(p, 'a', 8080);
      ingress(p, 'a', { name: 'http' });
      p.object('networking.k8s.io/v1', 'Ingress', 'other', { spec: { defaultBackend: { service: { name: 'aa', port: { number: 80 } } } } });
    }, []],
  ])('%s', check);
});

describe('Dapr beside the functions', () => {
  const closed = (p: Program, ...policies: object[]) => p.object('dapr.io/v1alpha1', 'Configuration', 'closed', { spec: { accessControl: { defaultAction: 'deny', policies } } });
  const calling = (p: Program, configuration: string) => {
    p.fn('a', { dapr: DaprMode.SIDECAR, annotations: { 'dapr.io/config': configuration } });
    p.fn('b', { dapr: DaprMode.SIDECAR, env: { URL: 'http://localhost:3500/v1.0/invoke/a-shop/method/x' } });
  };
  const subscription = (p: Program, name: string, scopes: string[]) => p.object('dapr.io/v2alpha1', 'Subscription', name, { spec: { pubsubname: 'events', topic: 'orders' }, scopes });
  test.each<Case>([
    ['a Configuration that denies a caller is a warning', (p) => {
      calling(p, 'closed');
      closed(p, { appId: 'c-shop', namespace: 'shop' }, { appId: 'b-shop', namespace: 'depot' });
    }, [
      'warning call-refused at chart/b env.URL: the Configuration "closed" of function shop/a (chart/a name) denies calls of the app-id "b-shop"',
      'warning scope-misspelt at chart/b name: policies of the Configuration "closed" name the app-id "b-shop", which this function has in another namespace; there it means one of "depot"',
    ]],
    ['one that names the caller is right', (p) => {
      calling(p, 'closed');
      closed(p, { appId: 'b-shop', namespace: 'shop', defaultAction: 'allow' });
    }, []],
    ['the name of a Configuration but for a slip is a warning', (p) => {
      calling(p, 'closd');
      closed(p);
    }, [
      'warning configuration-misspelt at chart/a annotations["dapr.io/config"]: there is no Configuration "closd" here; did you mean "closed"?',
    ]],
    ['a workload with the app-id of a function is', (p) => {
      p.fn('orders', { dapr: DaprMode.SIDECAR });
      workload(p, 'x', { ...SIDECAR, 'dapr.io/app-id': 'orders-shop' });
    }, [
      'warning app-id-shared at chart/orders name: the Deployment shop/web has the app-id "orders-shop" of this function too, so calls and events reach either of the two',
    ]],
    ['two Subscriptions of one function to one topic are', (p) => {
      p.fn('a', { dapr: DaprMode.SIDECAR, outputs: [to(p.events, 'orders')] });
      p.fn('b', { dapr: DaprMode.SIDECAR, outputs: [to(p.events, 'orders')] });
      subscription(p, 'first', ['a-shop', 'b-shop']);
      subscription(p, 'second', ['a-shop']);
    }, [
      'warning topic-twice at chart/a name: the Subscriptions "first" and "second" both subscribe this function to "orders" of "events"; leave one of the two',
    ]],
    ['a topic of one name on brokers of two kinds is information, unless one function passes events on', (p) => {
      const redis = p.component('bus', 'pubsub.redis', { redisHost: 'redis:6379' });
      orders(p);
      p.fn('b', { inputs: [from(redis, 'orders')] });
      p.fn('c', { inputs: [from(p.events, 'paid')], outputs: [to(redis, 'paid')] });
    }, [
      'information topic-on-other-broker at chart/b inputs[0].topic: nothing here publishes to the topic "orders" of "bus", but function shop/p (chart/p outputs[0].topic) does to one of this name on another broker, by "events"; are both meant to lead to one broker?',
      'information topic-on-other-broker at chart/p outputs[0].topic: nothing here subscribes to the topic "orders" of "events", but function shop/b (chart/b inputs[0].topic) does to one of this name on another broker, by "bus"; are both meant to lead to one broker?',
    ]],
  ])('%s', check);
});
