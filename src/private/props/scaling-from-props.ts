/** The prop `scaling` → `serving.scaleOptions`: timing and the rest go into the block that the workload has. */
import type { Duration } from 'cdk8s';
import { isHttp } from './components';
import { HttpEngine, KnativeAutoscaler, KnativeMetric } from '../../choices';
import type { OpenFunctionAppProps } from '../../function-props';
import type { FunctionScaling, KedaTrigger, RequestRate } from '../../function-scaling';
import type { KnativeAutoscaling } from '../../knative-autoscaling';
import { boolean, count, integer, Move, object, Reader } from '../function/readers';
import type { ScalingExtrasModel } from '../function/scaling';
import { defined, JsonObject, nonEmpty, StringMap } from '../kubernetes/json';
import { Problems, show } from '../problem/problem';

type Block = 'scaledObject' | 'scaledJob' | 'httpScaledObject' | 'none';
type Field = Exclude<keyof FunctionScaling, 'minReplicas' | 'maxReplicas' | 'knative' | 'triggers'>;

const USED: Readonly<Record<Block, readonly Field[]>> = {
  scaledObject: [
    'pollingInterval', 'cooldownPeriod', 'initialCooldownPeriod', 'idleReplicas', 'paused', 'advanced', 'fallback',
  ],
  scaledJob: ['pollingInterval', 'paused', 'job'],
  httpScaledObject: ['cooldownPeriod', 'targetPendingRequests', 'requestRate'],
  none: ['knativeAutoscaling'],
};
const WORKLOADS: Readonly<Record<Block, string>> = {
  scaledObject: 'an async function',
  scaledJob: 'a Job',
  httpScaledObject: 'an HTTP function',
  none: 'a Knative Service',
};
const NO_JOB = ' that is not a Job';
const FIELDS = [...new Set(Object.values(USED).flat())];

export interface ScalingFromProps {
  /** `serving.scaleOptions` */
  readonly options: object;
  readonly extras: ScalingExtrasModel;
}

export function scalingOf(given: FunctionScaling, props: OpenFunctionAppProps, problems: Problems): ScalingFromProps {
  const block = blockOf(props);
  const scaling = defined({ ...given });
  for (const field of FIELDS) {
    if (scaling[field] === undefined || USED[block].includes(field)) continue;
    const which = field === 'job' && block === 'scaledObject' ? NO_JOB : '';
    problems.warn(['scaling', field], `has no effect on ${WORKLOADS[block]}${which}`);
    delete scaling[field];
  }
  const keda = defined({ [block]: nonEmpty(blocks(scaling)[block]), triggers: scaling.triggers?.map(trigger) });
  const { minReplicas, maxReplicas } = scaling;
  const knative = knativeOf(scaling, problems);
  const options = defined({ minReplicas, maxReplicas, knative, keda: nonEmpty(keda) });
  return { options, extras: scalingExtrasOf(scaling, problems) };
}

function blockOf(props: OpenFunctionAppProps): Block {
  if (isHttp(props)) return props.http?.engine === HttpEngine.KEDA ? 'httpScaledObject' : 'none';
  return props.workload === 'Job' ? 'scaledJob' : 'scaledObject';
}

function blocks({ advanced, fallback, job, targetPendingRequests, ...timing }: FunctionScaling): Record<Block, object> {
  const pollingInterval = seconds(timing.pollingInterval);
  const cooldownPeriod = seconds(timing.cooldownPeriod);
  const ofScaledJob = Object.entries(job ?? {}).filter(([field]) => !(field in JOB_FIELDS));
  return {
    scaledObject: defined({ pollingInterval, cooldownPeriod, advanced, fallback }),
    scaledJob: defined({ pollingInterval, ...Object.fromEntries(ofScaledJob) }),
    httpScaledObject: defined({ targetPendingRequests, cooldownPeriod }),
    none: {},
  };
}

function trigger(given: KedaTrigger): object {
  const { triggerType, metadata, name, useCachedMetrics, metricType, authentication } = given;
  const authenticationRef = authentication && { name: authentication.name, kind: authentication.kind };
  return defined({ type: triggerType, metadata, name, useCachedMetrics, metricType, authenticationRef });
}

/** With its fraction, which is a problem like any other. */
function seconds(duration: Duration | undefined): number | undefined {
  return duration?.toSeconds({ integral: false });
}

const positive = integer(1, 2 ** 31 - 1);
const EXTRAS = { paused: boolean, idleReplicas: count, initialCooldownPeriod: count };
/** The fields of a Job that have no place in `scaledJob`. */
const JOB_FIELDS = { backoffLimit: count, ttlAfterFinished: count, activeDeadline: positive };

function scalingExtrasOf(
  { paused, idleReplicas, initialCooldownPeriod, job, requestRate }: FunctionScaling, problems: Problems,
): ScalingExtrasModel {
  const read = <T>(fields: Record<string, Reader<unknown>>, values: object, path: string[]) => (
    object(fields)(defined(values) as JsonObject, { path, problems }) as T);
  const { backoffLimit, ttlAfterFinished, activeDeadline } = job ?? {};
  const scaler = { paused, idleReplicas, initialCooldownPeriod: seconds(initialCooldownPeriod) };
  const limits = { backoffLimit, ttlAfterFinished: seconds(ttlAfterFinished), activeDeadline: seconds(activeDeadline) };
  return {
    scaler: read<ScalingExtrasModel['scaler']>(EXTRAS, scaler, ['scaling']),
    job: read<ScalingExtrasModel['job']>(JOB_FIELDS, limits, ['scaling', 'job']),
    requestRate: requestRate && rateOf(requestRate),
  };
}

function rateOf({ target, window, granularity }: RequestRate): JsonObject {
  return defined({ target, window: seconds(window), granularity: seconds(granularity) }) as JsonObject;
}

const PREFIX = 'autoscaling.knative.dev/';

/** The annotation of each field. */
const KEYS: { readonly [F in keyof KnativeAutoscaling]-?: string } = {
  autoscaler: 'class',
  metric: 'metric',
  target: 'target',
  targetUtilization: 'target-utilization-percentage',
  containerConcurrency: 'container-concurrency',
  window: 'window',
  scaleDownDelay: 'scale-down-delay',
  scaleToZeroPodRetention: 'scale-to-zero-pod-retention-period',
  initialScale: 'initial-scale',
  activationScale: 'activation-scale',
};

const WORDS: Readonly<Record<string, readonly string[] | undefined>> = {
  autoscaler: Object.values(KnativeAutoscaler), metric: Object.values(KnativeMetric),
};

/** With the annotations that are given beside it. */
function knativeOf({ knative, knativeAutoscaling }: FunctionScaling, problems: Problems): StringMap | undefined {
  const fields = Object.entries(defined({ ...knativeAutoscaling }));
  checkMetric(knativeAutoscaling ?? {}, problems);
  const typed: StringMap = ofHpa(knativeAutoscaling) ? { [`${PREFIX}class`]: KnativeAutoscaler.HPA } : {};
  for (const [field, value] of fields) {
    const [key, text] = [keyOf(field), textOf(value)];
    const path = ['scaling', 'knativeAutoscaling', field];
    const allowed = WORDS[field];
    if (allowed?.includes(text) === false) problems.notOneOf(path, value, allowed);
    const given = knative?.[key];
    if (given !== undefined && given !== text) {
      const message = `${show(text)} contradicts ${key} of scaling.knative, which is ${show(given)}`;
      problems.error(path, message);
    }
    typed[key] = text;
  }
  return knative === undefined && Object.keys(typed).length === 0 ? undefined : { ...typed, ...knative };
}

/** What the KPA does not measure is a problem of the annotation; the HPA takes metrics of any name there. */
function checkMetric({ autoscaler, metric }: KnativeAutoscaling, problems: Problems): void {
  const ofKpa = metric === KnativeMetric.CONCURRENCY || metric === KnativeMetric.RPS;
  if (autoscaler !== KnativeAutoscaler.HPA || !ofKpa) return;
  problems.notOneOf(['scaling', 'knativeAutoscaling', 'metric'], metric, [KnativeMetric.CPU, KnativeMetric.MEMORY]);
}

/** Back to the words of the props. */
export function knativeMoves({ knativeAutoscaling }: FunctionScaling): Move[] {
  return Object.keys(defined({ ...knativeAutoscaling })).map((field): Move => [
    ['serving', 'scaleOptions', 'knative', keyOf(field)], ['scaling', 'knativeAutoscaling', field],
  ]);
}

function keyOf(field: string): string {
  return PREFIX + (KEYS[field as 'metric'] as string | undefined ?? field);
}

/** The KPA measures neither. */
function ofHpa(given: KnativeAutoscaling | undefined): boolean {
  return given?.metric === 'cpu' || given?.metric === 'memory';
}

function textOf(value: Exclude<KnativeAutoscaling[keyof KnativeAutoscaling], undefined>): string {
  return typeof value === 'object' ? `${value.toSeconds({ integral: false })}s` : String(value);
}
