/** Settings of the dapr-proxy and its pod; a struct only. */
import type { Duration, Size } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-28';
import type { ProxyDiscovery, ProxyLogLevel } from './choices';
import type { ContainerResources } from './container-resources';
import type { TimeLimit } from './time-limit';

/**
 * Settings of the dapr-proxy and its pod. In platform settings, they apply to all functions below; for each field, the
 * nearest value wins. Values outside a range are rejected under `proxy`.
 */
export interface DaprProxyProps {
  /**
   * Replicas of the proxy, 1 to 100. With more than one, a PodDisruptionBudget is emitted.
   *
   * @default 1
   */
  readonly replicas?: number;
  /**
   * Secrets with credentials for the registry of the proxy's image; become `imagePullSecrets`.
   *
   * @default - none
   */
  readonly imagePullSecrets?: kplus.ISecret[];
  /**
   * How long an event waits for a pod of the function, up to 24 h or without limit.
   *
   * @default - TimeLimit.of(Duration.seconds(60)), less where the broker redelivers sooner, no limit where a failure
   * loses the event
   */
  readonly holdTimeout?: TimeLimit;
  /**
   * Time for events in flight to finish when the proxy's pod stops, 1 s to 1 h. Also sets Dapr's two shutdown
   * annotations and the grace period of the pod.
   *
   * @default Duration.seconds(25)
   */
  readonly drainTimeout?: Duration;
  /**
   * Events that may wait for a pod, 1 to 1,000,000. Further events are refused, for Dapr to retry.
   *
   * @default 1000
   */
  readonly maxWaiting?: number;
  /**
   * Total size of events and answers in the proxy, 1 byte to 16 GiB. Further events are refused, for Dapr to retry.
   *
   * @default Size.mebibytes(64)
   */
  readonly maxWaitingSize?: Size;
  /**
   * Events that one pod of the function handles at the same time, 1 to 100,000.
   *
   * @default 100
   */
  readonly maxInFlightPerPod?: number;
  /**
   * Size of the largest message, 1 byte to 1 GiB. Larger ones are refused.
   *
   * @default Size.mebibytes(16)
   */
  readonly maxMessageSize?: Size;
  /**
   * Number of header lines of one event, 1 to 100,000.
   *
   * @default 2000
   */
  readonly maxHeaders?: number;
  /**
   * Time within which a connection to a pod must open, 1 ms to 24 h.
   *
   * @default Duration.seconds(1)
   */
  readonly connectTimeout?: Duration;
  /**
   * Time within which the function must answer an event, up to 24 h or without limit.
   *
   * @default TimeLimit.none()
   */
  readonly functionTimeout?: TimeLimit;
  /**
   * Time without any sign of life after which a pod is considered lost, 1 ms to 24 h.
   *
   * @default Duration.seconds(60)
   */
  readonly peerTimeout?: Duration;
  /**
   * Time between DNS lookups, 1 ms to 24 h. It is 200 ms while events wait and no pod is known, and 10 s or more when
   * idle.
   *
   * @default Duration.seconds(1)
   */
  readonly resolveInterval?: Duration;
  /**
   * Port for health, metrics and pending events, 1 to 65,535.
   *
   * @default - 18081, or the next free port
   */
  readonly adminPort?: number;
  /**
   * Port of the KEDA external scaler, 1 to 65,535.
   *
   * @default - 18082, or the next free port
   */
  readonly scalerPort?: number;
  /**
   * Lowest severity of log lines.
   *
   * @default ProxyLogLevel.INFO
   */
  readonly logLevel?: ProxyLogLevel;
  /**
   * How the proxy discovers the pods of an asynchronous function. An HTTP function has one address.
   *
   * @default ProxyDiscovery.DNS
   */
  readonly discovery?: ProxyDiscovery;
  /**
   * Emit a NetworkPolicy that protects the shared sidecar.
   *
   * @default true
   */
  readonly networkPolicy?: boolean;
  /**
   * Emit a NetworkPolicy that lets only the proxy reach the pods of the function. Those of an HTTP function may also be
   * reached by what its requests come through: Knative with its ingress, or the interceptor of the KEDA HTTP add-on.
   * Pods that are seen to call the function's own Service may reach it too.
   *
   * @default false
   */
  readonly functionNetworkPolicy?: boolean;
  /**
   * Emit a bounded retry policy for inbound events. Without it, Dapr drops or dead-letters events that cannot be
   * delivered at once.
   *
   * @default true
   */
  readonly inboundRetry?: boolean;
  /**
   * Let one replica of the proxy pass on what fires in the sidecar of every replica, such as a cron binding. A function
   * with such an input gets a Lease, and a token in the proxy's container that may read and change this Lease.
   *
   * @default true
   */
  readonly leaderElection?: boolean;
  /**
   * Secret whose key `token` callers of the sidecar's API must send.
   *
   * @default - none
   * @see https://docs.dapr.io/operations/security/api-token/
   */
  readonly apiToken?: kplus.ISecret;
  /**
   * Secret whose key `token` the sidecar sends with every call of the function.
   *
   * @default - none
   * @see https://docs.dapr.io/operations/security/app-api-token/
   */
  readonly appToken?: kplus.ISecret;
  /**
   * Require the app token on gRPC events, too. Dapr sends it from version 1.17 on.
   *
   * @default false
   */
  readonly tokenOnEvents?: boolean;
  /**
   * Mount a service account token in the proxy's pod, for components that use the Kubernetes API. Every pod of the
   * function can then read the Secrets that the account may read, through the sidecar.
   *
   * @default false
   */
  readonly serviceAccountToken?: boolean;
  /**
   * ServiceAccount of the proxy's pod, and so the identity with which its sidecar reaches brokers and clouds.
   *
   * @default - that of the function's pods
   */
  readonly serviceAccount?: kplus.IServiceAccount;
  /**
   * Labels of the nodes that may run the proxy's pod. An empty map allows every node.
   *
   * @default - the node selector of the function's pods
   */
  readonly nodeSelector?: { [label: string]: string };
  /**
   * core/v1 Tolerations of the proxy's pod. An empty list tolerates nothing. Unknown fields are rejected.
   *
   * @default - the tolerations of the function's pods
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
   */
  readonly tolerations?: unknown[];
  /**
   * PriorityClass of the proxy's pod.
   *
   * @default - that of the function's pods
   */
  readonly priorityClassName?: string;
  /**
   * Requests and limits of the proxy's container.
   *
   * @default - requests 50m and 96Mi, limit 256Mi, more for a larger `maxWaitingSize`
   */
  readonly resources?: ContainerResources;
  /**
   * Requests and limits of the Dapr sidecar beside it. Dapr takes none of ephemeral storage, which is rejected.
   *
   * @default - requests 50m and 96Mi, limit 512Mi
   */
  readonly sidecarResources?: ContainerResources;
}
