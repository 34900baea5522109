/** Monitoring of all functions of a cluster. */
import { ApiObject, Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { checkForm, dns1123Label, labelValue, qualifiedName } from './private/kubernetes/syntax';
import { MonitoringModel, monitoringObjects } from './private/monitoring/objects';
import { Problems } from './private/problem/problem';
import { checkProps, NamesOf } from './private/settings/known-props';
import { keptProblems, nameProblems, register, speakAtSynthesis } from './private/tree/synthesis';

/** What watches the functions, and how it is found. */
export interface FunctionMonitoringProps {
  /**
   * Namespace of the objects, a DNS-1123 label: one in which Prometheus and Grafana look for them.
   *
   * @default - namespace of the chart, or `default`
   */
  readonly namespace?: string;
  /**
   * Namespaces of the functions, DNS-1123 labels, at least one.
   *
   * @default - all namespaces
   */
  readonly functionNamespaces?: string[];
  /**
   * Labels of the PodMonitors and the PrometheusRule, by which Prometheus selects them, such as
   * `{ release: 'prometheus' }`.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };
  /**
   * Time between two scrapes, whole seconds from 1 s to 1 h.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;
  /**
   * Whether a PrometheusRule has the alerts.
   *
   * @default true
   */
  readonly alerts?: boolean;
  /**
   * Whether a ConfigMap has the Grafana dashboard.
   *
   * @default true
   */
  readonly dashboard?: boolean;
  /**
   * Labels of that ConfigMap, by which Grafana's sidecar finds it.
   *
   * @default - { grafana_dashboard: '1' }
   */
  readonly dashboardLabels?: { [key: string]: string };
}

/**
 * Monitoring of all functions of a cluster by the Prometheus operator and Grafana: a PodMonitor for proxies and one for
 * sidecars, a PrometheusRule with alerts, and a dashboard. One for each cluster is enough, whoever deploys functions.
 *
 * Rejects names and labels that Kubernetes would reject, intervals out of range, and two in one namespace.
 *
 * @see https://github.com/cdk8s-openfunction/cdk8s-openfunction/blob/main/docs/guides/monitoring.md
 *
 * @example
 * new FunctionMonitoring(chart, 'monitoring', { labels: { release: 'prometheus' } });
 */
export class FunctionMonitoring extends Construct {
  /** The PodMonitors, the PrometheusRule and the ConfigMap of the dashboard, for patches. */
  public readonly apiObjects: ApiObject[];

  /**
   * @param scope parent construct
   * @param id id of the construct
   * @param props what is watched, and by which labels it is found
   */
  public constructor(scope: Construct, id: string, props: FunctionMonitoringProps = {}) {
    super(scope, id);
    const { unknown, misshapen } = checkProps(props, NAMES);
    const problems = misshapen.length > 0 ? [...unknown, ...misshapen] : [...unknown, ...check(props)];
    const model = modelOf(keptProblems(this, problems) ? {} : props, Chart.of(this).namespace ?? 'default');
    this.apiObjects = monitoringObjects(model).map((object) => new ApiObject(this, object.id, object.manifest));
    register(this).claim(this, this.apiObjects.map(({ kind, name }) => `${kind} ${model.namespace}/${name}`));
    const rivals = () => nameProblems(register(this).conflicts(this), ['namespace']);
    speakAtSynthesis(this, () => [{ problems: rivals(), strict: false }]);
  }
}

const NAMES = {
  namespace: 'text',
  functionNamespaces: ['text'],
  labels: ['*', 'text'],
  interval: 'duration',
  alerts: 'flag',
  dashboard: 'flag',
  dashboardLabels: ['*', 'text'],
} as const satisfies NamesOf<FunctionMonitoringProps>;
const DEFAULT_INTERVAL_SECONDS = 30;
const MAX_INTERVAL_SECONDS = 3600;
const NO_NAMESPACE = 'is empty: no function would be watched';

function modelOf(props: FunctionMonitoringProps, defaultNamespace: string): MonitoringModel {
  const { namespace = defaultNamespace, functionNamespaces, labels, interval } = props;
  const { alerts, dashboard, dashboardLabels } = props;
  return {
    namespace,
    functionNamespaces: functionNamespaces && [...functionNamespaces].sort(),
    labels: { ...labels },
    intervalSeconds: interval?.toSeconds() ?? DEFAULT_INTERVAL_SECONDS,
    alerts: alerts ?? true,
    dashboard: dashboard ?? true,
    dashboardLabels: { ...dashboardLabels ?? { grafana_dashboard: '1' } },
  };
}

function check(props: FunctionMonitoringProps): Problems['all'] {
  const problems = new Problems();
  const { namespace, functionNamespaces, interval } = props;
  checkForm(['namespace'], namespace, dns1123Label, problems);
  if (functionNamespaces?.length === 0) problems.error(['functionNamespaces'], NO_NAMESPACE);
  functionNamespaces?.forEach((name, index) => checkForm(['functionNamespaces', index], name, dns1123Label, problems));
  for (const field of ['labels', 'dashboardLabels'] as const) {
    for (const [key, value] of Object.entries(props[field] ?? {})) {
      checkForm([field, key], key, qualifiedName, problems);
      checkForm([field, key], value, labelValue, problems);
    }
  }
  const seconds = interval?.toMilliseconds() === undefined ? undefined : interval.toMilliseconds() / 1000;
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_INTERVAL_SECONDS)) {
    problems.error(['interval'], `${seconds} s is not a whole number of seconds from 1 to ${MAX_INTERVAL_SECONDS}`);
  }
  return problems.all;
}
