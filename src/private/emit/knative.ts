/** A function as a Knative Service (docs/spec M43 to M49). */
import { compact, copy, Manifest, object, workloadLabels } from './manifest';
import { podTemplate } from './pod';
import type { FunctionPlan } from '../decide/plan';
import { CONTAINER_CONCURRENCY } from '../decide/scaling';
import { DAPR_ENABLED } from '../kubernetes/constants';
import type { JsonObject, StringMap } from '../kubernetes/json';

const PROGRESS_DEADLINE = 'serving.knative.dev/progress-deadline';
const OLD_SPELLINGS = ['autoscaling.knative.dev/minScale', 'autoscaling.knative.dev/maxScale'];

export function knativeService(plan: FunctionPlan): Manifest {
  const { metadata, spec } = podTemplate(plan) as { metadata: JsonObject; spec: JsonObject };
  const concurrency = plan.knativeScaling[CONTAINER_CONCURRENCY];
  return object(plan, { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: plan.name, labels: workloadLabels(plan), wave: 'workload' }, {
    spec: compact({
      template: {
        metadata: { ...metadata, annotations: revisionAnnotations(plan, metadata.annotations as StringMap) },
        spec: compact({ ...spec, containerConcurrency: concurrency === undefined ? undefined : Number(concurrency) }),
      },
      traffic: plan.model.serving.traffic && copy(plan.model.serving.traffic),
    }),
  });
}

function revisionAnnotations({ model, knativeScaling }: FunctionPlan, pod: StringMap): StringMap {
  const { timeoutSeconds } = model.serving;
  const all: StringMap = {
    ...(timeoutSeconds !== undefined && { [PROGRESS_DEADLINE]: `${timeoutSeconds}s` }),
    ...pod,
    ...knativeScaling,
    [DAPR_ENABLED]: pod[DAPR_ENABLED],
  };
  return Object.fromEntries(Object.entries(all).filter(([key]) => !OLD_SPELLINGS.includes(key)));
}
