// Options whose place depends on what was decided (docs/spec M31, M58 to M61).
import { asyncFunction, v1beta2 } from '../../support/functions';
import { synthManifest, SynthOptions } from '../../support/synth';

const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
const SCALER = [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }];
const warnings = (manifest: object, options: SynthOptions = {}) => synthManifest(manifest, options).fn.report.warnings;

test('pending events have no effect on an HTTP function, which is a warning', () => {
  expect(warnings(v1beta2({ outputs: [{ dapr: { name: 'web', type: 'bindings.http', operation: 'post' } }] }), { pendingEvents: {} })).toEqual([
    'warning: pendingEvents: scaling on pending events has no effect on an HTTP function, which its own requests scale',
  ]);
});

test.each<[string, object, string[]]>([
  ['Knative options', { scaleOptions: { knative: { a: 'b' } } }, ['warning: serving.scaleOptions.knative: has no effect on a Deployment of an async function']],
  ['httpScaledObject', { scaleOptions: { keda: { httpScaledObject: {}, triggers: SCALER } } },
    ['warning: serving.scaleOptions.keda.httpScaledObject: has no effect on a Deployment of an async function']],
  ['a maximum without a scaler', { ...SIDECAR, scaleOptions: { maxReplicas: 3 } },
    ['warning: serving.scaleOptions.maxReplicas: has no effect without KEDA triggers, which alone make a scaler']],
  ['a minimum of 0 without a scaler', { ...SIDECAR, scaleOptions: { minReplicas: 0 } },
    ['warning: serving.scaleOptions.minReplicas: 0 has no effect without KEDA triggers, which alone make a scaler: one replica runs']],
  ['a minimum of 2 without a scaler', { ...SIDECAR, scaleOptions: { minReplicas: 2 } },
    ['warning: serving.scaleOptions.minReplicas: 2 has no effect without a "keda" block or KEDA triggers: one replica runs']],
])('an async function does not use %s, which is a warning', (_what, serving, expected) => {
  expect(warnings(asyncFunction(serving))).toEqual(expected);
});

test.each<[object, string[]]>([
  [{ targetPerReplica: 0 }, ['pendingEvents.targetPerReplica: 0 is below 1']],
  [{ activation: -1 }, ['pendingEvents.activation: -1 is below 0']],
])('pending events outside their range are refused: %j', (pendingEvents, problems) => {
  expect(() => synthManifest(asyncFunction(), { pendingEvents })).toThrow(problems[0]);
});
