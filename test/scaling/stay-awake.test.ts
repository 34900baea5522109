/** What keeps a function awake: events in flight, and other triggers; ours never takes away what another one asks for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Duration } from 'cdk8s';
import { run, startRedis, stopAll } from '../testbed';
import { Cluster } from './support/cluster';
import { ScaledWorld } from './support/scaled-world';

const COOL_DOWN_MS = 2000;
const POLLING_MS = 1000;

let cluster: Cluster;
let world: ScaledWorld;
beforeAll(async () => { cluster = await Cluster.startWithKeda(); }, 180_000);
afterEach(() => world.stop());
afterAll(async () => {
  await cluster.stop();
  await stopAll();
});

const scaling = { minReplicas: 0, pollingInterval: Duration.millis(POLLING_MS), cooldownPeriod: Duration.millis(COOL_DOWN_MS) };
const replicasSince = (begin: number) => world.kubelet.changes.filter(({ at }) => at >= begin).map(({ replicas }) => replicas);

it('a busy function is not scaled away, however long its calls take', async () => {
  world = await ScaledWorld.start(cluster, { scaling });
  await world.asleep();
  const begin = Date.now();
  await world.publish([{ id: 'long', ...{ delayMs: 5 * COOL_DOWN_MS } }]);
  await world.handled(['long']);
  // Waiting events alone would have been at zero for five cool-downs, and the call would have died with its pod.
  expect(replicasSince(begin)).toEqual([1]);
  expect(world.ledger.received()).toEqual(new Map([['long', 1]]));
  await world.kubelet.reaches(0);
});

it('another active trigger is never scaled down by ours', async () => {
  const backlog = await startRedis();
  const redis = (...args: string[]) => run('redis-cli', ['-p', String(backlog.port), ...args]);
  await redis('LPUSH', 'backlog', 'item');
  world = await ScaledWorld.start(cluster, {
    scaling: { ...scaling, triggers: [{ triggerType: 'redis', metadata: { address: backlog.address, listName: 'backlog', listLength: '5' } }] },
  });
  await world.kubelet.reaches(1);
  await sleep(COOL_DOWN_MS + 2 * POLLING_MS);
  const begin = Date.now();
  // Ours goes from idle to active and back, several times.
  for (const id of ['first', 'second', 'third']) {
    await world.publish([{ id }]);
    await world.handled([id]);
    await sleep(COOL_DOWN_MS + 2 * POLLING_MS);
  }
  expect(replicasSince(begin)).toEqual([]);
  expect(world.kubelet.replicas).toBe(1);
  await redis('DEL', 'backlog');
  await world.kubelet.reaches(0);
  // And ours still wakes by itself.
  await world.publish([{ id: 'fourth' }]);
  await world.handled(['fourth']);
  expect([...world.ledger.received().values()]).toEqual([1, 1, 1, 1]);
});
