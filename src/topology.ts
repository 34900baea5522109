/** The wiring of functions as plain data; types only. */
import type { TopologyEdgeKind, TopologyFindingLevel, TopologyNodeKind } from './choices';

/** What a function is made of, as far as a picture of the app shows it. */
export interface TopologyFunction {
  /** Image of the function container. */
  readonly image: string;
  /** Kind of the workload: `KnativeService`, `Deployment`, `StatefulSet` or `Job`. */
  readonly workload: string;
  /**
   * What brings HTTP requests to it: `knative` or `keda`.
   *
   * @default - nothing, for an async function
   */
  readonly httpEngine?: string;
  /** Port of the function container. */
  readonly port: number;
  /** The Dapr mode: `off`, `standalone` or `sidecar`. */
  readonly daprMode: string;
  /**
   * Dapr app-id; functions that do not use Dapr have none.
   *
   * @default - none, without Dapr
   */
  readonly appId?: string;
  /** Least number of replicas. */
  readonly minReplicas: number;
  /**
   * Highest number of replicas.
   *
   * @default - no limit
   */
  readonly maxReplicas?: number;
  /**
   * URL inside the cluster.
   *
   * @default - none, as for async functions without the dapr-proxy
   */
  readonly internalUrl?: string;
  /** URLs from outside of the cluster. */
  readonly externalUrls: string[];
}

/** Something that functions are wired with, or a function itself. */
export interface TopologyNode {
  /** Names the node in edges: its kind, and what makes it unique, such as `function shop/orders`. */
  readonly id: string;
  /** What it is. */
  readonly kind: TopologyNodeKind;
  /** Name for people: of the function, topic, component, host, app-id or workload. */
  readonly name: string;
  /**
   * Namespace; hosts and the outside world have none.
   *
   * @default - none, for hosts and the outside world
   */
  readonly namespace?: string;
  /**
   * Construct path of the chart of a function.
   *
   * @default - not a function
   */
  readonly chart?: string;
  /**
   * Of a function: what it is made of.
   *
   * @default - not a function
   */
  readonly details?: TopologyFunction;
  /**
   * Of a workload that is not a function: its kind, such as `Deployment`.
   *
   * @default - not such a workload
   */
  readonly workload?: string;
  /**
   * Of a workload that is not a function: the image of its first container.
   *
   * @default - not such a workload, or not known
   */
  readonly image?: string;
  /**
   * Of a component: its full type, such as `pubsub.kafka`; `pubsub.existing` where only the block is known.
   *
   * @default - not a component
   */
  readonly componentType?: string;
  /**
   * Of a topic: the nodes of the components through which it is reached, sorted.
   *
   * @default - not a topic
   */
  readonly components?: string[];
  /**
   * Of a cron binding: when it fires.
   *
   * @default - not a cron binding, or not known
   */
  readonly schedule?: string;
  /**
   * Outside of the scope that was asked for, but wired with something in it.
   *
   * @default - false
   */
  readonly elsewhere?: boolean;
}

/** Who is wired with whom. Edges go the way that events and requests go. */
export interface TopologyEdge {
  /** How they are wired. */
  readonly kind: TopologyEdgeKind;
  /** Id of the node at which it begins. */
  readonly from: string;
  /** Id of the node at which it ends. */
  readonly to: string;
  /**
   * Name of the Dapr component that is between the two, as Dapr knows it.
   *
   * @default - none is between them
   */
  readonly component?: string;
  /**
   * Of dead letters: the topic whose events they were.
   *
   * @default - not an edge of dead letters
   */
  readonly topic?: string;
}

/** Something in the wiring that is probably not meant. */
export interface TopologyFinding {
  /** What was found, such as `topic-without-subscriber`. */
  readonly rule: string;
  /** How certain it is. */
  readonly level: TopologyFindingLevel;
  /** Id of the function at which it was found; of an object beside them, one of the same namespace. */
  readonly functionId: string;
  /**
   * Where it is: file, line and column, or the construct path and the path in the props, or an object beside the
   * functions, such as `Component shop/events`.
   */
  readonly place: string;
  /** What is wrong there, in one line, with the place of the other side. */
  readonly message: string;
}
