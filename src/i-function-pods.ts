/** Contract of pods that network policies, Services and affinities can select; types only. */
import type { IConstruct } from 'constructs';

/**
 * The pods of a function, or of its dapr-proxy.
 *
 * In TypeScript and Python they are an `IPodSelector` and an `INetworkPolicyPeer` of any cdk8s-plus. In Java and Go,
 * where interfaces have names, `Pods.select` of cdk8s-plus takes `podLabels`.
 */
export interface IFunctionPods extends IConstruct {
  /** Labels that these pods have, and no others in their namespace. */
  readonly podLabels: { [key: string]: string };

  /**
   * Called by cdk8s-plus, wherever it takes an `IPodSelector`.
   *
   * @returns `PodSelectorConfig` of cdk8s-plus, by the labels and the namespace of the pods
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- every cdk8s-plus has a type of its own for it
  toPodSelectorConfig(): any;

  /** Called by cdk8s-plus, wherever it takes an `INetworkPolicyPeer`. */
  toPodSelector(): IFunctionPods;

  /**
   * Called by cdk8s-plus, wherever it takes an `INetworkPolicyPeer`.
   *
   * @returns `NetworkPolicyPeerConfig` of cdk8s-plus
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- every cdk8s-plus has a type of its own for it
  toNetworkPolicyPeerConfig(): any;
}
