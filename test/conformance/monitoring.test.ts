// The Prometheus operator's own definitions take what FunctionMonitoring emits, and refuse mistakes in it.
import { App, Chart, Duration } from 'cdk8s';
import { ApiServerJudge } from './judges/apiserver';
import { tally, tallyBroken } from './support/tally';
import { VERSIONS } from './versions';
import { FunctionMonitoring, FunctionMonitoringProps } from '../../src';
import { startApiServer, type KubeObject, type RunningApiServer } from '../testbed';

const JUDGE = 'Prometheus operator CRDs';
const CRDS = {
  module: 'github.com/prometheus-operator/prometheus-operator',
  version: `v${VERSIONS.prometheusOperator}`,
  folder: 'example/prometheus-operator-crd',
};

let server: RunningApiServer;
let judge: ApiServerJudge;
beforeAll(async () => {
  server = await startApiServer({ crds: [CRDS] });
  judge = new ApiServerJudge(server.client);
});
afterAll(() => server.stop());

const objectsOf = (props?: FunctionMonitoringProps): KubeObject[] => (
  new FunctionMonitoring(new Chart(new App(), 'chart', { namespace: 'watch' }), 'monitoring', props).apiObjects
    .map((object) => object.toJson() as KubeObject));

test.each<[string, FunctionMonitoringProps]>([
  ['without options', {}],
  ['with every option', {
    namespace: 'observe', functionNamespaces: ['shop', 'bakery'], labels: { release: 'prometheus' }, interval: Duration.minutes(1),
    dashboardLabels: { dashboards: 'yes' },
  }],
  ['with the longest interval', { interval: Duration.hours(1) }],
  ['with the shortest interval', { interval: Duration.seconds(1) }],
])('monitoring %s is accepted, stored as sent, and in sync', async (_, props) => {
  const objects = objectsOf(props);
  const problems = await judge.applyAndCompare(objects);
  await judge.remove(objects);
  tally(JUDGE, 'own', problems);
  expect([objects.map(({ kind }) => kind), problems]).toEqual([['PodMonitor', 'PodMonitor', 'PrometheusRule', 'ConfigMap'], []]);
});

/** Whatever the object has at a path, replaced. */
function changed(index: number, path: readonly (string | number)[], value: unknown): KubeObject {
  const object = structuredClone(objectsOf()[index]) as unknown as Record<string | number, unknown>;
  const parent = path.slice(0, -1).reduce((at, key) => at[key] as Record<string | number, unknown>, object);
  parent[path.at(-1)!] = value;
  return object as unknown as KubeObject;
}

test.each<[string, KubeObject, string]>([
  ['a field that does not exist', changed(0, ['spec', 'podMetricsEndpoint'], []), '.spec.podMetricsEndpoint: field not declared in schema'],
  ['an interval that Prometheus cannot read', changed(0, ['spec', 'podMetricsEndpoints', 0, 'interval'], '30 s'), 'spec.podMetricsEndpoints[0].interval'],
  ['an action that Prometheus does not have', changed(1, ['spec', 'podMetricsEndpoints', 0, 'relabelings', 0, 'action'], 'rename'), 'relabelings[0].action'],
  ['a rule without an expression', changed(2, ['spec', 'groups', 0, 'rules', 0, 'expr'], undefined), 'spec.groups[0].rules[0].expr'],
  ['a duration that Prometheus cannot read', changed(2, ['spec', 'groups', 0, 'rules', 0, 'for'], '5 minutes'), 'spec.groups[0].rules[0].for'],
])('refused: %s', async (_, object, says) => {
  const problems = await judge.applyAndCompare([object]);
  tallyBroken(JUDGE, problems);
  expect(problems.join('\n')).toContain(says);
});
