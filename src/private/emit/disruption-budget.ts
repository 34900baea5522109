/** PodDisruptionBudget of a proxy with several replicas. */
import { Maker, object } from './manifest';
import { PROXY_LABEL } from '../kubernetes/constants';

export const disruptionBudget: Maker = (plan) => {
  if (plan.proxy === undefined || plan.proxy.replicas < 2) return [];
  const { names, labels, name } = plan;
  const parts = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: names.proxy, labels: labels.proxy };
  const manifest = object(plan, parts, {
    spec: { maxUnavailable: 1, selector: { matchLabels: { [PROXY_LABEL]: name } } },
  });
  return [{ role: 'disruptionBudget', id: 'DisruptionBudget', manifest }];
};
