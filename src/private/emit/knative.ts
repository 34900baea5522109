/** A function as a Knative Service (docs/spec M43 to M49). */
import { compact, copy, Manifest, object } from './manifest';
import { podTemplate } from './pod';
import type { KnativePlan } from '../decide/knative';
import type { FunctionPlan } from '../decide/plan';

export function knativeService(plan: FunctionPlan, knative: KnativePlan): Manifest {
  const { annotations, concurrency, timeouts, traffic } = knative;
  const { metadata, spec } = podTemplate(plan);
  const { name, labels } = plan;
  const parts = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name, labels: labels.workload };
  return object(plan, parts, {
    spec: compact({
      template: {
        metadata: { ...metadata, annotations: { ...annotations } },
        spec: compact({ ...spec, containerConcurrency: concurrency, ...timeouts }),
      },
      traffic: traffic && copy(traffic),
    }),
  });
}
