/** Requests and limits of a container, as cdk8s-plus says them; types only. */
import type { Size } from 'cdk8s';

/**
 * Requests and limits of a container. A limit below its request is rejected, and so is a value that contradicts the
 * container in `pod`.
 *
 * `ContainerResources` of cdk8s-plus has the same shape, so that its values are accepted in TypeScript; in other
 * languages, its `Cpu` and the `Size` of cdk8s are.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export interface ContainerResources {
  /**
   * CPU time.
   *
   * @default - no request and no limit
   */
  readonly cpu?: CpuResources;
  /**
   * Memory. A container that uses more than its limit is killed.
   *
   * @default - no request and no limit
   */
  readonly memory?: SizeResources;
  /**
   * Disk space of the node, for files and logs of the container. A pod that uses more than its limit is evicted.
   *
   * @default - no request and no limit
   * @see https://kubernetes.io/docs/concepts/storage/ephemeral-storage/
   */
  readonly ephemeralStorage?: SizeResources;
}

/** Request and limit of CPU time. */
export interface CpuResources {
  /**
   * CPU time that is set aside for the container, such as `Cpu.millis(100)` of any cdk8s-plus; 0 or more.
   *
   * @default - the limit, if there is one, else none
   */
  readonly request?: ICpu;
  /**
   * CPU time that the container can use at most; it is slowed down beyond that. 0 or more.
   *
   * @default - none
   */
  readonly limit?: ICpu;
}

/** Request and limit of memory or disk space. */
export interface SizeResources {
  /**
   * Amount that is set aside for the container.
   *
   * @default - the limit, if there is one, else none
   */
  readonly request?: Size;
  /**
   * Amount that the container can use at most.
   *
   * @default - none
   */
  readonly limit?: Size;
}

/** An amount of CPU time; `Cpu` of any cdk8s-plus is one. */
export interface ICpu {
  /** The amount as a Kubernetes quantity: cores such as `0.5`, or thousandths of a core such as `500m`. */
  readonly amount: string;
}
