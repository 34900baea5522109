/** The gRPC side that Dapr calls: answers what concerns the proxy, turns everything else into events. */
import {
  callbackOf, CallbackMethod, encodeBindings, encodeTopics, HEALTH_CHECK, LIST_BINDINGS, LIST_TOPICS, ON_INVOKE,
} from './callbacks';
import { grpcIdentity } from './identity';
import { invokeVerb, toHttpRequest } from './invoke';
import { isIdempotent, ServiceContext } from './service';
import { EventRequest } from '../delivery/event';
import { Call } from '../listen/call';
import { Received } from '../listen/intake';
import { Cause } from '../wire/failures';
import { FRAME_PREFIX_BYTES, frameMessage, parseTimeout } from '../wire/grpc-wire';
import { forwardable, Remembered, valueOf } from '../wire/headers';
import { stringField } from '../wire/protobuf';

const GRPC_HEADERS = ['content-type', 'application/grpc'];
const OK_TRAILERS = ['grpc-status', '0'];
const requests = new Remembered(forwardable);

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
      if (context.submitInvoke === undefined || call.path !== ON_INVOKE) return context.submit(request, call.caller);
      const converted = toHttpRequest(request);
      if (converted !== undefined) return context.submitInvoke(converted, call.caller);
      received.reservation.release();
      refuse('bad-request');
    }, refuse);
  };
}

function answerItself(call: Call, answer: Buffer, { draining }: ServiceContext): void {
  call.source.discard(() => {
    if (call.path === HEALTH_CHECK && draining()) call.caller.fail('draining');
    else call.caller.whole(200, GRPC_HEADERS, [answer], OK_TRAILERS);
  });
}

function requestOf(
  call: Call, callback: CallbackMethod | undefined, { body, rest, reservation }: Received, now: number,
): EventRequest {
  const timeoutMs = parseTimeout(valueOf(call.raw, 'grpc-timeout'));
  const kind = callback?.kind ?? 'invoke';
  const field = callback?.componentField;
  return {
    method: call.method,
    path: call.path,
    headers: requests.of(call.raw),
    body,
    rest,
    reservation,
    grpc: true,
    kind,
    component: (field !== undefined && stringField(body, field, FRAME_PREFIX_BYTES)) || '',
    unary: callback !== undefined,
    deadlineAt: timeoutMs === undefined ? undefined : now + timeoutMs,
    identity: grpcIdentity(kind, body, FRAME_PREFIX_BYTES),
    repeatable: () => callback !== undefined
      && (callback.kind !== 'invoke' || isIdempotent(invokeVerb(body.subarray(FRAME_PREFIX_BYTES)))),
  };
}
