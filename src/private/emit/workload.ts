/** What runs a function, and what scales it (docs/spec M25 to M57). */
import { createHash } from 'node:crypto';
import type { Maker } from './manifest';
import type { HttpScalingPlan } from '../decide/http-scaling';
import type { KnativePlan } from '../decide/knative';
import type { FunctionPlan } from '../decide/plan';
import { FUNCTION_CONTAINER, JOB_HASH_LENGTH, SERVING_LABEL } from '../kubernetes/constants';
import { compact, copy, Json, JsonObject, Manifest, nonEmpty, object, sortedDeep } from '../kubernetes/json';
import { serviceHost } from '../kubernetes/syntax';

export const workload: Maker = (plan) => [{ role: 'workload', id: 'Resource', manifest: make(plan) }];

function make(plan: FunctionPlan): Manifest {
  if (plan.knative !== undefined) return knativeService(plan, plan.knative);
  if (plan.workload !== 'Job') return deployment(plan);
  // Differs: a Job with a scaler is made by KEDA from the ScaledJob, which takes its place.
  return plan.scaling.scaler === 'ScaledJob' ? scaledJob(plan) : jobOf(plan);
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
function jobOf(plan: FunctionPlan): Manifest {
  const template = podTemplate(plan);
  const name = `${plan.name}-${hashOf(template)}`;
  const parts = { apiVersion: 'batch/v1', kind: 'Job', name, labels: plan.labels.workload };
  return object(plan, parts, { spec: { ...jobLimits(plan), template } });
}

/** A ScaledJob is the workload itself. */
export const scaler: Maker = (plan) => {
  const { httpScaling: http, scaling } = plan;
  if (http !== undefined && http.interceptor === undefined) {
    return [{ role: 'scaler', id: 'Scaler', manifest: httpScaledObject(plan, http) }];
  }
  if (scaling.scaler !== 'ScaledObject') return [];
  return [{ role: 'scaler', id: 'Scaler', manifest: scaledObject(plan) }];
};

function scaledObject(plan: FunctionPlan): Manifest {
  const { name, scaling, httpScaling: http } = plan;
  const { cooldownPeriod, advanced, fallback } = scaling.scaledObject;
  return object(plan, { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name, labels: plan.labels.function }, {
    spec: compact({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: plan.workload, name, envSourceContainerName: FUNCTION_CONTAINER },
      minReplicaCount: scaling.minReplicas,
      maxReplicaCount: scaling.maxReplicas,
      pollingInterval: http === undefined ? scaling.pollingInterval : http.pollingInterval,
      idleReplicaCount: scaling.extras.scaler?.idleReplicas,
      cooldownPeriod: http?.cooldownPeriod ?? cooldownPeriod,
      initialCooldownPeriod: scaling.extras.scaler?.initialCooldownPeriod,
      advanced: withHpaName(advanced, scaling.hpaName),
      fallback: fallback && copy(fallback),
      triggers: [...userTriggers(plan), ...pushTrigger(plan), ...requestTrigger(plan)],
    }),
  });
}

function withHpaName(advanced: JsonObject | undefined, name: string | undefined): JsonObject | undefined {
  if (name === undefined) return advanced && copy(advanced);
  const config = advanced?.horizontalPodAutoscalerConfig as JsonObject | undefined;
  return { ...copy(advanced ?? {}), horizontalPodAutoscalerConfig: { ...copy(config ?? {}), name } };
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

function jobLimits({ scaling: { extras: { job = {} } } }: FunctionPlan): JsonObject {
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

/**
 * The scaler of the add-on reads the metric from the route, and KEDA asks it anew only when its own object changes: the
 * hash makes a change of the metric one of the trigger.
 */
function requestTrigger({ name, httpScaling, clusterDomain }: FunctionPlan): JsonObject[] {
  const { scaler: from, metric } = httpScaling?.interceptor ?? {};
  if (from === undefined || metric === undefined) return [];
  return [{
    type: 'external-push',
    metadata: {
      scalerAddress: `${serviceHost(from.name, from.namespace, clusterDomain)}:${from.port}`,
      interceptorRoute: name,
      scalingMetricHash: hashOf(metric),
    },
  }];
}

function hashOf(value: JsonObject): string {
  return createHash('sha256').update(JSON.stringify(sortedDeep(value))).digest('hex').slice(0, JOB_HASH_LENGTH);
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
  const { hosts, pathPrefixes, before09, pendingRequests = 0, cooldownPeriod } = http;
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
      scaledownPeriod: cooldownPeriod,
    }),
  });
}

export const interceptorRoute: Maker = (plan) => {
  const { name, httpScaling, names: { services: { workload: service = name } } } = plan;
  if (httpScaling?.interceptor === undefined) return [];
  const { hosts, pathPrefixes, interceptor: { metric, timeouts, coldStart } } = httpScaling;
  const parts = { apiVersion: 'http.keda.sh/v1beta1', kind: 'InterceptorRoute', name, labels: plan.labels.function };
  const manifest = object(plan, parts, {
    spec: compact({
      target: { service, port: 80 },
      rules: [compact({ hosts: [...hosts], paths: pathPrefixes?.map((value) => ({ value })) })],
      scalingMetric: copy(metric),
      timeouts: timeouts && copy(timeouts),
      coldStart: coldStart && copy(coldStart),
    }),
  });
  return [{ role: 'interceptorRoute', id: 'InterceptorRoute', manifest }];
};

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

export interface PodTemplate extends JsonObject {
  metadata: JsonObject;
  spec: JsonObject;
}

export function podTemplate(plan: FunctionPlan): PodTemplate {
  const { pod: { annotations, spec }, labels } = plan;
  return { metadata: { annotations: { ...annotations }, labels: { ...labels.workload } }, spec };
}
