import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { App, Chart, Duration, Testing } from 'cdk8s';
import { FunctionMonitoring, FunctionMonitoringProps, OpenFunctionApp } from '../src';
import { ALERTS } from '../src/private/monitoring/alerts';
import { METRICS } from '../src/private/monitoring/metrics';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly data: Record<string, string>;
  readonly spec: { readonly namespaceSelector: object; readonly podMetricsEndpoints: { interval: string }[]; readonly groups: { rules: { alert: string }[] }[] };
}

function manifests(props?: FunctionMonitoringProps): Manifest[] {
  const monitoring = new FunctionMonitoring(new Chart(new App(), 'chart', { namespace: 'watch' }), 'monitoring', props);
  return monitoring.apiObjects.map((object) => object.toJson() as Manifest);
}

const relabelings = (label: string) => [{ action: 'replace', sourceLabels: [`__meta_kubernetes_pod_label_openfunction_io_${label}`], targetLabel: 'function' }];

test('two PodMonitors, a PrometheusRule and a dashboard, in the namespace of the chart', () => {
  const [proxies, sidecars, rule, dashboard, ...more] = manifests();
  expect(proxies).toEqual({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name: 'openfunction-dapr-proxies', namespace: 'watch', labels: { 'openfunction.io/managed': 'true' } },
    spec: {
      selector: { matchExpressions: [{ key: 'openfunction.io/proxy', operator: 'Exists' }] },
      namespaceSelector: { any: true },
      podMetricsEndpoints: [
        { port: 'admin', path: '/metrics', interval: '30s', relabelings: relabelings('proxy') },
        { port: 'dapr-metrics', path: '/metrics', interval: '30s', relabelings: relabelings('proxy') },
      ],
    },
  });
  expect(sidecars).toEqual({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name: 'openfunction-sidecars', namespace: 'watch', labels: { 'openfunction.io/managed': 'true' } },
    spec: {
      selector: { matchExpressions: [{ key: 'openfunction.io/serving', operator: 'Exists' }] },
      namespaceSelector: { any: true },
      podMetricsEndpoints: [{ port: 'dapr-metrics', path: '/metrics', interval: '30s', relabelings: relabelings('serving') }],
    },
  });
  expect([rule.kind, rule.metadata.name, rule.spec.groups[0].rules.map(({ alert }) => alert)])
    .toEqual(['PrometheusRule', 'openfunction-dapr-proxies', ALERTS.map(({ name }) => name)]);
  expect([dashboard.kind, dashboard.metadata.name, dashboard.metadata.labels])
    .toEqual(['ConfigMap', 'openfunction-dapr-proxies-dashboard', { 'openfunction.io/managed': 'true', 'grafana_dashboard': '1' }]);
  expect(more).toEqual([]);
});

test('namespaces, labels and interval are those of the props', () => {
  const [proxies, , rule, dashboard] = manifests({
    namespace: 'observe',
    functionNamespaces: ['shop', 'bakery'],
    labels: { release: 'prometheus' },
    interval: Duration.minutes(1),
    dashboardLabels: { dashboards: 'yes' },
  });
  expect(proxies.metadata).toEqual({ name: 'openfunction-dapr-proxies', namespace: 'observe', labels: { 'openfunction.io/managed': 'true', 'release': 'prometheus' } });
  expect(proxies.spec.namespaceSelector).toEqual({ matchNames: ['bakery', 'shop'] });
  expect(proxies.spec.podMetricsEndpoints.map(({ interval }) => interval)).toEqual(['60s', '60s']);
  expect(rule.metadata.labels.release).toBe('prometheus');
  expect(dashboard.metadata.labels).toEqual({ 'openfunction.io/managed': 'true', 'dashboards': 'yes' });
});

test('alerts and dashboard can be left out', () => {
  expect(manifests({ alerts: false, dashboard: false }).map(({ kind }) => kind)).toEqual(['PodMonitor', 'PodMonitor']);
});

test('what Kubernetes or Prometheus would reject is told at synthesis, with the mistakes of functions', () => {
  const props = {
    namespace: 'Watch', functionNamespaces: [], labels: { 'a b': 'x y' }, interval: Duration.millis(500), alert: false,
  } as FunctionMonitoringProps;
  const chart = new Chart(new App(), 'chart');
  new FunctionMonitoring(chart, 'monitoring', props);
  new OpenFunctionApp(chart, 'hello', { image: 'acme/hello:1', port: 70000, namespace: 'shop' });
  expect(() => Testing.synth(chart)).toThrow(new Error([
    'chart/monitoring: 6 problems',
    '  alert: unknown prop; did you mean "alerts"?',
    '  functionNamespaces: is empty: no function would be watched',
    '  interval: 0.5 s is not a whole number of seconds from 1 to 3600',
    '  labels["a b"]: "a b" is not a valid key: a name of letters, digits, "-", "_" and "." with 63 characters at most, optionally after a DNS name and "/"',
    '  labels["a b"]: "x y" is not a valid label value: letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
    '  namespace: "Watch" is not a valid DNS-1123 label: lower-case letters, digits and "-", beginning and ending with a letter or digit',
    'chart/hello: 1 problem',
    '  port: 70000 is outside 1..65535',
  ].join('\n')));
});

test('two in one namespace are refused, each with the place of the other', () => {
  const app = new App();
  const chart = new Chart(app, 'chart', { namespace: 'watch' });
  new FunctionMonitoring(chart, 'one', { dashboard: false, alerts: false });
  new FunctionMonitoring(new Chart(app, 'other'), 'two', { namespace: 'watch', dashboard: false, alerts: false });
  expect(() => Testing.synth(chart)).toThrow(new Error([
    'chart/one: 2 problems',
    '  namespace: PodMonitor watch/openfunction-dapr-proxies is claimed by other/two too; names must differ',
    '  namespace: PodMonitor watch/openfunction-sidecars is claimed by other/two too; names must differ',
    'other/two: 2 problems',
    '  namespace: PodMonitor watch/openfunction-dapr-proxies is claimed by chart/one too; names must differ',
    '  namespace: PodMonitor watch/openfunction-sidecars is claimed by chart/one too; names must differ',
  ].join('\n')));
});

test('the dashboard has a panel for each metric, in a grid without gaps', () => {
  const board = JSON.parse(manifests()[3].data['openfunction-dapr-proxies.json']) as { panels: { description: string; gridPos: Record<string, number>; targets: { expr: string }[] }[] };
  expect(board.panels.map(({ description }) => description.split(':')[0])).toEqual(Object.keys(METRICS));
  expect(board.panels.slice(0, 3).map(({ gridPos }) => gridPos)).toEqual([{ x: 0, y: 0, w: 12, h: 8 }, { x: 12, y: 0, w: 12, h: 8 }, { x: 0, y: 8, w: 12, h: 8 }]);
  expect([0, 1, 3].map((index) => board.panels[index].targets[0].expr)).toEqual([
    'sum by (namespace, function, outcome) (rate(dapr_proxy_events_total{namespace=~"$namespace",function=~"$function"}[$__rate_interval]))',
    'sum by (namespace, function) (dapr_proxy_waiting{namespace=~"$namespace",function=~"$function"})',
    'histogram_quantile(0.95, sum by (namespace, function, kind, le) (rate(dapr_proxy_wait_seconds_bucket{namespace=~"$namespace",function=~"$function"}[$__rate_interval])))',
  ]);
});

describe('the table of metrics', () => {
  const folder = path.join(__dirname, '..', 'proxy', 'src', 'observe');
  const source = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n');

  test('has the metrics of the proxy, all of them and no other', () => {
    const names = new Set([...source.matchAll(/'((?:dapr_proxy|process)_[a-z_]+)'/g)].map(([, name]) => name));
    expect(Object.keys(METRICS).sort()).toEqual([...names].sort());
  });

  test.each(Object.entries(METRICS))('says of %s what the proxy says', (name, { type, help }) => {
    const makers: Record<string, RegExp> = { histogram: /histograms\('(\w+)'/g, counter: /(?:counters|section)\('(\w+_total)'/g, gauge: /(?:gauge|section)\('(\w+(?<!_total))'/g };
    expect([...source.matchAll(makers[type])].map(([, made]) => made)).toContain(name);
    expect(source).toContain(`'${help}'`);
  });

  test('is where alerts take their metrics from', () => {
    const used = ALERTS.flatMap(({ expr }) => expr.match(/\b(?:dapr_proxy|process)_\w+/g) ?? []);
    expect([...new Set(used)].filter((name) => !(name in METRICS))).toEqual([]);
  });
});
