// What a change takes away is pruned by kubectl's apply sets, and nothing else is: no orphan stays behind.
import { startApiServer, type KubeObject, type RunningApiServer } from '../testbed';
import { CHANGES } from './cases/case';
import { ownCases } from './cases/own';
import { nameOf } from './judges/apiserver';
import { tally, tallyBroken } from './support/tally';

const JUDGE = 'kubectl apply set';
const NAMESPACE = 'shop';

let server: RunningApiServer;
beforeAll(async () => {
  server = await startApiServer();
  await server.kubectl(['create', 'namespace', NAMESPACE]);
});
afterAll(() => server.stop());

async function apply(set: string, objects: readonly KubeObject[]): Promise<void> {
  const options = ['--server-side', '--force-conflicts', '--validate=strict', '--prune', `--applyset=configmap/${set}`, `--namespace=${NAMESPACE}`];
  // Apply sets are alpha in kubectl, which asks for this.
  await server.kubectl(['apply', ...options, '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }), { KUBECTL_APPLYSET: 'true' });
}

async function existing(objects: readonly KubeObject[]): Promise<string[]> {
  const answers = await Promise.all(objects.map((object) => server.client.get(object)));
  return objects.filter((_, index) => answers[index].status === 200).map(nameOf);
}

/** Cases all of whose objects lie in the one namespace that an apply set of this test has. */
const cases = ownCases()
  .map(({ name, render }) => ({ name, before: render().objects, after: render(CHANGES).objects }))
  .filter(({ before, after }) => [...before, ...after].every(({ metadata }) => metadata.namespace === NAMESPACE))
  .map((each) => ({ ...each, gone: each.before.filter((object) => !each.after.some((other) => nameOf(other) === nameOf(object))) }))
  .filter(({ gone }) => gone.length > 0);

test.each(cases)('own $name leaves nothing behind', async ({ name, before, after, gone }) => {
  const set = name.replaceAll(' ', '-');
  await apply(set, before);
  await apply(set, after);
  const kept = await existing(after);
  const problems = [
    ...(await existing(gone)).map((object) => `${object} stays behind`),
    ...after.map(nameOf).filter((object) => !kept.includes(object)).map((object) => `${object} is pruned too`),
  ];
  tally(JUDGE, 'own', problems);
  expect(problems).toEqual([]);
});

test('noticed: an object that stays behind, since no apply set knows it', async () => {
  const object = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE } });
  await server.client.apply(object('stranger'));
  await apply('broken', [object('member')]);
  const problems = await existing([object('stranger')]);
  tallyBroken(JUDGE, problems);
  expect(problems).toEqual([`ConfigMap ${NAMESPACE}/stranger`]);
});
