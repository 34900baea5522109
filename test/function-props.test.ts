// Typed props and what is wrong with them, in their own words (docs/spec M15, M30, M50).
import { DaprMode, FunctionInput, FunctionOutput, OpenFunctionAppProps, WorkloadKind } from '../src';
import { existing } from './support/existing-component';
import { problemsOf, synthProps } from './support/synth';

type Props = Partial<OpenFunctionAppProps>;
const EVENTS = { inputs: [FunctionInput.fromBinding(existing('queue', 'bindings.kafka'))] };
const problems = (props: Props) => problemsOf(() => synthProps({ image: 'i', ...props }));
const warnings = (props: Props) => synthProps({ image: 'i', ...props }).fn.report.warnings;

describe('problems of typed props have the paths of the props', () => {
  const name = 'a'.repeat(64);
  const label = 'is not a valid label value: letters, digits, "-", "_" and ".", beginning and ending with a letter or digit';
  test.each<[string, Props, string[]]>([
    ['names', { name, namespace: 'a'.repeat(64) }, [
      `name: ${JSON.stringify(name)} has 64 characters, 63 are allowed`,
      `namespace: ${JSON.stringify(name)} has 64 characters, 63 are allowed`,
    ]],
    ['words', { workload: 'Pod' as WorkloadKind, hooks: { policy: 'no' as never }, ...EVENTS }, [
      'hooks.policy: "no" is not one of "Append", "Override"',
      'workload: "Pod" is not one of "Deployment", "StatefulSet", "Job"',
    ]],
    ['maps', { env: { FUNC_CONTEXT: '' }, labels: { team: '-' } }, [
      'env.FUNC_CONTEXT: "FUNC_CONTEXT" is set by the library; choose another name',
      `labels.team: "-" ${label}`,
    ]],
    ['outputs', { outputs: [FunctionOutput.toBinding(existing('q', 'bindings.cron'))] }, [
      'outputs[0].component: "bindings.cron" is an input binding, which nothing can be sent to',
    ]],
    ['scaling', { scaling: { minReplicas: 3, maxReplicas: 2, triggers: [{ triggerType: 'kafka', metadata: {} }] }, ...EVENTS }, [
      'scaling.minReplicas: 3 is above the maximum of 2',
      'scaling.triggers[0].metadata: "bootstrapServers" is missing; the kafka scaler needs it',
      'scaling.triggers[0].metadata: "consumerGroup" is missing; the kafka scaler needs it',
    ]],
  ])('%s', (_what, props, expected) => {
    expect(problems(props)).toEqual(expected);
  });

  test('inputs by their index among all inputs', () => {
    const inputs = [
      FunctionInput.fromState(existing('cart', 'state.redis')),
      FunctionInput.fromTopic(existing('bus', 'pubsub.kafka'), ''),
    ];
    expect(problems({ inputs })).toEqual(['inputs[1].topic: is missing; "bus" is a pub/sub component, so give a topic of it']);
  });
});

describe('port', () => {
  test.each([{}, EVENTS])('is a port that neither Dapr has nor an annotation contradicts, with %j', (props) => {
    for (const port of [0, 65_536]) expect(problems({ port, ...props })).toEqual([`port: ${port} is outside 1..65535`]);
    expect(problems({ port: 80.5, ...props })).toEqual(['port: must be an integer, got 80.5']);
    expect(problems({ port: 3500, dapr: DaprMode.SIDECAR, ...props })).toEqual([
      'port: 3500 is a port of Dapr in the same pod, as are 3500, 3501, 50001, 50002',
    ]);
  });

  test('contradicts another one in its annotation', () => {
    const contradictory = { port: 9000, annotations: { 'dapr.io/app-port': '9001' } };
    expect(problems(contradictory)).toEqual([
      'annotations["dapr.io/app-port"]: "9001" is not the port of the function, 9000; leave the annotation out',
    ]);
    expect(problems({ ...contradictory, ...EVENTS })).toEqual([
      'port: 9000 contradicts the annotation dapr.io/app-port, which is "9001"',
    ]);
    expect(warnings({ port: 9000, annotations: { 'dapr.io/app-port': '9000' }, ...EVENTS })).toEqual([]);
  });
});
