/** From the moment a pod is ready to the moment its event is there: by EndpointSlices, and by DNS with the `-any` Service. */
import { setTimeout as sleep } from 'node:timers/promises';
import { newAddress } from './support/addresses';
import { Cluster } from './support/cluster';
import { Figure, report } from './support/figures';
import { ScaledWorld } from './support/scaled-world';
import { DaprProxyProps, ProxyDiscovery } from '../../src';
import { stopAll, waitFor } from '../testbed';

const RUNS = 8;
/** A function needs about this long to start; until then the proxy's attempts to connect have become as rare as they get. */
const START_MS = 1200;
const SPREAD_MS = 500;
/** What a cluster's DNS keeps at least, also that a name has no address. */
const DNS_CACHE_MS = 5000;

let cluster: Cluster;
let world: ScaledWorld;
beforeAll(async () => { cluster = await Cluster.start(); }, 180_000);
afterEach(() => world.stop());
afterAll(async () => {
  await cluster.stop();
  await stopAll();
});

/** Every run: no pod, one event waits, then a pod becomes ready and `tell` says so the way it is measured. */
async function measure(what: string, proxy: DaprProxyProps, tell: (addresses: readonly string[]) => Promise<void> | void): Promise<Figure> {
  world = await ScaledWorld.start(cluster, { scaling: { minReplicas: 0 }, proxy, withoutKubelet: true });
  const delays: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const id = `event-${run}`;
    const pod = await world.startPod(newAddress());
    await world.publish([{ id }]);
    await world.reports(({ waiting }) => waiting === 1);
    await sleep(START_MS + (run * SPREAD_MS) / RUNS);
    const readyAt = Date.now();
    await tell([pod.address]);
    await world.handled([id]);
    delays.push(world.begunAt(id) - readyAt);
    await tell([]);
    await pod.stop();
    await waitFor(async () => await world.proxy.gauge('dapr_proxy_pods_known') === 0, { what: 'the proxy knowing no pod' });
  }
  expect([...world.ledger.received().values()]).toEqual(Array.from({ length: RUNS }, () => 1));
  return report(what, delays);
}

it('by EndpointSlices the event leaves at once, with no more rights than the library gives', async () => {
  const figure = await measure('discovery by EndpointSlices: pod ready → event at the function', { discovery: ProxyDiscovery.ENDPOINT_SLICES }, (addresses) => (
    world.view.writeSlice(addresses)));
  // 50 ms is the aim, and reported; a busy machine alone may take longer.
  expect(figure.min).toBeLessThan(50);
  expect(figure.median).toBeLessThan(250);
});

it('by DNS, while the cluster still caches that there is no pod, the `-any` Service leads to it', async () => {
  const figure = await measure('discovery by DNS, through the -any Service: pod ready → event at the function', {}, (addresses) => world.view.openAnyService(addresses));
  expect(figure.median).toBeLessThan(DNS_CACHE_MS / 2);
});

it('by DNS without any cache', async () => {
  const figure = await measure('discovery by DNS, the headless name at once: pod ready → event at the function', {}, (addresses) => world.view.writeDns(addresses));
  expect(figure.median).toBeLessThan(DNS_CACHE_MS / 2);
});
