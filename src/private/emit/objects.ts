/** All objects of a function, each after what it needs. */
import { bundle, components, daprProxy, disruptionBudget, kubernetesAccess, resiliency } from './dapr-proxy';
import type { Emitted, Maker } from './manifest';
import {
  configuration, functionNetworkPolicy, httpRoute, networkPolicy, proxyServices, referenceGrant, services,
} from './services';
import { interceptorRoute, scaler, workload } from './workload';
import type { FunctionPlan, Role } from '../decide/plan';
import { SYNC_WAVE } from '../kubernetes/constants';
import type { JsonObject, Manifest, StringMap } from '../kubernetes/json';

/** What comes before a part, where the function has it. */
const NEEDS: { readonly [role in Role]?: readonly Role[] } = {
  workload: ['component', 'resiliency', 'configuration', 'service', 'functionNetworkPolicy'],
  interceptorRoute: ['workload', 'service'],
  scaler: ['workload', 'interceptorRoute'],
  proxy: ['component', 'resiliency', 'configuration', 'proxyService', 'networkPolicy', 'access', 'bundle'],
  route: ['workload', 'service', 'referenceGrant'],
};

export function needsOf(role: Role): readonly Role[] {
  return NEEDS[role] ?? [];
}

/** Objects that do not need each other come in this order. */
const MAKERS: readonly Maker[] = [
  components, resiliency, configuration, services, functionNetworkPolicy, workload, interceptorRoute, scaler,
  proxyServices, networkPolicy, disruptionBudget, kubernetesAccess, bundle, daprProxy,
  referenceGrant, httpRoute,
];

export function emit(plan: FunctionPlan): Emitted[] {
  const objects = inOrder(MAKERS.flatMap((make) => make(plan)));
  const annotations: { readonly [role in Role]?: StringMap } = plan.annotations;
  for (const { role, manifest, sharedBy } of objects) {
    // Objects that functions share are not for one of them to annotate.
    const all = sharedBy === undefined ? plan.deployAnnotations : undefined;
    const own = annotations[role];
    if (all !== undefined || own !== undefined) annotate(manifest, { ...all, ...own });
  }
  if (plan.syncWaves) addSyncWaves(objects, Number(plan.deployAnnotations?.[SYNC_WAVE] ?? 0), annotations);
  return objects;
}

/** Repeatedly takes the first object whose needs are all met. */
export function inOrder(objects: readonly Emitted[]): Emitted[] {
  const ordered: Emitted[] = [];
  const left = [...objects];
  while (left.length > 0) {
    const next = left.findIndex(({ role }) => !needsOf(role).some((need) => left.some((other) => other.role === need)));
    ordered.push(...left.splice(next, 1));
  }
  return ordered;
}

function annotate({ metadata }: Manifest, annotations: StringMap): void {
  if (Object.keys(annotations).length > 0) metadata.annotations = annotations;
}

/** What runs comes in wave 0, with all that needs it; what it needs, before. */
function addSyncWaves(
  objects: readonly Emitted[], wave: number, annotations: { readonly [role in Role]?: StringMap },
): void {
  const running = objects.filter(({ role }) => role === 'workload' || role === 'proxy');
  const first = new Set(running.flatMap(({ role }) => needsOf(role)));
  for (const { role, manifest, sharedBy } of objects) {
    if (sharedBy !== undefined || !Number.isInteger(wave)) continue;
    const given = manifest.metadata.annotations as JsonObject | undefined;
    const own = annotations[role]?.[SYNC_WAVE];
    const { [SYNC_WAVE]: _, ...others } = given ?? {};
    manifest.metadata.annotations = { [SYNC_WAVE]: own ?? String(first.has(role) ? wave - 1 : wave), ...others };
  }
}
