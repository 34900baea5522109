// What function frameworks read: strict types, written from docs/spec M75 to M84, in a Go program.
import * as fc from 'fast-check';
import { namedCases } from './cases/named';
import { renderQuickly } from './cases/render';
import { functions, RUN } from './generate';
import type { KubeObject } from '../testbed';
import { contextJudge, contextsOf, type ContextJudge, type ContextQuestion } from './judges/context';
import { tally, tallyBroken, type Source } from './support/tally';

const JUDGE = 'FUNC_CONTEXT';

let judge: ContextJudge;
beforeAll(async () => { judge = await contextJudge(); });
afterAll(() => judge.close());

async function accepted(source: Source, objects: readonly KubeObject[]): Promise<void> {
  const questions = contextsOf(objects);
  const answers = await Promise.all(questions.map((question) => judge.ask(question)));
  const problems = answers.flatMap(({ error }, index) => (error === '' ? [] : [`${questions[index].variable}: ${error}`]));
  if (questions.length > 0) tally(JUDGE, source, problems);
  expect(problems).toEqual([]);
}

test.each(namedCases())('$source $name is read', ({ source, render }) => accepted(source, render().objects));

test(`${RUN.numRuns} generated functions have both contexts, and they are read (seed ${RUN.seed})`, async () => {
  await fc.assert(fc.asyncProperty(functions, async ({ manifest, platform }) => {
    const { objects } = renderQuickly(manifest, platform);
    expect(new Set(contextsOf(objects).map(({ variable }) => variable)).size).toBe(2);
    await accepted('generated', objects);
  }), RUN);
});

const V1BETA1 = { name: 'a', version: 'v1', runtime: 'Knative', port: '8080', triggers: { http: { port: 8080 } } };
test.each<[string, ContextQuestion['variable'], string, string]>([
  ['an unknown key', 'FUNC_CONTEXT', JSON.stringify({ ...V1BETA1, ports: 1 }), 'unknown field'],
  ['a number for a string', 'FUNC_CONTEXT', JSON.stringify({ ...V1BETA1, port: 8080 }), 'cannot unmarshal'],
  ['an unknown runtime', 'FUNC_CONTEXT', JSON.stringify({ ...V1BETA1, runtime: 'OpenFuncAsync' }), 'is not one of'],
  ['no triggers', 'FUNC_CONTEXT', JSON.stringify({ ...V1BETA1, triggers: undefined }), 'does nothing without them'],
  ['an empty map', 'FUNC_CONTEXT', JSON.stringify({ ...V1BETA1, states: {} }), 'not canonical'],
  ['a $ that Kubernetes expands', 'FUNC_CONTEXT', JSON.stringify({ ...V1BETA1, version: '$(POD_NAME)' }), 'single $'],
  ['keys in another order', 'FUNC_CONTEXT_V1BETA2', JSON.stringify({ version: 'v1', name: 'a', triggers: { http: { port: 8080 } } }), 'not canonical'],
  ['two kinds of trigger', 'FUNC_CONTEXT_V1BETA2', JSON.stringify({ name: 'a', version: 'v1', triggers: { http: { port: 8080 }, dapr: [{ name: 'a', type: 'bindings.b' }] } }), 'either http or dapr'],
])('refused: %s', async (_, variable, value, says) => {
  const { error } = await judge.ask({ variable, value });
  tallyBroken(JUDGE, error === '' ? [] : [error]);
  expect(error).toContain(says);
});
