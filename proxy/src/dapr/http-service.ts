/** The HTTP side that Dapr calls (`http`, `h2c`): answers what concerns the proxy, makes the rest events. */
import { subscribeAnswer, TopicRoute, topicRoutes } from './callbacks';
import { httpIdentity } from './identity';
import { isIdempotent, ServiceContext } from './service';
import { Subscriptions } from '../config/subscriptions';
import { EventRequest } from '../delivery/event';
import { Call } from '../listen/call';
import { Received } from '../listen/intake';
import { Kind } from '../observe/outcome';
import { Cause } from '../wire/failures';
import { forwardable, RawHeaders, valueOf } from '../wire/headers';

const HEALTH_PATH = '/dapr-proxy/healthz';
const JSON_HEADERS = ['content-type', 'application/json'];
const JOB_PREFIX = '/job/';
/** A body that is known to be this small is always received whole, so that it can be sent again after a refusal. */
const SMALL_BYTES = 64 * 1024;

interface Target {
  readonly kind: Kind;
  readonly component: string;
  readonly topic?: TopicRoute;
}

const INVOCATION: Target = { kind: 'invoke', component: '' };

export function createHttpService(context: ServiceContext): (call: Call) => void {
  const { config, gate } = context;
  const bindings = new Map(config.subscriptions.bindings.map(({ component, route }) => [`/${route}`, component]));
  const subscribe = subscribeAnswer(config.subscriptions);

  const own = (call: Call, path: string): (() => void) | undefined => {
    if (path === HEALTH_PATH) return () => context.draining() ? call.caller.fail('draining') : answer(call, 200, 'ok');
    if (call.method === 'GET' && path === '/dapr/subscribe') return () => answer(call, 200, subscribe);
    if (call.method === 'GET' && path === '/dapr/config') return () => answer(call, 200, '{}');
    if (call.method !== 'OPTIONS') return undefined;
    if (bindings.has(path)) return () => answer(call, 200, '');
    // This is how Dapr asks whether a binding is an input of the function; a CORS preflight belongs to the function.
    return isPreflight(call.raw) ? undefined : () => answer(call, 404, '');
  };

  const targetOf = targetsOf(config.subscriptions, bindings);
  return (call) => {
    const path = call.path.split('?', 1)[0]!;
    // Dapr marks each service invocation of another app: its path is the function's, whatever it looks like.
    const invoked = valueOf(call.raw, 'dapr-caller-app-id') !== undefined;
    const itself = invoked ? undefined : own(call, path);
    const target = invoked ? INVOCATION : targetOf(call.method, path);
    const refuse = (cause: Cause) => context.refuse(call, target.kind, target.component, cause);
    if ((invoked || path !== HEALTH_PATH) && !gate.admits(call.raw)) {
      call.source.discard();
      return refuse('no-token');
    }
    if (itself !== undefined) return call.source.discard(itself);
    if (call.raw.length > 2 * config.limits.maxHeaders) return refuse('too-many-headers');
    const whole = target.kind !== 'invoke' || isSmall(call.raw);
    context.receive(call, whole, (received) => context.submit(requestOf(call, target, received), call.caller), refuse);
  };
}

function targetsOf(subscriptions: Subscriptions, bindings: ReadonlyMap<string, string>) {
  const topics = topicRoutes(subscriptions);
  return (method: string, path: string): Target => {
    if (method !== 'POST') return INVOCATION;
    const topic = topics.get(path);
    if (topic !== undefined) {
      const { bulk, component } = topic.subscription;
      return { kind: bulk ? 'bulk' : 'topic', component, topic };
    }
    const binding = bindings.get(path);
    if (binding !== undefined) return { kind: 'binding', component: binding };
    return path.startsWith(JOB_PREFIX) ? { kind: 'job', component: '' } : INVOCATION;
  };
}

function requestOf(call: Call, { kind, component, topic }: Target, received: Received): EventRequest {
  const { body, rest, reservation } = received;
  return {
    method: call.method,
    path: topic?.path ?? call.path,
    headers: forwardable(call.raw),
    body,
    rest,
    reservation,
    grpc: false,
    topic: topic && { component, topic: topic.subscription.topic, ruled: topic.path !== undefined },
    kind,
    component,
    unary: kind !== 'invoke',
    identity: httpIdentity(kind, call.path, body),
    repeatable: () => kind !== 'invoke' || isIdempotent(call.method),
  };
}

function isPreflight(raw: RawHeaders): boolean {
  return valueOf(raw, 'access-control-request-method') !== undefined;
}

function isSmall(raw: RawHeaders): boolean {
  const length = valueOf(raw, 'content-length');
  return length !== undefined && Number(length) <= SMALL_BYTES;
}

function answer(call: Call, status: number, body: string): void {
  const headers = [...JSON_HEADERS, 'content-length', String(Buffer.byteLength(body))];
  call.caller.whole(status, headers, body === '' ? [] : [Buffer.from(body)], undefined);
}
