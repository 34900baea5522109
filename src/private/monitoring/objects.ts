/** The objects by which the Prometheus operator and Grafana watch all functions of a cluster (docs/spec M140, M141). */
import { ALERTS, ruleOf } from './alerts';
import { dashboard } from './dashboard';
import { MANAGED_LABEL, PROXY_LABEL, SERVING_LABEL } from '../kubernetes/constants';
import type { JsonObject, StringMap } from '../kubernetes/json';

export interface MonitoringModel {
  readonly namespace: string;
  /** All of them when absent. */
  readonly functionNamespaces?: readonly string[];
  /** By which Prometheus selects monitors and rules. */
  readonly labels: StringMap;
  readonly intervalSeconds: number;
  readonly alerts: boolean;
  readonly dashboard: boolean;
  readonly dashboardLabels: StringMap;
}

export interface MonitoringObject {
  /** Construct id. */
  readonly id: string;
  readonly manifest: JsonObject & { readonly apiVersion: string; readonly kind: string };
}

const API = 'monitoring.coreos.com/v1';
const ADMIN_PORT = 'admin';
/** As Dapr's injector names it. */
const SIDECAR_PORT = 'dapr-metrics';

export function monitoringObjects(model: MonitoringModel): MonitoringObject[] {
  const { namespace, labels, dashboardLabels } = model;
  const metadata = (name: string, more: StringMap) => (
    { name, namespace, labels: { [MANAGED_LABEL]: 'true', ...more } });
  return [
    {
      id: 'ProxyMonitor',
      manifest: {
        apiVersion: API,
        kind: 'PodMonitor',
        metadata: metadata('openfunction-dapr-proxies', labels),
        spec: monitor(model, PROXY_LABEL, [ADMIN_PORT, SIDECAR_PORT]),
      },
    },
    {
      id: 'SidecarMonitor',
      manifest: {
        apiVersion: API,
        kind: 'PodMonitor',
        metadata: metadata('openfunction-sidecars', labels),
        spec: monitor(model, SERVING_LABEL, [SIDECAR_PORT]),
      },
    },
    ...(model.alerts ? [{
      id: 'Rule',
      manifest: {
        apiVersion: API,
        kind: 'PrometheusRule',
        metadata: metadata('openfunction-dapr-proxies', labels),
        spec: { groups: [{ name: 'openfunction-dapr-proxies', rules: ALERTS.map(ruleOf) }] },
      },
    }] : []),
    ...(model.dashboard ? [{
      id: 'Dashboard',
      manifest: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: metadata('openfunction-dapr-proxies-dashboard', dashboardLabels),
        data: { 'openfunction-dapr-proxies.json': `${JSON.stringify(dashboard(), null, 2)}\n` },
      },
    }] : []),
  ];
}

/** Pods that have the label; its value, the name of the function, becomes the label `function` of every metric. */
function monitor(model: MonitoringModel, label: string, ports: readonly string[]): JsonObject {
  const { functionNamespaces } = model;
  const interval = `${model.intervalSeconds}s`;
  const relabelings = [{
    action: 'replace',
    sourceLabels: [`__meta_kubernetes_pod_label_${label.replace(/\W/g, '_')}`],
    targetLabel: 'function',
  }];
  return {
    selector: { matchExpressions: [{ key: label, operator: 'Exists' }] },
    namespaceSelector: functionNamespaces === undefined ? { any: true } : { matchNames: [...functionNamespaces] },
    podMetricsEndpoints: ports.map((port) => ({ port, path: '/metrics', interval, relabelings })),
  };
}
