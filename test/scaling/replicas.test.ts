/** Several proxies answer for their sum, whichever of them KEDA asks. */
import { Duration } from 'cdk8s';
import { Cluster } from './support/cluster';
import { report } from './support/figures';
import { FUNCTION } from './support/scaled-function';
import { ScaledWorld } from './support/scaled-world';
import { numbered } from '../integration/support/world';
import { stopAll, waitFor } from '../testbed';

const CONCURRENCY = 10;
const POLLING_MS = 5000;

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
    scaling: {
      minReplicas: 0,
      maxReplicas: 20,
      pollingInterval: Duration.millis(POLLING_MS),
      cooldownPeriod: Duration.seconds(2),
    },
    proxy: { replicas: 2 },
    concurrency: CONCURRENCY,
  });
  await world.asleep();
});

it('an event that waits in the proxy which KEDA does not ask wakes the function', async () => {
  const [asked, other] = world.proxies;
  // Else the broker chooses which of the two gets the event.
  await asked!.sidecar.stop();
  await world.publish([{ id: 'event' }], other);
  const replicasAt = await world.kubelet.reaches(1);
  const [wakeUp] = [replicasAt - await world.brokerTime()];
  report('two proxies, the event in the one that KEDA does not ask: in the broker → replicas = 1', [wakeUp]);
  expect(wakeUp).toBeLessThan(POLLING_MS);
  await world.handled(['event']);
  expect(world.ledger.received()).toEqual(new Map([['event', 1]]));
  await world.kubelet.reaches(0);
});

interface HpaSpec {
  readonly maxReplicas: number;
  readonly metrics: readonly { readonly external: { readonly metric: { readonly name: string }; readonly target: object } }[];
}

it('KEDA gives the HPA the sum of both, and what a dead one had is gone from it', async () => {
  const [asked, other] = world.proxies;
  await world.publish(numbered('event', 4 * CONCURRENCY).map((event) => ({ ...event, delayMs: 20_000 })));
  await world.kubelet.reaches(1);
  const hpa = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: `keda-hpa-${FUNCTION}`, namespace: world.namespace } };
  const { maxReplicas, metrics: [metric] } = (await cluster.api.client.get(hpa)).body.spec as HpaSpec;
  expect(maxReplicas).toBe(20);
  expect(metric!.external).toEqual({ metric: expect.objectContaining({ name: 's0-pending-events' }) as unknown, target: { type: 'AverageValue', averageValue: '1' } });
  const seen = () => cluster.keda.metric(FUNCTION, world.namespace, metric!.external.metric.name);
  // Dapr hands over ten at once in each of the two pods: the HPA would run twenty replicas, and no more.
  await waitFor(async () => await seen() === 2 * CONCURRENCY, { what: 'the sum of both proxies in KEDA', timeoutMs: 15_000 });
  expect((await asked!.pending()).pending).toBe(2 * CONCURRENCY);
  expect((await other!.pending()).pending).toBe(2 * CONCURRENCY);
  await other!.sidecar.stop(0);
  await other!.killProxy();
  await waitFor(async () => await seen() === CONCURRENCY, { what: 'the dead proxy forgotten', timeoutMs: 15_000 });
});
