// What KEDA and the autoscaler ask of triggers beyond the parameters of each scaler.
import { asyncFunction } from '../../support/functions';
import { problemsOf } from '../../support/problems';

const KEDA = 'serving.scaleOptions.keda';
const AT = `${KEDA}.triggers[0]`;
const QUERY = { type: 'prometheus', metadata: { serverAddress: 'http://prometheus:9090', query: 'up', threshold: '5' } };
const RESOURCES = { cpu: '100m', memory: '64Mi' };
const POD = { containers: [{ name: 'function', resources: { requests: RESOURCES } }, { name: 'logs', image: 'acme/logs:1', resources: { requests: RESOURCES } }] };
const said = (trigger: object, serving: object = {}) => problemsOf(asyncFunction({ template: POD, scaleOptions: { minReplicas: 1, maxReplicas: 5, keda: { triggers: [trigger] } }, ...serving }));

describe('cpu and memory', () => {
  const cpu = (metadata: object, more: object = { metricType: 'Utilization' }) => said({ type: 'cpu', metadata, ...more });

  test.each<[string, string[], string[]]>([
    ['take a percentage of the request', cpu({ value: '60' }), []],
    ['take an amount for each pod', cpu({ value: '500m' }, { metricType: 'AverageValue' }), []],
    ['take one container of the pod', cpu({ value: '60', containerName: 'logs' }), []],
    ['need a metric type', cpu({ value: '60' }, {}), [`${AT}.metricType: is missing; the cpu scaler needs "Utilization" or "AverageValue"`]],
    ['take no value of the whole', cpu({ value: '60' }, { metricType: 'Value' }), [`${AT}.metricType: "Value" is not one of "Utilization", "AverageValue"`]],
    ['take no sign of a percentage', cpu({ value: '60%' }), [`${AT}.metadata.value: must be a percentage of the request such as "60", got "60%"`]],
    ['take no percentage of zero', cpu({ value: '0' }), [`${AT}.metadata.value: must be a percentage of the request such as "60", got "0"`]],
    ['take no amount that is none', cpu({ value: 'lots' }, { metricType: 'AverageValue' }), [`${AT}.metadata.value: must be an amount such as "500m" or "64Mi", got "lots"`]],
    ['name a container that the pod has', cpu({ value: '60', containerName: 'fuction' }), [`${AT}.metadata.containerName: "fuction" is the name of no container of the pod; did you mean "function"?`]],
    ['start no Jobs', said({ type: 'memory', metricType: 'Utilization', metadata: { value: '60' } }, { workloadType: 'Job', template: {} }),
      [`${AT}.type: "memory" scales running pods, and a ScaledJob starts new ones; give another trigger`]],
    ['alone are measured by utilization', said({ ...QUERY, metricType: 'Utilization' }), [`${AT}.metricType: "Utilization" is for cpu and memory alone; give "AverageValue" or "Value"`]],
  ])('%s', (_, found, expected) => {
    expect(found.filter((line) => !line.startsWith('warning'))).toEqual(expected);
  });

  test('by the older name of the metric type are a warning', () => {
    expect(said({ type: 'cpu', metadata: { value: '60', type: 'Utilization' } })).toEqual([
      `warning: ${AT}.metadata.type: is deprecated, and newer versions of KEDA refuse it; give the trigger's own metricType`,
    ]);
  });
});

describe('a variable of a trigger', () => {
  const trigger = { type: 'redis', metadata: { listName: 'jobs', addressFromEnv: 'REDIS' } };
  const missing = `warning: ${AT}.metadata.addressFromEnv: "REDIS" is not a variable of the function's container, so KEDA finds nothing there`;
  const container = (fields: object) => ({ template: { containers: [{ name: 'function', ...fields }] } });

  test.each<[string, object, string[]]>([
    ['that nothing gives is a warning', {}, [missing]],
    ['that is misspelt is one with the right name', { params: { REDIS_: 'redis:6379' } }, [`${missing}; did you mean "REDIS_"?`]],
    ['of another container is one', { template: { containers: [{ name: 'logs', image: 'acme/logs:1', env: [{ name: 'REDIS', value: 'redis:6379' }] }] } }, [missing]],
    ['may be among the params', { params: { REDIS: 'redis:6379' } }, []],
    ['may be in the template', container({ env: [{ name: 'REDIS', value: 'redis:6379' }] }), []],
    ['may come with a whole Secret', container({ envFrom: [{ secretRef: { name: 'redis' } }] }), []],
  ])('%s', (_, serving, expected) => {
    expect(said(trigger, { template: undefined, ...serving }).filter((line) => line.includes('FromEnv'))).toEqual(expected);
  });
});

describe('scaling modifiers', () => {
  const advanced = `${KEDA}.scaledObject.advanced`;
  const at = `${advanced}.scalingModifiers`;
  const modified = (scalingModifiers: object) => problemsOf(asyncFunction({
    annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' },
    scaleOptions: { keda: { scaledObject: { advanced: { scalingModifiers } }, triggers: [{ ...QUERY, name: 'orders' }, { ...QUERY, name: 'refunds' }] } },
  }));

  test.each<[string, object, string[]]>([
    ['may name triggers, functions and a choice', { formula: 'orders > 5 ? max([orders, refunds]) : 1e3', target: '5' }, []],
    ['may have predicates of their own', { formula: 'count([orders, refunds], {# > 1})', target: '5', metricType: 'Value' }, []],
    ['need a formula', { target: '5' }, [`${at}.formula: is missing; give a formula over the names of triggers`]],
    ['need a target', { formula: 'orders' }, [`${at}.target: is missing; the result of the formula is compared with it`]],
    ['need a target above zero', { formula: 'orders', target: '0' }, [`${at}.target: must be a number above 0, got "0"`]],
    ['name triggers that are there', { formula: 'order + refunds', target: '5' }, [`${at}.formula: "order" is the name of no trigger other than cpu and memory; did you mean "orders"?`]],
    ['are no utilization', { formula: 'orders', target: '5', metricType: 'Utilization' }, [`${at}.metricType: "Utilization" is not one of "AverageValue", "Value"`]],
  ])('%s', (_, modifiers, expected) => {
    expect(modified(modifiers)).toEqual(expected);
  });

  test('let triggers go without a target of their own', () => {
    const trigger = { type: 'postgresql', name: 'rows', metadata: { query: 'select 1', host: 'pg', port: '5432', userName: 'a', dbName: 'a', sslmode: 'disable' } };
    const scaled = (scaledObject: object) => problemsOf(asyncFunction({
      annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' }, scaleOptions: { keda: { scaledObject, triggers: [trigger] } },
    }));
    expect(scaled({})).toEqual([`${AT}.metadata: "targetQueryValue" is missing; the postgresql scaler needs it`]);
    expect(scaled({ advanced: { scalingModifiers: { formula: 'rows', target: '5' } } })).toEqual([]);
  });

  test('beside the name of an autoscaler that no object can have are an error', () => {
    const config = { horizontalPodAutoscalerConfig: { name: 'Bad Name' } };
    expect(problemsOf(asyncFunction({ scaleOptions: { keda: { scaledObject: { advanced: config }, triggers: [QUERY] } } }))).toEqual([
      `${advanced}.horizontalPodAutoscalerConfig.name: "Bad Name" is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit`,
    ]);
  });
});
