/** Options of a topic's subscription; types only. */
import type { Duration } from 'cdk8s';

/**
 * Delivery of several messages at once.
 *
 * @see https://docs.dapr.io/developing-applications/building-blocks/pubsub/pubsub-bulk/
 */
export interface BulkSubscribe {
  /**
   * Maximum number of messages per delivery, 1 or more.
   *
   * @default - the component's default
   */
  readonly maxMessages?: number;
  /**
   * Maximum wait for further messages, in whole milliseconds, 0 or more.
   *
   * @default - the component's default
   */
  readonly maxAwait?: Duration;
}

/** Delivers matching messages to another path. */
export interface SubscriptionRule {
  /**
   * CEL expression over the CloudEvent, such as `event.type == "created"`. Empty, it is true for every
   * event. A warning where it cannot be read, or names anything but `event`.
   *
   * @see https://docs.dapr.io/developing-applications/building-blocks/pubsub/howto-route-messages/
   */
  readonly match: string;
  /** HTTP path that begins with `/`. */
  readonly path: string;
}
