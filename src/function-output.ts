/** Where a function sends data to: a topic or a binding. */
import type { IDaprComponent } from './i-dapr-component';
import type { OutputEntry } from './private/props/entries';
import { checkKind } from './private/props/known-options';
import type { Resiliency } from './resiliency';

/** How the function publishes to a topic. */
export interface TopicOutputOptions {
  /**
   * Name under which the function knows this output; the key in `FUNC_CONTEXT`. Needed for a second output on one
   * component.
   *
   * @default - the component's name
   */
  readonly name?: string;
  /**
   * Metadata that goes with each message, by name.
   *
   * @default - none
   */
  readonly metadata?: { [name: string]: string };
  /**
   * Retries, timeout and circuit breaker of calls to this component.
   *
   * @default - none
   */
  readonly resiliency?: Resiliency;
}

/** How the function calls an output binding. */
export interface BindingOutputOptions {
  /**
   * Name under which the function knows this output; the key in `FUNC_CONTEXT`. Needed for a second output on one
   * component.
   *
   * @default - the component's name
   */
  readonly name?: string;
  /**
   * Operation of the binding, such as `create`. The component's type decides which operations exist.
   *
   * @default - none: Dapr refuses what the function frameworks then send
   * @see https://docs.dapr.io/reference/components-reference/supported-bindings/
   */
  readonly operation?: string;
  /**
   * Metadata that goes with each call, by name.
   *
   * @default - none
   */
  readonly metadata?: { [name: string]: string };
  /**
   * Retries, timeout and circuit breaker of calls to this component.
   *
   * @default - none
   */
  readonly resiliency?: Resiliency;
}

/**
 * One output of a function.
 *
 * Each factory method rejects components of another kind and names the one to use instead.
 *
 * @see https://github.com/cdk8s-openfunction/cdk8s-openfunction/blob/main/docs/concepts/components.md
 */
export class FunctionOutput {
  /**
   * A topic that the function publishes to.
   *
   * @param component a component of type `pubsub.*`
   * @param topic name of the topic
   * @param options how the function publishes
   */
  public static toTopic(component: IDaprComponent, topic: string, options: TopicOutputOptions = {}): FunctionOutput {
    checkKind('FunctionOutput.toTopic', component, 'pubsub');
    return new FunctionOutput({ ...options, component, topic });
  }

  /**
   * An output binding that the function calls, such as a bucket or a mail server.
   *
   * @param component a component of type `bindings.*`
   * @param options how the function calls it
   */
  public static toBinding(component: IDaprComponent, options: BindingOutputOptions = {}): FunctionOutput {
    checkKind('FunctionOutput.toBinding', component, 'bindings');
    return new FunctionOutput({ ...options, component });
  }

  /** The component that takes the data. */
  public readonly component: IDaprComponent;
  /** @internal */
  public readonly _output: OutputEntry;

  private constructor(entry: OutputEntry) {
    this.component = entry.component;
    this._output = entry;
  }
}
