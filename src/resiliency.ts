/** Dapr resiliency; types only. */
import type { Duration } from 'cdk8s';
import type { RetryBackoff } from './choices';

/**
 * Dapr resiliency for one direction of one component.
 *
 * @see https://docs.dapr.io/operations/resiliency/resiliency-overview/
 */
export interface Resiliency {
  /**
   * Timeout of one call or delivery, above 0.
   *
   * @default - none
   */
  readonly timeout?: Duration;
  /**
   * Retries of calls or deliveries that failed.
   *
   * @default - none
   */
  readonly retry?: RetryPolicy;
  /**
   * Circuit breaker, which stops calls for a while after failures.
   *
   * @default - none
   */
  readonly circuitBreaker?: CircuitBreaker;
}

/**
 * A Dapr retry policy.
 *
 * @see https://docs.dapr.io/operations/resiliency/policies/retries/
 */
export interface RetryPolicy {
  /**
   * How the time between retries grows.
   *
   * @default RetryBackoff.CONSTANT
   */
  readonly backoff?: RetryBackoff;
  /**
   * Time between retries, 0 or more. Only with constant backoff; else a warning.
   *
   * @default Duration.seconds(5)
   */
  readonly interval?: Duration;
  /**
   * Maximum time between retries, 0 or more. Only with exponential backoff; else a warning.
   *
   * @default Duration.minutes(1)
   */
  readonly maxInterval?: Duration;
  /**
   * Maximum number of retries, 0 or more. Others are rejected under `resiliency.retry.maxRetries` of the input or
   * output.
   *
   * @default - retries without limit
   */
  readonly maxRetries?: number;
}

/**
 * A Dapr circuit breaker.
 *
 * @see https://docs.dapr.io/operations/resiliency/policies/circuit-breakers/
 */
export interface CircuitBreaker {
  /**
   * CEL expression that opens the breaker, over `requests`, `totalSuccesses`, `totalFailures`, `consecutiveSuccesses`
   * and `consecutiveFailures`. Other names are a warning.
   *
   * @default "consecutiveFailures > 5"
   */
  readonly trip?: string;
  /**
   * Number of calls that may pass while the breaker is half open, 1 or more.
   *
   * @default 1
   */
  readonly maxRequests?: number;
  /**
   * Time until an open breaker becomes half open, above 0.
   *
   * @default Duration.seconds(60)
   */
  readonly timeout?: Duration;
}
