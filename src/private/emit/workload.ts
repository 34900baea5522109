/**
 * What runs a function: Knative Service, Deployment, StatefulSet, Job, or the ScaledJob that makes Jobs (docs/spec
 * M50 to M57).
 */
import { createHash } from 'node:crypto';
import { knativeService } from './knative';
import { compact, Maker, Manifest, object } from './manifest';
import { podTemplate } from './pod';
import { jobLimits, scaledJob } from './scaler';
import type { FunctionPlan } from '../decide/plan';
import { JOB_HASH_LENGTH, SERVING_LABEL } from '../kubernetes/constants';
import { sortedDeep } from '../kubernetes/json';

export const workload: Maker = (plan) => [
  { role: 'workload', id: 'Resource', manifest: make(plan), needs: ['component', 'resiliency', 'service'] },
];

function make(plan: FunctionPlan): Manifest {
  if (plan.knative !== undefined) return knativeService(plan, plan.knative);
  if (plan.workload !== 'Job') return deployment(plan);
  // Differs: a Job with a scaler is made by KEDA from the ScaledJob, which takes its place.
  return plan.scaling.scaler === 'ScaledJob' ? scaledJob(plan) : job(plan);
}

function deployment(plan: FunctionPlan): Manifest {
  const { name, scaling, labels } = plan;
  const stateful = plan.workload === 'StatefulSet';
  return object(plan, { apiVersion: 'apps/v1', kind: plan.workload, name, labels: labels.workload }, {
    spec: compact({
      serviceName: stateful ? name : undefined,
      // Differs: left to the scaler, with which every sync would fight otherwise.
      replicas: scaling.scaler === 'none' ? scaling.replicas : undefined,
      progressDeadlineSeconds: stateful ? undefined : plan.progressDeadlineSeconds,
      selector: { matchLabels: { [SERVING_LABEL]: name } },
      template: podTemplate(plan),
    }),
  });
}

/** Differs: a Job's template is immutable, so its hash is part of the name and a change makes a new Job. */
function job(plan: FunctionPlan): Manifest {
  const template = podTemplate(plan);
  const content = JSON.stringify(sortedDeep(template));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, JOB_HASH_LENGTH);
  const parts = { apiVersion: 'batch/v1', kind: 'Job', name: `${plan.name}-${hash}`, labels: plan.labels.workload };
  return object(plan, parts, { spec: { ...jobLimits(plan), template } });
}
