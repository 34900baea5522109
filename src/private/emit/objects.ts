/** All objects of a function, in the order in which they are emitted: what others need comes first. */
import { services, workload } from './async';
import { components, resiliency } from './dapr-component';
import { proxyDeployment } from './dapr-proxy';
import { knativeService } from './knative';
import type { Emitted } from './manifest';
import { proxySurroundings } from './proxy-surroundings';
import { httpRoute, referenceGrant } from './route';
import { scaler } from './scaler';
import type { FunctionPlan } from '../decide/plan';
import type { ProxyImageModel } from '../settings/platform-model';

export function buildObjects(plan: FunctionPlan, image: ProxyImageModel): Emitted[] {
  const scaling = scaler(plan);
  // Differs: a Job with a scaler is made by KEDA from the ScaledJob, which takes its place.
  const scaledJob = plan.scaling.scaler === 'ScaledJob' ? scaling : undefined;
  const list = components(plan);
  list.push(...resiliency(plan));
  list.push(...services(plan));
  list.push({ role: 'workload', id: 'Resource', manifest: scaledJob ?? (plan.workload === 'KnativeService' ? knativeService(plan) : workload(plan)) });
  if (scaling !== undefined && scaledJob === undefined) list.push({ role: 'scaler', id: 'Scaler', manifest: scaling });
  if (plan.proxy !== undefined) {
    list.push(...proxySurroundings(plan, plan.proxy));
    list.push({ role: 'proxy', id: 'Proxy', manifest: proxyDeployment(plan, plan.proxy, image) });
  }
  if (plan.route !== undefined) list.push({ role: 'route', id: 'Route', manifest: httpRoute(plan, plan.route) });
  return list;
}

/** On request only, and shared: once per pair of namespaces. */
export { referenceGrant };
