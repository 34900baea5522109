/** Settings of the dapr-proxy and its pod; a struct only. */
import type { Duration, Size } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-28';
import type { ProxyDiscovery, ProxyLogLevel } from './choices';

/**
 * The dapr-proxy of a function. Given in platform settings, it counts for all functions below; the nearest wins, field
 * by field.
 */
export interface DaprProxyProps {
  /**
   * Replicas of the proxy, 1 to 100. More than one gets a PodDisruptionBudget; a cron binding then fires once per replica.
   *
   * @default 1
   */
  readonly replicas?: number;
  /**
   * Secrets with credentials for the registry of the proxy's image.
   *
   * @default - none
   */
  readonly imagePullSecrets?: kplus.ISecret[];
  /**
   * How long an event waits for a pod of the function, 0 to 24 h; 0 is without end.
   *
   * @default - Duration.seconds(60), less where the broker redelivers sooner, without end where a failure loses the event
   */
  readonly holdTimeout?: Duration;
  /**
   * Time that events under way get when the proxy's pod stops, 1 s to 1 h. Sets Dapr's two shutdown annotations and the grace
   * period, too.
   *
   * @default Duration.seconds(25)
   */
  readonly drainTimeout?: Duration;
  /**
   * Events that may wait, 1 to 1,000,000. More are refused, for Dapr to retry.
   *
   * @default 1000
   */
  readonly maxWaiting?: number;
  /**
   * Size of all events in the proxy and their answers, 1 byte to 16 GiB. More are refused, for Dapr to retry.
   *
   * @default Size.mebibytes(64)
   */
  readonly maxWaitingSize?: Size;
  /**
   * Events that one pod handles at once, 1 to 100,000.
   *
   * @default 100
   */
  readonly maxInFlightPerPod?: number;
  /**
   * Size of the largest message, 1 byte to 1 GiB.
   *
   * @default Size.mebibytes(16)
   */
  readonly maxMessageSize?: Size;
  /**
   * Header lines of one event, 1 to 100,000.
   *
   * @default 2000
   */
  readonly maxHeaders?: number;
  /**
   * Time to connect to a pod, 1 ms to 24 h.
   *
   * @default Duration.seconds(1)
   */
  readonly connectTimeout?: Duration;
  /**
   * Time that a function gets for one event, 0 to 24 h; 0 is without end.
   *
   * @default Duration.seconds(0)
   */
  readonly functionTimeout?: Duration;
  /**
   * Silence after which a pod is lost, 1 ms to 24 h.
   *
   * @default Duration.seconds(60)
   */
  readonly peerTimeout?: Duration;
  /**
   * Time between two looks at DNS, 1 ms to 24 h. While events wait and no pod is known it is 200 ms, in idle times 10 s or more.
   *
   * @default Duration.seconds(1)
   */
  readonly resolveInterval?: Duration;
  /**
   * Port of health, metrics and pending events, 1 to 65,535.
   *
   * @default - 18081, or the next free one
   */
  readonly adminPort?: number;
  /**
   * Port of the KEDA scaler, 1 to 65,535.
   *
   * @default - 18082, or the next free one
   */
  readonly scalerPort?: number;
  /**
   * Amount of logs.
   *
   * @default ProxyLogLevel.INFO
   */
  readonly logLevel?: ProxyLogLevel;
  /**
   * How the proxy learns which pods of an asynchronous function there are; an HTTP function has one address.
   *
   * @default ProxyDiscovery.DNS
   */
  readonly discovery?: ProxyDiscovery;
  /**
   * Guard the shared sidecar with a NetworkPolicy.
   *
   * @default true
   */
  readonly networkPolicy?: boolean;
  /**
   * Emit the bounded retry policy for inbound events, without which Dapr drops or dead-letters what cannot be delivered at once.
   *
   * @default true
   */
  readonly inboundRetry?: boolean;
  /**
   * Secret whose key `token` every call of the sidecar's API must carry.
   *
   * @default - none
   */
  readonly apiToken?: kplus.ISecret;
  /**
   * Secret whose key `token` the sidecar sends with every call of the function.
   *
   * @default - none
   */
  readonly appToken?: kplus.ISecret;
  /**
   * Ask for the app token on gRPC events too; Dapr 1.16 sends none with them, 1.17 does.
   *
   * @default false
   */
  readonly tokenOnEvents?: boolean;
  /**
   * Give the proxy's pod a service account token, for components that use the Kubernetes API. Every pod of the function can
   * then read Secrets through the sidecar, as far as that account may.
   *
   * @default false
   */
  readonly serviceAccountToken?: boolean;
  /**
   * ServiceAccount of the proxy's pod.
   *
   * @default - the namespace's `default`
   */
  readonly serviceAccount?: kplus.IServiceAccount;
  /**
   * Requests and limits of the proxy's container.
   *
   * @default - requests 50m and 96Mi, limit 256Mi, more for a larger `maxWaitingSize`
   */
  readonly resources?: ContainerSize;
  /**
   * Requests and limits of the Dapr sidecar beside it.
   *
   * @default - requests 50m and 96Mi, limit 512Mi
   */
  readonly sidecarResources?: ContainerSize;
}

/** Requests and limits of a container, as Kubernetes quantities. */
export interface ContainerSize {
  /**
   * CPU that is reserved, such as `50m`.
   *
   * @default - none
   */
  readonly cpuRequest?: string;
  /**
   * CPU at most.
   *
   * @default - none
   */
  readonly cpuLimit?: string;
  /**
   * Memory that is reserved, such as `96Mi`.
   *
   * @default - none
   */
  readonly memoryRequest?: string;
  /**
   * Memory at most.
   *
   * @default - none
   */
  readonly memoryLimit?: string;
}
