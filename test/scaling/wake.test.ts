/** From zero: an event in the proxy wakes the function, is handled once, and after the cool-down the function is at zero again. */
import { Duration } from 'cdk8s';
import { Cluster } from './support/cluster';
import { report } from './support/figures';
import { ScaledWorld } from './support/scaled-world';
import { numbered } from '../integration/support/world';
import { stopAll, waitFor } from '../testbed';

/** Pushes wake; polls, which come this far apart, only put to sleep. */
const POLLING_MS = 5000;
const RUNS = 7;

let cluster: Cluster;
let world: ScaledWorld;
beforeAll(async () => { cluster = await Cluster.startWithKeda(); }, 180_000);
afterEach(() => world.stop());
afterAll(async () => {
  await cluster.stop();
  await stopAll();
});

const start = async (concurrency = 10) => {
  world = await ScaledWorld.start(cluster, {
    scaling: { minReplicas: 0, pollingInterval: Duration.millis(POLLING_MS), cooldownPeriod: Duration.seconds(2) },
    concurrency,
  });
  await world.asleep();
};

it('one event wakes the function and is handled once; without events it goes back to zero', async () => {
  await start();
  const figures = { replicas: [] as number[], ready: [] as number[], handled: [] as number[] };
  for (let run = 0; run < RUNS; run++) {
    const id = `event-${run}`;
    await world.publish([{ id }]);
    const replicasAt = await world.kubelet.reaches(1);
    const readyAt = await world.kubelet.settled();
    await world.handled([id]);
    figures.replicas.push(replicasAt - await world.brokerTime());
    figures.ready.push(readyAt - replicasAt);
    figures.handled.push(world.begunAt(id) - readyAt);
    await world.asleep();
  }
  const wakeUp = report('wake-up: event in the broker → replicas = 1', figures.replicas);
  report("wake-up: replicas = 1 → pod ready (the function's own start)", figures.ready);
  report('wake-up: pod ready → event at the function', figures.handled);
  // Each event came right after the poll that had put the function to sleep, so the next poll was nearly 5 s away.
  expect(wakeUp.median).toBeLessThan(POLLING_MS / 2);
  expect([...world.ledger.received()]).toEqual(Array.from({ length: RUNS }, (_, run) => [`event-${run}`, 1]));
  expect(world.kubelet.changes.map(({ replicas }) => replicas).slice(-2 * RUNS)).toEqual(Array.from({ length: RUNS }, () => [1, 0]).flat());
});

it('of 1,000 events at zero none is lost, and none waits once a pod is up', async () => {
  await start(100);
  const events = numbered('event', 1000);
  const ids = events.map(({ id }) => id);
  await world.publish(events);
  await world.reports(({ waiting }) => waiting === 100);
  await world.kubelet.reaches(1);
  const readyAt = await world.kubelet.settled();
  await waitFor(() => world.ledger.received().size > 0, { what: 'the first event at the function', intervalMs: 5 });
  const waiting = new Set<number>();
  await waitFor(async () => {
    waiting.add((await world.proxy.pending()).waiting);
    return world.ledger.missing(ids).length === 0;
  }, { what: 'all events handled', timeoutMs: 60_000, intervalMs: 20 });
  // Dapr hands over 100 at once, as many as one pod takes: each goes on as it comes.
  expect([...waiting]).toEqual([0]);
  const begun = ids.map((id) => world.begunAt(id)).sort((left, right) => left - right);
  report('1,000 events at zero: pod ready → first at the function', [begun[0]! - readyAt]);
  report('1,000 events at zero: pod ready → last at the function', [begun.at(-1)! - readyAt]);
  expect([...world.ledger.received().values()].filter((times) => times !== 1)).toEqual([]);
  expect(await world.proxy.pending()).toEqual({ pending: 0, waiting: 0, inFlight: 0 });
  await world.kubelet.reaches(0);
});
