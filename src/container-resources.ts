/** Requests and limits of a container, as cdk8s-plus says them; types only. */
import type { Size } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-28';

/**
 * Requests and limits of a container. A limit below its request is rejected, and so is a value that contradicts the
 * container in `pod`.
 *
 * `ContainerResources` of cdk8s-plus has the same shape, so that its values are accepted in TypeScript. In other
 * languages, `Cpu` of cdk8s-plus and `Size` of cdk8s are.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export interface ContainerResources {
  /**
   * CPU time, in cores and thousandths of them.
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
   * CPU time that is set aside for the container, 0 or more: `Cpu` of any cdk8s-plus, such as `Cpu.millis(100)`.
   *
   * @default - the limit, if there is one, else none
   */
  readonly request?: ICpu | kplus.Cpu;
  /**
   * CPU time that the container can use at most, 0 or more: `Cpu` of any cdk8s-plus. It is slowed down beyond that.
   *
   * @default - none
   */
  readonly limit?: ICpu | kplus.Cpu;
}

/** Request and limit of memory or disk space. */
export interface SizeResources {
  /**
   * Amount that is set aside for the container, 0 or more. Memory below 1 MiB is a warning.
   *
   * @default - the limit, if there is one, else none
   */
  readonly request?: Size;
  /**
   * Amount that the container can use at most, 0 or more and not below the request.
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
