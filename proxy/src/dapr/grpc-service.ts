/** The gRPC side that Dapr calls: answers what concerns the proxy, makes an event of everything else. */
import { Readable } from 'node:stream';
import { callbackOf, CallbackMethod, encodeBindings, encodeTopics, HEALTH_CHECK, LIST_BINDINGS, LIST_TOPICS, ON_INVOKE } from './callbacks';
import { invokeVerb } from './invoke';
import { Gate } from './token';
import { Config } from '../config/config';
import { Caller, EventRequest, Kind } from '../delivery/event';
import { Received } from '../listen/intake';
import { Cause } from '../wire/failures';
import { FRAME_PREFIX_BYTES, frameMessage, parseTimeout } from '../wire/grpc-wire';
import { forwardable, RawHeaders, valueOf } from '../wire/headers';
import { stringField } from '../wire/protobuf';

/** One incoming call, whatever carried it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** As they came. */
  readonly raw: RawHeaders;
  readonly source: Readable;
  readonly caller: Caller;
}

/** What a service needs from the rest of the proxy. */
export interface ServiceContext {
  readonly config: Config;
  readonly gate: Gate;
  readonly now: () => number;
  readonly draining: () => boolean;
  receive(call: Call, unary: boolean, done: (received: Received) => void, failed: (cause: Cause) => void): void;
  submit(request: EventRequest, caller: Caller): void;
  /** Ends an event that never comes into the line, and counts it. */
  refuse(call: Call, kind: Kind, component: string, cause: Cause): void;
  /** The function answers HTTP: its `OnInvoke` goes there, converted. */
  submitInvoke?(request: EventRequest, caller: Caller): void;
}

const GRPC_HEADERS = ['content-type', 'application/grpc'];
const OK_TRAILERS = ['grpc-status', '0'];
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']);

export function createGrpcService(context: ServiceContext): (call: Call) => void {
  const { config, gate } = context;
  const own = new Map([
    [LIST_TOPICS, frameMessage(encodeTopics(config.subscriptions))],
    [LIST_BINDINGS, frameMessage(encodeBindings(config.subscriptions.bindings))],
    [HEALTH_CHECK, frameMessage(Buffer.alloc(0))],
  ]);
  return (call) => {
    const answer = own.get(call.path);
    if (answer !== undefined) return answerItself(call, answer, context);
    const callback = callbackOf(call.path);
    const refuse = (cause: Cause) => context.refuse(call, callback?.kind ?? 'invoke', '', cause);
    if (call.raw.length > 2 * config.limits.maxHeaders) return refuse('too-many-headers');
    const needsToken = callback === undefined || callback.kind === 'invoke' || config.tokenOnEvents;
    if (needsToken && !gate.admits(call.raw)) return refuse('no-token');
    context.receive(call, callback !== undefined, (received) => {
      const request = requestOf(call, callback, received, context.now());
      if (context.submitInvoke && call.path === ON_INVOKE) context.submitInvoke(request, call.caller);
      else context.submit(request, call.caller);
    }, refuse);
  };
}

function answerItself(call: Call, answer: Buffer, { draining }: ServiceContext): void {
  call.source.resume();
  if (call.path === HEALTH_CHECK && draining()) call.caller.fail('draining');
  else call.caller.whole(200, GRPC_HEADERS, [answer], OK_TRAILERS);
}

function requestOf(call: Call, callback: CallbackMethod | undefined, { body, rest }: Received, now: number): EventRequest {
  const timeoutMs = parseTimeout(valueOf(call.raw, 'grpc-timeout'));
  const message = body.subarray(FRAME_PREFIX_BYTES);
  return {
    method: call.method,
    path: call.path,
    headers: forwardable(call.raw),
    body,
    rest,
    grpc: true,
    kind: callback?.kind ?? 'invoke',
    component: (callback?.componentField !== undefined && stringField(message, callback.componentField)) || '',
    unary: callback !== undefined,
    deadlineAt: timeoutMs === undefined ? undefined : now + timeoutMs,
    repeatable: () => callback !== undefined && (callback.kind !== 'invoke' || IDEMPOTENT.has(invokeVerb(message) ?? '')),
  };
}
