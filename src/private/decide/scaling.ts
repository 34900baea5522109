/** Which scaler a function gets, and with which bounds (docs/spec M44 to M46, M53 to M59). */
import { checkScaledObject } from './keda-webhook';
import type { Outline } from './outline';
import { decidePendingEvents, PendingEventsPlan, whyNoScaler } from './pending-switch';
import { unusedWithoutScaler } from './unused';
import type { KedaTriggerModel, ScalingModel } from '../function/function-model';
import type { PendingEventsModel, ScalingExtrasModel } from '../function/scaling';
import type { Problems } from '../problem/problem';

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
  /** Of a workload without a scaler. */
  readonly replicas: number;
  /** The proxy reports pending events to KEDA. */
  readonly pendingEvents?: PendingEventsPlan;
}

/** A lost push costs one polling interval, so it is shorter than KEDA's own default of 30 s. */
const PUSH_POLLING_SECONDS = 10;

export function decideScaling(fn: Outline, platform: PendingEventsModel = {}, problems: Problems): ScalingPlan {
  const { minReplicas, maxReplicas, triggers, scaledObject = {}, scaledJob = {}, extras = {} } = fn.serving.scaling;
  const plan = { minReplicas, maxReplicas, scaledObject, scaledJob, extras, replicas: 1 };
  const pendingEvents = decidePendingEvents(fn, platform, problems);
  if (fn.engine !== undefined) {
    return { ...plan, scaler: fn.engine === 'keda' ? 'HTTPScaledObject' : 'none', triggers: [] };
  }
  if (triggers.length === 0 && pendingEvents === undefined) {
    const why = whyNoScaler(fn, platform);
    unusedWithoutScaler(fn, why, problems);
    return { ...plan, scaler: 'none', triggers, replicas: replicasWithoutScaler(fn, why, problems) };
  }
  const job = fn.workload === 'Job';
  if (!job) checkScaledObject(fn, pendingEvents === undefined, problems);
  const defaultInterval = pendingEvents === undefined ? undefined : PUSH_POLLING_SECONDS;
  const { pollingInterval = defaultInterval } = job ? scaledJob : scaledObject;
  return { ...plan, scaler: job ? 'ScaledJob' : 'ScaledObject', triggers, pollingInterval, pendingEvents };
}

function replicasWithoutScaler({ serving, workload }: Outline, why: string, problems: Problems): number {
  const { minReplicas, keda } = serving.scaling;
  if (workload === 'Job' || minReplicas === undefined || minReplicas === 1) return 1;
  if (keda && minReplicas > 1) return minReplicas;
  const reason = minReplicas === 0 ? why : 'has no effect without a "keda" block or KEDA triggers';
  problems.warn(['serving', 'scaleOptions', 'minReplicas'], `${minReplicas} ${reason}: one replica runs`);
  return 1;
}
