// Whole functions with one mistake each: what the library refuses a judge refuses too, and what it takes every judge takes.
import * as fc from 'fast-check';
import { renderAnyway } from './cases/anyway';
import { functions, RUN, type Manifest } from './generate';
import { startApiServer, startKedaWebhooks, type KubeObject, type RunningApiServer } from '../testbed';
import { kedaJudge, objection, triggersOf, type KedaJudge } from './judges/keda';
import { enabled, knativeJudge, type KnativeJudge } from './judges/knative';
import { mutations } from './model/mutations';
import type { Template } from './model/rich-pod';
import { tally, tallyBroken } from './support/tally';

const JUDGE = 'whole functions';
const WORDS = ['', 'Upper Case', '-1', '/a/../b', 'x'.repeat(254)];
const FUNCTIONS = 70;
const MISTAKES_OF_EACH = 8;
/** Parts that end in objects which somebody judges when they are applied; components and scalers have tests of their own. */
const JUDGED = /^(metadata\.name|spec\.serving\.(labels|template|scaleOptions|triggers\.http))\b(?!.*triggers\.\d+\.metadata)/;

/** Refused by the library alone. */
const STRICTER: readonly (readonly [what: RegExp, why: string])[] = [
  [/is not a valid image reference/, 'the image cannot be pulled'],
  [/triggers\.http\.engine|"engine"/, 'it decides here'],
  [/scalingStrategy/, 'KEDA takes another strategy without a word'],
  [/hostAliases|is the name of no port/, 'the pod fails'],
  [/minReplicas: \d+ is above the/, 'KEDA says it in its log alone, and its operator fails'],
  [/(configMap|secret)(KeyRef|Ref)\.name: /i, 'no object can have that name'],
  [/gatewayRef\.name/, 'the route stays without a gateway'],
];

let server: RunningApiServer;
let knative: KnativeJudge;
let keda: KedaJudge;
beforeAll(async () => {
  server = await startApiServer();
  await startKedaWebhooks(server);
  [knative, keda] = [await knativeJudge(), await kedaJudge()];
  for (const name of ['shop', 'team-a']) await server.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, 'testbed');
});
afterAll(async () => {
  knative.close();
  keda.close();
  await server.stop();
});

/** Knative makes a Deployment of its Service, and only then are most fields of the pod looked at. */
function deploymentOf({ metadata, spec }: KubeObject): KubeObject {
  const { template } = spec as { template: { spec: { containers: { name?: string }[] } & Record<string, unknown> } };
  const { containerConcurrency: _, timeoutSeconds: _timeout, responseStartTimeoutSeconds: _start, idleTimeoutSeconds: _idle, ...pod } = template.spec;
  const containers = pod.containers.map((container) => ({ name: 'user-container', ...container }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: metadata.name, namespace: metadata.namespace },
    spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: withDefaults({ ...pod, containers }) } },
  } as KubeObject;
}

/** Nobody looks at the pods of a ScaledJob before KEDA makes a Job of it. */
function jobOf(object: KubeObject): KubeObject | undefined {
  if (object.kind !== 'ScaledJob') return undefined;
  const { jobTargetRef } = object.spec as { jobTargetRef: object };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: object.metadata, spec: jobTargetRef } as KubeObject;
}

/** As KEDA makes it of a ScaledObject. */
function autoscalerOf({ kind, metadata, spec }: KubeObject): KubeObject | undefined {
  const { advanced } = kind === 'ScaledObject' ? spec as { advanced?: { horizontalPodAutoscalerConfig?: { behavior?: object } } } : {};
  const behavior = advanced?.horizontalPodAutoscalerConfig?.behavior;
  if (behavior === undefined) return undefined;
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name };
  const metrics = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }];
  return { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata, spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 5, metrics, behavior } } as KubeObject;
}

/** What Knative fills in: the port of a probe, and for its readiness the whole of what is asked. */
function withDefaults(pod: object): object {
  const isProbe = (value: object) => ['exec', 'grpc', 'httpGet', 'tcpSocket'].some((handler) => handler in value);
  return JSON.parse(JSON.stringify(pod), (key, value: object) => {
    if (key === 'readinessProbe' && !isProbe(value)) return undefined;
    return (key === 'httpGet' || key === 'tcpSocket') && !('port' in value) ? { ...value, port: 8080 } : value;
  }) as object;
}

async function applied(object: KubeObject | undefined): Promise<string[]> {
  if (object === undefined) return [];
  const { status, body } = await server.client.apply(object, 'conformance', true);
  return status >= 300 ? [`${object.kind}: ${body.message}`] : [];
}

async function refusals(objects: readonly KubeObject[], before: ReadonlySet<string>, features: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(objects.map(async (object) => {
    const refused = [...await applied(object), ...await applied(jobOf(object)), ...await applied(autoscalerOf(object))];
    if (refused.length > 0 || object.apiVersion !== 'serving.knative.dev/v1') return refused;
    const { errors } = await knative.ask({ service: object, features: enabled(features) });
    return errors.length > 0 ? errors : applied(deploymentOf(object));
  }));
  const triggers = triggersOf(objects).filter(({ trigger }) => !before.has(JSON.stringify(trigger)));
  const read = await Promise.all(triggers.map(async (question) => objection(await keda.ask(question))));
  return [...answers.flat(), ...read.filter((answer) => answer !== '')];
}

interface Mistake {
  readonly name: string;
  readonly manifest: Manifest;
}

/** Some of a function's, the same in every run of one seed. */
function mistakesIn(manifest: Manifest, seed: number): Mistake[] {
  const all = mutations(manifest as unknown as Template, WORDS).filter(({ name }) => JUDGED.test(name));
  const some = fc.shuffledSubarray(all, { minLength: Math.min(MISTAKES_OF_EACH, all.length), maxLength: MISTAKES_OF_EACH });
  return fc.sample(some, { seed, numRuns: 1 })[0].map(({ name, template }) => ({ name, manifest: template as unknown as Manifest }));
}

test('one mistake in a function is refused by both or by none, but for named exceptions', async () => {
  const silent: string[] = [];
  const stricter: string[] = [];
  let refusedByBoth = 0;
  const judge = async (before: ReadonlySet<string>, { name, manifest }: Mistake): Promise<void> => {
    const { errors, objects, complete, features } = renderAnyway(manifest);
    const changed = objects.filter((object) => !before.has(JSON.stringify(object)));
    if (!complete || changed.length === 0) return; // nobody but the library sees it
    const refused = await refusals(changed, before, features);
    if (errors.length > 0) tallyBroken(JUDGE, refused);
    else tally(JUDGE, 'generated', refused);
    if (errors.length > 0 && refused.length > 0) refusedByBoth += 1;
    else if (errors.length > 0) stricter.push(`${name}: ${errors.join(' | ')}`);
    else if (refused.length > 0) silent.push(`${name}: ${refused.join(' | ')}`);
  };
  for (const [index, { manifest }] of fc.sample(functions, { seed: RUN.seed, numRuns: FUNCTIONS }).entries()) {
    const { objects } = renderAnyway(manifest);
    const before = new Set([...objects, ...triggersOf(objects).map(({ trigger }) => trigger)].map((each) => JSON.stringify(each)));
    await Promise.all(mistakesIn(manifest, RUN.seed + index).map((mistake) => judge(before, mistake)));
  }
  expect(silent).toEqual([]);
  expect(stricter.filter((line) => !STRICTER.some(([what]) => what.test(line)))).toEqual([]);
  expect(refusedByBoth).toBeGreaterThan(100);
  expect(stricter.length / (stricter.length + refusedByBoth)).toBeLessThan(0.05);
});
