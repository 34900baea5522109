/** What the function listens to: the inputs of its context, refined by `DAPR_PROXY_SUBSCRIPTIONS`. */
import { Settings } from './config-values';
import { ContextInput, isObject } from './func-context';

export interface TopicRule {
  readonly match: string;
  readonly path: string;
}

export interface TopicSubscription {
  readonly component: string;
  readonly topic: string;
  readonly deadLetterTopic?: string;
  readonly bulk?: { readonly maxMessages?: number; readonly maxAwaitMs?: number };
  readonly rules: readonly TopicRule[];
  readonly default?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface BindingInput {
  readonly component: string;
  /** Path that Dapr posts to in HTTP mode, without the leading slash. */
  readonly route: string;
}

export interface Subscriptions {
  readonly topics: readonly TopicSubscription[];
  readonly bindings: readonly BindingInput[];
}

const VARIABLE = 'DAPR_PROXY_SUBSCRIPTIONS';
const SHAPE = 'is not a list of {component, topic, …} and {component, route}';

export function readSubscriptions(settings: Settings, inputs: readonly ContextInput[]): Subscriptions {
  const topics = new Map<string, TopicSubscription>();
  const bindings = new Map<string, BindingInput>();
  for (const { component, topic } of inputs) {
    if (topic === undefined) bindings.set(component, { component, route: component });
    else topics.set(`${component}/${topic}`, { component, topic, rules: [], metadata: {} });
  }
  entriesOf(settings).forEach((entry, index) => {
    const problem = overlay(entry, topics, bindings);
    if (problem !== undefined) settings.reject(`${VARIABLE}[${index}]`, JSON.stringify(entry) ?? 'undefined', problem);
  });
  return { topics: [...topics.values()], bindings: [...bindings.values()] };
}

function entriesOf(settings: Settings): unknown[] {
  const text = settings.text(VARIABLE);
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // Reported below, as is JSON of the wrong kind.
  }
  settings.reject(VARIABLE, text, SHAPE);
  return [];
}

/** Applies one entry, or says what is wrong with it. */
function overlay(
  entry: unknown, topics: Map<string, TopicSubscription>, bindings: Map<string, BindingInput>,
): string | undefined {
  if (!isObject(entry) || !isText(entry.component)) return 'needs a component, a string that is not empty';
  if (entry.topic === undefined) {
    if (!isText(entry.route)) return 'needs a topic or a route, a string that is not empty';
    if (!bindings.has(entry.component)) return 'names no binding among the inputs of the function';
    bindings.set(entry.component, { component: entry.component, route: entry.route.replace(/^\/+/, '') });
    return undefined;
  }
  const key = `${entry.component}/${String(entry.topic)}`;
  if (!topics.has(key)) return 'names no component and topic among the inputs of the function';
  return fieldProblem(entry) ?? void topics.set(key, topicOf(entry));
}

function topicOf(entry: Record<string, unknown>): TopicSubscription {
  const { bulk, metadata, rules } = entry;
  const strings = Object.entries(isObject(metadata) ? metadata : {}).map(([key, value]) => [key, String(value)]);
  return {
    component: String(entry.component),
    topic: String(entry.topic),
    deadLetterTopic: isText(entry.deadLetterTopic) ? entry.deadLetterTopic : undefined,
    bulk: isObject(bulk)
      ? { maxMessages: numberOf(bulk.maxMessages), maxAwaitMs: numberOf(bulk.maxAwaitMs) }
      : undefined,
    rules: Array.isArray(rules) ? rules.map(({ match, path }: TopicRule) => ({ match, path })) : [],
    default: isText(entry.default) ? entry.default : undefined,
    metadata: Object.fromEntries(strings),
  };
}

/** What is wrong with the optional fields of a topic entry. */
function fieldProblem(entry: Record<string, unknown>): string | undefined {
  const { deadLetterTopic, bulk, rules, metadata } = entry;
  if (deadLetterTopic !== undefined && typeof deadLetterTopic !== 'string') {
    return 'has a deadLetterTopic that is not a string';
  }
  if (entry.default !== undefined && typeof entry.default !== 'string') return 'has a default that is not a string';
  if (bulk !== undefined && !(isObject(bulk) && isCount(bulk.maxMessages) && isCount(bulk.maxAwaitMs))) {
    return 'has a bulk that is not {maxMessages, maxAwaitMs} with whole numbers';
  }
  const isRule = (rule: unknown) => isObject(rule) && typeof rule.match === 'string' && isText(rule.path);
  if (rules !== undefined && !(Array.isArray(rules) && rules.every(isRule))) {
    return 'has rules that are not a list of {match, path}';
  }
  const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
  const isMap = metadata === undefined || (isObject(metadata) && Object.values(metadata).every(isScalar));
  return isMap ? undefined : 'has metadata that is not a map of strings';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): boolean {
  return value === undefined || (Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
