/** How far scaling on pending events gets, and which broker triggers do not see them (docs/spec M60). */
import type { ResolvedTrigger } from './components';
import { knownType, metadataValue } from './hold';
import type { ScalingPlan } from './scaling';
import type { FunctionModel, KedaTriggerModel } from '../function/function-model';
import { Problems, show } from '../problem/problem';

/** Pending events are those that Dapr has handed over, and a component hands over only so many at once. */
export interface PendingEventsReach {
  /** Events that all components together hand over at once; unknown where one of them does not say. */
  readonly eventsAtOnce?: number;
  readonly replicas?: number;
  /** Kafka hands over one event for each partition. */
  readonly byPartitions: boolean;
}

export function reachOf(triggers: ResolvedTrigger[], targetPerReplica: number, proxyReplicas: number): PendingEventsReach {
  const byPartitions = triggers.some((trigger) => knownType(trigger).endsWith('.kafka'));
  const limits = sources(triggers).map(concurrencyOf);
  if (limits.length === 0 || limits.some((limit) => limit === undefined)) return { byPartitions };
  // Each replica of the proxy has a sidecar that takes as much.
  const eventsAtOnce = proxyReplicas * limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0);
  return { eventsAtOnce, replicas: Math.ceil(eventsAtOnce / targetPerReplica), byPartitions };
}

/** All topics of a Redis component share its workers; others take events for each subscription. */
function sources(triggers: ResolvedTrigger[]): ResolvedTrigger[] {
  return triggers.filter((trigger, index) => knownType(trigger) !== 'pubsub.redis'
    || triggers.findIndex(({ componentName }) => componentName === trigger.componentName) === index);
}

function concurrencyOf(trigger: ResolvedTrigger): number | undefined {
  const given = metadataValue(trigger.spec, 'concurrency');
  switch (knownType(trigger)) {
    case 'pubsub.redis': return given === undefined ? DEFAULT_REDIS_WORKERS : /^[1-9]\d*$/.test(given) ? Number(given) : undefined;
    case 'pubsub.jetstream': return given === 'parallel' ? undefined : 1;
    default: return undefined;
  }
}

const DEFAULT_REDIS_WORKERS = 10;

export function warnOfScale(model: FunctionModel, { maxReplicas }: ScalingPlan, { replicas }: PendingEventsReach, problems: Problems): void {
  const { triggers } = model.serving.scaling;
  triggers.forEach((trigger, index) => {
    const why = blindness(trigger);
    if (why !== undefined) problems.warn(['serving', 'scaleOptions', 'keda', 'triggers', index], why);
  });
  if (model.serving.scaling.scaledObject?.advanced?.scalingModifiers !== undefined) {
    problems.warn(['serving', 'scaleOptions', 'keda', 'scaledObject', 'advanced', 'scalingModifiers'], 'take the place of every trigger, and their formula cannot '
      + 'name pending events, which then wake the function and count no further');
  }
  if (triggers.length > 0 || replicas === undefined || maxReplicas === undefined || replicas >= maxReplicas) return;
  problems.warn(['serving', 'scaleOptions', 'maxReplicas'], `pending events alone reach at most ${replicas} replicas of ${maxReplicas}: `
    + 'the components hand over no more at once');
}

/** Why a broker trigger does not see what the proxy's sidecar has taken; as KEDA 2.17 counts. */
function blindness({ type, metadata }: KedaTriggerModel): string | undefined {
  const unseen = 'does not see messages that the proxy\'s sidecar holds';
  const isOn = (key: string) => metadata[key]?.toLowerCase() === 'true';
  if (type === 'rabbitmq' && !overHttp(metadata)) {
    return `over AMQP "rabbitmq" ${unseen}; use protocol "http" with unacknowledged messages, or rely on pending events`;
  }
  if (type === 'rabbitmq' && isOn('excludeUnacknowledged')) return `without unacknowledged messages "rabbitmq" ${unseen}; leave excludeUnacknowledged out`;
  if (type === 'aws-sqs-queue' && metadata.scaleOnInFlight !== undefined && !isOn('scaleOnInFlight')) {
    return `without those in flight "aws-sqs-queue" ${unseen}; leave scaleOnInFlight on`;
  }
  const byLag = /^redis(-cluster|-sentinel)?-streams$/.test(type) && (metadata.lagCount ?? '0') !== '0';
  return byLag ? `by its lag ${show(type)} ${unseen}; use pendingEntriesCount` : undefined;
}

/** Left to KEDA, the scheme of the host decides; one that comes from elsewhere is not known here. */
function overHttp({ protocol = 'auto', host = '' }: KedaTriggerModel['metadata']): boolean {
  return protocol === 'http' || (protocol === 'auto' && /^https?:/i.test(host));
}
