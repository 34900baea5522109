/** How many replicas a function has at least and at most. */
import { MIN_SCALE, OLD_MIN_SCALE } from '../decide/knative';
import type { FunctionPlan } from '../decide/plan';

export interface Replicas {
  readonly min: number;
  /** None without a limit. */
  readonly max?: number;
}

/** KEDA's own. */
const KEDA_MAX_REPLICAS = 100;

export function replicasOf({ knative, scaling }: FunctionPlan): Replicas {
  if (knative !== undefined) {
    const { annotations, maxScale = '0' } = knative;
    const { [MIN_SCALE]: least = annotations[OLD_MIN_SCALE] ?? '0' } = annotations;
    return { min: Number(least), ...(maxScale !== '0' && { max: Number(maxScale) }) };
  }
  if (scaling.scaler === 'none') return { min: scaling.replicas, max: scaling.replicas };
  return { min: scaling.minReplicas ?? 0, max: scaling.maxReplicas ?? KEDA_MAX_REPLICAS };
}
