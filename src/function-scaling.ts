/** Scaling of a function; types only. */
import type { Duration } from 'cdk8s';
import type { JobRestartPolicy, KedaMetricType } from './choices';
import type { KnativeAutoscaling } from './knative-autoscaling';
import type { ITriggerAuthentication } from './trigger-authentication-props';

/**
 * Number of replicas of a function, and what they are scaled on.
 *
 * With `minReplicas` or `maxReplicas`, an asynchronous function behind the dapr-proxy scales on its pending events,
 * unless `pendingEvents` of the function, an annotation or the platform settings turn that off.
 */
export interface FunctionScaling {
  /**
   * Minimum number of replicas, 0 or more.
   *
   * @default - the default of Knative or KEDA
   */
  readonly minReplicas?: number;
  /**
   * Maximum number of replicas, 1 or more. Rejected if lower than `minReplicas`.
   *
   * @default - the default of Knative or KEDA
   */
  readonly maxReplicas?: number;
  /**
   * How Knative scales the function, beside `minReplicas` and `maxReplicas`. Without effect on other workloads, with a
   * warning.
   *
   * @default - Knative's defaults
   */
  readonly knativeAutoscaling?: KnativeAutoscaling;
  /**
   * Annotations of the Knative autoscaler, by key, also those that `knativeAutoscaling` does not have. They win over
   * `minReplicas` and `maxReplicas`, with a warning.
   *
   * @default - none
   * @see https://knative.dev/docs/serving/autoscaling/
   */
  readonly knative?: { [key: string]: string };
  /**
   * KEDA triggers of an asynchronous function.
   *
   * @default - none
   * @see https://keda.sh/docs/latest/scalers/
   */
  readonly triggers?: KedaTrigger[];
  /**
   * Time between KEDA's readings of the triggers, in whole seconds, 1 or more.
   *
   * @default - 10 s when scaling on pending events, else KEDA's default, 30 s
   */
  readonly pollingInterval?: Duration;
  /**
   * Time without events after which the function scales to zero, in whole seconds, 0 or more.
   *
   * @default - KEDA's default, 300 s
   */
  readonly cooldownPeriod?: Duration;
  /**
   * Time after the creation of the scaler in which it does not scale to zero, in whole seconds, 0 or more.
   *
   * @default - KEDA's default, 0 s
   */
  readonly initialCooldownPeriod?: Duration;
  /**
   * Number of replicas while no trigger is active, 0 or more and below `minReplicas`. KEDA supports 0.
   *
   * @default - `minReplicas`
   * @see https://keda.sh/docs/latest/reference/scaledobject-spec/#idlereplicacount
   */
  readonly idleReplicas?: number;
  /**
   * Stop KEDA from scaling: replicas stay as they are, and no Jobs start. Becomes the annotation
   * `autoscaling.keda.sh/paused` of the scaler.
   *
   * @default false
   * @see https://keda.sh/docs/latest/concepts/scaling-deployments/#pausing-autoscaling
   */
  readonly paused?: boolean;
  /**
   * KEDA's `advanced` block: HPA behaviour and scaling modifiers.
   *
   * @default - none
   * @see https://keda.sh/docs/latest/reference/scaledobject-spec/#advanced
   */
  readonly advanced?: { [field: string]: unknown };
  /**
   * Number of replicas while triggers cannot be read.
   *
   * @default - none
   * @see https://keda.sh/docs/latest/reference/scaledobject-spec/#fallback
   */
  readonly fallback?: ScalingFallback;
  /**
   * Options of the Job, or of the Jobs that KEDA starts.
   *
   * @default - the defaults of Kubernetes and KEDA
   */
  readonly job?: ScaledJobOptions;
  /**
   * Pending requests per replica, 1 or more, of an HTTP function with engine KEDA.
   *
   * @default - 100, or none with `requestRate`
   */
  readonly targetPendingRequests?: number;
  /**
   * Requests per second and replica, of an HTTP function with engine KEDA; beside `targetPendingRequests`, the one that
   * needs more replicas wins. Rejected for targets of the HTTP add-on below 0.14.
   *
   * @default - none
   */
  readonly requestRate?: RequestRate;
}

/** Scaling on requests per second. */
export interface RequestRate {
  /** Target number of requests per second and replica, 1 or more. */
  readonly target: number;
  /**
   * Time over which the rate is measured, in whole seconds, 1 or more.
   *
   * @default Duration.minutes(1)
   */
  readonly window?: Duration;
  /**
   * Time for which requests are counted together, in whole seconds, 1 or more and not above `window`.
   *
   * @default Duration.seconds(1)
   */
  readonly granularity?: Duration;
}

/** Scaling on events that wait in the dapr-proxy or are being handled. */
export interface PendingEventsScaling {
  /**
   * Whether the function scales on pending events; `true` enables it without replica bounds and triggers, too.
   *
   * @default - what the platform settings say, else true
   */
  readonly enabled?: boolean;
  /**
   * Target number of pending events per replica, 1 or more.
   *
   * @default 1
   */
  readonly targetPerReplica?: number;
  /**
   * Number of pending events above which the function scales from zero, 0 or more.
   *
   * @default 0
   */
  readonly activation?: number;
}

/**
 * A KEDA trigger, which is emitted unchanged.
 *
 * @see https://keda.sh/docs/latest/reference/scaledobject-spec/#triggers
 */
export interface KedaTrigger {
  /** Type of the scaler, such as `kafka`. */
  readonly triggerType: string;
  /** Metadata of the scaler, by name. */
  readonly metadata: { [name: string]: string };
  /**
   * Name of the trigger in formulas of scaling modifiers.
   *
   * @default - none
   */
  readonly name?: string;
  /**
   * Whether the HPA gets values that KEDA has cached, instead of new ones at each request.
   *
   * @default false
   */
  readonly useCachedMetrics?: boolean;
  /**
   * How the HPA takes the metric.
   *
   * @default - KEDA's default, KedaMetricType.AVERAGE_VALUE
   */
  readonly metricType?: KedaMetricType;
  /**
   * Credentials of the trigger: a `TriggerAuthentication`, or one that `TriggerAuthentication.fromName` or
   * `fromClusterName` refers to. Rejected if it is in another namespace than the function.
   *
   * @default - none
   * @see https://keda.sh/docs/latest/concepts/authentication/
   */
  readonly authentication?: ITriggerAuthentication;
}

/** Number of replicas while triggers cannot be read. */
export interface ScalingFallback {
  /** Number of consecutive failures after which the fallback applies, 1 or more. */
  readonly failureThreshold: number;
  /** Number of replicas in that case, 0 or more. */
  readonly replicas: number;
}

/**
 * Options of the Job, or of the Jobs that KEDA starts.
 *
 * @see https://keda.sh/docs/latest/reference/scaledjob-spec/
 */
export interface ScaledJobOptions {
  /**
   * What happens when a container fails.
   *
   * @default JobRestartPolicy.ON_FAILURE
   */
  readonly restartPolicy?: JobRestartPolicy;
  /**
   * Number of pods that may fail before the Job has failed, 0 or more.
   *
   * @default - the default of Kubernetes, 6
   */
  readonly backoffLimit?: number;
  /**
   * Time for which a finished Job stays, in whole seconds, 0 or more.
   *
   * @default - it stays until something deletes it, such as KEDA's history limits
   */
  readonly ttlAfterFinished?: Duration;
  /**
   * Time after which a Job is ended as failed, in whole seconds, 1 or more.
   *
   * @default - none
   */
  readonly activeDeadline?: Duration;
  /**
   * Number of completed Jobs to keep, 0 or more.
   *
   * @default - KEDA's default, 100
   */
  readonly successfulJobsHistoryLimit?: number;
  /**
   * Number of failed Jobs to keep, 0 or more.
   *
   * @default - KEDA's default, 100
   */
  readonly failedJobsHistoryLimit?: number;
  /**
   * KEDA's `scalingStrategy` block, such as `{ strategy: 'accurate' }`.
   *
   * @default - KEDA's default
   */
  readonly scalingStrategy?: { [field: string]: unknown };
}
