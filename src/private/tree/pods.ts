/** Pods as cdk8s-plus selects them: what its `IPodSelector` and `INetworkPolicyPeer` give. */
import { Construct } from 'constructs';
import type { IFunctionPods } from '../../i-function-pods';
import type { FunctionPlan } from '../decide/plan';
import { PROXY_LABEL } from '../kubernetes/constants';
import type { StringMap } from '../kubernetes/json';
import { failOn, show } from '../problem/problem';

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

export interface PodSelectorConfig {
  readonly labelSelector: LabelSelector;
  readonly namespaces: { readonly names: string[] };
}

export function selectorConfig(labels: StringMap, namespace: string): PodSelectorConfig {
  return { labelSelector: new LabelSelector(labels), namespaces: { names: [namespace] } };
}

/** Made on first use, once. */
export function proxyPodsOf(fn: Construct, plan: FunctionPlan): IFunctionPods {
  const { name, namespace, proxy, dapr: { mode } } = plan;
  if (proxy === undefined) {
    const message = `not available: in Dapr mode ${show(mode)} the function has no dapr-proxy`;
    failOn(fn.node.path, [{ severity: 'error', path: ['proxyPods'], message }]);
  }
  const known = fn.node.tryFindChild(ProxyPods.ID) as ProxyPods | undefined;
  return known ?? new ProxyPods(fn, { [PROXY_LABEL]: name }, namespace);
}

/** A construct of its own: cdk8s-plus names the policies for a peer after the place of the peer in the tree. */
class ProxyPods extends Construct implements IFunctionPods {
  public static readonly ID = 'ProxyPods';

  public constructor(scope: Construct, public readonly podLabels: StringMap, private readonly namespace: string) {
    super(scope, ProxyPods.ID);
  }

  public toPodSelectorConfig(): PodSelectorConfig {
    return selectorConfig(this.podLabels, this.namespace);
  }

  public toPodSelector(): IFunctionPods {
    return this;
  }

  public toNetworkPolicyPeerConfig(): object {
    return { podSelector: this.toPodSelectorConfig() };
  }
}
