/** Pods of a function as cdk8s-plus selects them. */
/* eslint-disable @typescript-eslint/no-explicit-any -- every cdk8s-plus has a type of its own for its selectors */
/* eslint-disable @typescript-eslint/unified-signatures -- jsii reads the first, compilers take the fitting one */
import type * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { StringMap } from './private/kubernetes/json';

/**
 * Pods of a function or of its dapr-proxy: an `IPodSelector` and an `INetworkPolicyPeer` of cdk8s-plus.
 *
 * In TypeScript and Python they are those of cdk8s-plus-33 and -34 as well. In Java and Go, where interfaces have
 * names, they are those of cdk8s-plus-28.
 */
export abstract class FunctionPods extends Construct implements kplus.IPodSelector, kplus.INetworkPolicyPeer {
  /** Labels that these pods have, and no others in their namespace. */
  public abstract readonly podLabels: { [key: string]: string };
  /** Namespace of the pods. */
  public abstract readonly namespace: string;

  /** Called by cdk8s-plus, wherever it takes an `IPodSelector`. */
  public toPodSelectorConfig(): kplus.PodSelectorConfig;
  /** For other versions of cdk8s-plus. */
  public toPodSelectorConfig(): any;
  public toPodSelectorConfig(): any {
    return { labelSelector: new LabelSelector(this.podLabels), namespaces: { names: [this.namespace] } };
  }

  /** Called by cdk8s-plus, wherever it takes an `INetworkPolicyPeer`; the pods themselves. */
  public toPodSelector(): kplus.IPodSelector | undefined;
  /** For other versions of cdk8s-plus. */
  public toPodSelector(): any;
  public toPodSelector(): any {
    return this;
  }

  /** Called by cdk8s-plus, wherever it takes an `INetworkPolicyPeer`. */
  public toNetworkPolicyPeerConfig(): kplus.NetworkPolicyPeerConfig;
  /** For other versions of cdk8s-plus. */
  public toNetworkPolicyPeerConfig(): any;
  public toNetworkPolicyPeerConfig(): any {
    return { podSelector: this.toPodSelectorConfig() };
  }
}

/**
 * What every cdk8s-plus asks a `LabelSelector` for. Its own class has private members and a private constructor, so an
 * instance would belong to one version.
 */
class LabelSelector {
  public constructor(private readonly labels: StringMap) {}

  public isEmpty(): boolean {
    return Object.keys(this.labels).length === 0;
  }

  public _toKube(): object {
    return { matchLabels: { ...this.labels } };
  }
}
