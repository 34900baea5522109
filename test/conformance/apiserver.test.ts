// Every object goes to a real API server: strictly validated, stored as sent, unchanged by a second apply.
import * as fc from 'fast-check';
import { namedCases } from './cases/named';
import { render } from './cases/render';
import { functions, RUN } from './generate';
import { ApiServerJudge } from './judges/apiserver';
import { tally, tallyBroken } from './support/tally';
import { startApiServer, type KubeObject, type RunningApiServer } from '../testbed';

const JUDGE = 'kube-apiserver, strict';
let server: RunningApiServer;
let judge: ApiServerJudge;
beforeAll(async () => {
  server = await startApiServer();
  judge = new ApiServerJudge(server.client);
});
afterAll(() => server.stop());

async function problemsOf(objects: readonly KubeObject[]): Promise<string[]> {
  try {
    return await judge.applyAndCompare(objects);
  } finally {
    await judge.remove(objects);
  }
}

test.each(namedCases())('$source $name is accepted, stored as sent, and in sync', async ({ source, objects }) => {
  const problems = await problemsOf(objects);
  tally(JUDGE, source, problems);
  expect(problems).toEqual([]);
});

test(`${RUN.numRuns} generated functions are accepted, stored as sent, and in sync (seed ${RUN.seed})`, async () => {
  await fc.assert(fc.asyncProperty(functions, async (manifest) => {
    const problems = await problemsOf(render(manifest).objects);
    tally(JUDGE, 'generated', problems);
    expect(problems).toEqual([]);
  }), RUN);
});
