// Mistakes of functions that call each other, share an app-id or state, or come round (docs/spec M72i to M72p).
import { DaprComponent, DaprMode, FunctionInput, FunctionOutput, PlatformSettings } from '../src';
import { found, from, Program, to } from './support/wiring-program';

describe('app-ids', () => {
  test.each<[string, (p: Program) => void, string[]]>([
    ['in the scopes of a component but for a slip are a warning, where the right one is not there', (p) => {
      p.object('dapr.io/v1alpha1', 'Component', 'store', { spec: { type: 'state.redis', version: 'v1', metadata: [{ name: 'redisHost', value: 'redis:6379' }] }, scopes: ['order-shop'] });
      p.fn('orders', { dapr: DaprMode.SIDECAR });
    }, [
      'warning scope-misspelt at chart/orders name: the scopes of the Component "store" name the app-id "order-shop", which nothing here has; do they mean this function, "orders-shop"?',
    ]],
    ['in the scopes of a component that are the name of a function instead are a warning', (p) => {
      p.object('dapr.io/v1alpha1', 'Component', 'store', { spec: { type: 'state.redis', version: 'v1', metadata: [{ name: 'redisHost', value: 'redis:6379' }] }, scopes: ['orders'] });
      p.fn('orders', { dapr: DaprMode.SIDECAR });
    }, [
      'warning scope-misspelt at chart/orders name: the scopes of the Component "store" name the app-id "orders", which nothing here has; do they mean this function, "orders-shop"?',
    ]],
    ['in the scopes of a component beside the right one are information', (p) => {
      const open = p.bus('open', {}, { scopes: ['order-shop'] });
      p.fn('orders', { outputs: [to(open, 'orders')] });
      p.fn('b', { inputs: [from(open, 'orders')] });
    }, [
      'information scope-misspelt at chart/orders name: the scopes of the Component "open" name the app-id "order-shop", which nothing here has; do they mean this function, "orders-shop"?',
    ]],
    ['in a grant but for a slip are a warning', (p) => {
      PlatformSettings.of(p.app).set({ leastPrivilege: true });
      p.fn('a', { outputs: [to(p.events, 'orders')] }).grantInvoke('mail-shop');
      p.fn('mails', { inputs: [from(p.events, 'orders')] });
    }, [
      'warning scope-misspelt at chart/mails name: grants of function shop/a (chart/a name) name the app-id "mail-shop", which nothing here has; do they mean this function, "mails-shop"?',
    ]],
    ['in targets of a Resiliency but for a slip are, and its components', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.fn('mails', { inputs: [from(p.events, 'orders')] });
      p.object('dapr.io/v1alpha1', 'Resiliency', 'slow', { spec: { policies: {}, targets: { apps: { 'mail-shop': {}, 'mails-shop': {} }, components: { event: {} } } } });
    }, [
      'warning component-misspelt at chart/a outputs[0].topic: the Resiliency "slow" names the component "event", which is not here; does it mean "events"?',
      'information scope-misspelt at chart/mails name: targets of the Resiliency "slow" name the app-id "mail-shop", which nothing here has; do they mean this function, "mails-shop"?',
    ]],
    ['in policies of a Configuration but for a slip are', (p) => {
      p.fn('mails', { dapr: DaprMode.SIDECAR });
      p.object('dapr.io/v1alpha1', 'Configuration', 'closed', { spec: { accessControl: { policies: [{ appId: 'mail-shop', namespace: 'shop' }] } } });
    }, [
      'warning scope-misspelt at chart/mails name: policies of the Configuration "closed" name the app-id "mail-shop", which nothing here has; do they mean this function, "mails-shop"?',
    ]],
    ['in the scopes of a Subscription of another namespace are', (p) => {
      p.fn('a', { outputs: [to(p.events, 'orders')] });
      p.object('dapr.io/v2alpha1', 'Subscription', 'mails', { spec: { pubsubname: 'events', topic: 'orders' }, scopes: ['a-shop'] }, 'mail');
    }, [
      'warning scope-misspelt at chart/a name: the scopes of the Subscription "mails" name the app-id "a-shop", which this function has in another namespace; there it means one of "mail"',
      'warning component-misspelt at chart/a outputs[0].topic: the Subscription "mails" is in namespace "mail", and the component "events" in "shop"',
    ]],
    ['of programs other than functions are right', (p) => {
      p.fn('mails', { dapr: DaprMode.SIDECAR });
      p.object('apps/v1', 'Deployment', 'mail', { spec: { template: { metadata: { annotations: { 'dapr.io/enabled': 'true', 'dapr.io/app-id': 'mail-shop' } }, spec: { containers: [] } } } });
      p.object('dapr.io/v1alpha1', 'Configuration', 'closed', { spec: { accessControl: { policies: [{ appId: 'mail-shop', namespace: 'shop' }] } } });
    }, []],
  ])('%s', (_, write, expected) => {
    expect(found(write)).toEqual(expected);
  });
});

describe('cycles', () => {
  test.each<[string, (p: Program) => void, string[]]>([
    ['through a queue are a warning, also where its settings are not known', (p) => {
      const queue = DaprComponent.fromComponentName(p.chart, 'queue', { componentName: 'queue', componentType: 'bindings.aws.sqs' });
      p.fn('a', { inputs: [FunctionInput.fromBinding(queue)], outputs: [FunctionOutput.toBinding(queue, { operation: 'create' })] });
    }, [
      'warning topic-cycle at chart/a outputs[0].component: is "queue", whose events this function gets (chart/a inputs[0].component), so each may come round for ever; publish to another queue',
    ]],
    ['through a binding of Kafka and a topic are', (p) => {
      const queue = p.component('queue', 'bindings.kafka', { brokers: 'kafka:9092', authType: 'none', topics: 'orders', publishTopic: 'orders', consumerGroup: 'x' });
      p.fn('a', { inputs: [from(p.events, 'paid')], outputs: [FunctionOutput.toBinding(queue, { operation: 'create' })] });
      p.fn('b', { inputs: [FunctionInput.fromBinding(queue)], outputs: [to(p.events, 'paid')] });
    }, [
      'warning topic-cycle at chart/a outputs[0].component: events of "orders" come back to this function by way of function shop/b (chart/b outputs[0].topic); nothing else here starts any of them, so an event goes round for ever',
    ]],
    ['of calls are information', (p) => {
      p.fn('a', { env: { NEXT: 'http://b.shop' } });
      p.fn('b', { env: { NEXT: 'http://a.shop' } });
    }, [
      'information call-cycle at chart/a env.NEXT: calls come back to this function by way of function shop/b (chart/b env.NEXT)',
    ]],
  ])('%s', (_, write, expected) => {
    expect(found(write)).toEqual(expected);
  });
});

describe('state', () => {
  test.each<[string, (p: Program) => void, string[]]>([
    ['under the name of a component in two namespaces is information', (p) => {
      const store = (namespace: string) => p.component('store', 'state.redis', { redisHost: 'redis.infra:6379', keyPrefix: 'name' }, namespace);
      p.fn('a', { states: [store('shop')] });
      p.fn('b', { namespace: 'mail', states: [store('mail')] });
    }, [
      'information state-shared at chart/a states[0]: the keyPrefix of "store" lets this function and function mail/b (chart/b states[0]) write the same keys',
    ]],
    ['under one app-id in two namespaces is', (p) => {
      const annotations = { 'dapr.io/app-id': 'worker' };
      const store = (namespace: string) => p.component('store', 'state.redis', { redisHost: 'redis.infra:6379' }, namespace);
      p.fn('a', { annotations, states: [store('shop')] });
      p.fn('b', { annotations, namespace: 'mail', states: [store('mail')] });
    }, [
      'information state-shared at chart/a states[0]: the app-id "worker" before the keys of "store" lets this function and function mail/b (chart/b states[0]) write the same keys',
    ]],
    ['without a prefix in two components of one store is', (p) => {
      const store = (name: string) => p.component(name, 'state.redis', { redisHost: 'redis:6379', keyPrefix: 'none' });
      p.fn('a', { states: [store('x')] });
      p.fn('b', { states: [store('y')] });
    }, [
      'information state-shared at chart/b states[0]: the keyPrefix of "y" lets this function and function shop/a (chart/a states[0]) write the same keys',
    ]],
  ])('%s', (_, write, expected) => {
    expect(found(write)).toEqual(expected);
  });
});

describe('calls', () => {
  test.each<[string, (p: Program) => void, string[]]>([
    ['of a host but for a slip are a warning', (p) => {
      p.fn('orders');
      p.fn('p', { env: { URL: 'http://ordres.shop.svc.cluster.local/x' } });
    }, [
      'warning call-to-nowhere at chart/p env.URL: nothing here is called "ordres.shop.svc.cluster.local"; did you mean "orders.shop" of function shop/orders (chart/orders name)?',
    ]],
    ['of a bare host but for a slip are', (p) => {
      p.fn('orders');
      p.fn('p', { env: { URL: 'http://order/x' } });
    }, [
      'warning call-to-nowhere at chart/p env.URL: nothing here is called "order.shop"; did you mean "orders.shop" of function shop/orders (chart/orders name)?',
    ]],
    ['of a host with a slip in its namespace are', (p) => {
      p.fn('orders', { namespace: 'depot' });
      p.fn('p', { env: { URL: 'http://orders.depott/x' } });
    }, [
      'warning call-to-nowhere at chart/p env.URL: nothing here is called "orders.depott"; did you mean "orders.depot" of function depot/orders (chart/orders name)?',
    ]],
    ['of a bare host that is a function of another namespace are', (p) => {
      p.fn('orders', { namespace: 'depot' });
      p.fn('p', { env: { URL: 'http://orders/x' } });
    }, [
      'warning call-to-nowhere at chart/p env.URL: nothing here is called "orders.shop"; function depot/orders (chart/orders name) is in another namespace, so say "orders.depot"',
    ]],
    ['of a binding to a host but for a slip are', (p) => {
      p.fn('orders');
      p.fn('p', { outputs: [FunctionOutput.toBinding(p.component('http', 'bindings.http', { url: 'http://ordres.shop' }), { operation: 'post' })] });
    }, [
      'warning call-to-nowhere at chart/p outputs[0].component: nothing here is called "ordres.shop"; did you mean "orders.shop" of function shop/orders (chart/orders name)?',
    ]],
    ['of a sidecar that the pod does not have are', (p) => {
      p.fn('orders', { dapr: DaprMode.SIDECAR });
      const env = { URL: 'http://localhost:3500/v1.0/invoke/orders-shop/method/x' };
      p.fn('p', { env });
      p.fn('q', { env, outputs: [to(p.events, 'orders')] });
      p.fn('r', { inputs: [from(p.events, 'orders')] });
    }, [
      'warning call-to-nowhere at chart/p env.URL: its pods have no sidecar, so nothing answers there',
      'warning call-to-nowhere at chart/q env.URL: a function behind the dapr-proxy has no sidecar in its pods: Dapr is at what DAPR_HTTP_ENDPOINT says',
    ]],
    ['of Services and hosts elsewhere are right', (p) => {
      p.fn('orders');
      p.object('v1', 'Service', 'order', {});
      p.fn('p', { env: { A: 'http://order/x', B: 'https://api.orders.example/x', C: 'redis://cache', D: 'https://localhost:8443', E: 'orders.tgz' } });
    }, []],
  ])('%s', (_, write, expected) => {
    expect(found(write)).toEqual(expected);
  });
});

describe('routes', () => {
  test.each<[string, (p: Program) => void, string[]]>([
    ['with one match of a host are a warning at the second', (p) => {
      const rules = [{ matches: [{ path: { type: 'PathPrefix', value: '/api' } }] }];
      for (const name of ['a', 'b']) p.fn(name, { http: { route: { hostnames: ['shop.acme.dev'], rules } } });
    }, [
      'warning route-shared at chart/b http.route: the path "/api" of "shop.acme.dev" is that of function shop/a (chart/a http.route) too, so requests reach only the one that is older',
    ]],
    ['with one match as an HTTPRoute beside them are', (p) => {
      p.fn('a', { http: { route: { hostnames: ['Shop.acme.dev'.toLowerCase()], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }] } } });
      p.object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'site', { spec: { parentRefs: [{ name: 'contour', namespace: 'projectcontour' }], hostnames: ['shop.acme.dev'] } });
    }, [
      'warning route-shared at chart/a http.route: the path "/" of "shop.acme.dev" is that of the HTTPRoute shop/site too, so requests reach only the one that is older',
    ]],
    ['with other paths of a host are right', (p) => {
      for (const name of ['a', 'b']) p.fn(name, { http: { route: { hostnames: ['shop.acme.dev'], rules: [{ matches: [{ path: { type: 'PathPrefix', value: `/${name}` } }] }] } } });
    }, []],
  ])('%s', (_, write, expected) => {
    expect(found(write)).toEqual(expected);
  });
});

describe('timers', () => {
  test.each<[string, (p: Program) => void, string[]]>([
    ['of one schedule that start one function are a warning', (p) => {
      const cron = (name: string) => FunctionInput.fromBinding(p.component(name, 'bindings.cron', { schedule: '@every 5m' }));
      p.fn('a', { inputs: [cron('x'), cron('y')] });
    }, [
      'warning schedule-twice at chart/a inputs[1].component: "y" has the schedule "@every 5m" of "x" (chart/a inputs[0].component), so the function runs twice at a time',
    ]],
  ])('%s', (_, write, expected) => {
    expect(found(write)).toEqual(expected);
  });
});
