/** Function pods that are not there, die, freeze, refuse or are replaced: no event is lost, and none repeated without a cause. */
import { stopAll, waitFor } from '../testbed';
import { faultOptions, handledReaches, nothingLost, publish, repeated, startFaultWorld } from './support/fault-world';
import { residentMiB } from './support/process-stats';
import { Protocol, World } from './support/world';

afterAll(stopAll);

let world: World;
afterEach(() => world.stop());

const eventsWait = () => waitFor(async () => (await world.proxy.pending()).waiting > 0, { what: 'events waiting in the proxy' });

const knownPods = (count: number) => waitFor(async () => await world.proxy.gauge('dapr_proxy_pods_known') === count, { what: `${count} pods known to the proxy` });

describe.each<Protocol>(['grpc', 'http'])('pods over %s', (protocol) => {
  it('no function at the start: its events wait for it and reach it once', async () => {
    world = await startFaultWorld(faultOptions(protocol));
    const ids = await publish(world, 200);
    await eventsWait();
    await world.startPod();
    await nothingLost(world, ids);
    expect(repeated(world)).toEqual([]);
  });

  it('the function dies in the middle of 10,000 events and comes back: none is lost', async () => {
    world = await startFaultWorld(faultOptions(protocol));
    const first = await world.startPod();
    const base = residentMiB(world.proxy.process.pid);
    const ids = await publish(world, 10_000);
    await handledReaches(world, 2_000);
    await first.kill();
    world.unlist(first);
    await eventsWait();
    await world.startPod();
    await nothingLost(world, ids);
    // At most what was in flight to the pod when it died.
    expect(repeated(world).length).toBeLessThanOrEqual(20);
    expect(residentMiB(world.proxy.process.pid)).toBeLessThan(base + 60);
  });

  it('of three pods one dies, one freezes and one refuses, until the last comes: none is lost', async () => {
    // Beats the 60 s of the default, so that the frozen pod is given up within the test.
    world = await startFaultWorld(faultOptions(protocol, { settings: { PEER_TIMEOUT: '5s', FUNCTION_TIMEOUT: protocol === 'http' ? '20s' : '0' } }));
    const dies = await world.startPod({ delayMs: 5 });
    const freezes = await world.startPod({ delayMs: 5 });
    const refusing = world.nextAddress();
    world.list([dies.address, freezes.address, refusing]);
    const ids = await publish(world, 3_000);
    await handledReaches(world, 500);
    await dies.kill();
    await handledReaches(world, 1_000);
    freezes.freeze();
    await world.startPod({ address: refusing, listed: false, delayMs: 5 });
    await nothingLost(world, ids);
    // In flight to the pod that died, and to the one that froze.
    expect(repeated(world).length).toBeLessThanOrEqual(40);
  });

  it('a rolling replacement of three pods: each event is handled once', async () => {
    world = await startFaultWorld(faultOptions(protocol));
    for (let index = 0; index < 3; index++) await world.startPod({ delayMs: 5 });
    const old = [...world.pods];
    const ids = await publish(world, 4_000);
    for (const [index, pod] of old.entries()) {
      await handledReaches(world, 500 * (index + 1));
      await world.startPod({ delayMs: 5 });
      await knownPods(4);
      // As with the construct's preStop: the pod leaves the name service first and stops when the proxy has noticed.
      world.unlist(pod);
      await knownPods(3);
      await pod.stop();
    }
    await nothingLost(world, ids);
    expect(repeated(world)).toEqual([]);
  });
});
