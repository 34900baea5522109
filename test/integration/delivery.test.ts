/** Events reach the function through the proxy, in all three protocols: pub/sub, bindings, bulk, dead letters, outputs, state, token. */
import { createServer } from 'node:http';
import { freePort, run, stopAll, waitFor } from '../testbed';
import { metricReaches } from './support/sidecar';
import { numbered, Protocol, PUBSUB, World, WorldOptions } from './support/world';

afterAll(stopAll);

const PROTOCOLS: Protocol[] = ['grpc', 'http', 'h2c'];

describe.each(PROTOCOLS)('delivery over %s', (protocol) => {
  let world: World;
  const start = async (options: Partial<WorldOptions>, pod = {}) => {
    world = await World.start({ via: 'proxy', protocol, ...options }, pod);
    return world;
  };
  afterEach(() => world.stop());

  const everyIdOnce = async (ids: readonly string[]) => {
    await waitFor(() => world.ledger.missing(ids).length === 0, { what: 'every event handled', timeoutMs: 60_000 });
    const received = world.ledger.received();
    expect(ids.filter((id) => received.get(id) !== 1)).toEqual([]);
  };

  it('every event of a topic reaches the function once', async () => {
    await start({ subscriptions: [{ component: PUBSUB, topic: 'orders' }] });
    const events = numbered('order', 500);
    await world.sidecar.publish(PUBSUB, 'orders', events);
    await everyIdOnce(events.map(({ id }) => id));
    await world.settled('orders');
  });

  it('of two topics on two components each event reaches the handler of its own', async () => {
    await start({
      subscriptions: [{ component: PUBSUB, topic: 'orders' }, { component: 'returns-pubsub', topic: 'orders' }, { component: PUBSUB, topic: 'stock' }].map((each, index) => (
        // One route per subscription: HTTP frameworks tell them apart by nothing else.
        { ...each, route: `/handler-${index}` })),
      // Another database of the same Redis, so that the topics may have one name.
      components: [{ name: 'returns-pubsub', type: 'pubsub.redis', metadata: { redisHost: 'redis', redisPassword: '', redisDB: '1', consumerID: 'orders' } }],
    });
    const [orders, returns, stock] = ['order', 'return', 'stock'].map((name) => numbered(name, 20)) as [{ id: string }[], { id: string }[], { id: string }[]];
    await Promise.all([
      world.sidecar.publish(PUBSUB, 'orders', orders),
      world.sidecar.publish('returns-pubsub', 'orders', returns),
      world.sidecar.publish(PUBSUB, 'stock', stock),
    ]);
    await everyIdOnce([...orders, ...returns, ...stock].map(({ id }) => id));
    const places = new Set(world.ledger.lines().filter(({ step }) => step === 'in').map(({ id, component, topic }) => `${id.split('-')[0]} ${component}/${topic}`));
    expect([...places].sort()).toEqual([`order ${PUBSUB}/orders`, 'return returns-pubsub/orders', `stock ${PUBSUB}/stock`]);
  });

  it('a cron binding fires in the function', async () => {
    await start({ bindings: ['every-second'], components: [{ name: 'every-second', type: 'bindings.cron', metadata: { schedule: '@every 1s' } }] });
    const count = 'dapr_component_input_binding_count';
    await metricReaches(world.sidecar, count, { component: 'every-second', success: 'true' }, 3);
    expect(await world.sidecar.metric(count, { component: 'every-second', success: 'false' })).toBe(0);
    expect(world.ledger.lines().filter(({ via, component, step }) => via === 'binding' && component === 'every-second' && step === 'out').length).toBeGreaterThanOrEqual(3);
  });

  it('the function publishes, writes a binding and keeps state through the one sidecar', async () => {
    await start({
      subscriptions: [{ component: PUBSUB, topic: 'orders' }, { component: PUBSUB, topic: 'follow-ups' }],
      outputs: [{ component: 'written', type: 'bindings.redis' }],
      components: [
        { name: 'written', type: 'bindings.redis', metadata: { redisHost: 'redis', redisPassword: '' } },
        { name: 'store', type: 'state.redis', metadata: { redisHost: 'redis', redisPassword: '' } },
      ],
    });
    const calls = [
      { path: `/v1.0/publish/${PUBSUB}/follow-ups`, body: { id: 'follow-up' } },
      { path: '/v1.0/bindings/written', body: { operation: 'create', metadata: { key: 'written-key' }, data: 'written' } },
      { path: '/v1.0/state/store', body: [{ key: 'kept', value: 'state' }] },
    ];
    await world.sidecar.publish(PUBSUB, 'orders', [{ id: 'order', ...{ calls } }]);
    await everyIdOnce(['order', 'follow-up']);
    expect(world.ledger.lines().filter(({ step }) => step === 'call').map(({ id, size }) => [id, size])).toEqual(calls.map(({ path }) => [path, 204]));
    expect(await (await fetch(`${world.sidecar.url}/v1.0/state/store/kept`)).json()).toBe('state');
    expect((await run('redis-cli', ['-p', String(world.redis.port), 'get', 'written-key'])).trim()).toBe('"written"');
  });

  it('a binding that is only written to is never read', async () => {
    await start({
      bindings: ['every-second'],
      outputs: [{ component: 'only-written', type: 'bindings.cron' }],
      components: ['every-second', 'only-written'].map((name) => ({ name, type: 'bindings.cron', metadata: { schedule: '@every 1s' } })),
    });
    const fired = (name: string) => world.ledger.lines().filter(({ component, step }) => component === name && step === 'in').length;
    await waitFor(() => fired('every-second') >= 3, { what: 'three ticks of the input' });
    expect(fired('only-written')).toBe(0);
  });

  it('bulk events arrive in portions, each entry once', async () => {
    await start({ subscriptions: [{ component: PUBSUB, topic: 'bulk', bulk: { maxMessages: 10, maxAwaitMs: 500 } }], pubsub: { concurrency: '20', queueDepth: '20' } });
    const events = numbered('entry', 200);
    await world.sidecar.publish(PUBSUB, 'bulk', events);
    await everyIdOnce(events.map(({ id }) => id));
    const sizes = world.ledger.lines().flatMap(({ step, size }) => (step === 'bulk' && size !== undefined ? [size] : []));
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(events.length);
    await world.settled('bulk');
  });

  it('what the function drops goes to the dead-letter topic that the proxy announced', async () => {
    await start({ subscriptions: [{ component: PUBSUB, topic: 'orders', deadLetterTopic: 'orders-dead' }] });
    await world.sidecar.publish(PUBSUB, 'orders', [{ id: 'good' }, { id: 'bad', ...{ do: ['drop'] } }]);
    await waitFor(async () => (await world.deadLetters('orders-dead')).length > 0, { what: 'the dead letter' });
    await world.settled('orders');
    expect(await world.deadLetters('orders-dead')).toEqual(['bad']);
    expect(world.ledger.received()).toEqual(new Map([['good', 1], ['bad', 1]]));
  });

  it('with an app token every event still arrives, and HTTP functions get the token', async () => {
    await start({ subscriptions: [{ component: PUBSUB, topic: 'orders' }], appToken: 'token-of-the-app' });
    const events = numbered('order', 20);
    await world.sidecar.publish(PUBSUB, 'orders', events);
    await everyIdOnce(events.map(({ id }) => id));
    // Over gRPC Dapr sends it since 1.17; what it sends must arrive.
    const tokens = new Set(world.ledger.lines().filter(({ step }) => step === 'in').map(({ headers }) => headers?.['dapr-api-token']));
    expect([...tokens]).toEqual(['token-of-the-app']);
  });
});

// Over HTTP Dapr 1.16 gives the body to the component and looks for no outputs in it.
it('over gRPC the answer to a binding event is written to the outputs that it names', async () => {
  const received: string[] = [];
  const target = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => received.push(chunk.toString()));
    request.on('end', () => response.end());
  });
  const port = await freePort();
  target.listen(port, '127.0.0.1');
  const world = await World.start({
    via: 'proxy',
    protocol: 'grpc',
    bindings: ['every-second'],
    outputs: [{ component: 'out', type: 'bindings.http' }],
    components: [
      { name: 'every-second', type: 'bindings.cron', metadata: { schedule: '@every 1s' } },
      { name: 'out', type: 'bindings.http', metadata: { url: `http://127.0.0.1:${port}/` } },
    ],
  }, { answerTo: ['out'] });
  try {
    await waitFor(() => received.length >= 3, { what: 'three answers written to the output' });
    expect(new Set(received)).toEqual(new Set([JSON.stringify({ from: 'every-second' })]));
  } finally {
    await world.stop();
    target.closeAllConnections();
    target.close();
  }
});
