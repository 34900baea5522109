import { App } from 'cdk8s';
import { DaprMode, HttpEngine, WorkloadKind } from '../src';
import { v1beta2 } from './support/functions';
import { problemsOf, quietly, synthChart, synthManifest, synthProps, thrownBy } from './support/synth';

const OUTPUT = { outputs: [{ dapr: { name: 'store', type: 'bindings.http' } }] };

describe('props that contradict each other are an error:', () => {
  test.each<[string, object, string[]]>([
    ['DaprMode.OFF beside the annotation', { dapr: DaprMode.OFF, annotations: { 'openfunction.io/enable-dapr': 'true' } },
      ['dapr: "off" contradicts the annotation openfunction.io/enable-dapr, which is "true"']],
    ['the mode beside its annotation', { dapr: DaprMode.SIDECAR, annotations: { 'openfunction.io/dapr-service-mode': 'standalone' } },
      ['dapr: "sidecar" contradicts the annotation openfunction.io/dapr-service-mode, which is "standalone"']],
    ['a mode beside Dapr turned off', { dapr: DaprMode.STANDALONE, annotations: { 'openfunction.io/enable-dapr': 'false' } },
      ['dapr: "standalone" contradicts the annotation openfunction.io/enable-dapr, which is "false"']],
  ])('%s', (_name, props, problems) => {
    expect(problemsOf(() => synthProps({ image: 'i', ...props }))).toEqual(problems);
  });

  test('the same thing said by both is none', () => {
    const annotations = { 'openfunction.io/enable-dapr': 'true', 'openfunction.io/dapr-service-mode': 'sidecar' };
    expect(synthProps({ image: 'i', dapr: DaprMode.SIDECAR, annotations }).fn.daprMode).toBe('sidecar');
  });
});

describe('problems of a function', () => {
  test('come together, each with path, value and what is allowed, sorted by path', () => {
    const props = { image: '', port: 70_000, http: { engine: 'kna' as HttpEngine }, scaling: { minReplicas: 3, maxReplicas: 2 }, workload: 'Pod' as WorkloadKind };
    expect(thrownBy(() => synthProps(props))).toBe([
      'chart/fn: 5 problems',
      '  http.engine: "kna" is not one of "knative", "keda"',
      '  image: must not be empty',
      '  port: 70000 is outside 1..65535',
      '  scaling.minReplicas: 3 is above the maximum of 2',
      '  workload: "Pod" is not one of "Deployment", "StatefulSet", "Job"',
    ].join('\n'));
  });

  test('with a name that is none are said once, not for all that is named after it', () => {
    const line = (name: string) => [`metadata.name: "${name}" is not a valid DNS-1035 label: lower-case letters, digits and "-", beginning with a letter and not ending with "-"`];
    expect(problemsOf(() => synthManifest(v1beta2(OUTPUT, {}, { name: 'Fn' })))).toEqual(line('Fn'));
  });

  test('in the namespace of props are said once', () => {
    expect(problemsOf(() => synthProps({ image: 'i', namespace: 'A_B' }))).toEqual([
      'namespace: "A_B" is not a valid DNS-1123 label: lower-case letters, digits and "-", beginning and ending with a letter or digit',
    ]);
  });

});

describe('warnings', () => {
  const untriggered = v1beta2({ triggers: { dapr: [{ name: 'elsewhere' }] } });
  const line = 'chart/fn: warning: serving.triggers.dapr[0].name: "elsewhere" is not defined by the function, so it refers to an existing component, '
    + 'taken as bindings, since it has no topic; say so with "type"';

  test('are printed once, however often the app is synthesized, and are in the report', () => {
    const { chart, fn, printed } = synthManifest(untriggered);
    quietly(() => synthChart(chart), printed);
    quietly(() => (chart.node.root as App).synthYaml(), printed);
    expect(printed).toEqual([line]);
    expect(fn.report.warnings).toEqual([line.replace('chart/fn: ', '')]);
  });

  test('are sorted by path, whichever check found them', () => {
    const { fn } = synthManifest(v1beta2({ outputs: [{ dapr: { name: 'x', topic: 't', type: 'state.redis' } }] }));
    expect(fn.report.warnings).toEqual([
      'warning: serving.outputs[0].dapr.name: "x" is a state, which FUNC_CONTEXT cannot show as an output; FUNC_CONTEXT_V1BETA2 has it',
      'warning: serving.outputs[0].dapr.topic: has no meaning for a state',
    ]);
  });

  test('are errors in strict mode, and nothing is printed', () => {
    const printed: string[] = [];
    const run = () => quietly(() => synthManifest(untriggered, { settings: { strict: true } }), printed);
    expect(thrownBy(run)).toBe(`chart/fn: 1 problem\n  ${line.replace('chart/fn: ', '')}`);
    expect(printed).toEqual([]);
  });

  test('can be made errors by the chart and allowed again for one function', () => {
    const { fn, printed } = synthManifest(untriggered, { settings: { strict: true }, platform: { strict: false } });
    expect(fn.report.warnings).toHaveLength(1);
    expect(printed).toEqual([line]);
  });
});
