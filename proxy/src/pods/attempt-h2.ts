/** One call to a pod over HTTP/2: what its stream says, told once and in order. */
import { ClientHttp2Stream, constants, IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import { AnswerSink, Attempt, OutRequest } from './channel';
import { Liveness } from './liveness';
import { Cause } from '../wire/failures';
import { isGrpcContentType } from '../wire/grpc-wire';
import { forwardable, RawHeaders, valueOf } from '../wire/headers';

/**
 * Node keeps a stream until its next full collection, and with it all that its listeners hold. So the listeners are the
 * same for all streams, and what belongs to one call hangs on this mark, which goes as soon as the stream is closed.
 */
const ATTEMPT = Symbol('attempt');
type MarkedStream = ClientHttp2Stream & { [ATTEMPT]?: H2Attempt };

/** The third argument holds the lines as they came; the types do not know it. */
interface RawEvents {
  on(event: 'response', listener: (this: MarkedStream, headers: IncomingHttpHeaders & IncomingHttpStatusHeader, flags: number, raw: RawHeaders) => void): void;
  on(event: 'trailers', listener: (this: MarkedStream, headers: IncomingHttpHeaders, flags: number, raw: RawHeaders) => void): void;
  on(event: 'data', listener: (this: MarkedStream, chunk: Buffer) => void): void;
  on(event: 'end' | 'close' | 'error', listener: (this: MarkedStream) => void): void;
}

const onResponse = function (this: MarkedStream, headers: IncomingHttpHeaders & IncomingHttpStatusHeader, _flags: number, raw: RawHeaders): void {
  this[ATTEMPT]?.onResponse(headers[':status'] ?? 0, raw);
};
const onData = function (this: MarkedStream, chunk: Buffer): void {
  this[ATTEMPT]?.onData(chunk);
};
const onTrailers = function (this: MarkedStream, _headers: IncomingHttpHeaders, _flags: number, raw: RawHeaders): void {
  this[ATTEMPT]?.onTrailers(raw);
};
const onEnd = function (this: MarkedStream): void {
  this[ATTEMPT]?.onEnd();
};
const onClose = function (this: MarkedStream): void {
  const attempt = this[ATTEMPT];
  this[ATTEMPT] = undefined;
  attempt?.onClose();
};
/** `close` follows and tells the code. */
const ignore = () => undefined;

/** What one call needs of the connection it is on. */
export interface H2Way {
  readonly liveness: Liveness;
  /** Streams above it were never looked at by the pod. */
  readonly lastProcessedId: number;
  tooManyHeaders(raw: RawHeaders): boolean;
  /** The connection has no stream numbers left. */
  exhausted(): void;
  callOver(): void;
}

export class H2Attempt implements Attempt {
  private settled = false;
  private answered = false;
  private statusInHead = false;
  private trailers: RawHeaders | undefined;

  public constructor(
    private readonly stream: ClientHttp2Stream, private readonly sink: AnswerSink,
    private readonly request: OutRequest, private readonly channel: H2Way,
  ) {
    (stream as MarkedStream)[ATTEMPT] = this;
    const events = stream as unknown as RawEvents;
    events.on('response', onResponse);
    events.on('data', onData);
    events.on('trailers', onTrailers);
    events.on('end', onEnd);
    events.on('close', onClose);
    events.on('error', ignore);
  }

  public cancel(): void {
    if (this.settled) return;
    this.settled = true;
    this.stream.close(constants.NGHTTP2_CANCEL);
  }

  public pause(): void {
    this.stream.pause();
  }

  public resume(): void {
    this.stream.resume();
  }

  public onResponse(status: number, raw: RawHeaders): void {
    this.channel.liveness.heard();
    if (this.settled) return;
    if (this.request.grpc && (status !== 200 || !isGrpcContentType(raw))) return this.giveUp('not-a-function');
    if (this.channel.tooManyHeaders(raw)) return this.giveUp('too-many-headers');
    this.answered = true;
    const headers = forwardable(raw);
    this.statusInHead = this.request.grpc && valueOf(headers, 'grpc-status') !== undefined;
    this.sink.head(status, headers);
  }

  public onData(chunk: Buffer): void {
    this.channel.liveness.heard();
    if (!this.settled) this.sink.data(chunk);
  }

  public onTrailers(raw: RawHeaders): void {
    this.trailers = forwardable(raw);
  }

  public onEnd(): void {
    if (this.settled || !this.answered) return;
    // A gRPC answer without a status was cut, however politely its stream ended.
    if (this.request.grpc && !this.statusInHead && valueOf(this.trailers ?? [], 'grpc-status') === undefined) return;
    this.settled = true;
    this.sink.end(this.trailers);
    // An answer may be complete before the request is: nobody waits for the rest of that, which may never come.
    const { rest } = this.request;
    if (rest === undefined || this.stream.writableEnded) return;
    rest.unpipe(this.stream).resume();
    this.stream.close(constants.NGHTTP2_CANCEL);
  }

  public onClose(): void {
    this.channel.callOver();
    if (this.settled) return;
    this.settled = true;
    this.request.rest?.unpipe(this.stream);
    const { id, rstCode } = this.stream;
    // RFC 9113 sections 6.8 and 8.7: neither a refused stream nor one above the GOAWAY's last stream was processed.
    const refused = rstCode === constants.NGHTTP2_REFUSED_STREAM || (id !== undefined && id > this.channel.lastProcessedId);
    if (id === undefined) this.channel.exhausted();
    this.sink.lost(id === undefined ? 'unreachable' : refused ? 'refused' : 'lost');
  }

  private giveUp(cause: Cause): void {
    this.cancel();
    this.sink.lost(cause);
  }
}
