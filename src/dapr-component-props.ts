/** What shared and existing Dapr components are; types only. */
import type { ComponentOptions } from './component-options';

/** What a shared Dapr component is. */
export interface DaprComponentProps extends ComponentOptions {
  /**
   * Name of the `Component` object, a DNS-1123 name of at most 253 characters.
   *
   * @default - the id of the construct
   */
  readonly name?: string;
  /**
   * Namespace; functions of other namespaces cannot use the component.
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

/** A Dapr component that something else defines. */
export interface ExistingDaprComponent {
  /** Name of the `Component` object. */
  readonly componentName: string;
  /** Full type, such as `pubsub.kafka`; begins with `bindings.`, `pubsub.` or `state.`. */
  readonly componentType: string;
  /**
   * Its namespace.
   *
   * @default - that of each function that uses it, unchecked
   */
  readonly namespace?: string;
}
