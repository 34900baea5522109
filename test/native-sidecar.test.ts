// Sidecars of Kubernetes' own kind, which end when the other containers have (docs/spec M61).
import { Duration } from 'cdk8s';
import { DaprMode, FunctionInput, OpenFunctionAppProps, PlatformTargets, WorkloadKind } from '../src';
import { existing } from './support/existing-component';
import { asyncFunction } from './support/functions';
import { podTemplate, problemsOf, synthManifest, synthProps } from './support/synth';

const NATIVE = 'dapr.io/enable-native-sidecar';
const SIDECAR = { inputs: [FunctionInput.fromTopic(existing('events', 'pubsub.kafka'), 'orders')], dapr: DaprMode.SIDECAR };
const synth = (props: Partial<OpenFunctionAppProps>, targets: PlatformTargets = {}) =>
  synthProps({ name: 'fn', image: 'acme/fn:1', ...SIDECAR, ...props }, { settings: { targets } });
const said = (...given: Parameters<typeof synth>) => {
  const { fn, objects } = synth(...given);
  return { native: podTemplate(objects, 'fn').metadata.annotations[NATIVE], warnings: fn.report.warnings, notes: fn.report.notes, prerequisites: fn.report.prerequisites };
};
const UNFED = 'inputs[0].topic: nothing here publishes to the topic "orders" of "events"';
const ENDS = 'a Job with a sidecar ends only when the function shuts the sidecar down, and Dapr makes no Service for it';
const NEEDS = 'needs Dapr 1.18 and Kubernetes 1.29, and the targets are';

describe('the sidecar of a Job', () => {
  const JOB = { workload: WorkloadKind.JOB };

  test.each<[string, Partial<OpenFunctionAppProps>]>([
    ['a Job', JOB],
    ['a ScaledJob', { ...JOB, scaling: { triggers: [{ triggerType: 'cron', metadata: { timezone: 'UTC', start: '0 6 * * *', end: '0 8 * * *', desiredReplicas: '2' } }] } }],
  ])('is native by default, with the reason in the report: %s', (_what, props) => {
    const { native, warnings, notes, prerequisites } = said(props);
    expect([native, warnings, notes]).toEqual(['true', [], [
      'the sidecar is a native one, since the targets are Dapr 1.18 and Kubernetes 1.35: the Job ends with the function, and Dapr makes no Service for it',
      UNFED,
    ]]);
    expect(prerequisites).toEqual(expect.arrayContaining(['Dapr 1.18 or later with its sidecar injector', 'Kubernetes 1.29 or later, for native sidecars']));
  });

  test.each<[PlatformTargets, string]>([
    [{ dapr: '1.17' }, 'Dapr 1.17 and Kubernetes 1.35'], [{ kubernetes: '1.28' }, 'Dapr 1.18 and Kubernetes 1.28'],
  ])('is not where a target lacks it, which is a warning: %j', (targets, named) => {
    const { native, warnings, notes, prerequisites } = said(JOB, targets);
    expect([native, warnings, notes]).toEqual([undefined, [`warning: workload: ${ENDS}; a native sidecar, which ends by itself, ${NEEDS} ${named}`], [UNFED]]);
    expect(prerequisites).toContain('Dapr 1.16 or later with its sidecar injector');
  });

  test('is not where the function says so, which is a warning', () => {
    expect(said({ ...JOB, nativeSidecar: false })).toMatchObject({ native: 'false', warnings: [`warning: workload: ${ENDS}`], notes: [UNFED] });
    const manifest = asyncFunction({ workloadType: 'Job', annotations: { 'openfunction.io/dapr-service-mode': 'sidecar', [NATIVE]: 'no' } });
    const { fn, objects } = synthManifest(manifest);
    expect([podTemplate(objects, 'fn').metadata.annotations[NATIVE], fn.report.warnings]).toEqual(['no', [`warning: serving.workloadType: ${ENDS}`]]);
  });

  test('is none behind the dapr-proxy', () => {
    expect(said({ ...JOB, dapr: DaprMode.STANDALONE })).toMatchObject({ native: undefined, warnings: [], notes: [UNFED] });
  });
});

describe('a sidecar elsewhere', () => {
  test('is what Dapr\'s installation says unless the function asks for one', () => {
    expect(said({})).toMatchObject({ native: undefined, notes: [UNFED] });
    expect(said({ nativeSidecar: true })).toMatchObject({ native: 'true', notes: ['the sidecar is a native one, since the targets are Dapr 1.18 and Kubernetes 1.35', UNFED] });
    expect(said({ nativeSidecar: false }).native).toBe('false');
  });

  test('cannot be native where a target lacks it', () => {
    expect(problemsOf(() => synth({ nativeSidecar: true }, { dapr: '1.16' }))).toEqual([`nativeSidecar: ${NEEDS} Dapr 1.16 and Kubernetes 1.35`]);
    const annotations = { 'openfunction.io/dapr-service-mode': 'sidecar', [NATIVE]: 'true' };
    expect(problemsOf(() => synthManifest(asyncFunction({ annotations }), { settings: { targets: { dapr: '1.17' } } }))).toEqual([
      `serving.annotations["${NATIVE}"]: ${NEEDS} Dapr 1.17 and Kubernetes 1.35`,
    ]);
  });

  test('that there is none is a warning', () => {
    expect(said({ dapr: DaprMode.OFF, inputs: [], nativeSidecar: true }).warnings).toEqual([
      'warning: nativeSidecar: has no effect on a function whose Dapr mode is "off", since its pods have no sidecar',
    ]);
  });

  test('stops after the function, so that a drain timeout blocks nothing', () => {
    const drained = (nativeSidecar: boolean) => {
      const { metadata, spec } = podTemplate(synth({ nativeSidecar, drainTimeout: Duration.seconds(40) }).objects, 'fn');
      return [metadata.annotations['dapr.io/block-shutdown-duration'], metadata.annotations['dapr.io/graceful-shutdown-seconds'], spec.terminationGracePeriodSeconds];
    };
    expect(drained(false)).toEqual(['5s', '35', 85]);
    expect(drained(true)).toEqual(['0s', '40', 85]);
  });
});
