// What KEDA's admission webhook refuses of a ScaledObject (docs/spec M53 to M56).
import { scaler } from '../../support/components';
import { asyncFunction } from '../../support/functions';
import { problemsOf, synthManifest } from '../../support/synth';

const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
const CPU = { type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } };
const MEMORY = { type: 'memory', metricType: 'Utilization', metadata: { value: '60' } };
const PROMETHEUS = { type: 'prometheus', metadata: { serverAddress: 'http://prometheus:9090', query: 'x', threshold: '1' } };
const REQUESTS = { template: { containers: [{ name: 'function', resources: { requests: { cpu: '1', memory: '64Mi' } } }] } };

/** Everything that is said, as a warning or an error. */
function said(serving: object, keda?: string): string[] {
  const run = () => synthManifest(asyncFunction({ ...SIDECAR, ...serving }), { settings: { targets: { keda } } }).fn.report.warnings;
  try {
    return run();
  } catch {
    return problemsOf(run);
  }
}

describe('cpu and memory', () => {
  const scaled = (minReplicas: number | undefined, triggers: object[], more: object = REQUESTS) => said({ ...more, scaleOptions: { minReplicas, keda: { triggers } } });
  const refused = (types: string) => [`serving.scaleOptions.minReplicas: ${types} alone cannot scale from zero; give 1 or more, or another trigger`];

  test.each<[string, number | undefined, object[], string]>([
    ['cpu with a minimum of 0', 0, [CPU], 'cpu'],
    ['cpu without a minimum, which KEDA takes for 0', undefined, [CPU], 'cpu'],
    ['cpu and memory', 0, [CPU, MEMORY], 'cpu and memory'],
  ])('alone cannot scale from zero: %s', (_, minReplicas, triggers, types) => {
    expect(scaled(minReplicas, triggers)).toEqual(refused(types));
  });

  test('is allowed beside another trigger, or above zero', () => {
    expect(scaled(1, [CPU])).toEqual([]);
    expect(scaled(0, [CPU, PROMETHEUS])).toEqual([]);
  });

  test('may scale from zero beside the trigger of the proxy', () => {
    expect(synthManifest(asyncFunction({ ...REQUESTS, scaleOptions: { minReplicas: 0, keda: { triggers: [CPU] } } })).fn.report.warnings).toEqual([]);
  });

  const lacks = (container: string, type = 'cpu') => [`warning: serving.scaleOptions.keda.triggers[0]: needs a ${type} request of the container "${container}"; `
    + 'KEDA refuses the trigger unless a LimitRange of the namespace gives one'];

  test.each<[string, object, string[]]>([
    ['without a template', {}, lacks('function')],
    ['with another resource', { template: { containers: [{ name: 'function', resources: { limits: { memory: '1Gi' } } }] } }, lacks('function')],
    ['with a request of 0', { template: { containers: [{ name: 'function', resources: { requests: { cpu: '0' } } }] } }, lacks('function')],
    ['with a limit', { template: { containers: [{ name: 'function', resources: { limits: { cpu: '1' } } }] } }, []],
    ['with a container beside it that asks for nothing', { template: { containers: [...REQUESTS.template.containers, { name: 'log', image: 'acme/log:1' }] } }, lacks('log')],
  ])('need a request of every container: %s', (_, more, lines) => {
    expect(scaled(1, [CPU], more)).toEqual(lines);
  });

  test('need a request of the container that the trigger names only', () => {
    const template = { containers: [{ name: 'log', image: 'acme/log:1' }, ...REQUESTS.template.containers] };
    expect(scaled(1, [{ ...CPU, metadata: { value: '60', containerName: 'function' } }], { template })).toEqual([]);
  });

  test.each<[string, object, string | undefined, object, string[]]>([
    ['enough', CPU, undefined, { requests: { cpu: '1' } }, []],
    ['enough, as a limit', MEMORY, '2.21', { limits: { memory: '1Gi' } }, []],
    ['of another resource', MEMORY, undefined, { requests: { cpu: '1' } }, lacks('function', 'memory')],
    ['not read by an older KEDA', CPU, '2.20', { requests: { cpu: '1' } }, lacks('function')],
    ['not read for one container', { ...CPU, metadata: { value: '60', containerName: 'function' } }, undefined, { requests: { cpu: '1' } }, lacks('function')],
  ])('are content with what the whole pod asks for: %s', (_, trigger, keda, resources, lines) => {
    expect(said({ template: { resources }, scaleOptions: { minReplicas: 1, keda: { triggers: [trigger] } } }, keda)).toEqual(lines);
  });

  test.each([CPU, MEMORY, scaler('cron')])('cannot use cached metrics: $type', (trigger) => {
    expect(scaled(1, [{ ...trigger, useCachedMetrics: true }])).toEqual([
      `serving.scaleOptions.keda.triggers[0].useCachedMetrics: is not supported by the ${trigger.type} scaler; leave it out`,
    ]);
  });
});

describe('a fallback', () => {
  const FALLBACK = { failureThreshold: 3, replicas: 6 };
  const path = 'serving.scaleOptions.keda.scaledObject';
  const withFallback = (triggers: object[], keda?: string, advanced?: object) =>
    said({ ...REQUESTS, scaleOptions: { minReplicas: 1, keda: { scaledObject: { fallback: FALLBACK, ...(advanced && { advanced }) }, triggers } } }, keda);
  const OLD = '2.17';
  const SAY = 'with a later one, say so in "targets" of the platform settings';

  const UNSAID = `warning: ${path}.fallback: is refused by KEDA 2.17.0 unless a trigger other than cpu and memory says "metricType: AverageValue"`;
  const AVERAGE = (keda: string) => `${path}.fallback: needs a trigger other than cpu and memory with "metricType: AverageValue" for KEDA ${keda}`;
  const OTHER = `${path}.fallback: needs a trigger other than cpu and memory`;

  test.each<[string, object[], string | undefined, string[]]>([
    ['says AverageValue', [{ ...PROMETHEUS, metricType: 'AverageValue' }], OLD, []],
    ['says AverageValue beside others', [{ ...PROMETHEUS, metricType: 'Value' }, { ...PROMETHEUS, metricType: 'AverageValue' }], OLD, []],
    ['says nothing', [PROMETHEUS], OLD, [UNSAID]],
    ['says nothing', [PROMETHEUS], '2.17.1', []],
    ['says Value', [{ ...PROMETHEUS, metricType: 'Value' }], '2.17.3', [AVERAGE('2.17.3')]],
    ['says Value', [{ ...PROMETHEUS, metricType: 'Value' }], '2.18', []],
    ['says Value', [{ ...PROMETHEUS, metricType: 'Value' }], undefined, [`warning: ${OTHER} with "metricType: AverageValue" before KEDA 2.18; ${SAY}`]],
    ['says nothing', [PROMETHEUS], undefined, []],
    ['is cpu', [CPU], OLD, [OTHER]],
    ['is cpu', [CPU], '2.21', [OTHER]],
  ])('goes by its triggers: one that %s, %j on KEDA %s', (_, triggers, keda, lines) => {
    expect(withFallback(triggers, keda)).toEqual(lines);
  });

  const named = [{ ...PROMETHEUS, name: 'a', metricType: 'Value' }];
  const VALUE = `${path}.advanced.scalingModifiers.metricType: must be "AverageValue" for a fallback; KEDA 2.17 refuses "Value"`;

  test.each<[string | undefined, string | undefined, string[]]>([
    [undefined, OLD, []], ['AverageValue', OLD, []], ['Value', OLD, [VALUE]], ['Value', '2.18', []],
    ['Value', undefined, [`warning: ${path}.advanced.scalingModifiers.metricType: must be "AverageValue" for a fallback before KEDA 2.18; ${SAY}`]],
    [undefined, undefined, []],
  ])('goes by the modifiers where there are any: %s on KEDA %s', (metricType, keda, lines) => {
    expect(withFallback(named, keda, { scalingModifiers: { formula: 'a', target: '2', ...(metricType && { metricType }) } })).toEqual(lines);
  });
});
