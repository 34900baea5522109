// Annotations of the objects themselves, and which of Knative's belong on its Service (docs/spec M27a, M46a).
import { FunctionInput, HttpEngine, ObjectAnnotations, OpenFunctionAppProps, WorkloadKind } from '../src';
import { existing } from './support/existing-component';
import { v1beta2 } from './support/functions';
import { KubeObject, one, podTemplate, problemsOf, synthManifest, synthProps } from './support/synth';

const EVENTS = { inputs: [FunctionInput.fromBinding(existing('queue', 'bindings.kafka'))], scaling: { minReplicas: 0 } };
const GATEWAY = { gateway: { name: 'public', namespace: 'gateways' } };
const EACH: ObjectAnnotations = {
  workload: { 'a.io/w': '1' }, scaler: { 'a.io/s': '2' }, route: { 'a.io/r': '3' }, service: { 'a.io/v': '4' },
};
const annotated = (objects: readonly KubeObject[]) => objects.flatMap(({ kind, metadata }) => (
  metadata.annotations === undefined ? [] : [`${kind} ${metadata.name.replace(/-[0-9a-f]{12}$/, '')} ${JSON.stringify(metadata.annotations)}`]));
/** Its own, and none of the function's. */
const BUNDLE = 'ConfigMap dapr-proxy {"argocd.argoproj.io/sync-options":"Prune=false","kustomize.toolkit.fluxcd.io/prune":"disabled"}';

test.each<[string, Partial<OpenFunctionAppProps>, string[], string[]]>([
  ['a Knative function', {}, ['Service fn {"a.io/w":"1"}', 'HTTPRoute fn {"a.io/r":"3"}'],
    ['scaler: has no effect: the function has no scaler', 'service: has no effect: the function has no Service of its own']],
  ['engine keda', { http: { engine: HttpEngine.KEDA } }, [
    'Service fn-workload {"a.io/v":"4"}', 'Deployment fn {"a.io/w":"1"}', 'ScaledObject fn {"a.io/s":"2"}', 'HTTPRoute fn {"a.io/r":"3"}',
  ], []],
  ['an async function', EVENTS, [
    'Service fn {"a.io/v":"4"}', 'Service fn-any {"a.io/v":"4"}', 'Deployment fn {"a.io/w":"1"}', 'ScaledObject fn {"a.io/s":"2"}', BUNDLE,
  ], ['route: has no effect: the function has no HTTPRoute']],
  ['a ScaledJob, which is both workload and scaler', { ...EVENTS, workload: WorkloadKind.JOB, scaling: { maxReplicas: 2 } }, [
    'Service fn {"a.io/v":"4"}', 'Service fn-any {"a.io/v":"4"}', 'ScaledJob fn {"a.io/s":"2","a.io/w":"1"}', BUNDLE,
  ], ['route: has no effect: the function has no HTTPRoute']],
])('each part of %s has its own', (_what, props, expected, unused) => {
  const { fn, objects } = synthProps({ name: 'fn', image: 'i', ...props, objectAnnotations: EACH }, { settings: GATEWAY });
  expect(annotated(objects)).toEqual(expected);
  expect(fn.report.warnings.filter((line) => line.includes('objectAnnotations')))
    .toEqual(unused.map((line) => `warning: objectAnnotations.${line}`));
});

test('they are added beside sync waves, and win over one', () => {
  const wave = 'argocd.argoproj.io/sync-wave';
  const objectAnnotations = { workload: { [wave]: '7' }, route: { 'a.io/r': '3' } };
  const { objects } = synthProps({ name: 'fn', image: 'i', objectAnnotations }, { settings: { ...GATEWAY, syncWaves: true } });
  expect(annotated(objects)).toEqual([`Service fn {"${wave}":"7"}`, `HTTPRoute fn {"a.io/r":"3","${wave}":"0"}`]);
});

test('they are checked in their own words', () => {
  const objectAnnotations = {
    workload: { 'autoscaling.knative.dev/target': '5', '-': '' }, scaler: { a: 1 as unknown as string }, rout: {},
  } as ObjectAnnotations;
  expect(problemsOf(() => synthProps({ image: 'i', objectAnnotations }))).toEqual([
    'objectAnnotations.rout: unknown field; did you mean "route"?',
    'objectAnnotations.scaler.a: must be a string, got 1; quote it: "1"',
    'objectAnnotations.workload["-"]: "-" is not a valid key: a name of letters, digits, "-", "_" and "." with 63 characters at most, optionally after a DNS name and "/"',
    'objectAnnotations.workload["autoscaling.knative.dev/target"]: is read on revisions only; give it in annotations',
  ]);
});

test('annotations that Knative reads on its Service go there, those of revisions to the revision', () => {
  const ofService = { 'networking.knative.dev/ingress-class': 'kourier', 'serving.knative.dev/rollout-duration': '380s' };
  const annotations = { ...ofService, 'autoscaling.knative.dev/target': '5', 'serving.knative.dev/no-gc': 'true' };
  const { objects } = synthManifest(v1beta2({ annotations }));
  expect(one(objects, 'Service').metadata.annotations).toEqual(ofService);
  const revision = podTemplate(objects, 'fn').metadata.annotations;
  expect(Object.keys(revision).filter((key) => key.includes('knative.dev'))).toEqual(['autoscaling.knative.dev/target', 'serving.knative.dev/no-gc']);
});
