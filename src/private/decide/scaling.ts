/** Which scaler a function gets, and with which bounds (docs/spec M44 to M46, M53 to M59). */
import { checkScaledObject } from './keda-webhook';
import type { Outline } from './outline';
import type { KedaTriggerModel, ScalingModel } from '../function/function-model';
import { Problems, show } from '../problem/problem';

export type Scaler = 'ScaledObject' | 'ScaledJob' | 'HTTPScaledObject' | 'none';

export interface PendingEventsPlan {
  readonly targetPerReplica: number;
  readonly activation: number;
  /** KEDA's webhook takes a fallback only beside a trigger that says so itself. */
  readonly averageValue: boolean;
}

export interface ScalingPlan {
  readonly scaler: Scaler;
  readonly triggers: readonly KedaTriggerModel[];
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly pollingInterval?: number;
  /** What else the function's block for its scaler says. */
  readonly scaledObject: NonNullable<ScalingModel['scaledObject']>;
  readonly scaledJob: NonNullable<ScalingModel['scaledJob']>;
  /** Of a workload without a scaler. */
  readonly replicas: number;
  /** The proxy reports pending events to KEDA. */
  readonly pendingEvents?: PendingEventsPlan;
}

/** A lost push costs one polling interval, so it is shorter than KEDA's own default of 30 s. */
const PUSH_POLLING_SECONDS = 10;

export function decideScaling(fn: Outline, problems: Problems): ScalingPlan {
  const { minReplicas, maxReplicas, triggers, scaledObject = {}, scaledJob = {}, ...scaling } = fn.serving.scaling;
  const plan = { minReplicas, maxReplicas, scaledObject, scaledJob, replicas: 1 };
  if (fn.engine !== undefined) {
    if (scaling.pendingEvents !== undefined) {
      problems.warn(['serving', 'scaleOptions'], 'scaling on pending events has no effect on an HTTP function, which its own requests scale');
    }
    return { ...plan, scaler: fn.engine === 'keda' ? 'HTTPScaledObject' : 'none', triggers: [] };
  }
  const pendingEvents = decidePendingEvents(fn, problems);
  if (triggers.length === 0 && pendingEvents === undefined) {
    return { ...plan, scaler: 'none', triggers, replicas: replicasWithoutScaler(fn, problems) };
  }
  const job = fn.workload === 'Job';
  if (!job) checkScaledObject(fn, pendingEvents === undefined, problems);
  const { pollingInterval = pendingEvents === undefined ? undefined : PUSH_POLLING_SECONDS } = job ? scaledJob : scaledObject;
  return { ...plan, scaler: job ? 'ScaledJob' : 'ScaledObject', triggers, pollingInterval, pendingEvents };
}

function decidePendingEvents({ serving: { scaling }, dapr: { mode } }: Outline, problems: Problems): PendingEventsPlan | undefined {
  const { pendingEvents: asked, triggers } = scaling;
  if (asked?.enabled === false) return undefined;
  if (mode !== 'standalone') {
    if (asked !== undefined) {
      problems.error(['serving', 'scaleOptions'], `scaling on pending events needs the dapr-proxy, which sees them; this function's Dapr mode is ${show(mode)}`);
    }
    return undefined;
  }
  if (asked === undefined && triggers.length === 0) return undefined;
  const averageValue = scaling.scaledObject?.fallback !== undefined;
  return { targetPerReplica: asked?.targetPerReplica ?? 1, activation: asked?.activation ?? 0, averageValue };
}

function replicasWithoutScaler({ serving, workload }: Outline, problems: Problems): number {
  const { minReplicas, keda } = serving.scaling;
  if (workload === 'Job' || minReplicas === undefined || minReplicas < 1) return 1;
  if (keda) return minReplicas;
  if (minReplicas > 1) {
    problems.warn(['serving', 'scaleOptions', 'minReplicas'], `${minReplicas} has no effect without a "keda" block or KEDA triggers: one replica runs`);
  }
  return 1;
}
