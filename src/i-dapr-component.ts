/** Contract between functions and Dapr components; types only. */
import type { IConstruct } from 'constructs';

/** A Dapr component that functions can use, wherever it is defined. */
export interface IDaprComponent extends IConstruct {
  /** Name under which functions refer to the component; for a `DaprComponent`, the name of its `Component` object. */
  readonly componentName: string;
  /** Full type, such as `pubsub.kafka`. */
  readonly componentType: string;
  /**
   * Called by each function that uses the component, each time the function is planned; possibly several times.
   *
   * Throws if the function may not use the component.
   *
   * @param consumer the function
   */
  bindConsumer(consumer: DaprComponentConsumer): DaprComponentBinding;
}

/** A function that uses a component. */
export interface DaprComponentConsumer {
  /** The construct of the function. */
  readonly construct: IConstruct;
  /** Dapr app-id of the function. */
  readonly appId: string;
  /** Namespace of the function. */
  readonly namespace: string;
}

/** Details of a component for a function that uses it. */
export interface DaprComponentBinding {
  /**
   * Namespace of the `Component` object. Dapr only loads components in the namespace of the function.
   *
   * @default - unknown, and not checked
   */
  readonly namespace?: string;
  /**
   * `spec` of the `Component` object. Its type and metadata decide how long events can be held and what KEDA can scale
   * on.
   *
   * @default - unknown
   * @see https://docs.dapr.io/reference/resource-specs/component-schema/
   */
  readonly spec?: { [field: string]: unknown };
  /**
   * Construct of the same chart that must be deployed before the function.
   *
   * @default - none
   */
  readonly dependency?: IConstruct;
}
