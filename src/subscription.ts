/** Details of a topic's subscription; types only. */
import type { Duration } from 'cdk8s';

/** Several messages in one delivery. */
export interface BulkSubscribe {
  /**
   * Messages at most, 1 or more.
   *
   * @default - the component's own
   */
  readonly maxMessages?: number;
  /**
   * Longest wait for more messages, whole milliseconds.
   *
   * @default - the component's own
   */
  readonly maxAwait?: Duration;
}

/** Sends the messages that match to a path of their own. */
export interface SubscriptionRule {
  /**
   * CEL expression over the CloudEvent, such as `event.type == "created"`.
   *
   * @see https://docs.dapr.io/developing-applications/building-blocks/pubsub/howto-route-messages/
   */
  readonly match: string;
  /** HTTP path, beginning with `/`. */
  readonly path: string;
}
