// KEDA's own scalers read the triggers of every ScaledObject and ScaledJob.
import * as fc from 'fast-check';
import { namedCases } from './cases/named';
import { renderQuickly } from './cases/render';
import { functions, RUN } from './generate';
import { kedaJudge, READABLE, triggersOf, type KedaJudge, type TriggerQuestion } from './judges/keda';
import { tally, tallyBroken, tallyNote, type Source } from './support/tally';

const JUDGE = 'KEDA scalers';

let judge: KedaJudge;
beforeAll(async () => { judge = await kedaJudge(); });
afterAll(() => {
  tallyNote(JUDGE, `only triggers of the types ${READABLE.join(', ')}: the others connect to their server before they say anything`);
  judge.close();
});

async function accepted(source: Source, questions: readonly TriggerQuestion[]): Promise<void> {
  const answers = await Promise.all(questions.map((question) => judge.ask(question)));
  const problems = answers.flatMap(({ error }, index) => (error === '' ? [] : [`${questions[index].trigger.type}: ${error}`]));
  if (questions.length > 0) tally(JUDGE, source, problems);
  expect(problems).toEqual([]);
}

const cases = namedCases().map(({ source, name, render }) => ({ source, name, questions: triggersOf(render().objects) }));
test.each(cases.filter(({ questions }) => questions.length > 0))('the triggers of $source $name are read', ({ source, questions }) =>
  accepted(source, questions));

test('both scalers that the library writes itself are among the cases', () => {
  const types = new Set(cases.flatMap(({ questions }) => questions).map(({ trigger }) => trigger.type));
  expect([...types]).toEqual(expect.arrayContaining(['external-push', 'metrics-api']));
});

test(`the triggers of ${RUN.numRuns} generated functions are read (seed ${RUN.seed})`, async () => {
  await fc.assert(fc.asyncProperty(functions, ({ manifest, platform }) =>
    accepted('generated', triggersOf(renderQuickly(manifest, platform).objects))), RUN);
});

test.each([
  ['an external scaler without an address', 'ScaledObject', { type: 'external-push', metadata: {} }, 'scalerAddress'],
  ['a push to a ScaledJob', 'ScaledJob', { type: 'external-push', metadata: { scalerAddress: 'a.b:1' } }, 'cannot be pushed'],
  ['a metrics API without a location', 'ScaledJob', { type: 'metrics-api', metadata: { url: 'http://a.b', targetValue: '1' } }, 'valueLocation'],
  ['a target that is not a number', 'ScaledJob', { type: 'metrics-api', metadata: { url: 'http://a.b', targetValue: 'one', valueLocation: 'a' } }, 'targetValue'],
])('refused: %s', async (_, kind, trigger, says) => {
  const { error } = await judge.ask({ kind, namespace: 'shop', name: 'broken', trigger });
  tallyBroken(JUDGE, error === '' ? [] : [error]);
  expect(error).toContain(says);
});
