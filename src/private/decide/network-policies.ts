/** Who may open connections to the proxy's pods and to those of the function (docs/spec M110, M110a). */
import type { CallerModel } from './access-policies';
import type { Outline } from './outline';
import type { AccessPlan } from './privileges';
import { interceptorOf, knativeIngressOf } from './route';
import type { ProxySettings } from '../function/proxy-settings';
import type { PlatformModel } from '../settings/platform';

export interface NetworkPoliciesPlan {
  /** Of the proxy's pods. */
  readonly proxy?: ProxyCallers;
  /** Of the function's pods. */
  readonly pods?: PodCallers;
}

interface ProxyCallers {
  readonly kedaNamespace: string;
  /** Without one, any namespace may read metrics. */
  readonly monitoringNamespace?: string;
  /** Apps whose sidecars may call; without a list, those of any. */
  readonly apps?: readonly Pick<CallerModel, 'appId' | 'namespace'>[];
}

interface PodCallers {
  /** Ports for pods of the proxy; none where its calls go through Knative. */
  readonly fromProxy: readonly number[];
  readonly fromNamespaces: ReadonlyArray<{ readonly name: string; readonly ports: readonly number[] }>;
}

const DEFAULT_KEDA_NAMESPACE = 'keda';
/** Of the activator and the autoscaler. */
const KNATIVE_NAMESPACE = 'knative-serving';
/** On which Knative's queue-proxy takes requests: HTTP/1.1, HTTP/2, and either over TLS. */
const QUEUE_PROXY_PORTS = [8012, 8013, 8112];
const QUEUE_PROXY_AUTOSCALER_PORT = 9090;
const QUEUE_PROXY_METRICS_PORT = 9091;

export function decideNetworkPolicies(
  fn: Outline, settings: ProxySettings, platform: PlatformModel, access: AccessPlan | undefined,
): NetworkPoliciesPlan {
  const { kedaNamespace = DEFAULT_KEDA_NAMESPACE, monitoringNamespace } = platform;
  return {
    proxy: settings.networkPolicy ? { kedaNamespace, monitoringNamespace, apps: access?.policies } : undefined,
    pods: settings.functionNetworkPolicy ? podCallers(fn, platform) : undefined,
  };
}

function podCallers({ engine, port }: Outline, platform: PlatformModel): PodCallers {
  if (engine === undefined) return { fromProxy: [port], fromNamespaces: [] };
  if (engine === 'keda') {
    return { fromProxy: [port], fromNamespaces: [{ name: interceptorOf(platform).namespace, ports: [port] }] };
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
