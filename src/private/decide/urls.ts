/** Where others reach a function and its proxy. */
import type { FunctionPlan } from './plan';
import { serviceHost } from '../kubernetes/syntax';
import { failOn, Problem, show } from '../problem/problem';

export function hasInternalUrl({ engine, proxy }: FunctionPlan): boolean {
  return engine !== undefined || proxy !== undefined;
}

/** Inside the cluster. `where` is the construct that an error names. */
export function internalUrlOf(plan: FunctionPlan, where: string): string {
  if (plan.engine === undefined) {
    if (!hasInternalUrl(plan)) failOn(where, [withoutService(plan)]);
    return `http://${plan.names.host}:${plan.port}`;
  }
  const ownName = plan.workload === 'KnativeService' || plan.gatewayService !== undefined;
  const { services: { workload: service = plan.name }, host } = plan.names;
  return `http://${ownName ? host : serviceHost(service, plan.namespace, plan.clusterDomain)}`;
}

function withoutService({ dapr, names }: FunctionPlan): Problem {
  const through = dapr.mode === 'off' ? '' : `; call it through Dapr, as app-id ${show(names.appId)}`;
  const message = `not available: an async function without the dapr-proxy has no Service${through}`;
  return { severity: 'error', path: ['internalUrl'], message };
}
