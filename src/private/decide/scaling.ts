/** Which scaler a function gets, and with which bounds (docs/spec M44 to M46, M53 to M59). */
import { blindness, brokerOf } from './brokers';
import type { ResolvedTrigger } from './components';
import { usesInterceptorRoute } from './http-scaling';
import { checkScaledObject } from './keda-checks';
import type { Check, Outline } from './outline';
import type { FunctionModel, KedaTriggerModel, ScalingModel } from '../function/function-model';
import { boolean, count, integer, MAX_INT32, object, Read } from '../function/readers';
import type { PendingEventsModel, ScalingExtrasModel } from '../function/scaling';
import { PENDING_EVENTS } from '../kubernetes/constants';
import { isObject } from '../kubernetes/json';
import { LABEL_LENGTH } from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';
import { reaches, TARGET_SETTINGS, TargetsModel } from '../settings/targets';

/** Settings of the platform that this follows; pending events of every asynchronous function behind the proxy. */
export const SCALING_SETTINGS = {
  ...TARGET_SETTINGS,
  pendingEvents: object({ enabled: boolean, targetPerReplica: integer(1, MAX_INT32), activation: count }),
};
type ScalingSettings = Read<typeof SCALING_SETTINGS>;

export type Scaler = 'ScaledObject' | 'ScaledJob' | 'HTTPScaledObject' | 'none';

export interface ScalingPlan {
  readonly scaler: Scaler;
  readonly triggers: readonly KedaTriggerModel[];
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly pollingInterval?: number;
  /** What else the function's block for its scaler says. */
  readonly scaledObject: NonNullable<ScalingModel['scaledObject']>;
  readonly scaledJob: NonNullable<ScalingModel['scaledJob']>;
  readonly extras: ScalingExtrasModel;
  /** Of the autoscaler that KEDA makes, where its own name for it would be too long. */
  readonly hpaName?: string;
  /** Of a workload without a scaler. */
  readonly replicas: number;
  /** The proxy reports pending events to KEDA. */
  readonly pendingEvents?: PendingEventsPlan;
}

/** A lost push costs one polling interval, so it is shorter than KEDA's own default of 30 s. */
const PUSH_POLLING_SECONDS = 10;

export function decideScaling(
  fn: Outline, { pendingEvents: events = {}, targets }: ScalingSettings, problems: Problems,
): ScalingPlan {
  const { minReplicas, maxReplicas, triggers, scaledObject = {}, scaledJob = {}, extras = {} } = fn.serving.scaling;
  const plan = { minReplicas, maxReplicas, scaledObject, scaledJob, extras, replicas: 1 };
  const pendingEvents = decidePendingEvents(fn, { ...events, targets }, problems);
  if (fn.engine !== undefined) {
    const ofRequests = usesInterceptorRoute(targets) ? 'ScaledObject' : 'HTTPScaledObject';
    return { ...plan, scaler: fn.engine === 'keda' ? ofRequests : 'none', triggers: [] };
  }
  if (triggers.length === 0 && pendingEvents === undefined) {
    const why = whyNoScaler(fn, events);
    unusedWithoutScaler(fn, why, problems);
    return { ...plan, scaler: 'none', triggers, replicas: replicasWithoutScaler(fn, why, problems) };
  }
  const job = fn.workload === 'Job';
  if (!job) checkScaledObject(fn, { alone: pendingEvents === undefined, targets }, problems);
  const polls = pendingEvents !== undefined && (job || canSleep(fn));
  const defaultInterval = polls ? PUSH_POLLING_SECONDS : undefined;
  const { pollingInterval = defaultInterval } = job ? scaledJob : scaledObject;
  const hpaName = job ? undefined : hpaNameOf(fn, targets);
  return { ...plan, scaler: job ? 'ScaledJob' : 'ScaledObject', triggers, pollingInterval, pendingEvents, hpaName };
}

/** KEDA polls for nothing, and says so, where a workload always has a replica. */
function canSleep({ serving: { scaling } }: FunctionModel): boolean {
  return (scaling.minReplicas ?? 0) === 0 || scaling.extras?.scaler?.idleReplicas !== undefined;
}

const HPA_PREFIX = 'keda-hpa-';

/** Since 2.20 KEDA refuses a name that is longer than a label can be. */
function hpaNameOf({ name, serving: { scaling } }: Outline, targets: TargetsModel | undefined): string | undefined {
  const own = scaling.scaledObject?.advanced?.horizontalPodAutoscalerConfig;
  const given = isObject(own) && typeof own.name === 'string' && own.name !== '';
  const fits = HPA_PREFIX.length + name.length <= LABEL_LENGTH;
  return fits || given || !reaches(targets, 'keda', '2.20') ? undefined : name;
}

function replicasWithoutScaler({ serving, workload }: Outline, why: string, problems: Problems): number {
  const { minReplicas, keda } = serving.scaling;
  if (workload === 'Job' || minReplicas === undefined || minReplicas === 1) return 1;
  if (keda && minReplicas > 1) return minReplicas;
  const reason = minReplicas === 0 ? why : 'has no effect without a "keda" block or KEDA triggers';
  problems.warn(['serving', 'scaleOptions', 'minReplicas'], `${minReplicas} ${reason}: one replica runs`);
  return 1;
}

export interface PendingEventsPlan {
  readonly targetPerReplica: number;
  readonly activation: number;
  /** The webhook of KEDA 2.17.0 accepts a fallback only with a trigger that itself says `metricType: AverageValue`. */
  readonly averageValue: boolean;
}

const ANNOTATION: Path = ['serving', 'annotations', PENDING_EVENTS];
const SWITCH: Readonly<Record<string, boolean>> = { on: true, off: false };

export const pendingEventsAnnotation: Check = ({ serving: { annotations } }, problems) => {
  const value = annotations[PENDING_EVENTS];
  if (value !== undefined && !Object.hasOwn(SWITCH, value)) problems.notOneOf(ANNOTATION, value, Object.keys(SWITCH));
};

/** The nearest of option, annotation and platform decides. */
function switchOf({ serving: { scaling, annotations } }: Outline, platform: PendingEventsModel): boolean | undefined {
  return scaling.pendingEvents?.enabled ?? SWITCH[annotations[PENDING_EVENTS]] ?? platform.enabled;
}

function decidePendingEvents(
  fn: Outline, { targets, ...platform }: PendingEventsModel & Pick<ScalingSettings, 'targets'>, problems: Problems,
): PendingEventsPlan | undefined {
  const { serving: { scaling, dapr: events }, dapr: { mode }, engine } = fn;
  const enabled = switchOf(fn, platform);
  if (enabled === false) return undefined;
  const asking = askingPath(fn);
  if (engine !== undefined) {
    if (asking) {
      problems.warn(
        asking,
        'scaling on pending events has no effect on an HTTP function, which its own requests scale',
      );
    }
    return undefined;
  }
  if (mode !== 'standalone') {
    if (asking) {
      const why = `needs the dapr-proxy, which sees them; this function's Dapr mode is ${show(mode)}`;
      problems.error(asking, `scaling on pending events ${why}`);
    }
    return undefined;
  }
  const { minReplicas, maxReplicas, triggers, pendingEvents } = scaling;
  const bounded = minReplicas !== undefined || maxReplicas !== undefined;
  // Without events a function that only has bounds would sleep for ever.
  const byItself = triggers.length > 0 || (events.length > 0 && (bounded || enabled === true));
  if (!asking && !byItself) return undefined;
  const { targetPerReplica = 1, activation = 0 } = { ...platform, ...pendingEvents };
  const averageValue = scaling.scaledObject?.fallback !== undefined && !reaches(targets, 'keda', '2.17.1');
  return { targetPerReplica, activation, averageValue };
}

/** Where the function itself asks for it. */
function askingPath({ serving: { scaling, annotations } }: Outline): Path | undefined {
  if (scaling.pendingEvents !== undefined) return ['pendingEvents'];
  return SWITCH[annotations[PENDING_EVENTS]] ? ANNOTATION : undefined;
}

/** Why the options of a scaler have no effect. */
function whyNoScaler(fn: Outline, platform: PendingEventsModel): string {
  if (fn.dapr.mode !== 'standalone' || fn.serving.dapr.length === 0) {
    return 'has no effect without KEDA triggers, which alone make a scaler';
  }
  if (switchOf(fn, platform) === false) {
    return 'has no effect without KEDA triggers, since scaling on pending events is off';
  }
  return 'has no effect without replica bounds or KEDA triggers, which make a scaler';
}

/** Pending events are those that Dapr has handed over, and a component hands over only so many at once. */
export interface PendingEventsReach {
  /** Events that all components together hand over at once; unknown where one of them does not say. */
  readonly eventsAtOnce?: number;
  readonly replicas?: number;
  /** Kafka hands over one event for each partition. */
  readonly byPartitions: boolean;
}

export function reachOf(
  triggers: readonly ResolvedTrigger[], targetPerReplica: number, proxyReplicas: number,
): PendingEventsReach {
  const byPartitions = triggers.some((trigger) => brokerOf(trigger).byPartitions);
  const limits = sources(triggers).map((trigger) => brokerOf(trigger).concurrency);
  if (limits.length === 0 || limits.some((limit) => limit === undefined)) return { byPartitions };
  // Each replica of the proxy has a sidecar that takes as much.
  const eventsAtOnce = proxyReplicas * limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0);
  return { eventsAtOnce, replicas: Math.ceil(eventsAtOnce / targetPerReplica), byPartitions };
}

/** Triggers that have workers of their own. */
function sources(triggers: readonly ResolvedTrigger[]): ResolvedTrigger[] {
  return triggers.filter((trigger, index) => brokerOf(trigger).sharedWorkers !== true
    || triggers.findIndex(({ componentName }) => componentName === trigger.componentName) === index);
}

export function warnOfScale(
  model: FunctionModel, received: readonly ResolvedTrigger[], problems: Problems,
): void {
  const { triggers } = model.serving.scaling;
  triggers.forEach((trigger, index) => {
    const why = blindness(trigger, received);
    if (why !== undefined) problems.warn(['serving', 'scaleOptions', 'keda', 'triggers', index], why);
  });
  if (model.serving.scaling.scaledObject?.advanced?.scalingModifiers !== undefined) {
    problems.warn(
      ['serving', 'scaleOptions', 'keda', 'scaledObject', 'advanced', 'scalingModifiers'],
      'take the place of every trigger, and their formula cannot '
        + 'name pending events, which then wake the function and have no other effect',
    );
  }
}

const OPTIONS: Path = ['serving', 'scaleOptions'];
const KEDA: Path = [...OPTIONS, 'keda'];

export const unusedByHttp: Check = ({ serving, engine }, problems) => {
  const { scaling, workloadType } = serving;
  if (engine === undefined) return;
  const keda = engine === 'keda';
  const workload = keda ? 'a Deployment of engine "keda"' : 'a Knative Service';
  if (workloadType !== undefined && !(keda && workloadType === 'Deployment')) {
    unused(['serving', 'workloadType'], workload, problems);
  }
  if (keda && hasEntries(scaling.knative)) unused([...OPTIONS, 'knative'], workload, problems);
  if (!keda && scaling.httpScaledObject !== undefined) unused([...KEDA, 'httpScaledObject'], workload, problems);
  if (scaling.scaledObject !== undefined) unused([...KEDA, 'scaledObject'], workload, problems);
  if (scaling.scaledJob !== undefined) unused([...KEDA, 'scaledJob'], workload, problems);
  // One that could not be read has its error.
  if (scaling.triggers.some(({ type }) => type !== '')) unused([...KEDA, 'triggers'], workload, problems);
};

export const unusedByAsync: Check = ({ serving, workload: kind, engine }, problems) => {
  const { scaling, timeoutSeconds } = serving;
  if (engine !== undefined) return;
  const workload = `a ${kind} of an async function`;
  if (hasEntries(scaling.knative)) unused([...OPTIONS, 'knative'], workload, problems);
  if (scaling.httpScaledObject !== undefined) unused([...KEDA, 'httpScaledObject'], workload, problems);
  if (timeoutSeconds !== undefined && kind !== 'Deployment') unused(['serving', 'timeout'], workload, problems);
};

/** What only a scaler reads, of a function without one. */
function unusedWithoutScaler(
  { serving: { scaling }, workload }: Outline, why: string, problems: Problems,
): void {
  const { scaledObject, scaledJob } = scaling;
  const job = workload === 'Job';
  const unread = (path: Path) => problems.warn(path, why);
  for (const field of Object.keys(scaling.extras?.scaler ?? {})) unread(['scaling', field]);
  if (scaling.maxReplicas !== undefined) unread([...OPTIONS, 'maxReplicas']);
  if (job && scaling.minReplicas !== undefined) unread([...OPTIONS, 'minReplicas']);
  for (const field of Object.keys(job ? {} : scaledObject ?? {})) unread([...KEDA, 'scaledObject', field]);
  for (const field of Object.keys(job ? scaledJob ?? {} : {})) {
    if (field !== 'restartPolicy') unread([...KEDA, 'scaledJob', field]);
  }
}

function unused(path: Path, workload: string, problems: Problems): void {
  problems.warn(path, `has no effect on ${workload}`);
}

function hasEntries(map: object): boolean {
  return Object.keys(map).length > 0;
}
