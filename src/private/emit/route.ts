/** HTTPRoute of a function, and the ReferenceGrant for a backend in another namespace (docs/spec M92 to M97). */
import { compact, copy, Maker, object } from './manifest';
import type { RoutePlan } from '../decide/route';
import { MANAGED_LABEL } from '../kubernetes/constants';
import type { Json, JsonObject } from '../kubernetes/json';

const GROUP = 'gateway.networking.k8s.io';

export const httpRoute: Maker = (plan) => {
  const { route } = plan;
  if (route === undefined) return [];
  const labels = { ...plan.labels.function, [route.labelKey]: route.labelValue };
  const manifest = object(plan, { apiVersion: `${GROUP}/v1`, kind: 'HTTPRoute', name: plan.name, labels }, {
    spec: {
      // Defaults of the API server are written out, so that a sync sees no difference.
      parentRefs: [{ group: GROUP, kind: 'Gateway', ...route.parent }],
      hostnames: [...route.hostnames],
      rules: route.rules.map((rule) => completeRule(rule, route)),
    },
  });
  return [{ role: 'route', id: 'Route', manifest, needs: ['workload', 'service', 'referenceGrant'] }];
};

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

/** Of the backend's namespace; lists every Service that functions of this namespace route to. */
export const referenceGrant: Maker = ({ route, namespace: from }) => {
  if (route?.emitGrant !== true) return [];
  const { namespace, name } = route.backend;
  const manifest = {
    apiVersion: `${GROUP}/v1beta1`,
    kind: 'ReferenceGrant',
    metadata: { name: `openfunction-${from}`, namespace, labels: { [MANAGED_LABEL]: 'true' } },
    spec: { from: [{ group: GROUP, kind: 'HTTPRoute', namespace: from }], to: [{ group: '', kind: 'Service', name }] },
  };
  return [{ role: 'referenceGrant', id: `grant-${namespace}-${manifest.metadata.name}`, manifest, sharedBy: 'app' }];
};
