/** `serving.scaleOptions` and KEDA triggers, in both API versions. */
import {
  boolean, count, integer, into, jsonObject, listOf, object, oneOf, onlyIn, Place, ReadBy, Reader, string, stringMap,
  text, whole, withSchema, word,
} from './readers';
import { isObject, Json, JsonObject, StringMap, present } from '../kubernetes/json';
import { normalizedPercentage } from '../kubernetes/syntax';
import { show } from '../problem/problem';

const WORKLOADS_OF_SCALED_OBJECT = ['Deployment', 'StatefulSet'] as const;
const int32 = 2 ** 31 - 1;

const fallback = object({
  failureThreshold: [integer(1, int32), 'Number of failures in a row that start the fallback.'],
  replicas: [count, 'Number of pods during the fallback.'],
  behavior: [oneOf([
    'static', 'currentReplicas', 'currentReplicasIfHigher', 'currentReplicasIfLower', 'scalingModifiers',
  ]), 'How the number of pods is chosen during the fallback.', 'static'],
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
  strategy: [oneOf(['default', 'custom', 'accurate', 'eager']), 'Strategy of KEDA.', 'default'],
  customScalingQueueLengthDeduction: [count, 'Of strategy custom: events to subtract.'],
  customScalingRunningJobPercentage: [
    percentage, 'Of strategy custom: share of the running Jobs that is subtracted, such as "0.5" or "50%".',
  ],
  pendingPodConditions: [into(listOf(string), present), 'Pod conditions that a Job needs to be no longer pending.'],
  multipleScalersCalculation: [oneOf(['max', 'min', 'avg', 'sum']), 'How several triggers are combined.', 'max'],
});

const authenticationRef = whole({
  name: [word, 'Name of the TriggerAuthentication.'],
  kind: [
    oneOf(['TriggerAuthentication', 'ClusterTriggerAuthentication']),
    'Kind of the credentials.', 'TriggerAuthentication',
  ],
}, { name: 'the name of a TriggerAuthentication' });

/** Passes through unchanged. */
const scalerTrigger = into(object({
  type: [word, 'KEDA scaler, such as "kafka".'],
  metadata: [stringMap, 'Settings of the scaler. KEDA takes texts only.'],
  name: [text, 'Name of the trigger; it must be unique.'],
  useCachedMetrics: [boolean, 'Whether KEDA asks the source once for each polling interval only.', 'false'],
  metricType: [oneOf(['AverageValue', 'Value', 'Utilization']), 'How the target value is meant.', 'AverageValue'],
  authenticationRef: [authenticationRef, 'Credentials of the scaler.'],
  targetKind: [
    onlyIn('v1beta1', into(oneOf(['object', 'job']), () => undefined)),
    'What v1beta1 scales with this trigger; the kind of the workload says it now.',
  ],
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
  const advice = at.version === 'v1beta2'
    ? `"triggers" is a map in v1beta2; write "${field}:" without "- "` : MOVED[field];
  at.problems.error(at.path, `"${field}" is not a KEDA trigger: ${advice}`);
  return undefined;
}, { schema: scalerTrigger.schema });
export const kedaTriggers = listOf<KedaTriggerModel>(kedaTrigger, UNREAD_TRIGGER);

const minReplicaCount = onlyIn('v1beta1', count, ['serving', 'scaleOptions', 'minReplicas']);
const maxReplicaCount = onlyIn('v1beta1', count, ['serving', 'scaleOptions', 'maxReplicas']);
const workloadType = onlyIn('v1beta1', oneOf(WORKLOADS_OF_SCALED_OBJECT), ['serving', 'workloadType']);
/** KEDA up to 2.19 took 0, and polled without a pause. */
const pollingInterval = [
  integer(1, int32), 'Seconds between two looks at the triggers.', '30, or 10 with pending events',
] as const;

const scaledObject = object({
  pollingInterval,
  cooldownPeriod: [count, 'Seconds without events until the function scales to zero.', '300'],
  advanced: [jsonObject, 'Field "advanced" of the ScaledObject, unchanged.'],
  fallback: [onlyIn('v1beta2', fallback), 'What happens if the triggers cannot be read.'],
  workloadType: [workloadType, 'Kind of the workload.', 'Deployment'],
  minReplicaCount: [minReplicaCount, 'Smallest number of pods.'],
  maxReplicaCount: [maxReplicaCount, 'Largest number of pods.'],
});

const scaledJob = object({
  restartPolicy: [oneOf(['OnFailure', 'Never']), 'Restart policy of the pods.'],
  pollingInterval,
  successfulJobsHistoryLimit: [count, 'Number of finished Jobs that are kept.', '100'],
  failedJobsHistoryLimit: [count, 'Number of failed Jobs that are kept.', '100'],
  scalingStrategy: [scalingStrategy, 'How the number of new Jobs is computed.'],
  maxReplicaCount: [maxReplicaCount, 'Largest number of Jobs at the same time.'],
});

const httpScaledObject = object({
  targetPendingRequests: [integer(1, int32), 'Requests in flight for each pod.'],
  cooldownPeriod: [count, 'Seconds without requests until the function scales to zero.'],
});

export const scaleOptions = object({
  minReplicas: [count, 'Smallest number of pods; 0 scales to zero.'],
  maxReplicas: [count, 'Largest number of pods.'],
  knative: [stringMap, 'Annotations of the Knative revision, such as "autoscaling.knative.dev/target".'],
  keda: [object({
    scaledObject: [scaledObject, 'Scaling of a Deployment or StatefulSet.'],
    scaledJob: [scaledJob, 'Scaling of a Job.'],
    httpScaledObject: [onlyIn('v1beta2', httpScaledObject), 'Scaling on requests, of engine keda.'],
    triggers: [
      onlyIn('v1beta2', kedaTriggers, ['serving', 'triggers']), 'KEDA triggers of an asynchronous function.',
    ],
  }), 'Scaling by KEDA, of asynchronous functions and of engine keda.'],
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
  /** Of engine `keda`; durations in seconds. */
  readonly requestRate?: JsonObject;
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
