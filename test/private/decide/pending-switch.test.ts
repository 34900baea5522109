// When a function scales on its pending events, and each way to say no (docs/spec M58, M59).
import { FunctionInput, PlatformSettingsProps, WorkloadKind } from '../../../src';
import { existing } from '../../support/existing-component';
import { asyncFunction, KAFKA, Manifest, v1beta1, v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';
import { all, KubeObject, one, synthManifest, SynthOptions, synthProps } from '../../support/synth';

const ANNOTATION = 'openfunction.io/pending-events';
const OFF = { annotations: { [ANNOTATION]: 'off' } };
const ON = { annotations: { [ANNOTATION]: 'on' } };
const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
const MIN = { scaleOptions: { minReplicas: 0 } };
const MAX = { scaleOptions: { maxReplicas: 5 } };
const TRIGGERS = [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders', topic: 'orders' } }];
const TRIGGERED = { scaleOptions: { keda: { triggers: TRIGGERS } } };

const push = (target: string) => ({
  type: 'external-push',
  metadata: { scalerAddress: 'fn-dapr-proxy.ns.svc.cluster.local:18082', target, activation: '0' },
});
const ask = { type: 'metrics-api', metadata: {
  url: 'http://fn-dapr-proxy.ns.svc.cluster.local:18081/pending', valueLocation: 'pending', targetValue: '1', activationTargetValue: '0',
} };
const bound = (min?: number, max?: number) => ({
  // Of a function that never sleeps KEDA asks nobody.
  ...(min !== undefined && { minReplicaCount: min }), ...(max !== undefined && { maxReplicaCount: max }), ...(min !== 1 && { pollingInterval: 10 }),
});

/** What its scaler says beside the workload; nothing where there is none. */
function scalerOf(objects: KubeObject[]): object | undefined {
  const [scaler] = [...all(objects, 'ScaledObject'), ...all(objects, 'ScaledJob')];
  if (scaler === undefined) return undefined;
  const { scaleTargetRef: _, jobTargetRef: __, envSourceContainerName: ___, ...rest } = scaler.spec as Record<string, unknown>;
  return rest;
}
const synth = (manifest: object, options: SynthOptions = {}) => scalerOf(synthManifest(manifest, options).objects);
const old = (keda: object, serving: object = {}): Manifest => v1beta1({
  runtime: 'async', inputs: [{ name: 'in', component: 'queue' }], scaleOptions: { keda }, ...serving,
  bindings: { queue: KAFKA },
});

describe('an async function behind the proxy', () => {
  test.each<[string, Manifest, object]>([
    ['v1beta2 with a minimum of 0', asyncFunction(MIN), { ...bound(0), triggers: [push('1')] }],
    ['v1beta2 with a maximum', asyncFunction(MAX), { ...bound(undefined, 5), triggers: [push('1')] }],
    ['v1beta2 that is a Job', asyncFunction({ ...MAX, workloadType: 'Job' }), { ...bound(undefined, 5), triggers: [ask] }],
    ['v1beta1 with a minimum of 0', old({ scaledObject: { minReplicaCount: 0 } }), { ...bound(0), triggers: [push('1')] }],
    ['v1beta1 with both bounds', old({ scaledObject: { minReplicaCount: 1, maxReplicaCount: 5 } }), { ...bound(1, 5), triggers: [push('1')] }],
    ['v1beta1 with a scaledJob', old({ scaledJob: { maxReplicaCount: 5 } }), { ...bound(undefined, 5), triggers: [ask] }],
  ])('of %s scales on its pending events, without a warning', (_, manifest, expected) => {
    const { fn, objects } = synthManifest(manifest);
    expect(scalerOf(objects)).toEqual(expected);
    expect(fn.report.warnings).toEqual([]);
  });

  const props = { name: 'fn', image: 'acme/fn:1', inputs: [FunctionInput.fromBinding(existing('queue', 'bindings.kafka'))] };

  test('of typed props does the same, with the target that is given', () => {
    const scaled = (more: object) => scalerOf(synthProps({ ...props, scaling: { minReplicas: 0, maxReplicas: 5 }, ...more }).objects);
    expect(scaled({})).toEqual({ ...bound(0, 5), triggers: [push('1')] });
    expect(scaled({ pendingEvents: { targetPerReplica: 7 } })).toEqual({ ...bound(0, 5), triggers: [push('7')] });
    expect(scaled({ workload: WorkloadKind.JOB })).toEqual({ ...bound(0, 5), triggers: [ask] });
    expect(scaled({ pendingEvents: { enabled: false } })).toBeUndefined();
  });

  test('without bounds and triggers has one replica and no scaler, unless something asks for one', () => {
    const { objects } = synthManifest(asyncFunction());
    expect([one(objects, 'Deployment', 'fn').spec?.replicas, scalerOf(objects)]).toEqual([1, undefined]);
    const expected = { pollingInterval: 10, triggers: [push('1')] };
    expect(synth(asyncFunction(), { pendingEvents: {} })).toEqual(expected);
    expect(synth(asyncFunction(ON))).toEqual(expected);
    expect(synth(asyncFunction(), { settings: { pendingEvents: { enabled: true } } })).toEqual(expected);
  });

  test('that nothing triggers is not put to sleep by its bounds', () => {
    const outputs = [{ name: 'out', component: 'queue' }];
    expect(synth(old({ scaledObject: { maxReplicaCount: 5 } }, { inputs: [], outputs }))).toBeUndefined();
  });
});

describe('scaling on pending events', () => {
  test.each<[string, object, SynthOptions]>([
    ['the option', {}, { pendingEvents: { enabled: false } }],
    ['the annotation', OFF, {}],
    ['the platform', {}, { settings: { pendingEvents: { enabled: false } } }],
  ])('is off by %s: one replica runs, and the bound is reported', (_, serving, options) => {
    const { fn, objects } = synthManifest(asyncFunction({ ...MIN, ...serving }), options);
    expect([one(objects, 'Deployment', 'fn').spec?.replicas, scalerOf(objects)]).toEqual([1, undefined]);
    expect(fn.report.warnings).toEqual([
      'warning: serving.scaleOptions.minReplicas: 0 has no effect without KEDA triggers, since scaling on pending events is off: one replica runs',
    ]);
  });

  test.each<[string, object, SynthOptions]>([
    ['the option', {}, { pendingEvents: { enabled: false } }],
    ['the annotation', OFF, {}],
    ['the platform', {}, { settings: { pendingEvents: { enabled: false } } }],
  ])('is off by %s beside KEDA triggers too', (_, serving, options) => {
    expect(synth(asyncFunction({ ...TRIGGERED, ...serving }), options)).toEqual({ triggers: TRIGGERS });
  });

  const off: PlatformSettingsProps = { pendingEvents: { enabled: false, targetPerReplica: 4 } };

  test.each<[string, object, SynthOptions]>([
    ['the option over the annotation', { ...MIN, ...OFF }, { pendingEvents: { enabled: true, targetPerReplica: 4 } }],
    ['the option over the platform', MIN, { pendingEvents: { enabled: true }, settings: off }],
    ['the annotation over the platform', { ...MIN, ...ON }, { settings: off }],
  ])('is on by %s', (_, serving, options) => {
    expect(synth(asyncFunction(serving), options)).toEqual({ ...bound(0), triggers: [push('4')] });
  });

  test('takes fields that only the platform gives', () => {
    const settings: PlatformSettingsProps = { pendingEvents: { targetPerReplica: 4 } };
    expect(synth(asyncFunction(MIN), { settings, pendingEvents: { activation: 0 } })).toEqual({ ...bound(0), triggers: [push('4')] });
    expect(synth(asyncFunction(), { settings })).toBeUndefined();
  });
});

describe('the annotation', () => {
  test.each([['yes'], [''], ['Off']])('may not be %j', (value) => {
    expect(problemsOf(asyncFunction({ annotations: { [ANNOTATION]: value } }))[0]).toMatch(
      new RegExp(`^serving\\.annotations\\["openfunction\\.io/pending-events"\\]: "${value}" is not one of "on", "off"`));
  });

  test('unquoted is a boolean, which has a message of its own', () => {
    expect(problemsOf(asyncFunction({ annotations: { [ANNOTATION]: false } }))).toEqual([
      'serving.annotations["openfunction.io/pending-events"]: is the boolean false; write "on" or "off", in quotes',
    ]);
  });
});

describe('where events do not go through the proxy', () => {
  test.each([
    ['the option', SIDECAR, { pendingEvents: {} }, 'pendingEvents'],
    ['the annotation', { annotations: { ...SIDECAR.annotations, ...ON.annotations } }, {}, `serving.annotations["${ANNOTATION}"]`],
  ])('%s that asks for it is an error', (_, serving, options, path) => {
    expect(() => synthManifest(asyncFunction(serving), options)).toThrow(
      `${path}: scaling on pending events needs the dapr-proxy, which sees them; this function's Dapr mode is "sidecar"`);
  });

  test.each([
    ['off by the option', SIDECAR, { pendingEvents: { enabled: false } }],
    ['off by the annotation', { annotations: { ...SIDECAR.annotations, ...OFF.annotations } }, {}],
    ['on by the platform', SIDECAR, { settings: { pendingEvents: { enabled: true } } }],
  ])('it may be %s, without a word', (_, serving, options) => {
    const { fn, objects } = synthManifest(asyncFunction(serving), options);
    expect([scalerOf(objects), fn.report.warnings]).toEqual([undefined, []]);
  });

  test('an HTTP function has its bounds for Knative, whatever the platform says', () => {
    const manifest = v1beta2({ ...MAX, outputs: [{ dapr: { name: 'web', type: 'bindings.http', operation: 'post' } }] });
    const { fn, objects } = synthManifest(manifest, { settings: { pendingEvents: { enabled: true } } });
    expect([scalerOf(objects), fn.report.warnings]).toEqual([undefined, []]);
    expect(one(objects, 'Service', 'fn').spec?.template.metadata.annotations['autoscaling.knative.dev/max-scale']).toBe('5');
  });
});
