/** `monitoring`: prints the objects by which the Prometheus operator and Grafana watch the functions of a cluster. */
import { App, Chart, Duration } from 'cdk8s';
import { InvalidArgumentError } from 'commander';
import { AddCommand, examples, EXIT, Streams, UsageError } from './command';
import { append, namespace } from './input';
import { toYaml } from './yaml-text';
import { FunctionMonitoring } from '../function-monitoring';
import { parseGoDuration } from '../private/kubernetes/syntax';
import { formatProblem, ProblemsError } from '../private/problem/problem';

type Labels = Readonly<Record<string, string>>;

interface MonitoringOptions {
  readonly namespace: string;
  readonly functionNamespace?: string[];
  readonly label?: Labels;
  readonly dashboardLabel?: Labels;
  readonly interval?: Duration;
  readonly alerts: boolean;
  readonly dashboard: boolean;
}

export const addMonitoring: AddCommand = (program, streams, done) => {
  const command = program.command('monitoring')
    .description('print PodMonitors, alerts and a Grafana dashboard for all functions of a cluster')
    .requiredOption('-n, --namespace <namespace>', 'namespace of these objects', namespace)
    .option('--function-namespace <name>', 'watch this namespace only; may be repeated', append)
    .option('--label <key=value>', 'label by which Prometheus selects monitors and rules; may be repeated', label)
    .option('--dashboard-label <key=value>', 'label by which Grafana finds the dashboard; may be repeated', label)
    .option('--interval <duration>', 'time between two scrapes (default: 30s)', interval)
    .option('--no-alerts', 'leave the alerts out')
    .option('--no-dashboard', 'leave the dashboard out')
    .action((options: MonitoringOptions) => done(monitoring(options, streams)));
  examples(command, [
    ['monitoring -n monitoring --label release=prometheus | kubectl apply -f -', 'for kube-prometheus-stack'],
    ['monitoring -n monitoring --no-dashboard > monitoring.yaml', 'a file to commit'],
  ]);
};

function label(option: string, before: Labels = {}): Labels {
  const at = option.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give a key and a value, such as release=prometheus.');
  return { ...before, [option.slice(0, at)]: option.slice(at + 1) };
}

function interval(option: string): Duration {
  const seconds = parseGoDuration(option);
  if (seconds === undefined || seconds < 0) throw new InvalidArgumentError('Give a time such as 30s or 1m.');
  return Duration.millis(seconds * 1000);
}

function monitoring(options: MonitoringOptions, { out }: Streams): number {
  const { functionNamespace, label: labels, dashboardLabel, ...rest } = options;
  const props = { ...rest, functionNamespaces: functionNamespace, labels, dashboardLabels: dashboardLabel };
  try {
    const chart = new Chart(new App(), 'chart');
    new FunctionMonitoring(chart, 'monitoring', props);
    out(toYaml(chart.toJson()));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    throw new UsageError(error.groups.flatMap(({ problems }) => problems.map(formatProblem)).join('\n'));
  }
}
