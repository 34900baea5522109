// Every object goes to a real API server: strictly validated, stored as sent, unchanged by a second apply. KEDA's own
// admission webhooks stand behind it, and the rules of the CRDs, among them those of HTTPRoutes.
import * as fc from 'fast-check';
import { startApiServer, startKedaWebhooks, type KubeObject, type RunningApiServer, type RunningProcess } from '../testbed';
import { namedCases } from './cases/named';
import { renderManifest } from './cases/render';
import { functions, RUN } from './generate';
import { ApiServerJudge } from './judges/apiserver';
import { BROKEN } from './judges/broken-objects';
import { tally, tallyBroken } from './support/tally';

const JUDGE = 'kube-apiserver';
const KEDA = 'KEDA webhooks';
const KEDA_KINDS = ['ScaledObject', 'ScaledJob', 'TriggerAuthentication'];

// Of times that the user gives to a function that never sleeps.
const UNUSED = /is warned about: 299 - "(PollingInterval|CooldownPeriod) is configured but is not relevant/;

let server: RunningApiServer;
let webhooks: RunningProcess;
let judge: ApiServerJudge;
beforeAll(async () => {
  server = await startApiServer();
  webhooks = await startKedaWebhooks(server);
  judge = new ApiServerJudge(server.client);
});
afterAll(() => server.stop());

async function problemsOf(objects: readonly KubeObject[]): Promise<string[]> {
  const logged = webhooks.log().length;
  try {
    const problems = await judge.applyAndCompare(objects);
    // Of replica bounds that exclude each other, KEDA's webhook says so in its log only, and its operator fails later.
    const complaints = webhooks.log().slice(logged).split('\n').filter((line) => line.includes('validation error'));
    return [...problems.filter((problem) => !UNUSED.test(problem)), ...complaints];
  } finally {
    await judge.remove(objects);
  }
}

async function accepted(source: Parameters<typeof tally>[1], objects: readonly KubeObject[]): Promise<void> {
  const problems = await problemsOf(objects);
  tally(JUDGE, source, problems);
  if (objects.some(({ kind }) => KEDA_KINDS.includes(kind))) tally(KEDA, source, problems);
  expect(problems).toEqual([]);
}

test.each(namedCases())('$source $name is accepted, stored as sent, and in sync', async ({ source, render }) => {
  await accepted(source, render().objects);
});

test(`${RUN.numRuns} generated functions are accepted, stored as sent, and in sync (seed ${RUN.seed})`, async () => {
  await fc.assert(fc.asyncProperty(functions, ({ manifest, platform }) => accepted('generated', renderManifest(manifest, platform).objects)), RUN);
});

test.each(BROKEN)('refused: $fault', async ({ object, keda, says }) => {
  const problems = await problemsOf([object]);
  tallyBroken(keda ? KEDA : JUDGE, problems);
  expect(problems.join('\n')).toContain(says);
});
