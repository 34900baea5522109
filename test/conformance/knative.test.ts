// Every Knative Service before Knative's own webhook: with exactly the flags that the report names, and without them.
import * as fc from 'fast-check';
import type { KubeObject } from '../testbed';
import { CHANGES, type Case, type Change, type Rendered } from './cases/case';
import { namedCases } from './cases/named';
import { renderQuickly } from './cases/render';
import { functions, RUN } from './generate';
import { differences } from './judges/compare';
import { enabled, knativeJudge, type KnativeJudge } from './judges/knative';
import { knativeService } from './model/samples';
import { tally, tallyBroken, tallyNote, type Source } from './support/tally';

const JUDGE = 'Knative webhook';

let judge: KnativeJudge;
let needed = 0;
beforeAll(async () => { judge = await knativeJudge(); });
afterAll(() => {
  tallyNote(JUDGE, `${needed} Services need a feature flag; each is refused when one of its flags is missing`);
  judge.close();
});

interface KnativeCase {
  readonly service: KubeObject;
  readonly flags: readonly string[];
}

/** The Knative Services of a case, with the flags that the reports name for them. */
function servicesOf({ objects, reports }: Rendered): KnativeCase[] {
  return objects.filter(({ apiVersion, kind }) => apiVersion === 'serving.knative.dev/v1' && kind === 'Service').map((service) => ({
    service,
    flags: reports.find(({ name, namespace }) => name === service.metadata.name && namespace === service.metadata.namespace)!.knativeFeatures,
  }));
}

async function problemsOf({ service, flags }: KnativeCase, previous?: KubeObject): Promise<string[]> {
  const { errors, defaulted } = await judge.ask({ service, features: enabled(flags), previous });
  if (errors.length > 0) return errors.map((error) => `refused with the flags [${flags.join(', ')}]: ${error}`);
  const fought = differences(service, defaulted).map((difference) => `Knative's defaults change what was sent: ${difference}`);
  return [...fought, ...await unneeded(service, flags)];
}

/** Flags without which the Service is accepted all the same. */
async function unneeded(service: KubeObject, flags: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(flags.map((without) => judge.ask({ service, features: enabled(flags.filter((flag) => flag !== without)) })));
  return flags.filter((_, index) => answers[index].errors.length === 0).map((flag) => `the report names ${flag}, and Knative does not ask for it`);
}

async function accepted(source: Source, render: Case['render'], states: readonly (readonly Change[])[]): Promise<void> {
  const before = servicesOf(render());
  for (const [index, each] of before.entries()) {
    if (each.flags.length > 0) needed += 1;
    const problems = await problemsOf(each);
    for (const changes of states) {
      const changed = servicesOf(render(changes))[index];
      if (changed) problems.push(...(await problemsOf(changed, each.service)).map((problem) => `${changes.join(', ')}: ${problem}`));
    }
    tally(JUDGE, source, problems);
    expect(problems).toEqual([]);
  }
}

const cases = namedCases().filter(({ render }) => servicesOf(render()).length > 0);
test.each(cases)('$source $name is accepted, and so is each change', async ({ source, render }) => {
  await accepted(source, render, CHANGES.map((change) => [change]));
});

test(`${RUN.numRuns} generated functions are accepted, and so are their changes (seed ${RUN.seed})`, async () => {
  await fc.assert(fc.asyncProperty(functions, ({ manifest, platform }) =>
    accepted('generated', (changes) => renderQuickly(manifest, platform, changes), [CHANGES])), RUN);
});

test('refused: a lifecycle hook', async () => {
  const pod = { containers: [{ image: 'example.com/function:v1', lifecycle: { preStop: { exec: { command: ['true'] } } } }] };
  const { errors } = await judge.ask({ service: knativeService(pod), features: {} });
  tallyBroken(JUDGE, errors);
  expect(errors.join()).toContain('lifecycle');
});
