/** Nothing that happens to KEDA, to the proxy or to a push delays a wake-up by more than one polling interval. */
import { Duration } from 'cdk8s';
import { stopAll } from '../testbed';
import { newAddress } from './support/addresses';
import { Cluster } from './support/cluster';
import { DeafRelay } from './support/deaf-relay';
import { report } from './support/figures';
import { askedByKeda } from './support/scaled-function';
import { ScaledWorld } from './support/scaled-world';

const POLLING_MS = 5000;
/** A busy machine may take this long for what a poll leads to. */
const SLACK_MS = 2000;

let cluster: Cluster;
let world: ScaledWorld;
beforeAll(async () => { cluster = await Cluster.startWithKeda(); }, 180_000);
afterEach(() => world.stop());
afterAll(async () => {
  await cluster.stop();
  await stopAll();
});

beforeEach(async () => {
  world = await ScaledWorld.start(cluster, {
    scaling: { minReplicas: 0, pollingInterval: Duration.millis(POLLING_MS), cooldownPeriod: Duration.seconds(2) },
  });
  await world.asleep();
});

/** The event is handled once, by a pod that was started within one polling interval. */
async function wakesWithin(what: string, since: number): Promise<number> {
  const replicasAt = await world.kubelet.reaches(1);
  report(`${what} → replicas = 1`, [replicasAt - since]);
  expect(replicasAt - since).toBeLessThan(POLLING_MS + SLACK_MS);
  await world.handled(['event']);
  expect(world.ledger.received()).toEqual(new Map([['event', 1]]));
  await world.kubelet.reaches(0);
  return replicasAt - since;
}

it('KEDA was away when the event came', async () => {
  await cluster.keda.kill();
  await world.publish([{ id: 'event' }]);
  await world.reports(({ waiting }) => waiting === 1);
  expect(world.kubelet.replicas).toBe(0);
  await cluster.keda.start();
  await wakesWithin('KEDA restarted with an event waiting: its controllers run', Date.now());
});

it('the proxy was restarted before the event came', async () => {
  await world.proxy.killProxy();
  await world.proxy.startProxy();
  await world.publish([{ id: 'event' }]);
  await world.reports(({ waiting }) => waiting === 1);
  await wakesWithin('proxy restarted, then an event: it is received', Date.now());
});

it('the proxy dies with the event in its hands: the sidecar brings it again', async () => {
  await world.publish([{ id: 'event' }]);
  await world.reports(({ pending }) => pending === 1);
  await world.proxy.killProxy();
  await world.proxy.startProxy();
  await world.handled(['event']);
  expect(world.ledger.received()).toEqual(new Map([['event', 1]]));
  await world.kubelet.reaches(0);
});

it('every push is lost', async () => {
  const { port } = askedByKeda(world.objects);
  const relay = await DeafRelay.start(newAddress(), world.proxy.address, port);
  // KEDA connects anew, and to the relay.
  await cluster.keda.kill();
  world.routeKedaTo(relay.address);
  await cluster.keda.start();
  await relay.swallows();
  await world.publish([{ id: 'event' }]);
  await world.reports(({ waiting }) => waiting === 1);
  const delayMs = await wakesWithin('every push lost: an event is received', Date.now());
  // Else a push got through, and this test shows nothing.
  expect(delayMs).toBeGreaterThan(POLLING_MS / 4);
  relay.close();
});
