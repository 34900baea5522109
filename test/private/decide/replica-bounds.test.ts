import { asyncFunction, v1beta1, v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';

const NEW_MIN = 'autoscaling.knative.dev/min-scale';
const OLD_MIN = 'autoscaling.knative.dev/minScale';
const NEW_MAX = 'autoscaling.knative.dev/max-scale';
const OLD_MAX = 'autoscaling.knative.dev/maxScale';
const at = (place: 'annotations' | 'scaleOptions.knative', key: string) => `serving.${place}["${key}"]`;

const scaled = (scaleOptions: object, annotations: object = {}) => problemsOf(v1beta2({ scaleOptions, annotations }));

describe('minReplicas and maxReplicas', () => {
  test.each([[{ minReplicas: 0, maxReplicas: 0 }], [{ minReplicas: 3, maxReplicas: 3 }], [{ minReplicas: 10 }], [{ maxReplicas: 1 }]])('%j are accepted', (options) => {
    expect(scaled(options)).toEqual([]);
    expect(problemsOf(v1beta1({ scaleOptions: options }))).toEqual([]);
  });

  test.each([
    [{ minReplicas: 4, maxReplicas: 3 }, ['serving.scaleOptions.minReplicas: 4 is above the maximum of 3']],
    [{ minReplicas: 1, maxReplicas: 0 }, ['serving.scaleOptions.minReplicas: 1 is above the maximum of 0']],
    [{ minReplicas: 11 }, ['serving.scaleOptions.minReplicas: 11 is above the default maximum of 10; give a maximum too']],
    [{ minReplicas: -1, maxReplicas: -2 }, ['serving.scaleOptions.maxReplicas: -2 is outside 0..2147483647', 'serving.scaleOptions.minReplicas: -1 is outside 0..2147483647']],
  ])('%j are rejected', (options, expected) => {
    expect(scaled(options)).toEqual(expected);
    expect(problemsOf(v1beta1({ scaleOptions: options }))).toEqual(expected);
  });
});

test('a maximum that is not a number is a problem of its own, and is not replaced by a default', () => {
  const line = (path: string) => [`serving.scaleOptions.${path}: must be an integer, got "30"; remove the quotes`];
  expect(scaled({ minReplicas: 20, maxReplicas: '30' })).toEqual(line('maxReplicas'));
  const keda = { scaledObject: { minReplicaCount: 20, maxReplicaCount: '30' } };
  expect(problemsOf(v1beta1({ runtime: 'async', inputs: [{ component: 'q' }], triggers: [{ type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } }], scaleOptions: { keda } })))
    .toEqual(line('keda.scaledObject.maxReplicaCount'));
  expect(scaled({ minReplicas: 20 }, { [NEW_MAX]: 'many' })).toEqual([`${at('annotations', NEW_MAX)}: "many" is not a number of replicas; give "0" to "2147483647"`]);
});

describe('bounds in annotations of a Knative function', () => {
  test.each([[NEW_MIN, NEW_MAX], [OLD_MIN, OLD_MAX], [NEW_MIN, OLD_MAX]])('%s above %s is an error', (min, max) => {
    expect(scaled({}, { [min]: '3', [max]: '3' })).toEqual([]);
    expect(scaled({}, { [min]: '4', [max]: '3' })).toEqual([`${at('annotations', min)}: 4 is above the maximum of 3`]);
    expect(scaled({ knative: { [min]: '4', [max]: '3' } })).toEqual([`${at('scaleOptions.knative', min)}: 4 is above the maximum of 3`]);
  });

  test('count with the default maximum of 10', () => {
    expect(scaled({}, { [NEW_MIN]: '10' })).toEqual([]);
    expect(scaled({}, { [NEW_MIN]: '11' })).toEqual([`${at('annotations', NEW_MIN)}: 11 is above the default maximum of 10; give a maximum too`]);
  });

  test('replica counts take precedence over annotations, scaleOptions.knative over both', () => {
    expect(scaled({ maxReplicas: 5 }, { [NEW_MIN]: '4', [NEW_MAX]: '3' })).toEqual([]);
    expect(scaled({ maxReplicas: 5, knative: { [NEW_MAX]: '3' } }, { [NEW_MIN]: '4' })).toEqual([`${at('annotations', NEW_MIN)}: 4 is above the maximum of 3`]);
    expect(scaled({ minReplicas: 4, knative: { [NEW_MIN]: '2', [NEW_MAX]: '3' } })).toEqual([]);
  });

  test('a maximum of "0" means no limit', () => {
    expect(scaled({ minReplicas: 20, knative: { [NEW_MAX]: '0' } })).toEqual([]);
  });

  test('reach to the int32 that Knative reads', () => {
    expect(scaled({ knative: { [NEW_MAX]: '2147483647' } })).toEqual([]);
  });

  test.each([['-1'], ['x'], ['1.5'], [''], ['2147483648']])('"%s" is not a number of replicas', (value) => {
    expect(scaled({ knative: { [OLD_MAX]: value } }, { [NEW_MIN]: value })).toEqual([
      `${at('annotations', NEW_MIN)}: "${value}" is not a number of replicas; give "0" to "2147483647"`,
      `${at('scaleOptions.knative', OLD_MAX)}: "${value}" is not a number of replicas; give "0" to "2147483647"`,
    ]);
  });

  test('are not looked at for other workloads', () => {
    expect(problemsOf(asyncFunction({ annotations: { [NEW_MIN]: 'x' } }))).toEqual([]);
    expect(problemsOf(v1beta2({ triggers: { http: { engine: 'keda' } }, annotations: { [NEW_MIN]: '20' } }))).toEqual([]);
  });
});

describe('maxReplicas: 0', () => {
  const zero = 'serving.scaleOptions.maxReplicas: 0 would never let the function run under KEDA; give 1 or more';
  const triggers = [{ type: 'cron', metadata: { timezone: 'UTC', start: '0 8 * * *', end: '0 18 * * *', desiredReplicas: '2' } }];

  test('is an error with KEDA, by triggers, by a block, by the engine, or behind the proxy', () => {
    expect(problemsOf(asyncFunction({ scaleOptions: { maxReplicas: 0, keda: { triggers } } }))).toEqual([zero]);
    expect(problemsOf(asyncFunction({ scaleOptions: { maxReplicas: 0, keda: { scaledObject: {} } } }))).toContain(zero);
    expect(problemsOf(v1beta2({ triggers: { http: { engine: 'keda' } }, scaleOptions: { maxReplicas: 0 } }))).toEqual([zero]);
    expect(problemsOf(asyncFunction({ scaleOptions: { maxReplicas: 0 } }))).toEqual([zero]);
    expect(problemsOf(asyncFunction({ scaleOptions: { maxReplicas: 1, keda: { triggers } } }))).toEqual([]);
  });

  test('is none without', () => {
    expect(scaled({ maxReplicas: 0 })).toEqual([]);
    const annotations = { 'openfunction.io/dapr-service-mode': 'sidecar' };
    expect(problemsOf(asyncFunction({ annotations, scaleOptions: { maxReplicas: 0 } }))).toEqual([]);
  });
});
