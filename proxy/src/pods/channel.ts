/** What a pod is asked and what it answers, whatever the protocol. No logic. */
import { Body } from '../wire/body';
import { Cause } from '../wire/failures';
import { RawHeaders } from '../wire/headers';

/** One request to a pod, the same for each attempt. */
export interface OutRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: RawHeaders;
  /** All of the body, or its beginning if `rest` is set. */
  readonly body: Buffer;
  /** The part of a streamed body still to come; such a request can be sent only once. */
  readonly rest?: Body;
  /** The answer must come from a gRPC server. */
  readonly grpc: boolean;
  /** A topic event of an HTTP function: each pod has a route of its own for it, unless a rule gave the path. */
  readonly topic?: { readonly component: string; readonly topic: string; readonly ruled: boolean };
}

/** Receives a pod's answer in order: head, data …, then exactly one of `end` and `lost`. */
export interface AnswerSink {
  head(status: number, headers: RawHeaders): void;
  /** The chunk is good only during the call. */
  data(chunk: Buffer): void;
  end(trailers: RawHeaders | undefined): void;
  lost(cause: Cause): void;
}

export interface Attempt {
  /** All of the request has left the process; undefined if that is not known. */
  readonly flushed?: boolean;
  /** Gives up: the pod is told, the sink hears nothing more. */
  cancel(): void;
  pause(): void;
  resume(): void;
}

/** An open connection, or pool of connections, to one address. */
export interface Channel {
  /** Number of concurrent calls that it takes. */
  readonly limit: number;
  /** Throws only if this one request cannot be sent as it is. */
  send(request: OutRequest, sink: AnswerSink): Attempt;
  /** Takes no new calls; those in flight run to their end. */
  close(): void;
  destroy(): void;
}

/** Learns what becomes of a channel. */
export interface ChannelObserver {
  /** It takes no more calls. `clean`: the pod said goodbye, or the channel was idle. */
  down(clean: boolean, why: string): void;
  /** It takes no more calls, although nothing is wrong: the next one needs another channel. */
  retired(): void;
  /** The pod stopped answering pings, or answers them again. */
  suspended(suspended: boolean): void;
  /** `limit` has changed. */
  resized(): void;
}

export interface Address {
  readonly host: string;
  readonly port: number;
  /**
   * A virtual address with several pods behind it: of a Service, each of whose connections leads to one pod, or of a
   * gateway such as Knative's, which spreads the calls itself.
   */
  readonly shared?: 'service' | 'gateway';
}

/** Opens a channel, or throws within the connect timeout. */
export type Connect = (address: Address, observer: ChannelObserver) => Promise<Channel>;
