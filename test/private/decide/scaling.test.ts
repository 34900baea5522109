// Options whose place depends on what was decided (docs/spec M31, M58 to M61).
import { FunctionInput } from '../../../src';
import { existing } from '../../support/existing-component';
import { asyncFunction, v1beta2 } from '../../support/functions';
import { one, synthManifest, SynthOptions, synthProps } from '../../support/synth';

const SCALER = [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }];
const warnings = (manifest: object, options: SynthOptions = {}) => synthManifest(manifest, options).fn.report.warnings;

test('pending events have no effect on an HTTP function, which is a warning', () => {
  expect(warnings(v1beta2({ outputs: [{ dapr: { name: 'web', type: 'bindings.http' } }] }), { onPendingEvents: {} })).toEqual([
    'warning: serving.scaleOptions: scaling on pending events has no effect on an HTTP function, which its own requests scale',
  ]);
});

test('pending events alone make a scaler, so its options are not called useless', () => {
  const { fn, objects } = synthManifest(asyncFunction({ scaleOptions: { maxReplicas: 5 } }), { onPendingEvents: {} });
  expect(fn.report.warnings).toEqual([]);
  expect(one(objects, 'ScaledObject').spec?.maxReplicaCount).toBe(5);
});

test('pending events of props stand in the scaling block', () => {
  const { objects } = synthProps({
    name: 'fn', image: 'i', inputs: [FunctionInput.fromBinding(existing('q', 'bindings.kafka'))], scaling: { onPendingEvents: { targetPerReplica: 7 } },
  });
  expect(one(objects, 'ScaledObject').spec?.triggers[0].metadata.target).toBe('7');
});

test.each<[string, object, string[]]>([
  ['Knative options', { scaleOptions: { knative: { a: 'b' } } }, ['warning: serving.scaleOptions.knative: has no effect on a Deployment of an async function']],
  ['httpScaledObject', { scaleOptions: { keda: { httpScaledObject: {}, triggers: SCALER } } },
    ['warning: serving.scaleOptions.keda.httpScaledObject: has no effect on a Deployment of an async function']],
  ['a maximum without a scaler', { scaleOptions: { maxReplicas: 3 } }, ['warning: serving.scaleOptions.maxReplicas: has no effect without KEDA triggers, which alone make a scaler']],
])('an async function does not use %s, which is a warning', (_what, serving, expected) => {
  expect(warnings(asyncFunction(serving))).toEqual(expected);
});

test('a Job with a sidecar ends only when the function ends the sidecar, which is a warning', () => {
  expect(warnings(asyncFunction({ workloadType: 'Job', annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } }))).toEqual([
    'warning: serving.workloadType: a Job with a sidecar ends only when the function shuts the sidecar down, and Dapr makes no Service for it',
  ]);
});

test.each<[object, string[]]>([
  [{ targetPerReplica: 0 }, ['onPendingEvents.targetPerReplica: 0 is below 1']],
  [{ activation: -1 }, ['onPendingEvents.activation: -1 is below 0']],
])('pending events outside their range are refused: %j', (onPendingEvents, problems) => {
  expect(() => synthManifest(asyncFunction(), { onPendingEvents })).toThrow(problems[0]);
});
