// The command monitoring: what the construct makes, from options, and what it says of options that are wrong.
import { App, Chart, Duration } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { FunctionMonitoring, FunctionMonitoringProps } from '../../src';
import { command } from '../support/command-line';

const monitoring = (...argv: string[]) => command('monitoring', ...argv);
const parsed = (text: string): unknown[] => parseAllDocuments(text).map((document) => document.toJS() as unknown);
const made = (props: FunctionMonitoringProps): unknown[] => (
  new FunctionMonitoring(new Chart(new App(), 'chart'), 'monitoring', props).apiObjects.map((object) => object.toJson() as unknown));

test('monitoring prints the objects of the construct in the given namespace', async () => {
  const { code, out, err } = await monitoring('-n', 'watch');
  expect([code, err]).toEqual([0, '']);
  expect(parsed(out)).toEqual(made({ namespace: 'watch' }));
});

test('namespaces, labels, the interval and what is left out come from options', async () => {
  const { code, out, err } = await monitoring(
    '-n', 'watch', '--function-namespace', 'shop', '--function-namespace', 'bakery', '--label', 'release=prometheus', '--label', 'team=a',
    '--interval', '1m', '--no-alerts', '--dashboard-label', 'dashboards=',
  );
  expect([code, err]).toEqual([0, '']);
  expect(parsed(out)).toEqual(made({
    namespace: 'watch', functionNamespaces: ['shop', 'bakery'], labels: { release: 'prometheus', team: 'a' },
    interval: Duration.minutes(1), alerts: false, dashboardLabels: { dashboards: '' },
  }));
});

test.each([
  ['no namespace', [], "required option '-n, --namespace <namespace>' not specified"],
  ['a namespace in capitals', ['-n', 'Watch'], '"Watch" is not a valid DNS-1123 label'],
  ['a label without a value', ['-n', 'watch', '--label', 'release'], 'Give a key and a value, such as release=prometheus.'],
  ['a label without a key', ['-n', 'watch', '--label', '=prometheus'], 'Give a key and a value, such as release=prometheus.'],
  ['a label value with "="', ['-n', 'watch', '--label', 'team=a=b'], 'labels.team: "a=b" is not a valid label value'],
  ['a negative time', ['-n', 'watch', '--interval=-5s'], 'Give a time such as 30s or 1m.'],
  ['a number without a unit', ['-n', 'watch', '--interval', '30'], 'Give a time such as 30s or 1m.'],
  ['a time that Prometheus would not take', ['-n', 'watch', '--interval', '1500ms'], 'interval: 1.5 s is not a whole number of seconds from 1 to 3600'],
  ['a function namespace that cannot be', ['-n', 'watch', '--function-namespace', 'a_b'], 'functionNamespaces[0]: "a_b" is not a valid DNS-1123 label'],
])('%s is wrong usage, and nothing is printed', async (_, argv, message) => {
  const { code, out, err } = await monitoring(...argv);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
});
