/** What a simulation says of an event; types only. */
import type { EventOutcome } from './choices';

/** One subscription that gets, or would get, an event. */
export interface EventDelivery {
  /** Name of the function. */
  readonly functionName: string;
  /** Namespace of the function. */
  readonly namespace: string;
  /** Dapr app-id of the function. */
  readonly appId: string;
  /** The Dapr mode: `standalone` behind the dapr-proxy, or `sidecar`. */
  readonly daprMode: string;
  /** Name of the `Component` through which the event comes. */
  readonly component: string;
  /** Topic of the subscription; with a wildcard in it another one than the published. */
  readonly topic: string;
  /** What happens to the event. */
  readonly outcome: EventOutcome;
  /** Why, in words. */
  readonly reason: string;
  /**
   * The CEL expression that decided.
   *
   * @default - no rule decided
   */
  readonly rule?: string;
  /**
   * Path to which the event goes; without one, to the route that the function itself has.
   *
   * @default - the route that the function itself has
   */
  readonly path?: string;
  /**
   * Dapr's policy of repeated deliveries, as its Resiliency has it.
   *
   * @default - none
   */
  readonly retry?: { [field: string]: unknown };
  /**
   * Time that one delivery may take, such as `30s`.
   *
   * @default - no limit
   */
  readonly timeout?: string;
  /**
   * Topic for what is skipped, failed, dropped or repeatedly not handled.
   *
   * @default - none
   */
  readonly deadLetterTopic?: string;
  /** Several events are delivered at once. */
  readonly bulk: boolean;
}
