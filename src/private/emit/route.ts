/** HTTPRoute of a function, and the ReferenceGrant for a backend in another namespace (docs/spec M92 to M97). */
import { compact, copy, functionLabels, Manifest, object } from './manifest';
import type { FunctionPlan } from '../decide/plan';
import type { RoutePlan } from '../decide/route';
import { MANAGED_LABEL } from '../kubernetes/constants';
import type { Json, JsonObject } from '../kubernetes/json';

const GROUP = 'gateway.networking.k8s.io';

export function httpRoute(plan: FunctionPlan, route: RoutePlan): Manifest {
  const labels = { ...functionLabels(plan), [route.labelKey]: route.labelValue };
  return object(plan, { apiVersion: `${GROUP}/v1`, kind: 'HTTPRoute', name: plan.name, labels, wave: 'workload' }, {
    spec: {
      // Defaults of the API server are written out, so that a sync sees no difference.
      parentRefs: [{ group: GROUP, kind: 'Gateway', ...route.parent }],
      hostnames: [...route.hostnames],
      rules: route.rules.map((rule) => completeRule(rule, route)),
    },
  });
}

function completeRule(rule: JsonObject, route: RoutePlan): JsonObject {
  const { backendRefs: _replaced, filters: given, ...rest } = copy(rule);
  const filters = (given ?? []) as JsonObject[];
  // A redirect answers by itself: the API refuses a backend or a rewrite beside it.
  if (filters.some((filter) => filter.type === 'RequestRedirect')) return compact({ ...rest, filters: given });
  const complete = rewriteHost(filters, route.rewriteHostname);
  return compact({
    ...rest,
    filters: complete.length === 0 ? undefined : complete,
    backendRefs: [{ group: '', kind: 'Service', ...route.backend, weight: 1 }],
  });
}

/** One URLRewrite per rule: ours is merged into the user's. */
function rewriteHost(filters: JsonObject[], hostname: string | undefined): Json[] {
  if (hostname === undefined) return filters;
  const merge = (filter: JsonObject): JsonObject => (filter.type === 'URLRewrite'
    ? { ...filter, urlRewrite: { ...(filter.urlRewrite as JsonObject), hostname } }
    : filter);
  return filters.some((filter) => filter.type === 'URLRewrite')
    ? filters.map(merge)
    : [...filters, { type: 'URLRewrite', urlRewrite: { hostname } }];
}

/** Needed in the backend's namespace once per namespace that routes into it. */
export function referenceGrant(plan: FunctionPlan, route: RoutePlan): Manifest | undefined {
  const { namespace, name } = route.backend;
  if (namespace === plan.namespace) return undefined;
  return {
    apiVersion: `${GROUP}/v1beta1`,
    kind: 'ReferenceGrant',
    metadata: { name: `openfunction-${plan.namespace}`, namespace, labels: { [MANAGED_LABEL]: 'true' } },
    spec: { from: [{ group: GROUP, kind: 'HTTPRoute', namespace: plan.namespace }], to: [{ group: '', kind: 'Service', name }] },
  };
}
