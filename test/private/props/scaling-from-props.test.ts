// The prop `scaling`: what a workload has no use for is said, not dropped, and the rest stays.
import { Duration } from 'cdk8s';
import { FunctionScaling, HttpEngine, OpenFunctionAppProps, WorkloadKind, FunctionInput, DaprMode, KedaMetricType } from '../../../src';
import { formatProblem } from '../../../src/private/problem/problem';
import { intakeFromManifest } from '../../../src/private/tree/intake';
import { existing } from '../../support/existing-component';
import { v1beta2 } from '../../support/functions';
import { all, one, problemsOf, synthProps } from '../../support/synth';

const EVENTS = { inputs: [FunctionInput.fromBinding(existing('q', 'bindings.kafka'))], dapr: DaprMode.OFF };
const TRIGGERS = [{ triggerType: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }];
const EVERYTHING: FunctionScaling = {
  pollingInterval: Duration.seconds(20),
  cooldownPeriod: Duration.minutes(1),
  advanced: { restoreToOriginalReplicaCount: true },
  fallback: { failureThreshold: 3, replicas: 2 },
  job: { failedJobsHistoryLimit: 4 },
  targetPendingRequests: 5,
};
const scaled = (props: Partial<OpenFunctionAppProps>, scaling: FunctionScaling) => synthProps({ name: 'fn', image: 'i', ...props, scaling });
const unused = (workload: string, ...fields: string[]) => fields.map((field) => `warning: scaling.${field}: has no effect on ${workload}`);

test('an async function uses timing, advanced and fallback, beside anything else', () => {
  const { fn, objects } = scaled(EVENTS, { ...EVERYTHING, triggers: [{ ...TRIGGERS[0], metricType: KedaMetricType.AVERAGE_VALUE }] });
  expect(fn.report.warnings).toEqual([...unused('an async function that is not a Job', 'job'), ...unused('an async function', 'targetPendingRequests')]);
  expect(one(objects, 'ScaledObject').spec).toMatchObject({
    pollingInterval: 20, cooldownPeriod: 60, advanced: { restoreToOriginalReplicaCount: true }, fallback: { failureThreshold: 3, replicas: 2 },
  });
});

test('a Job uses the polling interval and its own options', () => {
  const { fn, objects } = scaled({ ...EVENTS, workload: WorkloadKind.JOB }, { ...EVERYTHING, triggers: TRIGGERS });
  expect(fn.report.warnings).toEqual(unused('a Job', 'advanced', 'cooldownPeriod', 'fallback', 'targetPendingRequests'));
  expect(one(objects, 'ScaledJob').spec).toMatchObject({ pollingInterval: 20, failedJobsHistoryLimit: 4 });
});

test('an HTTP function of engine keda uses the cool-down and the target', () => {
  const { fn, objects } = scaled({ http: { engine: HttpEngine.KEDA } }, EVERYTHING);
  expect(fn.report.warnings).toEqual(unused('an HTTP function', 'advanced', 'fallback', 'job', 'pollingInterval'));
  expect(one(objects, 'ScaledObject').spec).toMatchObject({ cooldownPeriod: 60 });
  expect(one(objects, 'InterceptorRoute').spec).toMatchObject({ scalingMetric: { concurrency: { targetValue: 5 } } });
});

test.each<[string, Partial<OpenFunctionAppProps>]>([
  ['that says so', { http: {} }],
  ['without any trigger', {}],
  ['that only reads a state', { inputs: [FunctionInput.fromState(existing('s', 'state.redis'))], dapr: DaprMode.OFF }],
])('a Knative function %s uses none of it', (_which, props) => {
  const { fn, objects } = scaled(props, EVERYTHING);
  expect(fn.report.warnings).toEqual(unused('a Knative Service', ...Object.keys(EVERYTHING).sort()));
  expect(all(objects, 'ScaledObject')).toEqual([]);
});

test('durations that are not whole seconds are a problem like any other', () => {
  expect(problemsOf(() => scaled(EVENTS, { pollingInterval: Duration.millis(1500), cooldownPeriod: Duration.millis(20), triggers: TRIGGERS }))).toEqual([
    'scaling.cooldownPeriod: must be an integer, got 0.02',
    'scaling.pollingInterval: must be an integer, got 1.5',
  ]);
});

test.each<[WorkloadKind | undefined, string]>([[undefined, 'scaledObject'], [WorkloadKind.JOB, 'scaledJob']])(
  'a polling interval of 0, which KEDA refuses, is a problem of the workload %s, in typed props and in YAML', (workload, block) => {
    expect(problemsOf(() => scaled({ ...EVENTS, workload }, { pollingInterval: Duration.seconds(0), triggers: TRIGGERS }))).toEqual([
      'scaling.pollingInterval: 0 is outside 1..2147483647',
    ]);
    const { problems } = intakeFromManifest(v1beta2({ scaleOptions: { keda: { [block]: { pollingInterval: 0 } } } }), {});
    expect(problems.map(formatProblem)).toContain(`serving.scaleOptions.keda.${block}.pollingInterval: 0 is outside 1..2147483647`);
  });

test('an annotation of Knative in two places that differ is a warning in the paths of the props', () => {
  const twice = (props: Partial<OpenFunctionAppProps>, scaling: FunctionScaling) => scaled(props, scaling).fn.report.warnings;
  const [MIN, TARGET] = ['autoscaling.knative.dev/min-scale', 'autoscaling.knative.dev/target'];
  expect(twice({ annotations: { [MIN]: '1', [TARGET]: '50' } }, { minReplicas: 2, knative: { [TARGET]: '60' } })).toEqual([
    `warning: scaling.knative["${TARGET}"]: ${TARGET} is "60" here and "50" elsewhere; "60" applies`,
    `warning: scaling.minReplicas: ${MIN} is "2" here and "1" elsewhere; "2" applies`,
  ]);
});

test('a name in the place of an authentication is refused, not emitted without one', () => {
  expect(problemsOf(() => scaled(EVENTS, { triggers: [{ ...TRIGGERS[0], authentication: 'login' as never }] }))).toEqual([
    'scaling.triggers[0].authentication: must be a TriggerAuthentication, or what its fromName or fromClusterName gives, got "login"',
  ]);
});
