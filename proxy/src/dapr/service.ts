/** What the gRPC and the HTTP service need of the rest of the proxy. */
import { Gate } from './token';
import { Config } from '../config/config';
import { Caller, EventRequest } from '../delivery/event';
import { Call } from '../listen/call';
import { Received } from '../listen/intake';
import { Kind } from '../observe/outcome';
import { Cause } from '../wire/failures';

export interface ServiceContext {
  readonly config: Config;
  readonly gate: Gate;
  readonly now: () => number;
  readonly draining: () => boolean;
  receive(call: Call, unary: boolean, done: (received: Received) => void, failed: (cause: Cause) => void): void;
  submit(request: EventRequest, caller: Caller): void;
  /** Ends the call of an event that never reaches the dispatcher. */
  refuse(call: Call, kind: Kind, component: string, cause: Cause): void;
  /** Set if the function answers HTTP: takes its `OnInvoke`, converted. */
  submitInvoke?(request: EventRequest, caller: Caller): void;
}

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']);

/** An invocation may be repeated only with such a method. */
export function isIdempotent(method: string | undefined): boolean {
  return method !== undefined && IDEMPOTENT.has(method);
}
