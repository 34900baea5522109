/** Dapr resiliency for one direction of one component; types only. */
import type { Duration } from 'cdk8s';
import type { RetryBackoff } from './choices';

/** Dapr resiliency for one direction of one component. */
export interface Resiliency {
  /**
   * Time for one call.
   *
   * @default - none
   */
  readonly timeout?: Duration;
  /**
   * What is tried again, and how often.
   *
   * @default - nothing
   */
  readonly retry?: RetryPolicy;
  /**
   * When to stop trying for a while.
   *
   * @default - never
   */
  readonly circuitBreaker?: CircuitBreaker;
}

/** A Dapr retry policy. */
export interface RetryPolicy {
  /**
   * How the waiting time grows.
   *
   * @default RetryBackoff.CONSTANT
   */
  readonly backoff?: RetryBackoff;
  /**
   * Time between tries of a constant policy.
   *
   * @default Duration.seconds(5)
   */
  readonly interval?: Duration;
  /**
   * Longest time between tries of an exponential policy.
   *
   * @default Duration.minutes(1)
   */
  readonly maxInterval?: Duration;
  /**
   * Tries after the first; -1 is without end.
   *
   * @default -1
   */
  readonly maxRetries?: number;
}

/** A Dapr circuit breaker. */
export interface CircuitBreaker {
  /**
   * CEL expression over the counters, such as `consecutiveFailures > 5`.
   *
   * @default "consecutiveFailures > 5"
   */
  readonly trip?: string;
  /**
   * Calls let through while half open.
   *
   * @default 1
   */
  readonly maxRequests?: number;
  /**
   * Time for which the breaker stays open.
   *
   * @default Duration.seconds(60)
   */
  readonly timeout?: Duration;
}
