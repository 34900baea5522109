/** An event, and the caller who waits for its answer. No logic. */
import { Reservation } from './budget';
import { Kind } from '../observe/outcome';
import { OutRequest } from '../pods/channel';
import { Cause } from '../wire/failures';
import { RawHeaders } from '../wire/headers';

export interface EventRequest extends OutRequest {
  readonly kind: Kind;
  readonly component: string;
  /** One message in, one out: kept until it is whole, so that it can be repeated. */
  readonly unary: boolean;
  /** On the proxy's clock. */
  readonly deadlineAt?: number;
  /** What the event takes of the budget, until it is over. */
  readonly reservation: Reservation;
  /** What tells it from other events, the same in each delivery; undefined for calls that nobody delivers again. */
  readonly identity?: () => string;
  /** A second delivery does no more harm than Dapr's at-least-once delivery does. */
  repeatable(): boolean;
}

/**
 * The other end of an incoming call, ended once by one of `whole`, `finish`, `fail` and `cut`. The first two and
 * `begin` throw if headers or trailers cannot be sent; the call can then still fail.
 */
export interface Caller {
  whole(status: number, headers: RawHeaders, body: readonly Buffer[], trailers: RawHeaders | undefined): void;
  begin(status: number, headers: RawHeaders): void;
  /** False: wait for `onDrain`. The chunk is good only during the call. */
  write(chunk: Buffer): boolean;
  onDrain(callback: () => void): void;
  finish(trailers: RawHeaders | undefined): void;
  /** Does nothing if the call has ended. */
  fail(cause: Cause): void;
  /** Breaks off an answer that has begun. */
  cut(): void;
  onGone(callback: () => void): void;
}
