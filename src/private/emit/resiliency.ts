/** Dapr's Resiliency for the components of a function (docs/spec M107). */
import { copy, Maker, object } from './manifest';

export const resiliency: Maker = (plan) => {
  const { resiliency: policy, proxy, labels: { function: own, proxy: ofProxy } } = plan;
  if (policy === undefined) return [];
  const { name, policies, targets } = policy;
  const labels = proxy === undefined ? own : ofProxy;
  const manifest = object(plan, { apiVersion: 'dapr.io/v1alpha1', kind: 'Resiliency', name, labels }, {
    scopes: [plan.names.appId],
    spec: { policies: copy(policies), targets: { components: copy(targets) } },
  });
  return [{ role: 'resiliency', id: 'Resiliency', manifest }];
};
