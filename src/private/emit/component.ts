/** Dapr Components of a function (docs/spec M67, M68). */
import { compact, copy, Maker, object } from './manifest';
import type { ComponentPlan } from '../decide/components';
import type { JsonObject } from '../kubernetes/json';

export const components: Maker = (plan) => plan.components.components.map(({ block, key, name, spec }) => ({
  role: 'component',
  id: `${block}-${key}`,
  manifest: object(plan, { apiVersion: 'dapr.io/v1alpha1', kind: 'Component', name, labels: plan.labels.function }, {
    ...(spec.auth !== undefined && { auth: { ...spec.auth } }),
    scopes: [plan.names.appId],
    spec: componentSpec(spec),
  }),
}));

export function componentSpec(spec: ComponentPlan['spec']): JsonObject {
  const { type, version, ignoreErrors, initTimeout, metadata } = spec;
  const entries = metadata.map((entry) => compact({
    ...entry,
    secretKeyRef: entry.secretKeyRef && { ...entry.secretKeyRef },
  }));
  return compact({ type, version, ignoreErrors, initTimeout, metadata: copy(entries) });
}
