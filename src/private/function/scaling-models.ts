/** Scaling options → the model. Triggers that could not be read stay as empty ones, so that indexes in later problems are right. */
import type { KedaTriggerModel, ScaledJobModel, ScalingModel } from './function-model';
import type { KedaTriggerShape, ScaleOptionsShape } from './scaling-shape';
import { defined, definedJson, present } from '../kubernetes/json';

export function scalingModel(options: ScaleOptionsShape = {}, kedaBlock: boolean): ScalingModel {
  const { minReplicas, maxReplicas, knative, keda } = options;
  const { scaledObject, scaledJob, httpScaledObject, triggers } = keda ?? {};
  return {
    minReplicas,
    maxReplicas,
    scaledObject: scaledObject && defined({
      pollingInterval: scaledObject.pollingInterval,
      cooldownPeriod: scaledObject.cooldownPeriod,
      advanced: scaledObject.advanced,
      fallback: scaledObject.fallback && definedJson(scaledObject.fallback),
    }),
    scaledJob: scaledJob && scaledJobModel(scaledJob),
    httpScaledObject: httpScaledObject && defined(httpScaledObject),
    knative: knative ?? {},
    keda: kedaBlock,
    triggers: (triggers ?? []).map(triggerModel),
  };
}

type ScaledJobShape = NonNullable<NonNullable<ScaleOptionsShape['keda']>['scaledJob']>;

function scaledJobModel({ maxReplicaCount: _, scalingStrategy, ...rest }: ScaledJobShape): ScaledJobModel {
  if (scalingStrategy === undefined) return defined(rest);
  const { pendingPodConditions, ...strategy } = scalingStrategy;
  const conditions = pendingPodConditions && present(pendingPodConditions);
  return defined({ ...rest, scalingStrategy: definedJson({ ...strategy, pendingPodConditions: conditions }) });
}

function triggerModel({ type = '', metadata = {}, targetKind: _, authenticationRef, ...rest }: KedaTriggerShape = {}): KedaTriggerModel {
  const { name, kind } = authenticationRef ?? {};
  return { type, metadata, ...defined({ ...rest, authenticationRef: name === undefined ? undefined : { name, ...defined({ kind }) } }) };
}
