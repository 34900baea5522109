/** The Dapr Configuration that says who may call a function (docs/spec M116b). */
import { compact, Maker, object } from './manifest';

export const configuration: Maker = (plan) => {
  const { access, proxy, labels } = plan;
  if (access === undefined) return [];
  const own = proxy === undefined ? labels.function : labels.proxy;
  const parts = { apiVersion: 'dapr.io/v1alpha1', kind: 'Configuration', name: access.name, labels: own };
  const policies = access.policies.map(({ operations, ...app }) => compact({
    ...app,
    operations: operations?.map(({ name, verbs }) => ({ name, httpVerb: [...verbs], action: 'allow' })),
  }));
  const manifest = object(plan, parts, {
    spec: { accessControl: { defaultAction: 'deny', trustDomain: 'public', policies } },
  });
  return [{ role: 'configuration', id: 'Configuration', manifest }];
};
