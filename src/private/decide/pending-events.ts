/** How far scaling on pending events gets, and which broker triggers do not see them (docs/spec M60). */
import { blindness, brokerOf } from './brokers';
import type { ResolvedTrigger } from './components';
import type { FunctionModel } from '../function/function-model';
import type { Problems } from '../problem/problem';

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

export function warnOfScale(model: FunctionModel, problems: Problems): void {
  const { triggers } = model.serving.scaling;
  triggers.forEach((trigger, index) => {
    const why = blindness(trigger);
    if (why !== undefined) problems.warn(['serving', 'scaleOptions', 'keda', 'triggers', index], why);
  });
  if (model.serving.scaling.scaledObject?.advanced?.scalingModifiers !== undefined) {
    problems.warn(
      ['serving', 'scaleOptions', 'keda', 'scaledObject', 'advanced', 'scalingModifiers'],
      'take the place of every trigger, and their formula cannot '
        + 'name pending events, which then wake the function and count no further',
    );
  }
}
