/** What a function and a Dapr component say to each other; types only. */
import type { IConstruct } from 'constructs';

/** A Dapr component that functions can use, whoever defines it. */
export interface IDaprComponent extends IConstruct {
  /** Name under which functions refer to it. Of a `DaprComponent`, also the name of its `Component` object. */
  readonly componentName: string;
  /** Full type, such as `pubsub.kafka`. */
  readonly componentType: string;
  /**
   * Called by each function that uses the component, whenever it decides what it becomes; several times for one function.
   *
   * Throws for a function that may not use the component.
   *
   * @param consumer the function
   */
  bindConsumer(consumer: DaprComponentConsumer): DaprComponentBinding;
}

/** A function, as a component that it uses sees it. */
export interface DaprComponentConsumer {
  /** The construct of the function. */
  readonly construct: IConstruct;
  /** App-id under which Dapr knows the function. */
  readonly appId: string;
  /** Namespace of the function. */
  readonly namespace: string;
}

/** A component, as a function that uses it sees it. */
export interface DaprComponentBinding {
  /**
   * Namespace of the `Component` object; Dapr loads components of the function's own namespace only.
   *
   * @default - not known, so not checked
   */
  readonly namespace?: string;
  /**
   * `spec` of the `Component` object: its type and metadata tell how long events may be held and what can be scaled on.
   *
   * @default - not known
   * @see https://docs.dapr.io/reference/resource-specs/component-schema/
   */
  readonly spec?: { [field: string]: unknown };
  /**
   * What must be deployed before the function, in the same chart.
   *
   * @default - nothing
   */
  readonly dependency?: IConstruct;
}
