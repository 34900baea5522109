/** What Dapr calls on an app: the gRPC methods with their kinds, and the answers that the proxy gives itself. Pure. */
import { BindingInput, Subscriptions, TopicSubscription } from '../config/subscriptions';
import { Kind } from '../observe/outcome';
import { Writer } from '../wire/protobuf';

const PACKAGE = '/dapr.proto.runtime.v1.';
export const LIST_TOPICS = `${PACKAGE}AppCallback/ListTopicSubscriptions`;
export const LIST_BINDINGS = `${PACKAGE}AppCallback/ListInputBindings`;
export const HEALTH_CHECK = `${PACKAGE}AppCallbackHealthCheck/HealthCheck`;
export const ON_INVOKE = `${PACKAGE}AppCallback/OnInvoke`;
const CALLBACK_PREFIX = `${PACKAGE}AppCallback`;

export interface CallbackMethod {
  readonly kind: Kind;
  /** The field of the request that holds the component's name. */
  readonly componentField?: number;
}

/** Later versions drop the suffix Alpha1 and add methods: the beginning of the name decides. */
const METHODS: readonly (readonly [prefix: string, method: CallbackMethod])[] = [
  ['OnTopicEvent', { kind: 'topic', componentField: 8 }],
  ['OnBulkTopicEvent', { kind: 'bulk', componentField: 5 }],
  ['OnBindingEvent', { kind: 'binding', componentField: 1 }],
  ['OnJobEvent', { kind: 'job' }],
  ['OnInvoke', { kind: 'invoke' }],
];
const cache = new Map<string, CallbackMethod | undefined>();
const MAX_CACHED = 100;
const OTHER: CallbackMethod = { kind: 'other' };

/** The callback behind a path; undefined for a service of the function's own. */
export function callbackOf(path: string): CallbackMethod | undefined {
  const known = cache.get(path);
  if (known !== undefined || !path.startsWith(CALLBACK_PREFIX)) return known;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const method = METHODS.find(([prefix]) => name.startsWith(prefix))?.[1] ?? OTHER;
  if (cache.size < MAX_CACHED) cache.set(path, method);
  return method;
}

/** `ListTopicSubscriptionsResponse`. */
export function encodeTopics({ topics }: Subscriptions): Buffer {
  const list = new Writer();
  topics.forEach((topic) => list.bytes(1, encodeTopic(topic)));
  return list.finish();
}

function encodeTopic(subscription: TopicSubscription): Buffer {
  const { component, topic, metadata, rules, deadLetterTopic, bulk } = subscription;
  const out = new Writer().string(1, component).string(2, topic).map(3, metadata);
  if (rules.length > 0 || subscription.default !== undefined) {
    const routes = new Writer();
    rules.forEach(({ match, path }) => routes.bytes(1, new Writer().string(1, match).string(2, path).finish()));
    if (subscription.default !== undefined) routes.string(2, subscription.default);
    out.bytes(5, routes.finish());
  }
  if (deadLetterTopic !== undefined) out.string(6, deadLetterTopic);
  if (bulk !== undefined) {
    const settings = new Writer().uint(1, 1);
    if (bulk.maxMessages !== undefined) settings.uint(2, bulk.maxMessages);
    if (bulk.maxAwaitMs !== undefined) settings.uint(3, bulk.maxAwaitMs);
    out.bytes(7, settings.finish());
  }
  return out.finish();
}

/** `ListInputBindingsResponse`. */
export function encodeBindings(bindings: readonly BindingInput[]): Buffer {
  const list = new Writer();
  bindings.forEach(({ component }) => list.string(1, component));
  return list.finish();
}

const DEFAULT_RULE = 'default';

function routeOf({ component, topic }: TopicSubscription): string {
  return `/dapr-proxy/topics/${encodeURIComponent(component)}/${encodeURIComponent(topic)}`;
}

/** The body of `GET /dapr/subscribe`: routes of the proxy's own, since each pod has other ones. */
export function subscribeAnswer({ topics }: Subscriptions): string {
  return JSON.stringify(topics.map((subscription) => {
    const { component, topic, metadata, rules, deadLetterTopic, bulk } = subscription;
    const base = routeOf(subscription);
    const ruled = rules.map(({ match }, index) => ({ match, path: `${base}/${index}` }));
    const bulkSubscribe = bulk && {
      enabled: true,
      maxMessagesCount: bulk.maxMessages,
      maxAwaitDurationMs: bulk.maxAwaitMs,
    };
    return {
      pubsubname: component,
      topic,
      ...(ruled.length > 0 ? { routes: { rules: ruled, default: `${base}/${DEFAULT_RULE}` } } : { route: base }),
      ...(Object.keys(metadata).length > 0 && { metadata }),
      ...(deadLetterTopic !== undefined && { deadLetterTopic }),
      ...(bulkSubscribe !== undefined && { bulkSubscribe }),
    };
  }));
}

export interface TopicRoute {
  readonly subscription: TopicSubscription;
  /** The path that a rule or `default` gives; undefined if it is the pod's own route. */
  readonly path?: string;
}

/** The subscription behind each announced route, by path. */
export function topicRoutes({ topics }: Subscriptions): ReadonlyMap<string, TopicRoute> {
  const routes = new Map<string, TopicRoute>();
  for (const subscription of topics) {
    const base = routeOf(subscription);
    const fallback = subscription.default === undefined ? undefined : withSlash(subscription.default);
    routes.set(base, { subscription, path: fallback });
    routes.set(`${base}/${DEFAULT_RULE}`, { subscription, path: fallback });
    subscription.rules.forEach(({ path }, index) => {
      routes.set(`${base}/${index}`, { subscription, path: withSlash(path) });
    });
  }
  return routes;
}

function withSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
