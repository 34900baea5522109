/** `serving.scaleOptions` and KEDA triggers, in both API versions. */
import {
  boolean, count, integer, into, jsonObject, listOf, object, oneOf, onlyIn, Place, ReadBy, Reader, string, stringMap,
  text, whole, withSchema, word,
} from './readers';
import { isObject, Json, StringMap, present } from '../kubernetes/json';
import { normalizedPercentage } from '../kubernetes/syntax';
import { show } from '../problem/problem';

const WORKLOADS_OF_SCALED_OBJECT = ['Deployment', 'StatefulSet'] as const;
const int32 = 2 ** 31 - 1;

const fallback = object({
  failureThreshold: integer(1, int32),
  replicas: count,
  behavior: oneOf([
    'static', 'currentReplicas', 'currentReplicasIfHigher', 'currentReplicasIfLower', 'scalingModifiers',
  ]),
}, { failureThreshold: 'the number of failures, 1 or more', replicas: 'the number of replicas to fall back to' });

/** Of `50%` and of `0.5`, the fraction: the only form KEDA reads. */
const percentage = withSchema<string>((value, at) => {
  const given = text(value, at);
  const fraction = given === undefined ? undefined : normalizedPercentage(given);
  if (given !== undefined && fraction === undefined) {
    const advice = 'give a fraction such as "0.5", or "50%"';
    at.problems.error(at.path, `${show(given)} is not a share of the running jobs; ${advice}`);
  }
  return fraction;
}, text.schema);

const scalingStrategy = object({
  strategy: oneOf(['default', 'custom', 'accurate', 'eager']),
  customScalingQueueLengthDeduction: count,
  customScalingRunningJobPercentage: percentage,
  pendingPodConditions: into(listOf(string), present),
  multipleScalersCalculation: oneOf(['max', 'min', 'avg', 'sum']),
});

const authenticationRef = whole({
  name: word,
  kind: oneOf(['TriggerAuthentication', 'ClusterTriggerAuthentication']),
}, { name: 'the name of a TriggerAuthentication' });

/** Passes through unchanged. */
const scalerTrigger = into(object({
  type: word,
  metadata: stringMap,
  name: text,
  useCachedMetrics: boolean,
  metricType: oneOf(['AverageValue', 'Value', 'Utilization']),
  authenticationRef,
  // Said by the workload in v1beta2.
  targetKind: onlyIn('v1beta1', into(oneOf(['object', 'job']), () => undefined)),
}, {
  type: 'a KEDA scaler such as "kafka"',
  metadata: 'the settings of the scaler',
}), (read) => ({ ...UNREAD_TRIGGER, ...read }));
const UNREAD_TRIGGER = { type: '', metadata: {} as StringMap };
export type KedaTriggerModel = ReadBy<typeof scalerTrigger>;

/** Triggers of v1beta2 in the list of v1beta1, which is one of KEDA's. */
const MOVED: Readonly<Record<string, string>> = {
  http: 'a v1beta1 function of "runtime: knative" is called by requests, and its port is at "port" beside "image"',
  dapr: 'what triggers a v1beta1 function of "runtime: async" is at serving.inputs',
};

const kedaTrigger: Reader<KedaTriggerModel> = Object.assign((value: Json, at: Place) => {
  const field = Object.keys(MOVED).find((key) => isObject(value) && value.type === undefined && key in value);
  if (field === undefined) return scalerTrigger(value, at);
  at.problems.error(at.path, `"${field}" is not a KEDA trigger: ${MOVED[field]}`);
  return undefined;
}, { schema: scalerTrigger.schema });
export const kedaTriggers = listOf<KedaTriggerModel>(kedaTrigger, UNREAD_TRIGGER);

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
    triggers: onlyIn('v1beta2', kedaTriggers, ['serving', 'triggers']),
  }),
});
export type ScaleOptionsRead = ReadBy<typeof scaleOptions>;
type KedaRead = NonNullable<ScaleOptionsRead['keda']>;

/** Scaling on events that wait in the proxy or are being handled. */
export interface PendingEventsModel {
  /** Said neither way, replica bounds and KEDA triggers turn it on. */
  readonly enabled?: boolean;
  /** Events per replica; 1 unless given. */
  readonly targetPerReplica?: number;
  /** Active above this many events; 0 unless given. */
  readonly activation?: number;
}

/** Of typed props, beyond the API. */
export interface ScalingExtrasModel {
  readonly scaler?: {
    readonly paused?: boolean;
    readonly idleReplicas?: number;
    readonly initialCooldownPeriod?: number;
  };
  /** Durations in seconds. */
  readonly job?: {
    readonly backoffLimit?: number;
    readonly ttlAfterFinished?: number;
    readonly activeDeadline?: number;
  };
}

type OfBoth = Pick<ScaleOptionsRead, 'minReplicas' | 'maxReplicas'> & Pick<KedaRead, 'httpScaledObject'>;

/** The replica counts of v1beta1's blocks are in those of v1beta2. */
export interface ScalingModel extends OfBoth {
  readonly knative: StringMap;
  /** A `keda` block was there, even an empty one. */
  readonly keda: boolean;
  readonly scaledObject?: Omit<ReadBy<typeof scaledObject>, 'workloadType' | 'minReplicaCount' | 'maxReplicaCount'>;
  readonly scaledJob?: Omit<ReadBy<typeof scaledJob>, 'maxReplicaCount'>;
  readonly triggers: readonly KedaTriggerModel[];
  readonly extras?: ScalingExtrasModel;
  /** Of typed props and options. */
  readonly pendingEvents?: PendingEventsModel;
}
