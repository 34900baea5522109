// Each change that people make to a running function is applied over what was there before: nothing immutable is touched.
import * as fc from 'fast-check';
import { CHANGES, type Change, type Rendered } from './cases/case';
import { namedCases } from './cases/named';
import { renderQuickly } from './cases/render';
import { functions, RUN } from './generate';
import { startApiServer, type RunningApiServer } from '../testbed';
import { ApiServerJudge } from './judges/apiserver';
import { UpdateJudge } from './judges/update';
import { tally, tallyBroken, type Source } from './support/tally';

const JUDGE = 'update in place';

let server: RunningApiServer;
let judge: UpdateJudge;
beforeAll(async () => {
  server = await startApiServer();
  judge = new UpdateJudge(new ApiServerJudge(server.client));
});
afterAll(() => server.stop());

/** From each state to the next. */
async function updates(source: Source, states: readonly (readonly Change[])[], render: (changes: readonly Change[]) => Rendered): Promise<void> {
  const problems: string[] = [];
  try {
    for (const changes of states) {
      const found = await judge.next(render(changes).objects);
      problems.push(...found.map((problem) => `${changes.join(', ') || 'as it is'}: ${problem}`));
    }
  } finally {
    await judge.finish();
  }
  tally(JUDGE, source, problems);
  expect(problems).toEqual([]);
}

/** Each change takes back the one before. */
const ONE_BY_ONE: readonly (readonly Change[])[] = [[], ...CHANGES.map((change) => [change]), []];
/** All at once, but for the one that makes and removes objects. */
const TOGETHER: readonly (readonly Change[])[] = [[], CHANGES.filter((change) => change !== 'Dapr mode'), CHANGES];

test.each(namedCases())('$source $name takes every change', ({ source, render }) => updates(source, ONE_BY_ONE, render));

test(`${RUN.numRuns} generated functions take every change (seed ${RUN.seed})`, async () => {
  await fc.assert(fc.asyncProperty(functions, ({ manifest, platform }) => updates('generated', TOGETHER, (changes) => renderQuickly(manifest, platform, changes))), RUN);
});

test('refused: a selector that changes', async () => {
  const workload = (version: string): Rendered['objects'][number] => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'broken', namespace: 'shop' },
    spec: {
      selector: { matchLabels: { version } },
      template: { metadata: { labels: { version } }, spec: { containers: [{ name: 'function', image: 'example.com/function:v1' }] } },
    },
  });
  expect(await judge.next([workload('v1')])).toEqual([]);
  const problems = await judge.next([workload('v2')]);
  await judge.finish();
  tallyBroken(JUDGE, problems);
  expect(problems.join()).toContain('field is immutable');
});
