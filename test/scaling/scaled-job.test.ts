/** A function that runs as Jobs: KEDA takes no push for a ScaledJob, so it asks the proxy's admin port for the number of pending events. */
import { Duration } from 'cdk8s';
import { newAddress } from './support/addresses';
import { Cluster } from './support/cluster';
import { FUNCTION } from './support/scaled-function';
import { ScaledWorld } from './support/scaled-world';
import { WorkloadKind } from '../../src';
import { numbered } from '../integration/support/world';
import { KubeObject, stopAll, waitFor } from '../testbed';

let cluster: Cluster;
let world: ScaledWorld;
beforeAll(async () => { cluster = await Cluster.startWithKeda(); }, 180_000);
afterEach(() => world.stop());
afterAll(async () => {
  await cluster.stop();
  await stopAll();
});

const jobs = async () => {
  const { body } = await cluster.api.client.send('GET', `/apis/batch/v1/namespaces/${world.namespace}/jobs`);
  return body.items as KubeObject[];
};

/** In place of the Job controller. */
async function complete({ metadata }: KubeObject): Promise<void> {
  const now = new Date().toISOString();
  const conditions = ['SuccessCriteriaMet', 'Complete'].map((type) => ({ type, status: 'True', lastProbeTime: now, lastTransitionTime: now }));
  const answer = await cluster.api.client.send('PATCH', `/apis/batch/v1/namespaces/${world.namespace}/jobs/${metadata.name}/status`, {
    status: { conditions, startTime: now, completionTime: now, succeeded: 1 },
  }, 'application/merge-patch+json');
  expect([answer.status, answer.body.message]).toEqual([200, undefined]);
}

it('each pending event gets a Job of its own, and none starts when nothing is pending', async () => {
  world = await ScaledWorld.start(cluster, {
    workload: WorkloadKind.JOB,
    scaling: { minReplicas: 0, maxReplicas: 10, onPendingEvents: {}, pollingInterval: Duration.seconds(2) },
    withoutKubelet: true,
  });
  const events = numbered('event', 3);
  await world.publish(events);
  await waitFor(async () => (await jobs()).length >= 3, { what: 'three Jobs', timeoutMs: 30_000 });
  const made = await jobs();
  // Two polls could each see the events as they come in, and count Jobs that run already.
  expect(made.length).toBe(3);
  const [container] = (made[0]!.spec as { template: { spec: { containers: [{ name: string; image: string }] } } }).template.spec.containers;
  expect(container).toMatchObject({ name: 'function', image: 'acme/orders:1.0.0' });

  const addresses = made.map(() => newAddress());
  await Promise.all(addresses.map((address) => world.startPod(address)));
  await world.view.setReady(addresses);
  await world.handled(events.map(({ id }) => id));
  expect([...world.ledger.received().values()]).toEqual([1, 1, 1]);

  for (const job of made) await complete(job);
  const scaledJob = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledJob', metadata: { name: FUNCTION, namespace: world.namespace } };
  await waitFor(async () => {
    const { conditions } = (await cluster.api.client.get(scaledJob)).body.status as { conditions: { type: string; status: string }[] };
    return conditions.some(({ type, status }) => type === 'Active' && status === 'False');
  }, { what: 'KEDA sees nothing pending', timeoutMs: 30_000 });
  expect((await jobs()).map(({ metadata }) => metadata.name).sort()).toEqual(made.map(({ metadata }) => metadata.name).sort());
});
