/** Report of a function; types only. */
import type { TopologyFunction } from './topology';

/** A Kubernetes object of a function. */
export interface ReportedObject {
  /** API group and version, such as `apps/v1`. */
  readonly apiVersion: string;
  /** Kind, such as `Deployment`. */
  readonly kind: string;
  /** Namespace of the object. */
  readonly namespace: string;
  /** Name of the object. */
  readonly name: string;
  /**
   * What the object is to the function, such as `workload`, `proxy` or `component`.
   *
   * @see https://github.com/cdk8s-openfunction/cdk8s-openfunction/blob/main/docs/concepts/composition.md
   */
  readonly role: string;
}

/** What pods pass of Kubernetes' Pod Security Standards, without the sidecars that others add to them. */
export interface ReportedPodSecurity {
  /** Role of the object whose pods they are: `workload` or `proxy`. */
  readonly role: string;
  /** The highest level that the pods pass: `privileged`, `baseline` or `restricted`. */
  readonly level: string;
  /** What keeps them from the next higher level, one line each: the field of the pod's spec and why. */
  readonly breaches: string[];
}

/** A topic, or a queue of a binding, that a function uses. */
export interface ReportedTopic {
  /** `subscribes`, `publishes`, `deadLetters` (sends them there), `reads` or `writes` (both through a binding). */
  readonly use: string;
  /** Name of the topic. */
  readonly topic: string;
  /** Name of the Dapr component through which it is reached, as Dapr knows it. */
  readonly component: string;
  /** Full type of that component, such as `pubsub.kafka`; `pubsub.existing` where only the block is known. */
  readonly componentType: string;
}

/** A Dapr component that a function defines or names. */
export interface ReportedComponent {
  /** Name of the component, as Dapr knows it. */
  readonly name: string;
  /** Full type, such as `pubsub.kafka`; `pubsub.existing` where only the block is known. */
  readonly componentType: string;
  /** Whether the function defines it; others are defined elsewhere. */
  readonly isOwn: boolean;
  /** What the function does with it: the words of `ReportedTopic.use`, or `keepsState`, sorted. */
  readonly uses: string[];
  /**
   * Of a cron binding: when it fires.
   *
   * @default - not a cron binding, or not known
   */
  readonly schedule?: string;
}

/** What one container requests and what limits it, as Kubernetes quantities; what nothing sets is absent. */
export interface ReportedContainer {
  /** Name of the container; `daprd` is the sidecar that Dapr adds. */
  readonly name: string;
  /** Least number of pods that have it. */
  readonly minReplicas: number;
  /**
   * Highest number of pods that have it.
   *
   * @default - no limit
   */
  readonly maxReplicas?: number;
  /**
   * CPU that it requests; the limit where only that is set, as Kubernetes has it.
   *
   * @default - not set
   */
  readonly cpuRequest?: string;
  /**
   * Most CPU that it gets.
   *
   * @default - not set
   */
  readonly cpuLimit?: string;
  /**
   * Memory that it requests; the limit where only that is set, as Kubernetes has it.
   *
   * @default - not set
   */
  readonly memoryRequest?: string;
  /**
   * Most memory that it gets.
   *
   * @default - not set
   */
  readonly memoryLimit?: string;
}

/** Sums over containers and their replicas, as Kubernetes quantities. */
export interface ReportedAmounts {
  /**
   * CPU that is requested.
   *
   * @default - no container sets it
   */
  readonly cpuRequest?: string;
  /**
   * Most CPU that the containers get together.
   *
   * @default - a container sets no limit
   */
  readonly cpuLimit?: string;
  /**
   * Memory that is requested.
   *
   * @default - no container sets it
   */
  readonly memoryRequest?: string;
  /**
   * Most memory that the containers get together.
   *
   * @default - a container sets no limit
   */
  readonly memoryLimit?: string;
  /** Containers that do not request both, so that the sums lack them. */
  readonly without: string[];
}

/**
 * Memory and CPU of a function in one Dapr mode, as its objects and settings have them: without init containers, and
 * without what the cluster adds, such as defaults of Dapr's injector, a LimitRange or Knative's queue-proxy.
 */
export interface ReportedResources {
  /** `standalone` (one shared dapr-proxy) or `sidecar` (one in every pod), or `off` for a function without Dapr. */
  readonly daprMode: string;
  /** The containers, those of the function first. */
  readonly containers: ReportedContainer[];
  /** Sums with the least number of replicas. */
  readonly atMinimum: ReportedAmounts;
  /**
   * Sums with the highest number of replicas.
   *
   * @default - none, where replicas have no limit
   */
  readonly atMaximum?: ReportedAmounts;
}

/** What was decided for a function, and what its objects need from the cluster. */
export interface FunctionReport extends TopologyFunction {
  /** Name of the function. */
  readonly name: string;
  /** Namespace of the function. */
  readonly namespace: string;
  /** Why the function has this mode. */
  readonly daprReason: string;
  /** Host names outside of the cluster, wildcards too. */
  readonly hosts: string[];
  /** Topics and queues that the function uses. */
  readonly topics: ReportedTopic[];
  /** Dapr components that the function defines or names; a function without Dapr uses none of them. */
  readonly components: ReportedComponent[];
  /** Memory and CPU in either Dapr mode, so that they can be compared; one entry for a function without Dapr. */
  readonly resources: ReportedResources[];
  /** All objects, in the order of the output; at the end those that it shares with other functions. */
  readonly objects: ReportedObject[];
  /** Versions that the objects are written for, of what they need, such as `Dapr 1.18`. */
  readonly targets: string[];
  /** Custom resources that the cluster must have, as `Kind.group`. */
  readonly requiredApis: string[];
  /** Knative feature flags that must be enabled, as keys of `config-features`. */
  readonly knativeFeatures: string[];
  /** Further prerequisites in the cluster, one sentence each. */
  readonly prerequisites: string[];
  /** Pod security levels of the function's pods and the dapr-proxy's. */
  readonly podSecurity: ReportedPodSecurity[];
  /** Number of Dapr sidecars at maximum scale, and what a single one beside the proxy costs, in words. */
  readonly sidecars: string;
  /** Whether and how the function scales on events that wait or are being handled, and why; `off` if it does not. */
  readonly pendingEvents: string;
  /**
   * Replicas that scaling on pending events can reach: the number of events that all components deliver at the same
   * time, divided by the target per replica.
   *
   * @default - none if the function does not scale on them, or if the number for a component is unknown
   */
  readonly pendingEventsReplicas?: number;
  /**
   * What is worth knowing of how the function behaves and needs no change, one sentence each, and what its wiring shows
   * that may well be meant so, such as a topic that nothing else here reads.
   */
  readonly notes: string[];
  /** Warnings, one line each. */
  readonly warnings: string[];
}
