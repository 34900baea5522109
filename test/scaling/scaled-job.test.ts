/** A function that runs as Jobs: KEDA takes no push for a ScaledJob, so it asks the proxy's admin port for the number of pending events. */
import { Duration } from 'cdk8s';
import { newAddress } from './support/addresses';
import { Cluster } from './support/cluster';
import { FUNCTION } from './support/scaled-function';
import { ScaledWorld } from './support/scaled-world';
import { WorkloadKind } from '../../src';
import { numbered } from '../integration/support/world';
import { KubeObject, stopAll, waitFor } from '../testbed';

const POLLING_SECONDS = 2;

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

async function scaledJob(): Promise<KubeObject> {
  const named = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledJob', metadata: { name: FUNCTION, namespace: world.namespace } };
  return (await cluster.api.client.get(named)).body as unknown as KubeObject;
}

function isActive({ status }: KubeObject, expected: 'True' | 'False'): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some((condition) => condition.type === 'Active' && condition.status === expected);
}

/**
 * KEDA 2.17 reconciles a new ScaledJob twice, for its finalizer, and gives up its first loop in the middle of what that does:
 * a Job it was about to make may be made all the same and not be counted. So nothing is published before KEDA has left the
 * object alone for longer than it polls.
 */
async function settled(): Promise<void> {
  let seen = '';
  let since = 0;
  await waitFor(async () => {
    const object = await scaledJob();
    const { resourceVersion } = object.metadata as { resourceVersion?: string };
    if (resourceVersion !== seen || (!isActive(object, 'True') && !isActive(object, 'False'))) {
      seen = resourceVersion ?? '';
      since = performance.now();
    }
    return performance.now() - since > 1.5 * POLLING_SECONDS * 1000;
  }, { what: 'KEDA has settled', timeoutMs: 60_000 });
}

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
    scaling: { minReplicas: 0, maxReplicas: 10, pollingInterval: Duration.seconds(POLLING_SECONDS) },
    withoutKubelet: true,
  });
  await settled();
  const events = numbered('event', 3);
  await world.publish(events);
  await waitFor(async () => (await jobs()).length >= 3, { what: 'three Jobs' });
  // What KEDA makes at its next polls would be too many.
  await settled();
  const made = await jobs();
  expect(made.length).toBe(3);
  const [container] = (made[0]!.spec as { template: { spec: { containers: [{ name: string; image: string }] } } }).template.spec.containers;
  expect(container).toMatchObject({ name: 'function', image: 'acme/orders:1.0.0' });

  const addresses = made.map(() => newAddress());
  await Promise.all(addresses.map((address) => world.startPod(address)));
  await world.view.setReady(addresses);
  await world.handled(events.map(({ id }) => id));
  expect([...world.ledger.received().values()]).toEqual([1, 1, 1]);

  for (const job of made) await complete(job);
  await waitFor(async () => isActive(await scaledJob(), 'False'), { what: 'KEDA sees nothing pending' });
  expect((await jobs()).map(({ metadata }) => metadata.name).sort()).toEqual(made.map(({ metadata }) => metadata.name).sort());
});
