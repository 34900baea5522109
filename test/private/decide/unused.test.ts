// Options that the resulting workload does not use are warnings that name the option and the workload.
import { asyncFunction, v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';
import { synthManifest, SynthOptions } from '../../support/synth';

const O = 'serving.scaleOptions';
const TRIGGERS = [{ type: 'cron', metadata: { timezone: 'UTC', start: '0 8 * * *', end: '0 18 * * *', desiredReplicas: '2' } }];
const unused = (path: string, workload: string) => `warning: ${path}: has no effect on ${workload}`;

describe('a Knative Service', () => {
  const KNATIVE = 'a Knative Service';

  test('uses scaleOptions.knative, and a timeout', () => {
    expect(problemsOf(v1beta2({ scaleOptions: { knative: { 'a/b': 'c' } }, timeout: '1m' }))).toEqual([]);
  });

  test.each([
    ['workloadType', { workloadType: 'Deployment' }, 'serving.workloadType'],
    ['httpScaledObject', { scaleOptions: { keda: { httpScaledObject: {} } } }, `${O}.keda.httpScaledObject`],
    ['scaledObject', { scaleOptions: { keda: { scaledObject: {} } } }, `${O}.keda.scaledObject`],
    ['KEDA triggers', { scaleOptions: { keda: { triggers: TRIGGERS } } }, `${O}.keda.triggers`],
  ])('does not use %s', (_, serving, path) => {
    expect(problemsOf(v1beta2(serving))).toEqual([unused(path, KNATIVE)]);
  });

  test('does not use a scaledJob, not even with the workload type it needs', () => {
    expect(problemsOf(v1beta2({ workloadType: 'Job', scaleOptions: { keda: { scaledJob: {} } } }))).toEqual([
      unused(`${O}.keda.scaledJob`, KNATIVE), unused('serving.workloadType', KNATIVE),
    ]);
  });
});

describe('an HTTP function of engine keda', () => {
  const DEPLOYMENT = 'a Deployment of engine "keda"';
  const keda = (serving: object) => problemsOf(v1beta2({ triggers: { http: { engine: 'keda' } }, ...serving }));

  test('uses httpScaledObject, a timeout, and is a Deployment', () => {
    expect(keda({ workloadType: 'Deployment', timeout: '1m', scaleOptions: { keda: { httpScaledObject: {} } } })).toEqual([]);
  });

  test.each([
    ['another workloadType', { workloadType: 'StatefulSet' }, 'serving.workloadType'],
    ['scaleOptions.knative', { scaleOptions: { knative: { 'a/b': 'c' } } }, `${O}.knative`],
    ['scaledObject', { scaleOptions: { keda: { scaledObject: {} } } }, `${O}.keda.scaledObject`],
    ['KEDA triggers', { scaleOptions: { keda: { triggers: TRIGGERS } } }, `${O}.keda.triggers`],
  ])('does not use %s', (_, serving, path) => {
    expect(keda(serving)).toEqual([unused(path, DEPLOYMENT)]);
  });
});

describe('an async function', () => {
  test('uses its scaler, and a timeout of a Deployment', () => {
    expect(problemsOf(asyncFunction({ timeout: '1m', scaleOptions: { minReplicas: 1, maxReplicas: 2, knative: {}, keda: { scaledObject: { pollingInterval: 1 }, triggers: TRIGGERS } } }))).toEqual([]);
  });

  test.each([
    ['scaleOptions.knative', { scaleOptions: { knative: { 'a/b': 'c' } } }, `${O}.knative`, 'Deployment'],
    ['httpScaledObject', { scaleOptions: { keda: { httpScaledObject: {} } } }, `${O}.keda.httpScaledObject`, 'Deployment'],
    ['the timeout of a StatefulSet', { workloadType: 'StatefulSet', timeout: '1m' }, 'serving.timeout', 'StatefulSet'],
    ['the timeout of a Job', { workloadType: 'Job', timeout: '1m' }, 'serving.timeout', 'Job'],
  ])('does not use %s', (_, serving, path, kind) => {
    expect(problemsOf(asyncFunction(serving))).toEqual([unused(path, `a ${kind} of an async function`)]);
  });
});

describe('without KEDA triggers', () => {
  const warnings = (serving: object, options: SynthOptions = {}) => synthManifest(asyncFunction(serving), options).fn.report.warnings;
  const ALONE = 'has no effect without KEDA triggers, which alone make a scaler';
  const sidecar = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
  const bounds = { maxReplicas: 5, keda: { scaledObject: { pollingInterval: 1 } } };
  const bothUnused = (why: string) => [
    `warning: ${O}.keda.scaledObject.pollingInterval: ${why}`, `warning: ${O}.maxReplicas: ${why}`,
  ];

  test('an empty scaledObject, minReplicas and the restart policy of a Job are fine', () => {
    expect(warnings({ ...sidecar, scaleOptions: { minReplicas: 2, keda: { scaledObject: {} } } })).toEqual([]);
    expect(warnings({ workloadType: 'Job', scaleOptions: { keda: { scaledJob: { restartPolicy: 'Never' } } } })).toEqual([]);
  });

  test('maxReplicas and the scaledObject of a function with sidecars have no effect', () => {
    expect(warnings({ ...sidecar, scaleOptions: bounds })).toEqual(bothUnused(ALONE));
  });

  test('the bounds and the scaledJob of a Job without Dapr have no effect', () => {
    const scaleOptions = { minReplicas: 1, maxReplicas: 5, keda: { scaledJob: { pollingInterval: 1, restartPolicy: 'Never' } } };
    const off = { annotations: { 'openfunction.io/enable-dapr': 'false' } };
    expect(warnings({ ...off, workloadType: 'Job', scaleOptions })).toEqual([
      `warning: ${O}.keda.scaledJob.pollingInterval: ${ALONE}`, `warning: ${O}.maxReplicas: ${ALONE}`, `warning: ${O}.minReplicas: ${ALONE}`,
    ]);
  });

  test('scaling on pending events reads the bounds and the scaledObject, unless it is off', () => {
    expect(warnings({ scaleOptions: bounds })).toEqual([]);
    expect(warnings({ scaleOptions: bounds }, { pendingEvents: { enabled: false } })).toEqual(
      bothUnused('has no effect without KEDA triggers, since scaling on pending events is off'));
  });

  test('the message about a scaledObject without bounds behind the proxy says what makes a scaler', () => {
    expect(warnings({ scaleOptions: { keda: { scaledObject: { pollingInterval: 1 } } } })).toEqual([
      `warning: ${O}.keda.scaledObject.pollingInterval: has no effect without replica bounds or KEDA triggers, which make a scaler`,
    ]);
  });
});
