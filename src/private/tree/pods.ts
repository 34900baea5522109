/** The pods of a dapr-proxy as a construct. It is not beside `FunctionPods`, whose declarations users get. */
import { Construct } from 'constructs';
import { FunctionPods } from '../../function-pods';
import type { FunctionPlan } from '../decide/plan';
import { PROXY_LABEL } from '../kubernetes/constants';
import type { StringMap } from '../kubernetes/json';
import { failOn, show } from '../problem/problem';

/** A construct of its own: cdk8s-plus names the policies for a peer after the place of the peer in the tree. */
class ProxyPods extends FunctionPods {
  public static readonly ID = 'ProxyPods';

  public constructor(scope: Construct, public readonly podLabels: StringMap, public readonly namespace: string) {
    super(scope, ProxyPods.ID);
  }
}

/** Made on first use, once. */
export function proxyPodsOf(fn: Construct, plan: FunctionPlan): FunctionPods {
  const { name, namespace, proxy, dapr: { mode } } = plan;
  if (proxy === undefined) {
    const message = `not available: in Dapr mode ${show(mode)} the function has no dapr-proxy`;
    failOn(fn.node.path, [{ severity: 'error', path: ['proxyPods'], message }]);
  }
  const known = fn.node.tryFindChild(ProxyPods.ID) as ProxyPods | undefined;
  return known ?? new ProxyPods(fn, { [PROXY_LABEL]: name }, namespace);
}
