/** The table of answers for jobs: Dapr's scheduler must do the same with the proxy in between as without it. */
import { stopAll, waitFor } from '../testbed';
import { startScheduler } from './support/scheduler';
import { Protocol, Via, World } from './support/world';

afterAll(stopAll);

const RETRIES = 2;
/** Deliveries of a job with that failure policy. */
const DONE = 1;
const FAILURE_POLICY = 1 + RETRIES;

const ROWS = {
  grpc: [['OK', 'ok', DONE], ['NOT_FOUND', 'code:5', DONE], ['UNIMPLEMENTED', 'code:12', FAILURE_POLICY], ['INTERNAL', 'code:13', FAILURE_POLICY], ['UNAVAILABLE', 'code:14', FAILURE_POLICY]],
  http: [['2xx', 'ok', DONE], ['404', 'http:404', DONE], ['500', 'http:500', FAILURE_POLICY], ['503', 'http:503', FAILURE_POLICY]],
} as const;

const jobName = (answer: string) => `job-${answer.replace(':', '-')}`;

async function deliveries(via: Via, protocol: Exclude<Protocol, 'h2c'>, scheduler: string): Promise<Map<string, number>> {
  const world = await World.create({ via, protocol, appId: `jobs-${via}-${protocol}` });
  try {
    await world.startPod({ behaviourOf: Object.fromEntries(ROWS[protocol].map(([, answer]) => [jobName(answer), [answer]])) });
    if (via === 'proxy') await world.startProxy();
    await (await world.startSidecar({ schedulerAddress: scheduler })).ready();
    for (const [, answer] of ROWS[protocol]) {
      await waitFor(() => world.sidecar.scheduleJob(jobName(answer), RETRIES).then(() => true), { what: `${answer} scheduled` });
    }
    const reached = () => ROWS[protocol].every(([, answer, count]) => (world.ledger.received().get(jobName(answer)) ?? 0) >= count);
    await waitFor(reached, { what: 'every job delivered as often as its policy says', timeoutMs: 60_000 });
    // A job that fires after all the others shows that nothing more comes of them.
    await world.sidecar.scheduleJob('last', 0);
    await waitFor(() => world.ledger.received().has('last'), { what: 'the last job' });
    return world.ledger.received();
  } finally {
    await world.stop();
  }
}

describe.each(['grpc', 'http'] as const)('jobs over %s', (protocol) => {
  const counts: Partial<Record<Via, Map<string, number>>> = {};
  beforeAll(async () => {
    const { address, process } = await startScheduler();
    for (const via of ['direct', 'proxy'] as const) counts[via] = await deliveries(via, protocol, address);
    await process.stop();
  });

  it.each<readonly [string, string, number]>(ROWS[protocol])('%s', (_title, answer, expected) => {
    expect(counts.direct?.get(jobName(answer))).toBe(expected);
    expect(counts.proxy?.get(jobName(answer))).toBe(expected);
  });
});
