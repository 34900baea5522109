/** Autoscaling of a Knative function; types only. */
import type { Duration } from 'cdk8s';
import type { KnativeAutoscaler, KnativeMetric } from './choices';

/**
 * How Knative scales a function; each field becomes an annotation `autoscaling.knative.dev/*` of the revision. One that
 * `scaling.knative` gives with another value is rejected, and so is a value outside its range.
 *
 * @see https://knative.dev/docs/serving/autoscaling/
 */
export interface KnativeAutoscaling {
  /**
   * What scales the function, Knative's own autoscaler or the HPA.
   *
   * @default - the HPA for the metrics CPU and MEMORY, else Knative's default, the KPA
   */
  readonly autoscaler?: KnativeAutoscaler;
  /**
   * What is measured. The KPA measures requests, the HPA CPU and memory; with the other `autoscaler` it is rejected.
   *
   * @default - Knative's default, KnativeMetric.CONCURRENCY
   */
  readonly metric?: KnativeMetric;
  /**
   * Amount of the metric per replica, 0.01 or more: requests at once, requests per second, CPU in percent of the
   * request, or memory in MiB.
   *
   * @default - Knative's default, 100 for concurrency, 200 for requests per second
   */
  readonly target?: number;
  /**
   * Share of `target` at which a further replica starts, in percent, 1 to 100.
   *
   * @default - Knative's default, 70
   */
  readonly targetUtilization?: number;
  /**
   * Requests that one replica gets at once at most, 0 to 1000; 0 sets no limit. Also becomes `containerConcurrency`.
   *
   * @default - no limit
   */
  readonly containerConcurrency?: number;
  /**
   * Time over which the metric is averaged, in whole seconds, 6 s to 1 h.
   *
   * @default - Knative's default, 60 s
   */
  readonly window?: Duration;
  /**
   * Time for which the demand must have been lower before replicas stop, in whole seconds, 0 to 1 h.
   *
   * @default - Knative's default, 0 s
   */
  readonly scaleDownDelay?: Duration;
  /**
   * Time for which the last replica stays at least, 0 to 1 h.
   *
   * @default - Knative's default, 0 s
   */
  readonly scaleToZeroPodRetention?: Duration;
  /**
   * Replicas that a new revision starts with, 0 or more. A stock Knative refuses 0.
   *
   * @default - Knative's default, 1
   */
  readonly initialScale?: number;
  /**
   * Replicas that start when the function leaves zero, 2 or more.
   *
   * @default - Knative's default, 1
   */
  readonly activationScale?: number;
}
