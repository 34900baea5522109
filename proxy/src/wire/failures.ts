/**
 * The proxy's own failures: what the caller is told, and whether the event may be repeated. The codes are chosen by
 * what Dapr makes of them: UNIMPLEMENTED, 404 and 200 would lose the event, so none of them appears here.
 */
export type Cause =
  | 'refused' | 'unreachable' | 'not-a-function' | 'lost' | 'ends-pods' | 'given-back' | 'hold-over' | 'deadline'
  | 'full' | 'too-large' | 'too-many-headers' | 'no-token' | 'timeout' | 'internal'
  | 'bad-request' | 'cancelled' | 'draining' | 'no-leader';

/** When an attempt that ended this way may be repeated. */
export type Retry = 'always' | 'once' | 'never';

export interface Failure {
  readonly status: number;
  readonly code: number;
  readonly retry: Retry;
  readonly message: string;
}

export const GRPC = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  ABORTED: 10,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

function failure(status: number, code: number, retry: Retry, message: string): Failure {
  return { status, code, retry, message };
}

export const FAILURES: Readonly<Record<Cause, Failure>> = {
  // Nothing of the event reached a function.
  'refused': failure(503, GRPC.UNAVAILABLE, 'always', 'the pod refused the call'),
  'unreachable': failure(503, GRPC.UNAVAILABLE, 'always', 'the connection to the pod failed before the event was sent'),
  'not-a-function': failure(503, GRPC.UNAVAILABLE, 'always', 'the answer did not come from a function'),
  // It may have been handled: once more, and no further.
  'lost': failure(503, GRPC.UNAVAILABLE, 'once', 'the connection to the pod was lost after the event was sent'),
  // Not among the codes that the emitted Resiliency repeats: the event goes to the dead-letter topic.
  'ends-pods': failure(500, GRPC.ABORTED, 'never', 'the event was lost with each pod that took it, at last alone'),
  'given-back': failure(500, GRPC.ABORTED, 'never', 'the proxy ends before a pod took the event'),
  'hold-over': failure(503, GRPC.UNAVAILABLE, 'never', 'no pod took the event within the hold timeout'),
  'deadline': failure(503, GRPC.UNAVAILABLE, 'never', 'the deadline of the call passed'),
  'timeout': failure(503, GRPC.UNAVAILABLE, 'never', 'the function did not answer within the function timeout'),
  'full': failure(429, GRPC.RESOURCE_EXHAUSTED, 'never', 'too many events wait for the function'),
  'too-large': failure(413, GRPC.RESOURCE_EXHAUSTED, 'never', 'the message is larger than DAPR_PROXY_MAX_MESSAGE'),
  'too-many-headers': failure(
    431, GRPC.RESOURCE_EXHAUSTED, 'never',
    'more header lines than DAPR_PROXY_MAX_HEADERS, or larger ones than it announces',
  ),
  'no-token': failure(401, GRPC.UNAUTHENTICATED, 'never', 'the app token is missing or wrong'),
  'internal': failure(500, GRPC.INTERNAL, 'never', 'the proxy failed on this event'),
  'bad-request': failure(400, GRPC.INVALID_ARGUMENT, 'never', 'the request cannot be converted'),
  'cancelled': failure(499, GRPC.CANCELLED, 'never', 'the caller went away'),
  'no-leader': failure(503, GRPC.UNAVAILABLE, 'never', 'no replica could be found that fires this binding'),
  'draining': failure(503, GRPC.UNAVAILABLE, 'never', 'the proxy is draining'),
};

/** Dapr's own table from HTTP status to gRPC code, for answers of HTTP functions to gRPC callers. */
const CODE_OF_STATUS: Readonly<Record<number, number>> = {
  400: GRPC.INTERNAL,
  401: GRPC.UNAUTHENTICATED,
  403: GRPC.PERMISSION_DENIED,
  404: GRPC.NOT_FOUND,
  408: GRPC.CANCELLED,
  409: GRPC.ALREADY_EXISTS,
  429: GRPC.RESOURCE_EXHAUSTED,
  500: GRPC.UNKNOWN,
  501: GRPC.UNIMPLEMENTED,
  503: GRPC.UNAVAILABLE,
  504: GRPC.DEADLINE_EXCEEDED,
};

export function grpcCodeOfStatus(status: number): number {
  return status >= 200 && status < 300 ? GRPC.OK : CODE_OF_STATUS[status] ?? GRPC.UNKNOWN;
}

/** The peer is there, but speaks another protocol. */
export class NotAFunctionError extends Error {}
