/** ScaledObject and ScaledJob of KEDA, HTTPScaledObject of its HTTP add-on (docs/spec M54 to M58, M63 to M65). */
import { jobTemplate } from './async';
import { compact, copy, functionLabels, Manifest, object, workloadLabels } from './manifest';
import type { FunctionPlan } from '../decide/plan';
import { FUNCTION_CONTAINER } from '../kubernetes/constants';
import type { Json, JsonObject } from '../kubernetes/json';

const DEFAULT_PENDING_REQUESTS = 100;
const DEFAULT_SCALED_DOWN_SECONDS = 300;

export function scaler(plan: FunctionPlan): Manifest | undefined {
  switch (plan.scaling.scaler) {
    case 'ScaledObject': return scaledObject(plan);
    case 'ScaledJob': return scaledJob(plan);
    case 'HTTPScaledObject': return httpScaledObject(plan);
    default: return undefined;
  }
}

function scaledObject(plan: FunctionPlan): Manifest {
  const { scaling } = plan;
  const { scaledObject: given } = plan.model.serving.scaling;
  return object(plan, { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: plan.name, labels: functionLabels(plan), wave: 'workload' }, {
    spec: compact({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: plan.workload, name: plan.name, envSourceContainerName: FUNCTION_CONTAINER },
      minReplicaCount: scaling.minReplicas,
      maxReplicaCount: scaling.maxReplicas,
      pollingInterval: scaling.pollingInterval,
      cooldownPeriod: given?.cooldownPeriod,
      advanced: given?.advanced === undefined ? undefined : copy(given.advanced),
      fallback: given?.fallback === undefined ? undefined : copy(given.fallback),
      triggers: [...userTriggers(plan), ...pushTrigger(plan)],
    }),
  });
}

/** Takes the place of the Job, so it has the labels of the workload. */
function scaledJob(plan: FunctionPlan): Manifest {
  const { scaling } = plan;
  const { scaledJob: given } = plan.model.serving.scaling;
  return object(plan, { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledJob', name: plan.name, labels: workloadLabels(plan), wave: 'workload' }, {
    spec: compact({
      jobTargetRef: { template: jobTemplate(plan) },
      envSourceContainerName: FUNCTION_CONTAINER,
      minReplicaCount: scaling.minReplicas,
      maxReplicaCount: scaling.maxReplicas,
      pollingInterval: scaling.pollingInterval,
      successfulJobsHistoryLimit: given?.successfulJobsHistoryLimit,
      failedJobsHistoryLimit: given?.failedJobsHistoryLimit,
      scalingStrategy: given?.scalingStrategy === undefined ? undefined : copy(given.scalingStrategy),
      triggers: [...userTriggers(plan), ...metricsTrigger(plan)],
    }),
  });
}

function userTriggers({ scaling }: FunctionPlan): JsonObject[] {
  return scaling.triggers.map((trigger) => copy(compact(trigger as unknown as { [key: string]: Json | undefined })));
}

/** The proxy pushes to KEDA as soon as an event waits. */
function pushTrigger({ model, scaling, proxy, names, namespace, clusterDomain }: FunctionPlan): JsonObject[] {
  if (scaling.pendingEvents === undefined || proxy === undefined) return [];
  const { targetPerReplica, activation } = scaling.pendingEvents;
  return [{
    type: 'external-push',
    // KEDA's webhook takes a fallback only beside a trigger that says so itself.
    ...(model.serving.scaling.scaledObject?.fallback !== undefined && { metricType: 'AverageValue' }),
    metadata: {
      scalerAddress: `${names.proxy}.${namespace}.svc.${clusterDomain}:${proxy.scalerPort}`,
      target: String(targetPerReplica),
      activation: String(activation),
    },
  }];
}

/** KEDA does not listen to pushes for a ScaledJob, so it asks. */
function metricsTrigger({ scaling, proxy, names, namespace, clusterDomain }: FunctionPlan): JsonObject[] {
  if (scaling.pendingEvents === undefined || proxy === undefined) return [];
  const { targetPerReplica, activation } = scaling.pendingEvents;
  return [{
    type: 'metrics-api',
    metadata: {
      url: `http://${names.proxy}.${namespace}.svc.${clusterDomain}:${proxy.adminPort}/pending`,
      valueLocation: 'pending',
      targetValue: String(targetPerReplica),
      activationTargetValue: String(activation),
    },
  }];
}

function httpScaledObject(plan: FunctionPlan): Manifest {
  const { scaling, model, platform } = plan;
  const options = model.serving.scaling.httpScaledObject;
  const old = addOnIsOld(platform.kedaHttpAddOnVersion);
  const pending = options?.targetPendingRequests ?? DEFAULT_PENDING_REQUESTS;
  const target: JsonObject = old
    ? { deployment: plan.name, service: plan.names.workloadService, port: 80 }
    : { apiVersion: 'apps/v1', kind: 'Deployment', name: plan.name, service: plan.names.workloadService, port: 80 };
  const replicas = compact({ min: scaling.minReplicas, max: scaling.maxReplicas });
  return object(plan, { apiVersion: 'http.keda.sh/v1alpha1', kind: 'HTTPScaledObject', name: plan.name, labels: functionLabels(plan), wave: 'workload' }, {
    spec: compact({
      hosts: plan.route?.hostnames ?? [...(model.serving.http?.route?.hostnames ?? []), plan.names.host],
      pathPrefixes: pathPrefixes(plan.route?.rules ?? []),
      scaleTargetRef: target,
      replicas: Object.keys(replicas).length === 0 ? undefined : replicas,
      scalingMetric: old ? undefined : { concurrency: { targetValue: pending } },
      targetPendingRequests: old ? pending : undefined,
      scaledownPeriod: options?.cooldownPeriod ?? DEFAULT_SCALED_DOWN_SECONDS,
    }),
  });
}

/** A match without a path takes every path, so then nothing may be listed. */
function pathPrefixes(rules: JsonObject[]): Json[] | undefined {
  const paths = rules.flatMap((rule) => {
    const matches = Array.isArray(rule.matches) && rule.matches.length > 0 ? rule.matches : [{}];
    return matches.map((match) => (match as { path?: { value?: string } }).path?.value);
  });
  const known = paths.filter((path) => path !== undefined);
  return known.length === 0 || known.length < paths.length ? undefined : [...new Set(known)];
}

/** Before 0.9 the add-on named its target and its metric otherwise. */
function addOnIsOld(version: string | undefined): boolean {
  const [major, minor] = (version ?? '0.9').replace(/^v/, '').split('.').map(Number);
  return major === 0 && minor < 9;
}
