import { ApiObject } from 'cdk8s';
import {
  DaprComponent, DaprMode, FunctionInput, FunctionOutput, InvokeGrant, Manifests, Match, OpenFunctionApp, PlatformSettings,
} from '../src';
import { manifests, metadataOf, REDIS, Shop, shop } from './support/shop';
import { newChart } from './support/synth';

describe('least privilege on a shared pub/sub component', () => {
  test('names the topics of each app, dead letters among those that it publishes', () => {
    expect(metadataOf(shop())).toEqual([
      { name: 'redisHost', value: 'redis:6379' },
      { name: 'publishingScopes', value: 'mails-shop=failed;orders-shop=placed' },
      { name: 'subscriptionScopes', value: 'mails-shop=paid,placed;orders-shop=' },
      { name: 'protectedTopics', value: 'failed,paid,placed' },
    ]);
  });

  test('adds what is granted, and the app to the scopes', () => {
    const made = shop();
    made.events.grantPublish('paid', 'tills-shop', made.orders.daprAppId);
    made.events.grantSubscribe('failed', 'desk-shop');
    expect(metadataOf(made).slice(1)).toEqual([
      { name: 'publishingScopes', value: 'desk-shop=;mails-shop=failed;orders-shop=paid,placed;tills-shop=paid' },
      { name: 'subscriptionScopes', value: 'desk-shop=failed;mails-shop=paid,placed;orders-shop=;tills-shop=' },
      { name: 'protectedTopics', value: 'failed,paid,placed' },
    ]);
    expect(made.events.scopes).toEqual(['desk-shop', 'mails-shop', 'orders-shop', 'tills-shop']);
  });

  test('follows outputs that are added later', () => {
    const made = shop();
    made.orders.addOutput(FunctionOutput.toTopic(made.events, 'cancelled', { name: 'cancelled' }));
    expect(metadataOf(made)[1].value).toBe('mails-shop=failed;orders-shop=cancelled,placed');
  });

  test('leaves settings as the user has them, in any case of letters', () => {
    expect(metadataOf(shop({ component: { ...REDIS, metadata: { ...REDIS.metadata, PublishingScopes: 'orders-shop=x' } } })).map(({ name }) => name))
      .toEqual(['PublishingScopes', 'redisHost', 'subscriptionScopes', 'protectedTopics']);
  });

  test('is off by default, and can be off for one component', () => {
    expect(metadataOf(shop({ leastPrivilege: false }))).toEqual([{ name: 'redisHost', value: 'redis:6379' }]);
    const made = shop();
    PlatformSettings.of(made.events).set({ leastPrivilege: false });
    expect(metadataOf(made)).toEqual([{ name: 'redisHost', value: 'redis:6379' }]);
  });

  test('warns that a component without users stays open', () => {
    const made = shop();
    new DaprComponent(made.chart, 'spare', REDIS);
    PlatformSettings.of(made.chart).set({ strict: true });
    expect(() => Manifests.of(made.chart)).toThrow(
      'chart/spare: 1 problem\n  warning: scopes: nothing here uses the component, so leastPrivilege cannot close it: every app of its namespace may use it');
  });

  test('refuses a topic that Dapr could not tell from two', () => {
    const made = shop({ orders: { outputs: [] } });
    made.orders.addOutput(FunctionOutput.toTopic(made.events, 'placed,paid'));
    expect(() => Manifests.of(made.chart)).toThrow('outputs[0].topic: "placed,paid" cannot be named in Dapr\'s scopes of topics, '
      + 'which are separated by ",", ";", "=" and spaces; leastPrivilege needs another name');
    expect(() => made.events.grantPublish('a b', 'x', 'Y')).toThrow(new RegExp([
      '^chart/events: 2 problems',
      ' {2}appIds\\[1\\]: "Y" is not an app-id of Dapr: .*',
      ' {2}topic: "a b" cannot be named .*$',
    ].join('\n')));
    const store = new DaprComponent(made.chart, 'store', { componentType: 'state.redis', metadata: { redisHost: 'redis:6379' } });
    expect(() => store.grantSubscribe('a', 'x')).toThrow('chart/store: 1 problem\n  componentType: "state.redis" has no topics; addScope lets an app use the component');
  });
});

test('least privilege on a component of a function\'s own names the topics of that function alone', () => {
  const { app, chart } = newChart('shop');
  const fn = new OpenFunctionApp(chart, 'orders', { image: 'acme/orders:1' });
  const own = fn.addComponent('events', REDIS);
  fn.addInput(FunctionInput.fromTopic(own, 'paid'));
  fn.addOutput(FunctionOutput.toTopic(own, 'placed'));
  PlatformSettings.of(app).set({ leastPrivilege: true });
  Manifests.of(chart).hasObject('Component', {
    metadata: { name: 'orders-pubsub-events' },
    spec: {
      metadata: [
        { name: 'redisHost' },
        { name: 'publishingScopes', value: 'orders-shop=placed' },
        { name: 'subscriptionScopes', value: 'orders-shop=paid' },
        { name: 'protectedTopics', value: 'paid,placed' },
      ],
    },
  });
});

describe('least privilege for calls of a function', () => {
  const accessOf = (made: Shop) => manifests(made).find('Configuration', { metadata: { name: 'orders-dapr-proxy' } })[0]?.spec.accessControl;

  test('denies everything without a grant', () => {
    const made = shop();
    expect(accessOf(made)).toEqual({ defaultAction: 'deny', trustDomain: 'public', policies: [] });
    manifests(made).hasObject('Deployment', {
      metadata: { name: 'orders-dapr-proxy' }, spec: { template: { metadata: { annotations: { 'dapr.io/config': 'orders-dapr-proxy' } } } },
    });
    manifests(made).hasObject('Service.serving.knative.dev', { spec: { template: { metadata: { annotations: { 'dapr.io/config': Match.absent() } } } } });
  });

  test('allows what is granted, an app at a time', () => {
    const made = shop();
    made.orders.grantInvoke('web-site', { namespace: 'web', operations: ['/orders/*', '/prices', '/stock/**'], verbs: ['GET'] });
    made.orders.grantInvoke('web-site', { namespace: 'web', operations: ['/prices', '/orders/new', '/stock/a/b'], verbs: ['POST'] });
    made.orders.grantInvoke('probe', { verbs: ['HEAD'], trustDomain: 'acme' });
    made.orders.grantInvoke(made.mails.daprAppId);
    expect(accessOf(made)).toEqual({
      defaultAction: 'deny',
      trustDomain: 'public',
      policies: [
        { appId: 'mails-shop', namespace: 'shop', trustDomain: 'public', defaultAction: 'allow' },
        { appId: 'probe', namespace: 'shop', trustDomain: 'acme', defaultAction: 'deny', operations: [{ name: '/**', httpVerb: ['HEAD'], action: 'allow' }] },
        {
          appId: 'web-site', namespace: 'web', trustDomain: 'public', defaultAction: 'deny',
          operations: [
            { name: '/prices', httpVerb: ['GET', 'POST'], action: 'allow' },
            { name: '/orders/new', httpVerb: ['GET', 'POST'], action: 'allow' },
            { name: '/stock/a/b', httpVerb: ['GET', 'POST'], action: 'allow' },
            { name: '/orders/*', httpVerb: ['GET'], action: 'allow' },
            { name: '/stock/**', httpVerb: ['GET'], action: 'allow' },
          ],
        },
      ],
    });
    expect(made.orders.report.prerequisites).toContain('mTLS between sidecars, as Dapr has it by default: by it a sidecar knows its callers');
  });

  test('refuses an operation that another one would hide', () => {
    const made = shop();
    made.orders.grantInvoke('web', { operations: ['/orders'], verbs: ['GET'] });
    made.orders.grantInvoke('other', { operations: ['/orders/new'], verbs: ['POST'] });
    expect(() => made.orders.grantInvoke('web', { operations: ['/orders/new'], verbs: ['POST'] })).toThrow(new Error([
      'chart/orders grantInvoke("web"): 1 problem',
      '  operations: "/orders" is all below it too, so Dapr would never look at "/orders/new" with its other verbs; give both the same, or "/orders/*"',
    ].join('\n')));
    made.orders.grantInvoke('web', { operations: ['/orders/new'], verbs: ['GET'] });
    made.orders.grantInvoke('web', { operations: ['/orders', '/orders/new'] });
    made.orders.grantInvoke('web');
    made.orders.grantInvoke('web', { operations: ['/orders/new'], verbs: ['PUT'] });
    expect(accessOf(made).policies[1]).toEqual({ appId: 'web', namespace: 'shop', trustDomain: 'public', defaultAction: 'allow' });
  });

  test('is in the pods\' own sidecars where there is no proxy', () => {
    const made = shop({ orders: { dapr: DaprMode.SIDECAR } });
    manifests(made).hasObject('Configuration', { metadata: { name: 'orders' }, spec: { accessControl: { defaultAction: 'deny' } } });
    manifests(made).hasObject('Service.serving.knative.dev', { spec: { template: { metadata: { annotations: { 'dapr.io/config': 'orders' } } } } });
  });

  test('leaves a Configuration of the user\'s, and says what it lacks', () => {
    const made = shop({ orders: { annotations: { 'dapr.io/config': 'tracing' } } });
    expect(accessOf(made)).toBeUndefined();
    expect(made.orders.report.warnings).toEqual(['warning: annotations["dapr.io/config"]: "tracing" is the Configuration of this function, '
      + 'so leastPrivilege makes none; give it an accessControl with the defaultAction "deny"']);
  });

  test('is nothing to a function without Dapr, nor where it is off', () => {
    manifests(shop({ orders: { dapr: DaprMode.OFF, outputs: [] } })).hasNoObject('Configuration', { metadata: { name: Match.text('^orders') } });
    const off = shop({ leastPrivilege: false });
    off.orders.grantInvoke('mails-shop');
    manifests(off).hasNoObject('Configuration');
  });

  test.each<[string, InvokeGrant, string]>([
    ['Web', {}, 'appId: "Web" is not an app-id of Dapr: lower-case letters, digits and "-", beginning with a letter or digit'],
    ['web', { namespace: 'a.b' }, 'namespace: "a.b" is not a valid DNS-1123 label: lower-case letters, digits and "-", beginning and ending with a letter or digit'],
    ['web', { operations: ['orders'] }, 'operations[0]: "orders" does not begin with "/"'],
    ['web', { verbs: ['get'] }, 'verbs[0]: "get" is not one of "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"; did you mean "GET"?'],
    ['web', { verb: ['GET'] } as InvokeGrant, 'verb: unknown prop; did you mean "verbs"?'],
  ])('refuses a grant to %j with %j', (appId, grant, problem) => {
    expect(() => shop().orders.grantInvoke(appId, grant)).toThrow(new Error(`chart/orders grantInvoke("${appId}"): 1 problem\n  ${problem}`));
  });
});

describe('least privilege for callers that variables name', () => {
  const invoke = (made: Shop) => ({ ORDERS: `http://localhost:3500/v1.0/invoke/${made.orders.daprAppId}/method/new` });
  const policiesOf = (made: Shop) => manifests(made).find('Configuration', { metadata: { name: 'orders-dapr-proxy' } })[0].spec.accessControl.policies;
  const allowed = (appId: string, namespace = 'shop') => ({ appId, namespace, trustDomain: 'public', defaultAction: 'allow' });
  const workload = (made: Shop, value: string, annotations: object) => new ApiObject(made.chart, 'web', {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' },
    spec: { template: { metadata: { annotations }, spec: { containers: [{ name: 'web', env: [{ name: 'ORDERS_APP_ID', value }] }] } } },
  });

  test('allows functions and workloads that have a sidecar, also in the NetworkPolicy', () => {
    const made = shop();
    new OpenFunctionApp(made.chart, 'pages', { image: 'acme/pages:1', dapr: DaprMode.SIDECAR, env: invoke(made) });
    workload(made, 'orders-shop', { 'dapr.io/enabled': 'true', 'dapr.io/app-id': 'web' });
    expect(policiesOf(made)).toEqual([allowed('pages-shop'), allowed('web')]);
    manifests(made).hasObject('NetworkPolicy', { metadata: { name: 'orders-dapr-proxy' }, spec: { ingress: Match.listWith([{
      from: ['pages-shop', 'web'].map((appId) => ({ podSelector: { matchLabels: { 'dapr.io/app-id': appId } } })), ports: [{ port: 50002 }],
    }]) } });
  });

  test('allows a function of another namespace that names this one, in whichever order they are defined', () => {
    const made = shop();
    made.mails.addEnv('ORDERS_APP_ID', 'orders-shop.shop');
    new OpenFunctionApp(made.chart, 'desk', { image: 'acme/desk:1', namespace: 'office', dapr: DaprMode.SIDECAR, env: { ORDERS_APP_ID: 'orders-shop.shop' } });
    expect(policiesOf(made)).toEqual([allowed('desk-office', 'office'), allowed('mails-shop')]);
  });

  test('leaves a grant that says more precisely what may be called', () => {
    const made = shop();
    made.mails.addEnv('ORDERS_APP_ID', 'orders-shop');
    made.orders.grantInvoke('mails-shop', { operations: ['/new'] });
    expect(policiesOf(made)).toEqual([{ ...allowed('mails-shop'), defaultAction: 'deny', operations: [{ name: '/new', httpVerb: ['*'], action: 'allow' }] }]);
  });

  test('takes a caller away again that does not call any more', () => {
    const made = shop();
    const pages = new OpenFunctionApp(made.chart, 'pages', { image: 'acme/pages:1', dapr: DaprMode.SIDECAR, env: invoke(made) });
    expect(policiesOf(made)).toHaveLength(1);
    made.chart.node.tryRemoveChild(pages.node.id);
    expect(policiesOf(made)).toEqual([]);
  });

  test('does not allow callers without a sidecar, and those that call something else', () => {
    const made = shop();
    new OpenFunctionApp(made.chart, 'plain', { image: 'acme/plain:1', env: invoke(made) });
    workload(made, 'orders-shop', {});
    made.mails.addEnv('OWN_APP_ID', 'mails-shop');
    expect(policiesOf(made)).toEqual([]);
    expect(manifests(made).find('Configuration', { metadata: { name: 'mails-dapr-proxy' } })[0].spec.accessControl.policies).toEqual([]);
  });
});
