/** The shapes that travel between the two sides: what a caller asks, what a pod answers. No logic. */
import { Readable } from 'node:stream';
import { Cause } from '../wire/failures';
import { RawHeaders } from '../wire/headers';

export const KINDS = ['topic', 'bulk', 'binding', 'job', 'invoke', 'other'] as const;
export type Kind = (typeof KINDS)[number];

/** One request to a pod, the same for each attempt. */
export interface OutRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: RawHeaders;
  /** All of the body, or its beginning when `rest` is there. */
  readonly body: Buffer;
  /** What is still to come of a streamed body; such a request can be sent only once. */
  readonly rest?: Readable;
  /** The answer must be one of a gRPC server. */
  readonly grpc: boolean;
  /** A topic event of an HTTP function: each pod has a route of its own for it, unless a rule gave the path. */
  readonly topic?: { readonly component: string; readonly topic: string; readonly ruled: boolean };
}

export interface EventRequest extends OutRequest {
  readonly kind: Kind;
  readonly component: string;
  /** One message in, one out: held back until whole, so that it can be repeated. */
  readonly unary: boolean;
  /** On the proxy's clock. */
  readonly deadlineAt?: number;
  /** A second delivery does no harm beyond what Dapr's at-least-once delivery does. */
  repeatable(): boolean;
}

/** Where a pod's answer goes, in order: head, data …, then `end` or `lost`, one of them exactly once. */
export interface AnswerSink {
  head(status: number, headers: RawHeaders): void;
  data(chunk: Buffer): void;
  end(trailers: RawHeaders | undefined): void;
  lost(cause: Cause): void;
}

export interface Attempt {
  /** Gives up: the pod is told, the sink hears nothing more. */
  cancel(): void;
  pause(): void;
  resume(): void;
}

/** An open way to one pod. */
export interface Channel {
  /** Calls it takes at once. */
  readonly limit: number;
  /** Throws only for what is wrong with this request. */
  send(request: OutRequest, sink: AnswerSink): Attempt;
  /** No new calls; those under way end by themselves. */
  close(): void;
  destroy(): void;
}

/** What a channel reports about itself. */
export interface ChannelObserver {
  /** It takes no more calls. `clean`: the pod said goodbye, or it was idle. */
  down(clean: boolean, why: string): void;
  /** The pod stopped, or began again, to answer pings. */
  suspended(suspended: boolean): void;
  /** It takes another number of calls at once. */
  resized(): void;
}

export interface Address {
  readonly host: string;
  readonly port: number;
  /** A virtual address with several pods behind it. */
  readonly shared?: boolean;
}

/** Opens a channel, or throws within the connect timeout. */
export type Connect = (address: Address, observer: ChannelObserver) => Promise<Channel>;

/** Whoever asked. The exchange calls exactly one of `whole`, `finish`, `fail` and `cut`, once. */
export interface Caller {
  whole(status: number, headers: RawHeaders, body: readonly Buffer[], trailers: RawHeaders | undefined): void;
  begin(status: number, headers: RawHeaders): void;
  /** False: wait for `onDrain`. */
  write(chunk: Buffer): boolean;
  onDrain(callback: () => void): void;
  finish(trailers: RawHeaders | undefined): void;
  fail(cause: Cause): void;
  /** Breaks off an answer that has begun. */
  cut(): void;
  onGone(callback: () => void): void;
}
