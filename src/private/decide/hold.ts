/**
 * How long the proxy may hold an event while no pod is there, read off the components (docs/spec M105, M106).
 *
 * A broker that redelivers makes holding longer than its redelivery time useless and repeats the event; a component that
 * forgets an event that failed makes every failure a loss, so such events are held without end.
 */
import type { ResolvedTrigger } from './components';
import type { ComponentSpecModel } from '../function/function-model';

interface Redelivery {
  readonly seconds: number;
  /** Metadata that changes it, and what a plain number there counts, in seconds. */
  readonly key?: string;
  readonly plainNumber?: number;
}

/** After how long a broker redelivers what is not acknowledged. */
const REDELIVERY: Record<string, Redelivery> = {
  'pubsub.redis': { seconds: 60, key: 'processingTimeout', plainNumber: 0.001 },
  'pubsub.aws.snssqs': { seconds: 10, key: 'messageVisibilityTimeout', plainNumber: 1 },
  'pubsub.jetstream': { seconds: 30, key: 'ackWait', plainNumber: 1 },
  'pubsub.rabbitmq': { seconds: 1800 },
};

/** Input bindings that forget an event whose delivery failed. */
const FORGETFUL = ['bindings.cron', 'bindings.kafka', 'bindings.rabbitmq'];

/** Dapr compares types in lower case, and has a second name for this one. */
export function knownType({ componentType }: ResolvedTrigger): string {
  const type = componentType.toLowerCase();
  return type === 'pubsub.snssqs' ? 'pubsub.aws.snssqs' : type;
}

/** The proxy's own default. */
const DEFAULT_HOLD_SECONDS = 60;
/** Part of the redelivery time that is used: the rest is for the answer's way back. */
const SAFE_PART = 0.8;

/** Seconds; 0 holds without end. */
export function deriveHoldSeconds(triggers: ResolvedTrigger[]): number {
  if (triggers.some((trigger) => FORGETFUL.includes(knownType(trigger)) || redeliversNothing(trigger))) return 0;
  const limits = triggers.map((trigger) => redeliverySeconds(knownType(trigger), trigger.spec)).filter((seconds) => seconds !== undefined);
  return Math.max(1, Math.floor(Math.min(DEFAULT_HOLD_SECONDS, ...limits.map((seconds) => seconds * SAFE_PART))));
}

/** Settings by which a broker forgets what it has handed over; Redis redelivers nothing when either of its two times is 0. */
function redeliversNothing(trigger: ResolvedTrigger): boolean {
  const value = (key: string) => metadataValue(trigger.spec, key) ?? '';
  switch (knownType(trigger)) {
    case 'pubsub.redis': return ['processingTimeout', 'redeliverInterval'].some((key) => durationSeconds(value(key), 1) === 0);
    case 'pubsub.jetstream': return value('ackPolicy') === 'none';
    case 'pubsub.rabbitmq': return isTruthy(value('autoAck'));
    default: return false;
  }
}

function redeliverySeconds(type: string, spec: ComponentSpecModel | undefined): number | undefined {
  const known = REDELIVERY[type];
  if (known === undefined) return undefined;
  const given = known.key === undefined ? undefined : metadataValue(spec, known.key);
  const seconds = given === undefined ? undefined : durationSeconds(given, known.plainNumber ?? 1);
  return seconds === undefined || seconds === 0 ? known.seconds : seconds;
}

/** Metadata names are case-insensitive in Dapr. */
export function metadataValue(spec: ComponentSpecModel | undefined, key: string): string | undefined {
  const entry = spec?.metadata.find(({ name }) => name.toLowerCase() === key.toLowerCase());
  return entry?.value === undefined || entry.value === null ? undefined : String(entry.value);
}

const UNIT_SECONDS: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Dapr takes Go durations and plain numbers. */
function durationSeconds(text: string, plainNumber: number): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * plainNumber;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNIT_SECONDS[unit], 0);
}

/** What is known to lose or repeat events in this mode, as `[metadata key, why]`. */
export function riskyDefaults(trigger: ResolvedTrigger): [string, string][] {
  const { spec } = trigger;
  if (spec === undefined) return [];
  const value = (key: string) => metadataValue(spec, key);
  const isOn = (key: string) => isTruthy(value(key) ?? '');
  switch (knownType(trigger)) {
    case 'pubsub.rabbitmq':
      return isOn('requeueInFailure') ? [] : [['requeueInFailure', 'RabbitMQ drops a message whose delivery failed; set it to true']];
    case 'pubsub.kafka':
      return value('consumeRetryEnabled') === undefined || isOn('consumeRetryEnabled')
        ? [] : [['consumeRetryEnabled', 'Kafka then skips a message whose delivery failed; leave it on']];
    case 'bindings.kafka':
      return isOn('consumeRetryEnabled') ? [] : [['consumeRetryEnabled', 'a Kafka binding skips a message whose delivery failed; set it to true']];
    case 'pubsub.aws.snssqs':
      return value('messageVisibilityTimeout') === undefined
        ? [['messageVisibilityTimeout', 'SQS redelivers after 10 s, sooner than a function wakes; set it to 60 or more']] : [];
    case 'pubsub.redis': return redisRisks(Number(value('queueDepth') ?? 100), Number(value('concurrency') ?? 10));
    default: return [];
  }
}

/** As Dapr reads a boolean of metadata. */
const TRUTHY = ['y', 'yes', 'true', 't', 'on', '1'];

function isTruthy(value: string): boolean {
  return TRUTHY.includes(value.toLowerCase());
}

function redisRisks(queueDepth: number, concurrency: number): [string, string][] {
  if (!(queueDepth > concurrency)) return [];
  return [['queueDepth', `Redis reads ${queueDepth} messages ahead and handles ${concurrency} at once, so the rest can be redelivered while they wait; make them equal`]];
}
