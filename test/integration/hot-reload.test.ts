/** Dapr loads a changed component anew, since 1.18 unasked: while events are in flight none may be lost, and outputs keep working. */
import { run, stopAll, waitFor } from '../testbed';
import { faultOptions, handledReaches, nothingLost, publish, startFaultWorld } from './support/fault-world';
import { Protocol, PUBSUB, World } from './support/world';

afterAll(stopAll);

let world: World;
afterEach(() => world.stop());

const OUTPUT = 'written';

describe.each<Protocol>(['grpc', 'http'])('over %s', (protocol) => {
  it('a pub/sub and an output that change under load lose no event, and the function goes on writing', async () => {
    world = await startFaultWorld(faultOptions(protocol, {
      outputs: [{ component: OUTPUT, type: 'bindings.redis' }],
      components: [{ name: OUTPUT, type: 'bindings.redis', metadata: { redisHost: 'redis', redisPassword: '' } }],
    }));
    await world.startPod({ delayMs: 5, daprHttp: world.sidecar.url });
    const ids = await publish(world, 4_000);
    await handledReaches(world, 500);
    const reloaded = () => world.sidecar.process.log().match(/Component updated/gi)?.length ?? 0;
    const redisHost = world.redis.address;
    world.sidecar.change({
      name: PUBSUB,
      type: 'pubsub.redis',
      metadata: { redisHost, redisPassword: '', consumerID: world.appId, queueDepth: '10', concurrency: '10', processingTimeout: '10000', redeliverInterval: '1000' },
    });
    await handledReaches(world, 1_500);
    world.sidecar.change({ name: OUTPUT, type: 'bindings.redis', metadata: { redisHost, redisPassword: '', redisMaxRetries: '5' } });
    await waitFor(() => reloaded() >= 2, { what: 'both components loaded anew' });
    const call = { path: `/v1.0/bindings/${OUTPUT}`, body: { operation: 'create', metadata: { key: 'after' }, data: 'reload' } };
    await world.sidecar.publish(PUBSUB, 'orders', [{ id: 'writes', ...{ calls: [call] } }]);
    await nothingLost(world, [...ids, 'writes']);
    expect((await run('redis-cli', ['-p', String(world.redis.port), 'get', 'after'])).trim()).toBe('"reload"');
  });
});
