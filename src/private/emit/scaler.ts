/** ScaledObject and ScaledJob of KEDA, HTTPScaledObject of its HTTP add-on (docs/spec M54 to M58, M63 to M65). */
import { compact, copy, Maker, Manifest, object } from './manifest';
import { podTemplate } from './pod';
import type { HttpScalingPlan } from '../decide/http-scaling';
import type { FunctionPlan } from '../decide/plan';
import { FUNCTION_CONTAINER } from '../kubernetes/constants';
import { Json, JsonObject, nonEmpty } from '../kubernetes/json';
import { serviceHost } from '../kubernetes/syntax';

/** A ScaledJob is the workload itself. */
export const scaler: Maker = (plan) => {
  const manifest = plan.httpScaling !== undefined ? httpScaledObject(plan, plan.httpScaling)
    : plan.scaling.scaler === 'ScaledObject' ? scaledObject(plan) : undefined;
  return manifest === undefined ? [] : [{ role: 'scaler', id: 'Scaler', manifest, needs: ['workload'] }];
};

function scaledObject(plan: FunctionPlan): Manifest {
  const { name, scaling } = plan;
  const { cooldownPeriod, advanced, fallback } = scaling.scaledObject;
  return object(plan, { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name, labels: plan.labels.function }, {
    spec: compact({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: plan.workload, name, envSourceContainerName: FUNCTION_CONTAINER },
      minReplicaCount: scaling.minReplicas,
      maxReplicaCount: scaling.maxReplicas,
      pollingInterval: scaling.pollingInterval,
      idleReplicaCount: scaling.extras.scaler?.idleReplicas,
      cooldownPeriod,
      initialCooldownPeriod: scaling.extras.scaler?.initialCooldownPeriod,
      advanced: advanced && copy(advanced),
      fallback: fallback && copy(fallback),
      triggers: [...userTriggers(plan), ...pushTrigger(plan)],
    }),
  });
}

/** Takes the place of the Job, so it has the labels of the workload. */
export function scaledJob(plan: FunctionPlan): Manifest {
  const { name, scaling } = plan;
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit, scalingStrategy } = scaling.scaledJob;
  return object(plan, { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledJob', name, labels: plan.labels.workload }, {
    spec: compact({
      jobTargetRef: { ...jobLimits(plan), template: podTemplate(plan) },
      envSourceContainerName: FUNCTION_CONTAINER,
      minReplicaCount: scaling.minReplicas,
      maxReplicaCount: scaling.maxReplicas,
      pollingInterval: scaling.pollingInterval,
      successfulJobsHistoryLimit,
      failedJobsHistoryLimit,
      scalingStrategy: scalingStrategy && copy(scalingStrategy),
      triggers: [...userTriggers(plan), ...metricsTrigger(plan)],
    }),
  });
}

export function jobLimits({ scaling: { extras: { job = {} } } }: FunctionPlan): JsonObject {
  const { backoffLimit, ttlAfterFinished, activeDeadline } = job;
  return compact({
    backoffLimit, ttlSecondsAfterFinished: ttlAfterFinished, activeDeadlineSeconds: activeDeadline,
  });
}

function userTriggers({ scaling }: FunctionPlan): JsonObject[] {
  return scaling.triggers.map((trigger) => copy(compact(trigger as unknown as { [key: string]: Json | undefined })));
}

/** The proxy pushes to KEDA as soon as an event waits. */
function pushTrigger(plan: FunctionPlan): JsonObject[] {
  const { scaling: { pendingEvents }, proxy, names, namespace, clusterDomain } = plan;
  if (pendingEvents === undefined || proxy === undefined) return [];
  const { targetPerReplica, activation, averageValue } = pendingEvents;
  return [{
    type: 'external-push',
    ...(averageValue && { metricType: 'AverageValue' }),
    metadata: {
      scalerAddress: `${serviceHost(names.proxy, namespace, clusterDomain)}:${proxy.ports.scaler}`,
      target: String(targetPerReplica),
      activation: String(activation),
    },
  }];
}

/** KEDA does not listen to pushes for a ScaledJob, so it asks. */
function metricsTrigger(plan: FunctionPlan): JsonObject[] {
  const { scaling: { pendingEvents }, proxy, names, namespace, clusterDomain } = plan;
  if (pendingEvents === undefined || proxy === undefined) return [];
  const { targetPerReplica, activation } = pendingEvents;
  return [{
    type: 'metrics-api',
    metadata: {
      url: `http://${serviceHost(names.proxy, namespace, clusterDomain)}:${proxy.ports.admin}/pending`,
      valueLocation: 'pending',
      targetValue: String(targetPerReplica),
      activationTargetValue: String(activation),
    },
  }];
}

function httpScaledObject(plan: FunctionPlan, http: HttpScalingPlan): Manifest {
  const { hosts, pathPrefixes, before09, pendingRequests, scaledownPeriod } = http;
  const { name, scaling, names: { services: { workload: service = name } } } = plan;
  const target: JsonObject = before09
    ? { deployment: name, service, port: 80 }
    : { apiVersion: 'apps/v1', kind: 'Deployment', name, service, port: 80 };
  const parts = { apiVersion: 'http.keda.sh/v1alpha1', kind: 'HTTPScaledObject', name, labels: plan.labels.function };
  return object(plan, parts, {
    spec: compact({
      hosts: [...hosts],
      pathPrefixes: pathPrefixes && [...pathPrefixes],
      scaleTargetRef: target,
      replicas: nonEmpty(compact({ min: scaling.minReplicas, max: scaling.maxReplicas })),
      scalingMetric: before09 ? undefined : { concurrency: { targetValue: pendingRequests } },
      targetPendingRequests: before09 ? pendingRequests : undefined,
      scaledownPeriod,
    }),
  });
}
