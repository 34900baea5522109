/** The right to watch EndpointSlices, where the proxy does that instead of asking DNS. */
import { Emitted, Maker, object } from './manifest';
import type { JsonObject } from '../kubernetes/json';

const RBAC = 'rbac.authorization.k8s.io';
const RULES = [{ apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] }];

export const endpointSliceAccess: Maker = (plan) => {
  const { names, namespace, proxy } = plan;
  if (proxy?.endpointSlices === undefined) return [];
  const make = (apiVersion: string, kind: string, rest: JsonObject): Emitted => ({
    role: 'access',
    id: kind,
    manifest: object(plan, { apiVersion, kind, name: names.proxy, labels: plan.labels.proxy }, rest),
  });
  return [
    ...(proxy.endpointSlices.ownAccount ? [make('v1', 'ServiceAccount', { automountServiceAccountToken: false })] : []),
    make(`${RBAC}/v1`, 'Role', { rules: RULES }),
    make(`${RBAC}/v1`, 'RoleBinding', {
      roleRef: { apiGroup: RBAC, kind: 'Role', name: names.proxy },
      subjects: [{ kind: 'ServiceAccount', name: proxy.serviceAccount ?? names.proxy, namespace }],
    }),
  ];
};
