/** What a function receives or reads: a topic, a binding or a state. */
import type { IDaprComponent } from './i-dapr-component';
import type { InputEntry } from './private/props/entries';
import { checkKind } from './private/props/known-options';
import type { Resiliency } from './resiliency';
import type { BulkSubscribe, SubscriptionRule } from './subscription';

/** How the messages of a topic reach the function. */
export interface TopicInputOptions {
  /**
   * Name under which the function knows this input; the key in `FUNC_CONTEXT`.
   *
   * @default - the component's name
   */
  readonly name?: string;
  /**
   * Topic of the same component for messages that the function drops or repeatedly fails to handle.
   *
   * Needs the dapr-proxy; rejected without it.
   *
   * @default - none: such messages are left to the component
   * @see https://docs.dapr.io/developing-applications/building-blocks/pubsub/pubsub-deadletter/
   */
  readonly deadLetterTopic?: string;
  /**
   * Deliver several messages at once. The function must implement Dapr's bulk method. Needs the dapr-proxy; rejected
   * without it.
   *
   * @default - one message at a time
   * @see https://docs.dapr.io/developing-applications/building-blocks/pubsub/pubsub-bulk/
   */
  readonly bulk?: BulkSubscribe;
  /**
   * Routing rules of the subscription; the first match decides. Needs the dapr-proxy; rejected without it.
   *
   * @default - none
   */
  readonly rules?: SubscriptionRule[];
  /**
   * HTTP path that begins with `/`, for messages that no rule matches. Needs the dapr-proxy; rejected without it.
   *
   * @default - `/<topic>`
   */
  readonly defaultPath?: string;
  /**
   * Metadata of the subscription, by name. Needs the dapr-proxy; rejected without it.
   *
   * @default - none
   */
  readonly metadata?: { [name: string]: string };
  /**
   * Retries, timeout and circuit breaker of deliveries from this component.
   *
   * @default - in dapr-proxy mode, a bounded retry of events that could not be delivered; else none
   */
  readonly resiliency?: Resiliency;
}

/** How the events of a binding reach the function. */
export interface BindingInputOptions {
  /**
   * Name under which the function knows this input; the key in `FUNC_CONTEXT`.
   *
   * @default - the component's name
   */
  readonly name?: string;
  /**
   * HTTP path that begins with `/`, to which the events are delivered. Needs the dapr-proxy; rejected without it.
   *
   * @default - `/<component>`
   */
  readonly route?: string;
  /**
   * Retries, timeout and circuit breaker of deliveries from this component.
   *
   * @default - in dapr-proxy mode, a bounded retry of events that could not be delivered; else none
   */
  readonly resiliency?: Resiliency;
}

/**
 * One input of a function. Topics and bindings trigger the function, which makes it asynchronous; states are read.
 *
 * Each factory method rejects components of another kind and names the one to use instead.
 *
 * @see https://github.com/cdk8s-openfunction/cdk8s-openfunction/blob/main/docs/concepts/async.md
 */
export class FunctionInput {
  /**
   * The messages of a topic.
   *
   * @param component a component of type `pubsub.*`
   * @param topic name of the topic
   * @param options how the messages reach the function
   */
  public static fromTopic(component: IDaprComponent, topic: string, options: TopicInputOptions = {}): FunctionInput {
    checkKind('FunctionInput.fromTopic', component, 'pubsub');
    return new FunctionInput({ ...options, component, topic });
  }

  /**
   * The events of an input binding, such as a cron schedule or a queue.
   *
   * @param component a component of type `bindings.*`
   * @param options how the events reach the function
   */
  public static fromBinding(component: IDaprComponent, options: BindingInputOptions = {}): FunctionInput {
    checkKind('FunctionInput.fromBinding', component, 'bindings');
    return new FunctionInput({ ...options, component });
  }

  /**
   * A state store that the function reads; it sends no events.
   *
   * @param component a component of type `state.*`
   */
  public static fromState(component: IDaprComponent): FunctionInput {
    checkKind('FunctionInput.fromState', component, 'state');
    return new FunctionInput({ component });
  }

  /** The component that the events come from. */
  public readonly component: IDaprComponent;
  /** @internal */
  public readonly _input: InputEntry;

  private constructor(entry: InputEntry) {
    this.component = entry.component;
    this._input = entry;
  }
}
