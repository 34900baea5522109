/** What the prop `scaling` says beyond `serving.scaleOptions`: fields of KEDA and of Jobs. */
import type { FunctionScaling } from '../../function-scaling';
import { boolean, count, integer, object, Reader } from '../function/readers';
import type { ScalingExtrasModel } from '../function/scaling';
import { defined, JsonObject } from '../kubernetes/json';
import type { Problems } from '../problem/problem';

const positive = integer(1, 2 ** 31 - 1);
const FIELDS = { paused: boolean, idleReplicas: count, initialCooldownPeriod: count };
const JOB_FIELDS = { backoffLimit: count, ttlAfterFinished: count, activeDeadline: positive };

/** The fields of a Job that have no place in `scaledJob`. */
export function isJobExtra(field: string): boolean {
  return field in JOB_FIELDS;
}

export function scalingExtrasOf(
  { paused, idleReplicas, initialCooldownPeriod, job }: FunctionScaling, problems: Problems,
): ScalingExtrasModel {
  const read = <T>(fields: Record<string, Reader<unknown>>, values: object, path: string[]) => (
    object(fields)(defined(values) as JsonObject, { path, problems }) as T);
  const seconds = (duration: FunctionScaling['initialCooldownPeriod']) => duration?.toSeconds({ integral: false });
  const { backoffLimit, ttlAfterFinished, activeDeadline } = job ?? {};
  const scaler = { paused, idleReplicas, initialCooldownPeriod: seconds(initialCooldownPeriod) };
  const limits = { backoffLimit, ttlAfterFinished: seconds(ttlAfterFinished), activeDeadline: seconds(activeDeadline) };
  return {
    scaler: read<ScalingExtrasModel['scaler']>(FIELDS, scaler, ['scaling']),
    job: read<ScalingExtrasModel['job']>(JOB_FIELDS, limits, ['scaling', 'job']),
  };
}
