/** Inputs and outputs of a function, and its own components; types only. */
import type { Duration } from 'cdk8s';
import type { ComponentOptions } from './component-options';
import type { IDaprComponent } from './dapr-component-props';
import type { Resiliency } from './resiliency';

/** An event source of a function, or a state that it reads. */
export interface FunctionInput {
  /** The component that delivers the events. */
  readonly component: IDaprComponent;
  /**
   * Topic; required for pub/sub, without meaning elsewhere.
   *
   * @default - none
   */
  readonly topic?: string;
  /**
   * Name under which the function knows this input.
   *
   * @default - the component's name
   */
  readonly name?: string;
  /**
   * Topic that takes what the function drops or cannot handle. Needs the dapr-proxy.
   *
   * @default - none
   */
  readonly deadLetterTopic?: string;
  /**
   * Deliver several messages at once. The function must implement the bulk method.
   *
   * @default - one message at a time
   */
  readonly bulk?: BulkSubscribe;
  /**
   * Routing rules of the subscription, the first match counts. Needs the dapr-proxy.
   *
   * @default - none
   */
  readonly rules?: SubscriptionRule[];
  /**
   * Path for what no rule matches.
   *
   * @default - `/<topic>`
   */
  readonly defaultPath?: string;
  /**
   * HTTP path to which a binding delivers. Needs the dapr-proxy.
   *
   * @default - `/<component>`
   */
  readonly route?: string;
  /**
   * Metadata of the subscription.
   *
   * @default - none
   */
  readonly metadata?: { [key: string]: string };
  /**
   * Retries, timeout and circuit breaker for deliveries of this component.
   *
   * @default - in dapr-proxy mode a bounded retry of what could not be delivered
   */
  readonly resiliency?: Resiliency;
}

/** Several messages in one delivery. */
export interface BulkSubscribe {
  /**
   * Messages at most, 1 or more.
   *
   * @default - the component's own
   */
  readonly maxMessages?: number;
  /**
   * Time to wait for more.
   *
   * @default - the component's own
   */
  readonly maxAwait?: Duration;
}

/** Where messages that match go to. */
export interface SubscriptionRule {
  /** CEL expression over the CloudEvent, such as `event.type == "created"`. */
  readonly match: string;
  /** HTTP path. */
  readonly path: string;
}

/** A target of a function's data. */
export interface FunctionOutput {
  /** The component that takes the data. */
  readonly component: IDaprComponent;
  /**
   * Name under which the function knows this output. Needed for the second output on one component.
   *
   * @default - the component's name
   */
  readonly name?: string;
  /**
   * Topic; required for pub/sub.
   *
   * @default - none
   */
  readonly topic?: string;
  /**
   * Operation of a binding, such as `create`.
   *
   * @default - the framework's own
   */
  readonly operation?: string;
  /**
   * Metadata that goes with each call.
   *
   * @default - none
   */
  readonly metadata?: { [key: string]: string };
  /**
   * Retries, timeout and circuit breaker for calls of this component.
   *
   * @default - none
   */
  readonly resiliency?: Resiliency;
}

/** Components that belong to one function. */
export interface FunctionComponents {
  /**
   * Bindings by name.
   *
   * @default - none
   */
  readonly bindings?: { [name: string]: ComponentOptions };
  /**
   * Pub/sub components by name.
   *
   * @default - none
   */
  readonly pubsub?: { [name: string]: ComponentOptions };
  /**
   * State stores by name.
   *
   * @default - none
   */
  readonly states?: { [name: string]: ComponentOptions };
}
