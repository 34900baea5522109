// Every component that any case emits is loaded by a real daprd.
import * as fc from 'fast-check';
import { namedCases } from './cases/named';
import { renderQuickly } from './cases/render';
import { functions, RUN } from './generate';
import type { KubeObject } from '../testbed';
import { loadComponents, type ComponentObject } from './judges/daprd-components';
import { tally, tallyBroken, tallyNote, type Source } from './support/tally';

const JUDGE = 'daprd components';

/** Types that need a server which is not here; of these daprd must say that it could not connect, and nothing else. */
const NEED_A_SERVER: readonly string[] = ['bindings.kafka', 'bindings.rabbitmq', 'pubsub.kafka', 'pubsub.mqtt3'];
const NO_CONNECTION = /connection refused|available brokers|init timeout/;
/** Types of Dapr that are not stable, so that the daprd of this suite does not have them, or that need a cloud. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'bindings.aws.s3': 'needs a cloud',
  'bindings.aws.sqs': 'is no stable component',
  'bindings.smtp': 'is no stable component',
};

const componentsIn = (objects: readonly KubeObject[]): ComponentObject[] => objects.filter(({ kind }) => kind === 'Component') as ComponentObject[];

/** The components of all cases; the same one once. */
function allComponents(): Map<string, { source: Source; component: ComponentObject }> {
  const named = namedCases().flatMap(({ source, render }) => componentsIn(render().objects).map((component) => ({ source, component })));
  const generated = fc.sample(functions, RUN).flatMap(({ manifest, platform }) => componentsIn(renderQuickly(manifest, platform).objects))
    .map((component): { source: Source; component: ComponentObject } => ({ source: 'generated', component }));
  // The loader sets these two itself.
  const sameAs = ({ spec }: ComponentObject): string => JSON.stringify({ ...spec, ignoreErrors: undefined, initTimeout: undefined });
  return new Map([...generated, ...named].map((each) => [sameAs(each.component), each]));
}

test('every component is loaded', async () => {
  const all = [...allComponents().values()].filter(({ component }) => !(component.spec.type in ELSEWHERE));
  const loaded = await loadComponents(all.map(({ component }) => component));
  const wrong = loaded.flatMap(({ component: { spec: { type } }, error }, index) => {
    if (NEED_A_SERVER.includes(type) && NO_CONNECTION.test(error)) return [];
    tally(JUDGE, all[index].source, error === '' ? [] : [error]);
    return error === '' ? [] : [`${type}: ${error}`];
  });
  expect(wrong).toEqual([]);
  tallyNote(JUDGE, `read, but not connected for want of a server: ${NEED_A_SERVER.join(', ')}`);
  for (const [type, why] of Object.entries(ELSEWHERE)) tallyNote(JUDGE, `not loaded: ${type} ${why}`);
});

test.each([
  ['a type that Dapr does not have', 'state.nonsense', "couldn't find state store"],
  ['a binding without what it needs', 'bindings.cron', 'schedule'],
])('refused: %s', async (_, type, says) => {
  const [{ error }] = await loadComponents([
    { apiVersion: 'dapr.io/v1alpha1', kind: 'Component', metadata: { name: 'broken' }, spec: { type, version: 'v1', metadata: [] } },
  ] as unknown as ComponentObject[]);
  tallyBroken(JUDGE, [error]);
  expect(error).toContain(says);
});
