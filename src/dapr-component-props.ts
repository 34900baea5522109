/** What a Dapr component is that stands by itself, and what functions need to know of one. */
import type { ComponentOptions } from './component-options';

/** A Dapr component that functions can refer to. */
export interface IDaprComponent {
  /** Name of the `Component` object. */
  readonly componentName: string;
  /** Full type, such as `pubsub.kafka`. */
  readonly componentType: string;
}

/** What a shared Dapr component is. */
export interface DaprComponentProps extends ComponentOptions {
  /**
   * Name of the `Component` object, a DNS-1123 name.
   *
   * @default - the id of the construct
   */
  readonly name?: string;
  /**
   * Namespace.
   *
   * @default - the chart's, else `default`
   */
  readonly namespace?: string;
  /**
   * App-ids that may use the component, beside those of the functions that refer to it.
   *
   * @default - only the functions'; every app of the namespace when no function does
   */
  readonly scopes?: string[];
}
