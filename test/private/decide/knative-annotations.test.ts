// Values of autoscaling.knative.dev/* (docs/spec M44, M119).
import { asyncFunction, v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';
import { synthManifest } from '../../support/synth';

const PREFIX = 'autoscaling.knative.dev/';
const annotated = (annotations: Record<string, string>) => problemsOf(v1beta2({
  annotations: Object.fromEntries(Object.entries(annotations).map(([name, value]) => [PREFIX + name, value])),
}));

test.each<[string, string]>([
  ['target', '0.01'], ['target', '100'], ['target-utilization-percentage', '1'], ['target-utilization-percentage', '100'], ['targetUtilizationPercentage', '70'],
  ['target-burst-capacity', '-1'], ['target-burst-capacity', '0'], ['panic-window-percentage', '1'], ['panic-window-percentage', '100.0'],
  ['panic-threshold-percentage', '110'], ['panic-threshold-percentage', '1000'], ['window', '6s'], ['window', '1h'], ['scale-down-delay', '0s'],
  ['scale-down-delay', '15m'], ['scale-to-zero-pod-retention-period', '1m5s'], ['metric', 'rps'], ['metric', 'concurrency'], ['initial-scale', '0'],
  ['initialScale', '3'], ['activation-scale', '2'], ['class', 'kpa.autoscaling.knative.dev'], ['class', 'mine.example.com'], ['metric-aggregation-algorithm', 'anything'],
])('taken: %s of %j', (name, value) => {
  expect(annotated({ [name]: value })).toEqual([]);
});

test.each<[string, string, string]>([
  ['target', '0', '"0" is not a number of 0.01 or more'],
  ['target', 'fifty', '"fifty" is not a number of 0.01 or more'],
  ['target-utilization-percentage', '101', '"101" is outside 1..100'],
  ['target-burst-capacity', '-2', '"-2" is not a number of 0 or more, or -1'],
  ['panic-window-percentage', '0.5', '"0.5" is outside 1..100'],
  ['panic-threshold-percentage', '109', '"109" is outside 110..1000'],
  ['window', '2h', '"2h" is outside 6s..1h'],
  ['window', '5s', '"5s" is outside 6s..1h'],
  ['window', '60', '"60" is not a duration such as "60s" or "1m30s"'],
  ['window', '6500ms', '"6500ms" has parts of a second'],
  ['scale-down-delay', '61m', '"61m" is outside 0s..1h'],
  ['scale-to-zero-pod-retention-period', '-1s', '"-1s" is outside 0s..1h'],
  ['metric', 'cpu', '"cpu" is not one of "concurrency", "rps"'],
  ['initial-scale', '-1', '"-1" is not a number of replicas of 0 or more'],
  ['activation-scale', '1', '"1" is not a number of replicas of 2 or more'],
  ['class', 'kpb.autoscaling.knative.dev', '"kpb.autoscaling.knative.dev" is not one of "kpa.autoscaling.knative.dev", "hpa.autoscaling.knative.dev"; did you mean "kpa.autoscaling.knative.dev"?'],
  ['class', 'kpa', '"kpa" is not one of "kpa.autoscaling.knative.dev", "hpa.autoscaling.knative.dev"'],
])('refused: %s of %j', (name, value, why) => {
  expect(annotated({ [name]: value })).toEqual([`serving.annotations["${PREFIX}${name}"]: ${why}`]);
});

test('of another autoscaler any class with a domain is taken', () => {
  expect(annotated({ class: 'keda.acme.example' })).toEqual([]);
});

test.each([
  ['serving.knative.dev/rollout-duration', '2min', '"2min" is not a duration such as "60s" or "1m30s"'],
  ['serving.knative.dev/rollout-duration', '120s', undefined],
  ['queue.sidecar.serving.knative.dev/cpu-resource-request', 'lots', '"lots" is not a quantity such as 1, "100m" or "64Mi"'],
  ['queue.sidecar.serving.knative.dev/memory-resource-limit', '64Mi', undefined],
  ['queue.sidecar.serving.knative.dev/resource-percentage', '200', '"200" is outside 0.1..100'],
])('what Knative reads of other keys: %s of %j', (key, value, why) => {
  expect(problemsOf(v1beta2({ annotations: { [key]: value } }))).toEqual(why === undefined ? [] : [`serving.annotations["${key}"]: ${why}`]);
});

test('the metric and the algorithm go by the class', () => {
  expect(annotated({ class: 'hpa.autoscaling.knative.dev', metric: 'cpu' })).toEqual([]);
  expect(annotated({ 'class': 'kpa.autoscaling.knative.dev', 'metric-aggregation-algorithm': 'cubic' })).toEqual([
    `serving.annotations["${PREFIX}metric-aggregation-algorithm"]: "cubic" is not one of "linear", "weightedExponential", "weighted-exponential"`,
  ]);
});

test('a name that Knative does not read is a warning', () => {
  expect(annotated({ taget: '5' })).toEqual([
    `warning: serving.annotations["${PREFIX}taget"]: is not an annotation that Knative's autoscaler reads; did you mean "${PREFIX}target"?`,
  ]);
});

const SERVING = 'serving.knative.dev/';
test.each([
  [`${SERVING}rollout-duraton`, `${SERVING}rollout-duration`],
  [`${SERVING}progress-dedline`, `${SERVING}progress-deadline`],
  [`${SERVING}progressDeadline`, `${SERVING}progress-deadline`],
  [`${SERVING}nogc`, `${SERVING}no-gc`],
  [`queue.sidecar.${SERVING}cpu-resource-limits`, `queue.sidecar.${SERVING}cpu-resource-limit`],
])('a name that is near one that Knative reads is a warning: %s', (key, near) => {
  expect(problemsOf(v1beta2({ annotations: { [key]: '60s' } }))).toEqual([
    `warning: serving.annotations["${key}"]: is not an annotation that Knative reads; did you mean "${near}"?`,
  ]);
  expect(problemsOf(asyncFunction({ annotations: { [key]: '60s' } })).filter((line) => line.includes('Knative reads'))).toEqual([]);
});

test.each(['no-gc', 'rolloutDuration', 'creator', 'acme-owner'])('a name of Knative\'s own, or far from all of them, has nothing to say: %s', (name) => {
  expect(problemsOf(v1beta2({ annotations: { [SERVING + name]: '60s' } }))).toEqual([]);
});

test('in scaleOptions.knative a name without its prefix is a warning, with the right one', () => {
  const hint = `has no effect: annotations of Knative's autoscaler begin with "${PREFIX}"`;
  expect(problemsOf(v1beta2({ scaleOptions: { knative: { 'target': '50', 'zzzzzz': '1', 'example.com/mine': 'x', [`${PREFIX}window`]: '2h' } } }))).toEqual([
    `serving.scaleOptions.knative["${PREFIX}window"]: "2h" is outside 6s..1h`,
    `warning: serving.scaleOptions.knative.target: ${hint}; did you mean "${PREFIX}target"?`,
    `warning: serving.scaleOptions.knative.zzzzzz: ${hint}`,
  ]);
});

test('nothing of it is looked at without Knative', () => {
  expect(problemsOf(asyncFunction({ annotations: { [`${PREFIX}target`]: '0' } })).filter((line) => line.includes('is not a number'))).toEqual([]);
});

test('an initial scale of 0 needs a setting of the cluster, which the report names', () => {
  const needs = (value: string) => synthManifest(v1beta2({ annotations: { [`${PREFIX}initial-scale`]: value } })).fn.report.prerequisites;
  expect(needs('0')).toEqual(['allow-zero-initial-scale: "true" in Knative\'s ConfigMap config-autoscaler, for an initial scale of 0']);
  expect(needs('1')).toEqual([]);
});
