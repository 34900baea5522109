import { KAFKA, Manifest, STORE, v1beta1, v1beta2 } from '../../support/functions';
import { all, environment, KubeObject, podTemplate, proxyTemplate, synthManifest } from '../../support/synth';

type Mode = 'off' | 'sidecar' | 'standalone';
const ENABLE = 'openfunction.io/enable-dapr';
const MODE = 'openfunction.io/dapr-service-mode';

/** docs/spec M17, row by row; `by what is defined` is where the first annotation is unset. */
const TABLE: [enable: string | undefined, mode: string | undefined, result: Mode | 'by what is defined'][] = [
  ['true', 'standalone', 'standalone'],
  ['true', undefined, 'standalone'],
  ['true', 'sidecar', 'sidecar'],
  ['false', 'standalone', 'off'],
  ['false', 'sidecar', 'off'],
  ['false', undefined, 'off'],
  [undefined, 'standalone', 'by what is defined'],
  [undefined, 'sidecar', 'by what is defined'],
  [undefined, undefined, 'by what is defined'],
];

const HTTP = { triggers: { http: {} } };
const KEDA = { triggers: { http: { engine: 'keda' } } };
const TRIGGER = [{ name: 'queue', type: 'bindings.kafka' }];
const OUTPUT = [{ dapr: { name: 'queue', type: 'bindings.kafka' } }];
const QUEUE = { bindings: { queue: KAFKA } };

/** What a function defines, by runtime, and whether that counts as "defines inputs or outputs". */
const FUNCTIONS: [name: string, defines: boolean, make: (serving: object) => Manifest][] = [
  ['v1beta1 knative with nothing', false, v1beta1],
  ['v1beta1 knative with inputs', true, (serving) => v1beta1({ inputs: [{ name: 'in', component: 'queue' }], ...QUEUE, ...serving })],
  ['v1beta1 knative with outputs', true, (serving) => v1beta1({ outputs: [{ name: 'out', component: 'queue' }], ...QUEUE, ...serving })],
  ['v1beta1 knative with states', true, (serving) => v1beta1({ states: { store: STORE }, ...serving })],
  ['v1beta1 knative with components alone', false, (serving) => v1beta1({ ...QUEUE, ...serving })],
  ['v1beta1 knative with empty lists', false, (serving) => v1beta1({ inputs: [], outputs: [], states: {}, ...serving })],
  ['v1beta1 async with nothing', false, (serving) => v1beta1({ runtime: 'async', ...serving })],
  ['v1beta1 async with inputs', true, (serving) => v1beta1({ runtime: 'async', inputs: [{ name: 'in', component: 'queue' }], ...QUEUE, ...serving })],
  ['v1beta1 async with outputs', true, (serving) => v1beta1({ runtime: 'async', outputs: [{ name: 'out', component: 'queue' }], ...QUEUE, ...serving })],
  ['v1beta1 async with states', true, (serving) => v1beta1({ runtime: 'async', states: { store: STORE }, ...serving })],
  ['v1beta2 knative with nothing', false, (serving) => v1beta2({ ...HTTP, ...serving })],
  ['v1beta2 without any trigger', false, (serving) => v1beta2(serving)],
  ['v1beta2 knative with extra inputs', true, (serving) => v1beta2({ triggers: { http: {}, inputs: [{ dapr: { name: 'store', type: 'state.redis' } }] }, ...serving })],
  ['v1beta2 knative with outputs', true, (serving) => v1beta2({ ...HTTP, ...QUEUE, outputs: OUTPUT, ...serving })],
  ['v1beta2 knative with states', true, (serving) => v1beta2({ ...HTTP, states: { store: { spec: STORE } }, ...serving })],
  ['v1beta2 knative with a state that exists already', true, (serving) => v1beta2({ ...HTTP, states: { store: null }, ...serving })],
  ['v1beta2 knative with empty lists', false, (serving) => v1beta2({ triggers: { http: {}, inputs: [] }, outputs: [], states: {}, ...serving })],
  ['v1beta2 keda engine with nothing', false, (serving) => v1beta2({ ...KEDA, ...serving })],
  ['v1beta2 keda engine with extra inputs', true, (serving) => v1beta2({ triggers: { http: { engine: 'keda' }, inputs: [{ dapr: { name: 'store', type: 'state.redis' } }] }, ...serving })],
  ['v1beta2 keda engine with outputs', true, (serving) => v1beta2({ ...KEDA, ...QUEUE, outputs: OUTPUT, ...serving })],
  ['v1beta2 keda engine with states', true, (serving) => v1beta2({ ...KEDA, states: { store: { spec: STORE } }, ...serving })],
  ['v1beta2 async with Dapr triggers', true, (serving) => v1beta2({ triggers: { dapr: TRIGGER }, ...QUEUE, ...serving })],
  ['v1beta2 async with Dapr triggers and outputs', true, (serving) => v1beta2({ triggers: { dapr: TRIGGER }, ...QUEUE, outputs: OUTPUT, ...serving })],
  ['v1beta2 async StatefulSet with Dapr triggers', true, (serving) => v1beta2({ triggers: { dapr: TRIGGER }, workloadType: 'StatefulSet', ...QUEUE, ...serving })],
  ['v1beta2 async Job with Dapr triggers', true, (serving) => v1beta2({ triggers: { dapr: TRIGGER }, workloadType: 'Job', ...QUEUE, ...serving })],
];

const quoted = (value: string | undefined) => (value === undefined ? 'unset' : `"${value}"`);
const annotations = (enable: string | undefined, mode: string | undefined) => ({
  ...(enable !== undefined && { [ENABLE]: enable }),
  ...(mode !== undefined && { [MODE]: mode }),
});

/** What the objects show of the mode, as a cluster would see it. */
function modeOf(objects: KubeObject[]): string {
  const pod = podTemplate(objects, 'fn');
  const proxies = all(objects, 'Deployment').filter(({ metadata }) => metadata.name === 'fn-dapr-proxy');
  const shown = [pod.metadata.annotations['dapr.io/enabled'], String(proxies.length), 'DAPR_HOST' in environment(pod) ? 'host' : 'no host'].join();
  return { 'false,0,no host': 'off', 'true,0,no host': 'sidecar', 'false,1,host': 'standalone' }[shown] ?? shown;
}

describe.each(TABLE)('enable-dapr %s and dapr-service-mode %s give %s', (enable, mode, result) => {
  const rows = FUNCTIONS.map(([name, defines, make]): [string, Mode, (serving: object) => Manifest] => {
    const byDefinition: Mode = defines ? (mode === 'sidecar' ? 'sidecar' : 'standalone') : 'off';
    return [name, result === 'by what is defined' ? byDefinition : result, make];
  });

  test.each(rows)(`enable-dapr ${quoted(enable)}, mode ${quoted(mode)}: %s is %s`, (_name, expected, make) => {
    const { fn, objects } = synthManifest(make({ annotations: annotations(enable, mode) }));
    expect(modeOf(objects)).toBe(expected);
    expect(fn.daprMode).toBe(expected);
    if (expected === 'standalone') expect(proxyTemplate(objects, 'fn').metadata.annotations['dapr.io/enabled']).toBe('true');
  });
});

describe('components of a function', () => {
  test.each(['true', 'false'])('are created when enable-dapr is "%s", since something else may use them', (enable) => {
    const { objects } = synthManifest(v1beta2({ ...HTTP, ...QUEUE, annotations: { [ENABLE]: enable } }));
    expect(all(objects, 'Component').map(({ metadata }) => metadata.name)).toEqual(['fn-bindings-queue']);
  });
});

describe('the report', () => {
  test.each([
    [{ annotations: { [ENABLE]: 'false' } }, 'openfunction.io/enable-dapr is "false"'],
    [{}, 'openfunction.io/enable-dapr is not set, and the function defines no inputs, outputs or states'],
    [{ annotations: { [ENABLE]: 'true' } }, 'openfunction.io/enable-dapr is "true"; openfunction.io/dapr-service-mode is not set'],
    [{ ...QUEUE, outputs: OUTPUT, states: { s: null } }, 'openfunction.io/enable-dapr is not set, and the function defines outputs, states; openfunction.io/dapr-service-mode is not set'],
    [{ annotations: { [ENABLE]: 'true', [MODE]: 'sidecar' } }, 'openfunction.io/enable-dapr is "true"; openfunction.io/dapr-service-mode is "sidecar"'],
  ])('names the rule that decided for %j', (serving, reason) => {
    expect(synthManifest(v1beta2(serving)).fn.report.daprReason).toBe(reason);
  });
});
