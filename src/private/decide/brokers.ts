/**
 * What is known of brokers, as Dapr's components and KEDA's scalers treat them: one table for each (docs/spec M57,
 * M101, M105, M106). Nothing is known of a type that is missing there.
 */
import { EXISTING, ResolvedTrigger } from './components';
import type { KedaTriggerModel } from '../function/function-model';
import { PROXY_SETTINGS } from '../function/proxy-settings';
import { parseGoDuration } from '../kubernetes/syntax';
import { show } from '../problem/problem';
import { reaches, TargetsModel, titleOf } from '../settings/targets';

/** A setting of a component; names are case-insensitive in Dapr. */
type Settings = (name: string) => string | undefined;

/** A broker as its settings make it. */
export interface Broker {
  /** After how long it redelivers an event that nobody acknowledged. */
  readonly redeliverySeconds?: number;
  /** An event whose delivery failed is lost. */
  readonly forgets?: boolean;
  /** An event whose delivery failed is delivered again. */
  readonly redelivers?: boolean;
  /** Only by a Dapr before this version: later ones acknowledge an event that failed, unless it failed for its time. */
  readonly redeliversUntil?: string;
  /** Events handed over at once, where there is a known limit. */
  readonly concurrency?: number;
  /** All topics of a component share its workers; elsewhere each subscription has its own. */
  readonly sharedWorkers?: boolean;
  /** One event for each partition at once. */
  readonly byPartitions?: boolean;
  /** Each replica of the sidecar gets every event, ticks or a stream, and a Lease says which one passes it on. */
  readonly everyReplica?: 'ticks' | 'stream';
  /** What its sidecar's account must be allowed to do with the Kubernetes API. */
  readonly rights?: string;
  /** Why several sidecars do not share its events, and what to set. */
  readonly unshared?: string;
  /** Settings that lose events behind the proxy and should be changed, each with the reason. */
  readonly risks?: readonly (readonly [setting: string, why: string])[];
  /** Connections of the component, of which each topic holds one; `undefined` for Dapr's default, 10 for each CPU. */
  readonly pool?: { readonly size?: number };
  /** Facts worth knowing about any such component. */
  readonly fact?: string;
}

/** By type in lower case, which is how Dapr compares them. */
const BROKERS: Readonly<Record<string, (settings: Settings, topic: string | undefined) => Broker>> = {
  'pubsub.redis': redis,
  'pubsub.aws.snssqs': sqs,
  'pubsub.snssqs': sqs,
  'pubsub.jetstream': (settings) => ({
    redeliverySeconds: secondsOf(settings('ackWait'), 1) || 30,
    forgets: settings('ackPolicy') === 'none',
    redelivers: settings('ackPolicy') !== 'none',
    concurrency: (settings('concurrencyMode') ?? settings('concurrency')) === 'parallel' ? undefined : 1,
    unshared: settings('queueGroupName') === undefined ? 'set queueGroupName, or each gets every event' : undefined,
  }),
  'pubsub.kubemq': (settings) => ({
    unshared: settings('group') === undefined ? 'set group, or each gets every event' : undefined,
  }),
  'pubsub.solace.amqp': (_settings, topic) => ({
    unshared: topic?.startsWith('queue:') === true ? undefined : 'name a "queue:" as topic, or each gets every event',
  }),
  'pubsub.pulsar': (settings) => ({
    unshared: settings('subscribeType')?.toLowerCase() === 'exclusive'
      ? 'subscribeType "exclusive" takes one of them, and the others fail; leave it out' : undefined,
  }),
  'pubsub.rocketmq': (settings) => ({
    unshared: settings('consumerModel')?.toLowerCase() === 'broadcasting'
      ? 'consumerModel "broadcasting" gives each every event; leave it out' : undefined,
  }),
  'pubsub.mqtt3': mqtt,
  'bindings.mqtt3': mqttBinding,
  'bindings.kubernetes': watchOfEvents,
  'bindings.rethinkdb.statechange': () => ({ forgets: true, everyReplica: 'stream' }),
  'bindings.aws.kinesis': (settings) => ({
    forgets: true,
    unshared: settings('mode') === 'extended'
      ? 'in mode "extended" they take its shards from each other; leave mode out' : undefined,
  }),
  'pubsub.rabbitmq': (settings) => ({
    redeliverySeconds: 1800,
    forgets: isOn(settings('autoAck')),
    redelivers: isOn(settings('requeueInFailure')) && !isOn(settings('autoAck')),
    risks: isOn(settings('requeueInFailure'))
      ? [] : [['requeueInFailure', REQUEUE]],
  }),
  'pubsub.kafka': (settings) => ({
    byPartitions: true,
    redelivers: isOn(settings('consumeRetryEnabled') ?? 'true'),
    risks: isOn(settings('consumeRetryEnabled') ?? 'true')
      ? [] : [['consumeRetryEnabled', 'Kafka then skips a message whose delivery failed; leave it on']],
  }),
  'bindings.kafka': kafkaBinding,
  'bindings.rabbitmq': () => ({ forgets: true }),
  'bindings.cron': () => ({ forgets: true, everyReplica: 'ticks' }),
};

const REQUEUE = 'RabbitMQ drops a message whose delivery failed, so a plain rollout loses 2 to 5 % of a busy queue; '
  + 'set it to true';

function kafkaBinding(settings: Settings): Broker {
  const given = settings('consumeRetryEnabled');
  const skips = 'a Kafka binding skips a message whose delivery failed';
  return {
    forgets: true,
    byPartitions: true,
    risks: given === undefined || isOn(given) ? [] : [['consumeRetryEnabled', `${skips}; set it to true`]],
    fact: given === undefined ? `${skips}, unless consumeRetryEnabled is true` : undefined,
  };
}

function watchOfEvents(settings: Settings): Broker {
  const where = settings('namespace') === undefined ? 'its namespace' : `namespace ${settings('namespace')}`;
  const rights = settings('kubeconfigPath') === undefined ? `list and watch the events of ${where}` : undefined;
  return { forgets: true, everyReplica: 'stream', rights };
}

/** A connection of its own for each gets every event, unless the topic is shared. */
function mqttBinding(settings: Settings): Broker {
  const own = OWN_ID.test(settings('consumerID') ?? '');
  return own ? { everyReplica: settings('topic')?.startsWith('$share/') ? undefined : 'stream' } : mqtt(settings);
}

/** Placeholders that each sidecar replaces. */
const OWN_ID = /\{(uuid|podName)\}/;

function mqtt(settings: Settings, topic = settings('topic')): Broker {
  if (!OWN_ID.test(settings('consumerID') ?? '')) {
    return {
      unshared: 'all connect by one consumerID, and the broker keeps one such connection; '
      + 'give "{podName}" as consumerID and "$share/<group>/<topic>" as topic',
    };
  }
  const shared = topic?.startsWith('$share/') === true;
  return { unshared: shared ? undefined : 'give "$share/<group>/<topic>" as topic, or each gets every event' };
}

function redis(settings: Settings): Broker {
  const workers = settings('concurrency') ?? '10';
  const depth = settings('queueDepth') ?? '100';
  // Nothing is redelivered when either of the two times is 0.
  const forgets = ['processingTimeout', 'redeliverInterval'].some((name) => secondsOf(settings(name), 1) === 0);
  const redeliverySeconds = secondsOf(settings('processingTimeout'), 0.001) || 60;
  const repeated = Number(depth) + Number(workers);
  const size = settings('poolSize') ?? '';
  return {
    redeliverySeconds,
    forgets,
    redelivers: !forgets,
    redeliversUntil: forgets ? undefined : '1.17',
    concurrency: /^[1-9]\d*$/.test(workers) ? Number(workers) : undefined,
    sharedWorkers: true,
    pool: { size: /^[1-9]\d*$/.test(size) ? Number(size) : undefined },
    fact: forgets || !(repeated > 0) ? undefined
      : `Redis repeats up to ${repeated} events when no pod is there for longer than ${redeliverySeconds} s`,
  };
}

function sqs(settings: Settings): Broker {
  const given = settings('messageVisibilityTimeout');
  return {
    redeliverySeconds: secondsOf(given, 1) || 10,
    redelivers: true,
    fact: given === undefined
      ? 'SQS delivers an event again after 10 s, which waking a function can take; messageVisibilityTimeout sets it'
      : undefined,
  };
}

export function brokerOf({ componentType, spec, topic }: ResolvedTrigger): Broker {
  const type = componentType.toLowerCase();
  if (!Object.hasOwn(BROKERS, type)) return {};
  const broker = BROKERS[type]((name) => {
    const value = spec?.metadata.find((entry) => entry.name.toLowerCase() === name.toLowerCase())?.value ?? undefined;
    return value === undefined ? undefined : String(value);
  }, topic);
  if (spec !== undefined) return broker;
  // The settings of a component that is defined elsewhere are not known.
  return { ...broker, redelivers: undefined, risks: [], pool: undefined, fact: undefined, unshared: undefined };
}

const POOL_OF_ONE_CPU = 10;

/** Why the connections of a component are too few for its topics; `certain` when its own poolSize says so. */
export function narrowPool(
  trigger: ResolvedTrigger, all: readonly ResolvedTrigger[], certain: boolean,
): string | undefined {
  const { pool } = brokerOf(trigger);
  const same = all.filter(({ componentName }) => componentName === trigger.componentName);
  const size = pool?.size ?? POOL_OF_ONE_CPU;
  const isNarrow = pool !== undefined && same[0] === trigger && same.length >= size;
  if (!isNarrow || certain !== (pool.size !== undefined)) return undefined;
  const connections = certain ? `the ${size} connections` : `the ${size} connections that a sidecar with one CPU has`;
  return `each of its ${same.length} topics holds one of ${connections}, so none is left to publish and to acknowledge`
    + `; set poolSize to more than ${same.length}`;
}

/** For the report: what nobody has to change. */
export function factsOf(triggers: readonly ResolvedTrigger[], targets: TargetsModel | undefined): string[] {
  const facts = triggers.flatMap((trigger) => {
    const { fact, redeliversUntil } = brokerOf(trigger);
    const acknowledges = redeliversUntil !== undefined && reaches(targets, 'dapr', redeliversUntil);
    const lost = acknowledges && trigger.delivery?.deadLetterTopic === undefined
      ? `${titleOf(targets, 'dapr')} acknowledges an event that fails, which a deadLetterTopic would keep` : undefined;
    const all = [fact, lost, narrowPool(trigger, triggers, false)];
    return all.flatMap((each) => (each === undefined ? [] : [`${show(trigger.key)}: ${each}`]));
  });
  return [...new Set(facts)];
}

/** Components of bindings of which the sidecar of every replica has all events. */
export function everywhereFiring(triggers: readonly ResolvedTrigger[], what: 'ticks' | 'stream'): string[] {
  const firing = triggers.filter((trigger) => brokerOf(trigger).everyReplica === what);
  return [...new Set(firing.map(({ componentName }) => componentName))].sort();
}

/** As Dapr reads a boolean of metadata. */
function isOn(value: string | undefined): boolean {
  return ['y', 'yes', 'true', 't', 'on', '1'].includes(value?.toLowerCase() ?? '');
}

/** Dapr takes Go durations and plain numbers. */
function secondsOf(text: string | undefined, secondsPerUnit: number): number | undefined {
  if (text === undefined || text.startsWith('-')) return undefined;
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * secondsPerUnit : parseGoDuration(text);
}

/** Part of the redelivery time that is used: the rest is for the answer's way back. */
const SAFE_PART = 0.8;

/**
 * Seconds that the proxy may hold an event while no pod is there; 0 means without end.
 *
 * Holding longer than the redelivery time repeats the event. Where a failed event is lost, no time is too long.
 */
export function deriveHoldSeconds(triggers: readonly ResolvedTrigger[]): number {
  const brokers = triggers.map(brokerOf);
  if (brokers.some(({ forgets }) => forgets)) return 0;
  const limits = brokers.map(({ redeliverySeconds = Infinity }) => redeliverySeconds * SAFE_PART);
  return Math.max(1, Math.floor(Math.min(PROXY_SETTINGS.holdTimeout.default, ...limits)));
}

/** Whether topic events may fail when the proxy ends: each broker redelivers them, and none becomes a dead letter. */
export function mayGiveBack(triggers: readonly ResolvedTrigger[], targets: TargetsModel | undefined): boolean {
  const topics = triggers.filter(({ block }) => block === 'pubsub');
  return topics.length > 0
    && topics.every((one) => isRedelivered(brokerOf(one), targets) && one.delivery?.deadLetterTopic === undefined);
}

function isRedelivered({ redelivers, redeliversUntil }: Broker, targets: TargetsModel | undefined): boolean {
  return redelivers === true && (redeliversUntil === undefined || !reaches(targets, 'dapr', redeliversUntil));
}

type ScalerMetadata = KedaTriggerModel['metadata'];

/** KEDA's scalers that can miss what the proxy's sidecar has taken, as of KEDA 2.17: why, and what to set. */
const BLIND: Readonly<Record<string, (metadata: ScalerMetadata) => [why: string, advice: string] | undefined>> = {
  'rabbitmq': (metadata) => {
    if (!overHttp(metadata)) {
      return ['over AMQP', 'use protocol "http" with unacknowledged messages, or rely on pending events'];
    }
    return metadata.excludeUnacknowledged?.toLowerCase() === 'true'
      ? ['without unacknowledged messages', 'leave excludeUnacknowledged out'] : undefined;
  },
  'aws-sqs-queue': ({ scaleOnInFlight = 'true' }) => (
    scaleOnInFlight.toLowerCase() === 'true' ? undefined : ['without those in flight', 'leave scaleOnInFlight on']),
  'redis-streams': byLag,
  'redis-cluster-streams': byLag,
  'redis-sentinel-streams': byLag,
};

function byLag({ lagCount = '0' }: ScalerMetadata): [string, string] | undefined {
  return lagCount === '0' ? undefined : ['by its lag', 'use pendingEntriesCount'];
}

/** Left to KEDA, the scheme of the host decides; one that comes from elsewhere is not known here. */
function overHttp({ protocol = 'auto', host = '' }: ScalerMetadata): boolean {
  return protocol === 'http' || (protocol === 'auto' && /^https?:/i.test(host));
}

/** Why a KEDA trigger does not see events that the proxy's sidecar holds; nothing where none come from its broker. */
export function blindness(
  { type, metadata }: KedaTriggerModel, sources: readonly ResolvedTrigger[],
): string | undefined {
  const broker = /rabbitmq|sqs|redis/.exec(type)?.[0] ?? type;
  const isSource = sources.some(({ componentType }) =>
    componentType.endsWith(EXISTING) || componentType.toLowerCase().includes(broker));
  const found = isSource && Object.hasOwn(BLIND, type) ? BLIND[type](metadata) : undefined;
  return found && `${found[0]} ${show(type)} does not see messages that the proxy's sidecar holds; ${found[1]}`;
}
