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
import type { ProxyImageModel } from '../model/extras';

export function buildObjects(plan: FunctionPlan, image: ProxyImageModel): Emitted[] {
  const scaling = scaler(plan);
  // Differs: a Job with a scaler is made by KEDA from the ScaledJob, which takes its place.
  const scaledJob = plan.scaling.scaler === 'ScaledJob' ? scaling : undefined;
  const proxied: Emitted[] = plan.proxy === undefined ? [] : [
    ...proxySurroundings(plan, plan.proxy),
    { role: 'proxy', id: 'Proxy', manifest: proxyDeployment(plan, plan.proxy, image) },
  ];
  return [
    ...components(plan),
    ...resiliency(plan),
    ...services(plan),
    { role: 'workload', id: 'Resource', manifest: scaledJob ?? (plan.workload === 'KnativeService' ? knativeService(plan) : workload(plan)) },
    ...(scaling !== undefined && scaledJob === undefined ? [{ role: 'scaler' as const, id: 'Scaler', manifest: scaling }] : []),
    ...proxied,
    ...routes(plan),
  ];
}

function routes(plan: FunctionPlan): Emitted[] {
  const { route } = plan;
  if (route === undefined) return [];
  return [{ role: 'route', id: 'Route', manifest: httpRoute(plan, route) }];
}

/** On request only, and shared: once per pair of namespaces. */
export { referenceGrant };
