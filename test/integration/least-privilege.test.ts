/** What `leastPrivilege` renders, judged by the real sidecar: with the function beside it, and behind the proxy. */
import { Chart, Testing } from 'cdk8s';
import { Sentry, startSentry } from './support/sentry';
import { Sidecar } from './support/sidecar';
import { Via, World } from './support/world';
import { DaprComponent, DaprMode, FunctionInput, FunctionOutput, Manifests, Match, OpenFunctionApp, PlatformSettings } from '../../src';
import { stopAll } from '../testbed';

afterAll(stopAll);

const COMPONENT = 'events';
const APP_ID = 'orders-default';

interface Rendered {
  readonly component: object;
  /** A store and a binding that the function alone uses. */
  readonly others: readonly object[];
  readonly access: object;
}

/** In the namespace that a sidecar outside of Kubernetes has. */
function render(via: Via, redis: string): Rendered {
  const chart = new Chart(Testing.app(), 'chart', { namespace: 'default' });
  PlatformSettings.of(chart).set({ leastPrivilege: true });
  const events = new DaprComponent(chart, COMPONENT, { componentType: 'pubsub.redis', metadata: { redisHost: redis, redisPassword: '' } });
  const orders = new OpenFunctionApp(chart, 'orders', {
    image: 'acme/orders:1.0.0',
    inputs: [FunctionInput.fromTopic(events, 'paid')],
    outputs: [FunctionOutput.toTopic(events, 'placed')],
    dapr: via === 'direct' ? DaprMode.SIDECAR : DaprMode.STANDALONE,
  });
  const store = new DaprComponent(chart, 'carts', { componentType: 'state.redis', metadata: { redisHost: redis, redisPassword: '' } });
  const files = new DaprComponent(chart, 'files', { componentType: 'bindings.redis', metadata: { redisHost: redis, redisPassword: '' } });
  orders.addState(store);
  orders.addOutput(FunctionOutput.toBinding(files, { operation: 'create' }));
  orders.grantInvoke('web', { operations: ['/orders/*', '/prices', '/stock/**'], verbs: ['POST'] });
  orders.grantInvoke('web', { operations: ['/orders/all', '/stock/a'], verbs: ['GET'] });
  orders.grantInvoke('reader', { verbs: ['GET'] });
  orders.grantInvoke('admin');
  events.grantPublish('paid', 'tills');
  new OpenFunctionApp(chart, 'pages', { image: 'acme/pages:1.0.0', dapr: DaprMode.SIDECAR, env: { ORDERS_APP_ID: APP_ID } });
  const manifests = Manifests.of(chart);
  const [component] = manifests.find('Component', { metadata: { name: COMPONENT } });
  const others = ['carts', 'files'].flatMap((name) => manifests.find('Component', { metadata: { name } }));
  const [configuration] = manifests.find('Configuration', { metadata: { name: Match.text('^orders') } });
  return { component: { ...component, metadata: { name: COMPONENT } }, others, access: configuration.spec as object };
}

describe.each<Via>(['direct', 'proxy'])('least privilege with the function %s', (via) => {
  let world: World;
  let sentry: Sentry;
  let rendered: Rendered;
  const callers = new Map<string, Sidecar>();

  const callerOf = async (appId: string): Promise<Sidecar> => {
    const known = callers.get(appId);
    if (known !== undefined) return known;
    const caller = await Sidecar.start({ appId, callee: world.sidecar, components: [], resources: [rendered.component, ...rendered.others], sentry });
    callers.set(appId, caller);
    return caller;
  };
  const invoke = async (appId: string, operation: string, method = 'POST') => {
    const body = method === 'POST' ? 'hello' : undefined;
    return (await fetch(`${(await callerOf(appId)).url}/v1.0/invoke/${APP_ID}/method/${operation}`, { method, body })).status;
  };
  const publish = async (sidecar: Sidecar, topic: string) => {
    const answer = await fetch(`${sidecar.url}/v1.0/publish/${COMPONENT}/${topic}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: topic }),
    });
    return answer.status;
  };

  beforeAll(async () => {
    sentry = await startSentry();
    const subscriptions = ['paid', 'secret'].map((topic) => ({ component: COMPONENT, topic }));
    world = await World.create({ via, protocol: 'http', subscriptions, appId: APP_ID });
    rendered = render(via, world.redis.address);
    await world.startPod();
    if (via === 'proxy') await world.startProxy();
    await (await world.startSidecar({ components: [], resources: [rendered.component, ...rendered.others], configuration: rendered.access, sentry })).ready();
  });

  afterAll(async () => {
    await Promise.all([...callers.values()].map((caller) => caller.stop(500)));
    callers.clear();
    await world.stop();
    await sentry.process.stop(500);
  });

  test.each([
    ['admin', 'orders/7', 'POST', 200], ['admin', 'whatever', 'POST', 200], ['admin', 'orders/7', 'GET', 200],
    ['web', 'orders/7', 'POST', 200], ['web', 'orders', 'POST', 200], ['web', 'prices', 'POST', 200], ['web', 'prices/7', 'POST', 200], ['web', 'stock/a/b', 'POST', 200],
    ['web', 'orders/all', 'GET', 200], ['web', 'orders/all', 'POST', 200], ['web', 'stock/a', 'GET', 200], ['web', 'stock/a', 'POST', 200],
    ['web', 'orders/7', 'GET', 403], ['web', 'orders/7/8', 'POST', 403], ['web', 'stock/b', 'GET', 403],
    ['web', 'admin', 'POST', 403],
    ['pages-default', 'orders/7', 'POST', 200], ['pages-default', 'any/thing', 'GET', 200],
    ['reader', 'orders/7', 'GET', 200], ['reader', 'any/thing/at/all', 'GET', 200], ['reader', 'orders/7', 'POST', 403],
    ['web', 'orders/7', 'PUT', 403], ['web', 'prices', 'DELETE', 403], ['web', 'stock/a', 'HEAD', 403], ['web', 'orders/', 'POST', 200], ['web', 'ORDERS/7', 'POST', 200],
    ['web', 'orders/%2e%2e/admin', 'POST', 403], ['web', 'orders/../admin', 'POST', 403], ['web', 'orders/7?x=1', 'POST', 200], ['web', 'stock', 'POST', 200], ['web', 'orders%2F7%2F8', 'POST', 403], ['web', '', 'POST', 403],
    ['Admin', 'orders/7', 'POST', 403], ['reader', 'orders/7', 'HEAD', 403], ['pages-default', 'orders/7', 'DELETE', 200], ['admin', 'a/b/c/d', 'PATCH', 200], ['web', 'stockpile', 'POST', 403], ['web', 'prices2', 'POST', 403], ['web', '/prices', 'POST', 200], ['web', 'orders//7', 'POST', 200],
    ['tills', 'orders/7', 'POST', 403], ['tills', 'prices', 'POST', 403],
  ])('a call of %s to %s by %s is answered with %d', async (appId, operation, method, status) => {
    expect(await invoke(appId, operation, method)).toBe(status);
  });

  test('a topic of the function\'s outputs can be published, another one not', async () => {
    expect(await publish(world.sidecar, 'placed')).toBe(204);
    expect([await publish(world.sidecar, 'paid'), await publish(world.sidecar, 'other')]).toEqual([403, 403]);
  });

  test('an app with a grant publishes what it may and nothing else, one without has no such component', async () => {
    const tills = await callerOf('tills');
    expect([await publish(tills, 'paid'), await publish(tills, 'placed')]).toEqual([204, 403]);
    expect(await publish(await callerOf('admin'), 'paid')).toBe(404);
  });

  test('events of a subscribed topic arrive, those of one that is not an input are refused to the function', async () => {
    await publish(await callerOf('tills'), 'paid');
    await world.settled('paid');
    expect(world.ledger.missing(['paid'])).toEqual([]);
    expect(world.sidecar.process.log()).toMatch(/topic secret.* not allowed|not allowed.* topic secret/);
  });

  test('state and bindings are there for the function that uses them, and for no other app, whatever it may call', async () => {
    const answers = async ({ url }: Sidecar) => {
      const post = (path: string, body: object) => fetch(`${url}/v1.0/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      const found = [
        await post('state/carts', [{ key: 'a', value: 1 }]), await fetch(`${url}/v1.0/state/carts/a`),
        await post('bindings/files', { operation: 'create', data: 'x', metadata: { key: 'k' } }),
      ];
      return Promise.all(found.map(async (answer) => `${answer.status} ${((await answer.text()).match(/"errorCode":"(\w+)"/) ?? [])[1] ?? ''}`.trim()));
    };
    expect(await answers(world.sidecar)).toEqual(['204', '200', '204']);
    expect(await answers(await callerOf('admin'))).toEqual(['500 ERR_STATE_STORE_NOT_CONFIGURED', '500 ERR_STATE_STORE_NOT_CONFIGURED', '500 ERR_INVOKE_OUTPUT_BINDING']);
  });
});
