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
import { TARGETS, type TargetName, type TargetsModel } from '../../src/private/settings/targets';

const JUDGE = 'update in place';
const NAMES = Object.keys(TARGETS) as TargetName[];
/** But for the add-on, whose definitions have left out since 0.9 what it had before. */
const OLDEST: TargetsModel = { ...Object.fromEntries(NAMES.map((name) => [name, TARGETS[name].oldest])), kedaHttp: '0.9' };

let server: RunningApiServer;
let judge: UpdateJudge;
beforeAll(async () => {
  server = await startApiServer();
  judge = new UpdateJudge(new ApiServerJudge(server.client));
});
afterAll(() => server.stop());

/** From each state to the next. */
async function updates<State>(source: Source, states: readonly State[], render: (state: State) => Rendered): Promise<void> {
  const problems: string[] = [];
  try {
    for (const state of states) {
      const found = await judge.next(render(state).objects);
      problems.push(...found.map((problem) => `${JSON.stringify(state)}: ${problem}`));
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
/** One component of the cluster after the other, then all of them, and all the way back. */
const UPGRADES: readonly TargetsModel[] = [OLDEST, ...NAMES.map((name) => ({ ...OLDEST, [name]: TARGETS[name].newest })), {}, OLDEST];

test.each(namedCases())('$source $name takes every change', ({ source, render }) => updates(source, ONE_BY_ONE, render));

test(`${RUN.numRuns} generated functions take every change (seed ${RUN.seed})`, async () => {
  await fc.assert(fc.asyncProperty(functions, ({ manifest, platform }) => updates('generated', TOGETHER, (changes) => renderQuickly(manifest, platform, changes))), RUN);
});

const FEWER = { ...RUN, numRuns: Math.ceil(RUN.numRuns / 10) };

test(`${FEWER.numRuns} generated functions take the upgrade of each component (seed ${RUN.seed})`, async () => {
  await fc.assert(fc.asyncProperty(functions, ({ manifest, platform }) => updates('generated', UPGRADES, (targets) => (
    renderQuickly(manifest, { ...platform, targets })))), FEWER);
});

test('a Job gets its native sidecar under another name, since its pods cannot change', () => {
  const serving = { workloadType: 'Job', triggers: { dapr: [{ name: 'events', type: 'pubsub.redis', topic: 'orders' }] }, annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
  const manifest = { apiVersion: 'core.openfunction.io/v1beta2', kind: 'Function', metadata: { name: 'fn', namespace: 'shop' }, spec: { image: 'example.com/function:v1', serving } };
  return updates('own', [OLDEST, {}, OLDEST], (targets) => renderQuickly(manifest, { targets }));
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
