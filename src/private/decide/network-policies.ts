/** Who may open connections to the proxy's pods and to those of the function (docs/spec M110, M110a). */
import type { CallerModel } from './access-policies';
import { SidecarPorts, sidecarPorts } from './dapr';
import type { Outline } from './outline';
import type { AccessPlan } from './privileges';
import { interceptorOf, knativeIngressOf } from './route';
import type { ProxyModel, ProxySettings } from '../function/proxy-settings';
import type { PlatformModel } from '../settings/platform';

/** Of the proxy's pods. */
export interface ProxyCallers {
  readonly kedaNamespace: string;
  /** Without one, any namespace may read metrics. */
  readonly monitoringNamespace?: string;
  /** Apps whose sidecars may call; without a list, those of any. */
  readonly apps?: Apps;
}

/** Of the function's pods. */
export interface PodCallers {
  /** Ports for pods of the proxy; none where its calls go through Knative. */
  readonly fromProxy: readonly number[];
  readonly fromNamespaces: ReadonlyArray<{ readonly name: string; readonly ports: readonly number[] }>;
  /** Where the sidecar is in the pod itself. */
  readonly sidecar?: SidecarCallers;
}

interface SidecarCallers extends Pick<ProxyCallers, 'monitoringNamespace' | 'apps'> {
  readonly ports: Pick<SidecarPorts, 'internal' | 'metrics'>;
}

type Apps = readonly Pick<CallerModel, 'appId' | 'namespace'>[];

const DEFAULT_KEDA_NAMESPACE = 'keda';
/** Of the activator and the autoscaler. */
const KNATIVE_NAMESPACE = 'knative-serving';
/** On which Knative's queue-proxy takes requests: HTTP/1.1, HTTP/2, and either over TLS. */
const QUEUE_PROXY_PORTS = [8012, 8013, 8112];
const QUEUE_PROXY_AUTOSCALER_PORT = 9090;
const QUEUE_PROXY_METRICS_PORT = 9091;

export function decideProxyCallers(
  { networkPolicy }: ProxySettings, platform: PlatformModel, access: AccessPlan | undefined,
): ProxyCallers | undefined {
  const { kedaNamespace = DEFAULT_KEDA_NAMESPACE, monitoringNamespace } = platform;
  return networkPolicy ? { kedaNamespace, monitoringNamespace, apps: access?.policies } : undefined;
}

/** Behind a proxy on demand, and always with least privilege unless the function says otherwise. */
export function decidePodCallers(
  fn: Outline, { functionNetworkPolicy }: ProxyModel, platform: PlatformModel, access: AccessPlan | undefined,
): PodCallers | undefined {
  const { leastPrivilege = false, monitoringNamespace } = platform;
  const { dapr: { mode }, serving: { annotations } } = fn;
  const isWanted = functionNetworkPolicy ?? leastPrivilege;
  if (!isWanted || (mode !== 'standalone' && !leastPrivilege)) return undefined;
  const { internal, metrics } = sidecarPorts(annotations);
  const callers = podCallers(fn, platform);
  return mode === 'sidecar'
    ? { ...callers, sidecar: { ports: { internal, metrics }, monitoringNamespace, apps: access?.policies } } : callers;
}

function podCallers({ engine, port, dapr }: Outline, platform: PlatformModel): PodCallers {
  const fromProxy = dapr.mode === 'standalone' ? [port] : [];
  if (engine === undefined) return { fromProxy, fromNamespaces: [] };
  if (engine === 'keda') {
    return { fromProxy, fromNamespaces: [{ name: interceptorOf(platform).namespace, ports: [port] }] };
  }
  const { monitoringNamespace } = platform;
  return {
    fromProxy: [],
    fromNamespaces: [
      { name: KNATIVE_NAMESPACE, ports: [...QUEUE_PROXY_PORTS, QUEUE_PROXY_AUTOSCALER_PORT] },
      { name: knativeIngressOf(platform).namespace, ports: QUEUE_PROXY_PORTS },
      ...(monitoringNamespace === undefined ? [] : [{ name: monitoringNamespace, ports: [QUEUE_PROXY_METRICS_PORT] }]),
    ],
  };
}
