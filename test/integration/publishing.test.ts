/** What a function publishes while a sidecar is replaced, one of two or the only one: all that was taken arrives. */
import { freePort, stopAll, waitFor } from '../testbed';
import { Sidecar } from './support/sidecar';
import { Protocol, PUBSUB, World } from './support/world';

afterAll(stopAll);

let world: World;
afterEach(() => world.stop());

const OUT = 'published';
const PAUSE_MS = 20;
const BLOCK_MS = 5_000;
/** Time for a cluster to take a pod that ends out of the addresses of its Service, and for a function to ask for them anew. */
const ENDPOINTS_MS = 2_000;

const startSidecar = (protocol: Protocol, listenPort: number) => world.startSidecar({
  app: { protocol, port: listenPort, address: '127.0.0.1' }, flags: ['--dapr-block-shutdown-duration', '5s', '--dapr-graceful-shutdown-seconds', '5'],
});

async function startProxyPod(protocol: Protocol): Promise<Sidecar> {
  const listenPort = await freePort();
  await world.startProxy({ listenPort, settings: { DRAIN_TIMEOUT: '5s' } });
  const sidecar = await startSidecar(protocol, listenPort);
  await sidecar.ready();
  // Before that it goes on after a stop for no time at all.
  await sidecar.process.waitFor(() => sidecar.process.log().includes('App entered healthy status'), { what: 'the sidecar finds the proxy healthy' });
  return sidecar;
}

const publishes = (sidecar: Sidecar, id: string) => sidecar.publish(PUBSUB, OUT, [{ id }]).then(() => true, () => false);

describe.each<Protocol>(['grpc', 'http'])('with a proxy over %s', (protocol) => {
  it('a sidecar that is told to stop publishes for longer than its address is known, and what it took is not lost', async () => {
    world = await World.create({ via: 'proxy', protocol, subscriptions: [{ component: PUBSUB, topic: 'orders' }] });
    await world.startPod();
    const [old, other] = [await startProxyPod(protocol), await startProxyPod(protocol)];
    const taken: string[] = [];
    let refusedAfterMs: number | undefined;
    const publish = async (id: string, to: Sidecar) => {
      const published = await publishes(to, id);
      if (published) taken.push(id);
      return published;
    };
    for (let at = 0; at < 20; at++) expect(await publish(`before-${at}`, old)).toBe(true);
    const began = Date.now();
    const stopped = old.stop();
    await waitFor(async () => {
      const published = await publish(`during-${Date.now()}`, old);
      if (!published) refusedAfterMs = Date.now() - began;
      return !published;
    }, { what: 'the end of the sidecar', intervalMs: PAUSE_MS });
    // Its caller goes to the other one, and loses nothing by it.
    expect(await publish('after', other)).toBe(true);
    await stopped;
    expect(refusedAfterMs).toBeGreaterThan(ENDPOINTS_MS);
    expect(refusedAfterMs).toBeLessThan(BLOCK_MS + 5_000);
    process.stdout.write(`over ${protocol} the sidecar published ${taken.length} events, for ${refusedAfterMs} ms after it was told to stop\n`);
    const arrived = new Set(await world.deadLetters(OUT));
    expect(taken.filter((id) => !arrived.has(id))).toEqual([]);
  });

  it('a sidecar that is told to stop before it found the proxy healthy refuses at once', async () => {
    world = await World.create({ via: 'proxy', protocol, subscriptions: [{ component: PUBSUB, topic: 'orders' }] });
    const sidecar = await startSidecar(protocol, await freePort());
    expect(await publishes(sidecar, 'before')).toBe(true);
    const began = Date.now();
    const stopped = sidecar.stop();
    await waitFor(async () => !await publishes(sidecar, 'during'), { what: 'the end of the sidecar', intervalMs: PAUSE_MS });
    expect(Date.now() - began).toBeLessThan(ENDPOINTS_MS);
    await stopped;
  });

  it('the only sidecar that is evicted is missing from its end until the next one is ready, and what was taken is not lost', async () => {
    world = await World.create({ via: 'proxy', protocol, subscriptions: [{ component: PUBSUB, topic: 'orders' }] });
    await world.startPod();
    const old = await startProxyPod(protocol);
    const taken: string[] = [];
    const refused: number[] = [];
    for (let at = 0; at < 20; at++) expect(await publishes(old, `before-${at}`)).toBe(true);
    let next: Sidecar | undefined;
    const began = Date.now();
    const stopped = old.stop();
    // A ReplicaSet makes the next pod as soon as the old one is told to stop.
    const replaced = startProxyPod(protocol).then((sidecar) => { next = sidecar; return Date.now() - began; });
    await waitFor(async () => {
      const id = `event-${taken.length}-${refused.length}`;
      // Its caller stays until it is refused, and goes to the next one when there is one.
      const published = await publishes(refused.length > 0 && next !== undefined ? next : old, id);
      if (published) taken.push(id);
      else refused.push(Date.now() - began);
      return published && refused.length > 0 && next !== undefined;
    }, { what: 'the next sidecar', intervalMs: PAUSE_MS, timeoutMs: 60_000 });
    await stopped;
    const readyMs = await replaced;
    // Nothing is refused before the old one ends, and nothing after the next one is there but the call that finds it.
    expect(refused[0]).toBeGreaterThan(ENDPOINTS_MS);
    expect(refused.filter((at) => at > Math.max(readyMs, refused[0]!) + 1_000)).toEqual([]);
    process.stdout.write(`over ${protocol}, with one replica, the next sidecar was ready after ${readyMs} ms; ${refused.length} publications were refused from ${refused[0]} ms on\n`);
    const arrived = new Set(await world.deadLetters(OUT));
    expect(taken.filter((id) => !arrived.has(id))).toEqual([]);
  });
});
