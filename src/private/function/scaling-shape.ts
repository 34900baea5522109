/** Shape of `serving.scaleOptions` and of KEDA triggers, in both API versions. */
import { boolean, count, integer, jsonObject, listOf, object, onlyIn, ReadBy, string, stringMap, text, oneOf, Reader, word } from './shape';
import { normalizedPercentage } from '../kubernetes/percentage';
import { show } from '../problem/problem';

const WORKLOADS_OF_SCALED_OBJECT = ['Deployment', 'StatefulSet'] as const;
const int32 = 2 ** 31 - 1;

const fallback = object({
  failureThreshold: integer(1, int32),
  replicas: count,
  behavior: oneOf(['static', 'currentReplicas', 'currentReplicasIfHigher', 'currentReplicasIfLower', 'scalingModifiers']),
}, { failureThreshold: 'the number of failures, 1 or more', replicas: 'the number of replicas to fall back to' });

/** Of `50%` and of `0.5`, the fraction: the only form KEDA reads. */
const percentage: Reader<string> = (value, at) => {
  const given = text(value, at);
  const fraction = given === undefined ? undefined : normalizedPercentage(given);
  if (given !== undefined && fraction === undefined) at.problems.error(at.path, `${show(given)} is no share of the running jobs; give a fraction such as "0.5", or "50%"`);
  return fraction;
};

const scalingStrategy = object({
  strategy: oneOf(['default', 'custom', 'accurate', 'eager']),
  customScalingQueueLengthDeduction: count,
  customScalingRunningJobPercentage: percentage,
  pendingPodConditions: listOf(string),
  multipleScalersCalculation: oneOf(['max', 'min', 'avg', 'sum']),
});

export const kedaTrigger = object({
  type: word,
  metadata: stringMap,
  name: text,
  useCachedMetrics: boolean,
  metricType: oneOf(['AverageValue', 'Value', 'Utilization']),
  authenticationRef: object({ name: word, kind: oneOf(['TriggerAuthentication', 'ClusterTriggerAuthentication']) }, { name: 'the name of a TriggerAuthentication' }),
  targetKind: onlyIn('v1beta1', oneOf(['object', 'job'])),
}, { type: 'a KEDA scaler such as "kafka"', metadata: 'the settings of the scaler' });

const scaledObject = object({
  pollingInterval: count,
  cooldownPeriod: count,
  advanced: jsonObject,
  fallback: onlyIn('v1beta2', fallback),
  workloadType: onlyIn('v1beta1', oneOf(WORKLOADS_OF_SCALED_OBJECT), ['serving', 'workloadType']),
  minReplicaCount: onlyIn('v1beta1', count, ['serving', 'scaleOptions', 'minReplicas']),
  maxReplicaCount: onlyIn('v1beta1', count, ['serving', 'scaleOptions', 'maxReplicas']),
});

const scaledJob = object({
  restartPolicy: oneOf(['OnFailure', 'Never']),
  pollingInterval: count,
  successfulJobsHistoryLimit: count,
  failedJobsHistoryLimit: count,
  scalingStrategy,
  maxReplicaCount: onlyIn('v1beta1', count, ['serving', 'scaleOptions', 'maxReplicas']),
});

export const scaleOptions = object({
  minReplicas: count,
  maxReplicas: count,
  knative: stringMap,
  keda: object({
    scaledObject,
    scaledJob,
    httpScaledObject: onlyIn('v1beta2', object({ targetPendingRequests: count, cooldownPeriod: count })),
    triggers: onlyIn('v1beta2', listOf(kedaTrigger), ['serving', 'triggers']),
  }),
});
export type ScaleOptionsShape = ReadBy<typeof scaleOptions>;
export type KedaTriggerShape = ReadBy<typeof kedaTrigger>;
