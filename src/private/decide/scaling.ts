/** Which scaler a function gets, and with which bounds (docs/spec M44 to M46, M53 to M59). */
import type { DaprMode } from './outline';
import type { FunctionModel, KedaTriggerModel } from '../function/function-model';
import { DAPR_ENABLED } from '../kubernetes/constants';
import type { StringMap } from '../kubernetes/json';
import { Problems, show } from '../problem/problem';

export type Scaler = 'ScaledObject' | 'ScaledJob' | 'HTTPScaledObject' | 'none';

export interface PendingEventsPlan {
  readonly targetPerReplica: number;
  readonly activation: number;
}

export interface ScalingPlan {
  readonly scaler: Scaler;
  readonly triggers: readonly KedaTriggerModel[];
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly pollingInterval?: number;
  /** Of a workload without a scaler. */
  readonly replicas: number;
  /** The proxy reports pending events to KEDA. */
  readonly pendingEvents?: PendingEventsPlan;
}

/** A lost push costs one polling interval, so it is shorter than KEDA's own default of 30 s. */
const PUSH_POLLING_SECONDS = 10;

export function decideScaling(model: FunctionModel, mode: DaprMode, problems: Problems): ScalingPlan {
  const { scaling, http, workloadType } = model.serving;
  const { minReplicas, maxReplicas } = scaling;
  const plan = (
    scaler: Scaler, triggers: readonly KedaTriggerModel[], replicas: number, interval?: number, events?: PendingEventsPlan,
  ): ScalingPlan => ({ minReplicas, maxReplicas, triggers, scaler, pollingInterval: interval, replicas, pendingEvents: events });
  if (http !== undefined) {
    if (scaling.pendingEvents !== undefined) {
      problems.warn(['serving', 'scaleOptions'], 'scaling on pending events has no effect on an HTTP function, which its own requests scale');
    }
    return plan(http.engine === 'keda' ? 'HTTPScaledObject' : 'none', [], 1);
  }
  const pendingEvents = decidePendingEvents(model, mode, problems);
  if (scaling.triggers.length === 0 && pendingEvents === undefined) {
    return plan('none', scaling.triggers, replicasWithoutScaler(model, problems));
  }
  const job = workloadType === 'Job';
  if (pendingEvents === undefined) checkFallback(model, problems);
  const asked = job ? scaling.scaledJob?.pollingInterval : scaling.scaledObject?.pollingInterval;
  const pollingInterval = asked ?? (pendingEvents === undefined ? undefined : PUSH_POLLING_SECONDS);
  return plan(job ? 'ScaledJob' : 'ScaledObject', scaling.triggers, 1, pollingInterval, pendingEvents);
}

/** KEDA's webhook refuses a fallback without such a trigger; the proxy's own is one. */
function checkFallback({ serving: { scaling } }: FunctionModel, problems: Problems): void {
  const averaged = scaling.triggers.some(({ type, metricType }) => !['cpu', 'memory'].includes(type) && metricType === 'AverageValue');
  if (scaling.scaledObject?.fallback === undefined || averaged) return;
  problems.warn(['serving', 'scaleOptions', 'keda', 'scaledObject', 'fallback'], 'KEDA takes a fallback only where a trigger other than cpu and memory says '
    + '"metricType: AverageValue"');
}

function decidePendingEvents({ serving: { scaling } }: FunctionModel, mode: DaprMode, problems: Problems): PendingEventsPlan | undefined {
  const { pendingEvents: asked, triggers } = scaling;
  if (asked?.enabled === false) return undefined;
  if (mode !== 'standalone') {
    if (asked !== undefined) {
      problems.error(['serving', 'scaleOptions'], `scaling on pending events needs the dapr-proxy, which sees them; this function's Dapr mode is ${show(mode)}`);
    }
    return undefined;
  }
  if (asked === undefined && triggers.length === 0) return undefined;
  return { targetPerReplica: asked?.targetPerReplica ?? 1, activation: asked?.activation ?? 0 };
}

function replicasWithoutScaler({ serving }: FunctionModel, problems: Problems): number {
  const { minReplicas, keda } = serving.scaling;
  if (serving.workloadType === 'Job' || minReplicas === undefined || minReplicas < 1) return 1;
  if (keda) return minReplicas;
  if (minReplicas > 1) {
    problems.warn(['serving', 'scaleOptions', 'minReplicas'], `${minReplicas} has no effect without a "keda" block or KEDA triggers: one replica runs`);
  }
  return 1;
}

const MIN_SCALE = 'autoscaling.knative.dev/min-scale';
const MAX_SCALE = 'autoscaling.knative.dev/max-scale';
/** Spellings that Knative reads but has given up. */
const OLD_SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['autoscaling.knative.dev/minScale', MIN_SCALE],
  ['autoscaling.knative.dev/maxScale', MAX_SCALE],
]);

/**
 * Annotations of a Knative revision that come from scaling, over the user's own annotations.
 *
 * Differs: the operator ranks `scaleOptions.knative` below annotations and both below the replica counts; documented is
 * the order used here: annotations, replica counts, `scaleOptions.knative`.
 */
export function knativeScaleAnnotations(model: FunctionModel, problems: Problems): StringMap {
  const { annotations, scaling } = model.serving;
  const result = new Map<string, string>();
  const put = (source: string, entries: Record<string, string | undefined>) => {
    // Old spellings first, so that a new one beside them counts whatever the order.
    for (const [givenKey, value] of Object.entries(entries).sort(([a], [b]) => Number(OLD_SPELLINGS.has(b)) - Number(OLD_SPELLINGS.has(a)))) {
      if (value === undefined || givenKey === DAPR_ENABLED) continue; // the Dapr mode alone decides that one
      const key = OLD_SPELLINGS.get(givenKey) ?? givenKey;
      const before = result.get(key);
      if (before !== undefined && before !== value) {
        problems.warn(['serving', 'scaleOptions'], `${key} is ${show(value)} by ${source} and ${show(before)} elsewhere; ${show(value)} counts`);
      }
      result.set(key, value);
    }
  };
  put('serving.annotations', annotations);
  put('scaleOptions.minReplicas', { [MIN_SCALE]: scaling.minReplicas?.toString() });
  put('scaleOptions.maxReplicas', { [MAX_SCALE]: scaling.maxReplicas?.toString() });
  put('scaleOptions.knative', scaling.knative);
  checkConcurrency(model, problems);
  return Object.fromEntries(result);
}

export const CONTAINER_CONCURRENCY = 'autoscaling.knative.dev/container-concurrency';
const MAX_CONCURRENCY = 1000;

/** The value that counts, where it stands. */
function checkConcurrency({ serving }: FunctionModel, problems: Problems): void {
  const { [CONTAINER_CONCURRENCY]: option } = serving.scaling.knative;
  const value = option ?? serving.annotations[CONTAINER_CONCURRENCY];
  if (value === undefined || (/^\d+$/.test(value) && Number(value) <= MAX_CONCURRENCY)) return;
  const path = option === undefined ? ['serving', 'annotations'] : ['serving', 'scaleOptions', 'knative'];
  problems.error([...path, CONTAINER_CONCURRENCY], `${show(value)} is not an integer from 0 to ${MAX_CONCURRENCY}`);
}
