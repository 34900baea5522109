// Scaling and timeouts that only typed props say (docs/spec M43a, M46b, M54a, M55a).
import { Duration } from 'cdk8s';
import {
  FunctionInput, FunctionScaling, HttpTrigger, KnativeAutoscaler, KnativeAutoscaling, KnativeMetric,
  OpenFunctionAppProps, WorkloadKind,
} from '../src';
import { existing } from './support/existing-component';
import { one, podTemplate, problemsOf, synthProps, Tree } from './support/synth';

const EVENTS = { inputs: [FunctionInput.fromBinding(existing('queue', 'bindings.kafka'))] };
const JOB = { ...EVENTS, workload: WorkloadKind.JOB };
const synth = (scaling: FunctionScaling, props: Partial<OpenFunctionAppProps> = {}) => (
  synthProps({ name: 'fn', image: 'i', ...props, scaling }));
const problems = (scaling: FunctionScaling, props: Partial<OpenFunctionAppProps> = {}) => problemsOf(() => synth(scaling, props));
const PAUSED = { 'autoscaling.keda.sh/paused': 'true' };

describe('idleReplicas, initialCooldownPeriod and paused', () => {
  const all = { idleReplicas: 0, initialCooldownPeriod: Duration.minutes(2), paused: true };

  test('are fields and an annotation of the ScaledObject', () => {
    const { metadata, spec } = one(synth({ minReplicas: 1, ...all }, EVENTS).objects, 'ScaledObject');
    expect(metadata.annotations).toEqual(PAUSED);
    expect([spec?.minReplicaCount, spec?.idleReplicaCount, spec?.initialCooldownPeriod]).toEqual([1, 0, 120]);
  });

  test('leave nothing behind where a function is not paused', () => {
    expect(one(synth({ minReplicas: 1, paused: false }, EVENTS).objects, 'ScaledObject').metadata.annotations).toBeUndefined();
  });

  test('pause a ScaledJob, which has no use for the others', () => {
    const { fn, objects } = synth({ maxReplicas: 2, ...all }, JOB);
    expect(one(objects, 'ScaledJob').metadata.annotations).toEqual(PAUSED);
    expect(fn.report.warnings).toEqual([
      'warning: scaling.idleReplicas: has no effect on a Job', 'warning: scaling.initialCooldownPeriod: has no effect on a Job',
    ]);
  });

  test('are warnings where nothing scales', () => {
    const off = { ...EVENTS, pendingEvents: { enabled: false } };
    const why = 'has no effect without KEDA triggers, since scaling on pending events is off';
    expect(synth({ paused: true, initialCooldownPeriod: Duration.seconds(1) }, off).fn.report.warnings).toEqual([
      `warning: scaling.initialCooldownPeriod: ${why}`, `warning: scaling.paused: ${why}`,
    ]);
    expect(synth({ paused: true }).fn.report.warnings).toEqual(['warning: scaling.paused: has no effect on a Knative Service']);
  });

  test('are checked as KEDA checks them', () => {
    expect(problems({ minReplicas: 1, idleReplicas: 1 }, EVENTS)).toEqual(['scaling.idleReplicas: 1 is not below minReplicas, which is 1']);
    expect(problems({ maxReplicas: 1, idleReplicas: 0 }, EVENTS)).toEqual(['scaling.idleReplicas: 0 is not below minReplicas, which is 0']);
    expect(problems({ minReplicas: 1, idleReplicas: -1, initialCooldownPeriod: Duration.millis(5) }, EVENTS)).toEqual([
      'scaling.idleReplicas: -1 is outside 0..2147483647', 'scaling.initialCooldownPeriod: must be an integer, got 0.005',
    ]);
  });
});

describe('limits of a Job', () => {
  const job = { backoffLimit: 2, ttlAfterFinished: Duration.hours(1), activeDeadline: Duration.minutes(5) };
  const limits = { backoffLimit: 2, ttlSecondsAfterFinished: 3600, activeDeadlineSeconds: 300 };

  test('are those of the Job that KEDA makes, and of one without KEDA', () => {
    const spec = one(synth({ maxReplicas: 2, job }, JOB).objects, 'ScaledJob').spec;
    expect({ ...spec?.jobTargetRef, template: undefined }).toEqual({ ...limits, template: undefined });
    expect({ ...one(synth({ job }, JOB).objects, 'Job').spec, template: undefined }).toEqual({ ...limits, template: undefined });
  });

  test('are checked as Kubernetes checks them', () => {
    const wrong = { backoffLimit: -1, ttlAfterFinished: Duration.millis(500), activeDeadline: Duration.seconds(0) };
    expect(problems({ job: wrong }, JOB)).toEqual([
      'scaling.job.activeDeadline: 0 is outside 1..2147483647',
      'scaling.job.backoffLimit: -1 is outside 0..2147483647',
      'scaling.job.ttlAfterFinished: must be an integer, got 0.5',
    ]);
  });
});

describe('knativeAutoscaling', () => {
  const annotations = (knativeAutoscaling: KnativeAutoscaling, knative = {}) => {
    const { metadata, spec } = podTemplate(synth({ knativeAutoscaling, knative }).objects, 'fn');
    const found = Object.entries(metadata.annotations).filter(([key]) => key.startsWith('autoscaling.knative.dev/'));
    return [Object.fromEntries(found.map(([key, value]) => [key.split('/')[1], value])), (spec as Tree).containerConcurrency];
  };

  test('becomes the annotations of the revision', () => {
    expect(annotations({
      autoscaler: KnativeAutoscaler.KPA, metric: KnativeMetric.RPS, target: 150, targetUtilization: 80, containerConcurrency: 10,
      window: Duration.minutes(2), scaleDownDelay: Duration.minutes(15), scaleToZeroPodRetention: Duration.millis(1500),
      initialScale: 3, activationScale: 2,
    })).toEqual([{
      'class': 'kpa.autoscaling.knative.dev',
      'metric': 'rps',
      'target': '150',
      'target-utilization-percentage': '80',
      'container-concurrency': '10',
      'window': '120s',
      'scale-down-delay': '900s',
      'scale-to-zero-pod-retention-period': '1.5s',
      'initial-scale': '3',
      'activation-scale': '2',
    }, 10]);
  });

  test.each([KnativeMetric.CPU, KnativeMetric.MEMORY])('takes the HPA for %s, which the KPA does not measure', (metric) => {
    expect(annotations({ metric })).toEqual([{ metric, class: 'hpa.autoscaling.knative.dev' }, undefined]);
    expect(problems({ knativeAutoscaling: { metric, autoscaler: KnativeAutoscaler.KPA } })).toEqual([
      `scaling.knativeAutoscaling.metric: "${metric}" is not one of "concurrency", "rps"`,
    ]);
  });

  test('is added beside other annotations, and contradicts none', () => {
    expect(annotations({ target: 5 }, { 'autoscaling.knative.dev/window': '60s' })[0]).toEqual({ target: '5', window: '60s' });
    expect(problems({ knativeAutoscaling: { target: 5 }, knative: { 'autoscaling.knative.dev/target': '6' } })).toEqual([
      'scaling.knativeAutoscaling.target: "5" contradicts autoscaling.knative.dev/target of scaling.knative, which is "6"',
    ]);
  });

  test('is checked as Knative checks it, in the words of the props', () => {
    expect(problems({ knativeAutoscaling: {
      autoscaler: 'kpa' as KnativeAutoscaler, target: 0, targetUtilization: 101, containerConcurrency: 1001, window: Duration.seconds(5),
      activationScale: 1, initialScale: -1, scaleDownDelay: Duration.hours(2),
    } })).toEqual([
      'scaling.knativeAutoscaling.activationScale: "1" is not a number of replicas of 2 or more',
      'scaling.knativeAutoscaling.autoscaler: "kpa" is not one of "kpa.autoscaling.knative.dev", "hpa.autoscaling.knative.dev"',
      'scaling.knativeAutoscaling.containerConcurrency: "1001" is not an integer from 0 to 1000',
      'scaling.knativeAutoscaling.initialScale: "-1" is not a number of replicas of 0 or more',
      'scaling.knativeAutoscaling.scaleDownDelay: "7200s" is outside 0s..1h',
      'scaling.knativeAutoscaling.target: "0" is not a number of 0.01 or more',
      'scaling.knativeAutoscaling.targetUtilization: "101" is outside 1..100',
      'scaling.knativeAutoscaling.window: "5s" is outside 6s..1h',
    ]);
  });

  test('is a warning where Knative does not scale', () => {
    const { fn } = synth({ minReplicas: 0, knativeAutoscaling: { target: 5 } }, EVENTS);
    expect(fn.report.warnings).toEqual(['warning: scaling.knativeAutoscaling: has no effect on an async function']);
  });
});

describe('requestTimeout and responseStartTimeout', () => {
  const http = (trigger: HttpTrigger) => synthProps({ name: 'fn', image: 'i', http: trigger });
  const seconds = (requestTimeout: number, responseStartTimeout: number) => http({
    requestTimeout: Duration.seconds(requestTimeout), responseStartTimeout: Duration.seconds(responseStartTimeout),
  });

  test('are timeouts of the revision', () => {
    const { spec } = podTemplate(seconds(600, 20).objects, 'fn');
    expect([spec.timeoutSeconds, spec.responseStartTimeoutSeconds]).toEqual([600, 20]);
  });

  test('are in order, and within what a stock Knative allows', () => {
    expect(problemsOf(() => seconds(0, 20))).toEqual([
      'http.requestTimeout: 0 is outside 1..2147483647', 'http.responseStartTimeout: 20 s is above the 0 s for the whole answer',
    ]);
    expect(problemsOf(() => http({ responseStartTimeout: Duration.seconds(301) }))).toEqual([
      'http.responseStartTimeout: 301 s is above the 300 s for the whole answer',
    ]);
    expect(seconds(601, 600).fn.report.warnings).toEqual([
      'warning: http.requestTimeout: 601 s is above the 600 s that a stock Knative allows',
    ]);
  });
});
