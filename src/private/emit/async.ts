/** Deployment, StatefulSet and Job, and the Services in front of them (docs/spec M50 to M57, M62). */
import { createHash } from 'node:crypto';
import { compact, Emitted, functionLabels, Manifest, object, workloadLabels } from './manifest';
import { podTemplate } from './pod';
import { JOB_HASH_LENGTH } from '../decide/names';
import type { FunctionPlan } from '../decide/plan';
import { SERVING_LABEL } from '../kubernetes/constants';
import { JsonObject, sortedDeep } from '../kubernetes/json';

const ADD_ON_PORT = 80;

export function workload(plan: FunctionPlan): Manifest {
  if (plan.workload === 'Job') return job(plan);
  const scaled = plan.scaling.scaler !== 'none';
  const stateful = plan.workload === 'StatefulSet';
  return object(plan, { apiVersion: 'apps/v1', kind: plan.workload, name: plan.name, labels: workloadLabels(plan), wave: 'workload' }, {
    spec: compact({
      serviceName: stateful ? plan.name : undefined,
      // Differs: left to the scaler, with which every sync would fight otherwise.
      replicas: scaled ? undefined : plan.scaling.replicas,
      progressDeadlineSeconds: stateful ? undefined : plan.model.serving.timeoutSeconds,
      selector: { matchLabels: { [SERVING_LABEL]: plan.name } },
      template: podTemplate(plan),
    }),
  });
}

/** Differs: a Job's template is immutable, so its hash is part of the name and a change makes a new Job. */
function job(plan: FunctionPlan): Manifest {
  const template = jobTemplate(plan);
  const hash = createHash('sha256').update(JSON.stringify(sortedDeep(template))).digest('hex').slice(0, JOB_HASH_LENGTH);
  return object(plan, { apiVersion: 'batch/v1', kind: 'Job', name: `${plan.name}-${hash}`, labels: workloadLabels(plan), wave: 'workload' }, {
    spec: { template },
  });
}

export function jobTemplate(plan: FunctionPlan): JsonObject {
  const template = podTemplate(plan) as { metadata: JsonObject; spec: JsonObject };
  return { ...template, spec: { ...template.spec, restartPolicy: plan.model.serving.scaling.scaledJob?.restartPolicy ?? 'OnFailure' } };
}

/** Services of a function that is no Knative Service. */
export function services(plan: FunctionPlan): Emitted[] {
  if (plan.workload === 'KnativeService') return [];
  return plan.http ? kedaHttpServices(plan) : asyncServices(plan);
}

function asyncServices(plan: FunctionPlan): Emitted[] {
  const port = { name: 'http', port: plan.port, protocol: 'TCP', targetPort: plan.port };
  const any = { id: 'AnyPodService', role: 'service' as const };
  const headless: Emitted = {
    role: 'service',
    id: 'Service',
    // Differs: the operator gives an address to app protocol http, which pins connections to old pods.
    manifest: service(plan, plan.name, { clusterIP: 'None', ports: [port], selector: { [SERVING_LABEL]: plan.name } }),
  };
  if (plan.proxy !== undefined) {
    return [headless, { ...any, manifest: service(plan, plan.names.anyPod, { type: 'ClusterIP', ports: [port], selector: { [SERVING_LABEL]: plan.name } }) }];
  }
  return [];
}

function kedaHttpServices(plan: FunctionPlan): Emitted[] {
  const forAddOn: Emitted = {
    role: 'service',
    id: 'WorkloadService',
    manifest: service(plan, plan.names.workloadService, {
      type: 'ClusterIP',
      ports: [{ name: 'http', port: ADD_ON_PORT, protocol: 'TCP', targetPort: plan.port }],
      selector: { [SERVING_LABEL]: plan.name },
    }),
  };
  const { gatewayService } = plan;
  if (gatewayService === undefined) return [forAddOn];
  const externalName = `${gatewayService.name}.${gatewayService.namespace}.svc.${plan.clusterDomain}`;
  return [forAddOn, {
    role: 'service',
    id: 'Service',
    manifest: service(plan, plan.name, {
      type: 'ExternalName',
      externalName,
      ports: [{ name: 'http', port: ADD_ON_PORT, protocol: 'TCP', targetPort: gatewayService.port }],
    }),
  }];
}

export function service(plan: FunctionPlan, name: string, spec: JsonObject, labels = functionLabels(plan)): Manifest {
  return object(plan, { apiVersion: 'v1', kind: 'Service', name, labels, wave: 'component' }, { spec });
}
