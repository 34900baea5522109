/** Props of shared and existing Dapr components; types only. */
import type { ComponentOptions } from './component-options';

/** Props of a shared Dapr component. */
export interface DaprComponentProps extends ComponentOptions {
  /**
   * Name of the `Component` object, a DNS-1123 name of at most 253 characters.
   *
   * @default - the id of the construct
   */
  readonly name?: string;
  /**
   * Namespace of the `Component` object. Functions of other namespaces cannot use it.
   *
   * @default - the chart's, else `default`
   */
  readonly namespace?: string;
  /**
   * App-ids that may use the component, in addition to those of the functions that refer to it.
   *
   * @default - the functions that refer to it; every app of the namespace if there are none
   * @see https://docs.dapr.io/operations/components/component-scopes/
   */
  readonly scopes?: string[];
}

/** Reference to a Dapr component that is defined elsewhere. */
export interface ExistingDaprComponent {
  /** Name of the `Component` object. */
  readonly componentName: string;
  /** Full type, such as `pubsub.kafka`. Types other than `bindings.*`, `pubsub.*` and `state.*` are rejected. */
  readonly componentType: string;
  /**
   * Namespace of the `Component` object; functions of other namespaces are rejected.
   *
   * @default - the namespace of each function that uses it; not checked
   */
  readonly namespace?: string;
}
