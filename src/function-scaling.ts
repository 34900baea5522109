/** How many replicas of a function run, and what decides it; types only. */
import type { Duration } from 'cdk8s';
import type { JobRestartPolicy } from './choices';

/** How many replicas run, and what decides it. */
export interface FunctionScaling {
  /**
   * Replicas at least, 0 or more.
   *
   * @default - Knative's or KEDA's own
   */
  readonly minReplicas?: number;
  /**
   * Replicas at most, not below `minReplicas`.
   *
   * @default - Knative's or KEDA's own
   */
  readonly maxReplicas?: number;
  /**
   * Annotations of the Knative autoscaler by key.
   *
   * @default - none
   * @see https://knative.dev/docs/serving/autoscaling/
   */
  readonly knative?: { [key: string]: string };
  /**
   * KEDA triggers of an asynchronous function.
   *
   * @default - none
   */
  readonly triggers?: KedaTrigger[];
  /**
   * Scaling on events that wait in the dapr-proxy or are being handled.
   *
   * @default - on beside other triggers where events go through the proxy
   */
  readonly onPendingEvents?: PendingEventsScaling;
  /**
   * Time between KEDA's looks at the triggers.
   *
   * @default - 10 s with pending events, else KEDA's own 30 s
   */
  readonly pollingInterval?: Duration;
  /**
   * Time without events after which the function goes to zero.
   *
   * @default - KEDA's own 300 s
   */
  readonly cooldownPeriod?: Duration;
  /**
   * KEDA's `advanced` block: HPA behaviour and scaling modifiers.
   *
   * @default - none
   */
  readonly advanced?: { [field: string]: unknown };
  /**
   * Replicas while triggers cannot be read.
   *
   * @default - none
   */
  readonly fallback?: ScalingFallback;
  /**
   * Options of a Job that KEDA starts.
   *
   * @default - KEDA's own
   */
  readonly job?: ScaledJobOptions;
  /**
   * Pending requests per replica of an HTTP function with engine KEDA.
   *
   * @default 100
   */
  readonly targetPendingRequests?: number;
}

/** Scaling on events that wait in the dapr-proxy or are being handled. */
export interface PendingEventsScaling {
  /**
   * Off switch.
   *
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Events per replica, 1 or more.
   *
   * @default 1
   */
  readonly targetPerReplica?: number;
  /**
   * The function wakes above this many events, 0 or more.
   *
   * @default 0
   */
  readonly activation?: number;
}

/** A KEDA trigger; passes through unchanged. */
export interface KedaTrigger {
  /** Type such as `kafka`. */
  readonly triggerType: string;
  /** Settings by name. */
  readonly metadata: { [name: string]: string };
  /**
   * Name, for scaling modifiers.
   *
   * @default - none
   */
  readonly name?: string;
  /**
   * Serve the HPA from KEDA's cache.
   *
   * @default false
   */
  readonly useCachedMetrics?: boolean;
  /**
   * `AverageValue`, `Value` or `Utilization`.
   *
   * @default - KEDA's own
   */
  readonly metricType?: string;
  /**
   * Name of a TriggerAuthentication.
   *
   * @default - none
   */
  readonly authentication?: string;
  /**
   * Kind of the authentication object.
   *
   * @default "TriggerAuthentication"
   */
  readonly authenticationKind?: string;
}

/** Replicas while triggers cannot be read. */
export interface ScalingFallback {
  /** Failed readings in a row, 1 or more. */
  readonly failureThreshold: number;
  /** Replicas then, 0 or more. */
  readonly replicas: number;
}

/** Options of a Job that KEDA starts. */
export interface ScaledJobOptions {
  /**
   * What happens to containers that fail.
   *
   * @default JobRestartPolicy.ON_FAILURE
   */
  readonly restartPolicy?: JobRestartPolicy;
  /**
   * Finished Jobs to keep.
   *
   * @default - KEDA's own 100
   */
  readonly successfulJobsHistoryLimit?: number;
  /**
   * Failed Jobs to keep.
   *
   * @default - KEDA's own 100
   */
  readonly failedJobsHistoryLimit?: number;
  /**
   * KEDA's `scalingStrategy` block.
   *
   * @default - KEDA's own
   */
  readonly scalingStrategy?: { [field: string]: unknown };
}
