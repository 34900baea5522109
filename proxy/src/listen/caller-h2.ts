/** The caller on an HTTP/2 stream, of gRPC or plain HTTP. */
import { constants, OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { checkTrailers, endComesWithBody, sendTrailers } from './trailers';
import { Caller } from '../delivery/event';
import { Cause, FAILURES } from '../wire/failures';
import { encodeStatusMessage } from '../wire/grpc-wire';
import { RawHeaders, toH2Headers } from '../wire/headers';

/** As in attempt-h2.ts: what belongs to one call goes with it, though Node keeps the stream for longer. */
const CALLER = Symbol('caller');
type MarkedStream = ServerHttp2Stream & { [CALLER]?: H2Caller };

const onClose = function (this: MarkedStream): void {
  const caller = this[CALLER];
  this[CALLER] = undefined;
  caller?.isGone();
};
/** A reset without an error code is told by this event alone. */
const onAborted = function (this: MarkedStream): void {
  this[CALLER]?.isGone();
};
const onWantTrailers = function (this: MarkedStream): void {
  sendTrailers(this, this[CALLER]?.trailers ?? []);
};
/** A stream that the caller resets is no error of ours; `close` follows. */
const ignore = () => undefined;

export class H2Caller implements Caller {
  /** To be sent behind the body. */
  public trailers: RawHeaders | undefined;
  private gone: (() => void) | undefined;

  public constructor(private readonly stream: ServerHttp2Stream, private readonly grpc: boolean) {
    (stream as MarkedStream)[CALLER] = this;
    stream.on('close', onClose);
    stream.on('aborted', onAborted);
    stream.on('error', ignore);
  }

  public isGone(): void {
    this.gone?.();
  }

  public whole(status: number, headers: RawHeaders, body: readonly Buffer[], trailers: RawHeaders | undefined): void {
    if (this.stream.destroyed) return;
    if (trailers !== undefined) this.trailers = checkTrailers(trailers);
    const end = body.length === 0 && trailers === undefined;
    this.respond(toH2Headers({ ':status': status }, headers), end, trailers !== undefined);
    this.gone = undefined;
    if (end) return;
    if (trailers !== undefined) endComesWithBody(this.stream);
    this.stream.end(body.length === 1 ? body[0] : Buffer.concat(body));
  }

  public begin(status: number, headers: RawHeaders): void {
    if (!this.stream.destroyed) this.respond(toH2Headers({ ':status': status }, headers), false, true);
  }

  public write(chunk: Buffer): boolean {
    return this.stream.destroyed || this.stream.write(chunk);
  }

  public onDrain(callback: () => void): void {
    this.stream.once('drain', callback);
  }

  public finish(trailers: RawHeaders | undefined): void {
    if (this.stream.destroyed) return;
    if (trailers !== undefined) this.trailers = checkTrailers(trailers);
    this.gone = undefined;
    this.stream.end();
  }

  public fail(cause: Cause): void {
    const { status, code, message } = FAILURES[cause];
    if (this.grpc) {
      const trailers = { 'grpc-status': String(code), 'grpc-message': encodeStatusMessage(message) };
      this.failWith({ ':status': 200, 'content-type': 'application/grpc', ...trailers });
    } else {
      this.failWith({ ':status': status, 'content-type': 'text/plain' }, message);
    }
  }

  public cut(): void {
    this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  public onGone(callback: () => void): void {
    this.gone = callback;
    if (this.stream.destroyed || this.stream.aborted) callback();
  }

  private respond(headers: OutgoingHttpHeaders, endStream: boolean, waitForTrailers: boolean): void {
    this.stream.respond(headers, { endStream, waitForTrailers, sendDate: false } as Parameters<ServerHttp2Stream['respond']>[1]);
    if (waitForTrailers) this.stream.on('wantTrailers', onWantTrailers);
  }

  private failWith(headers: OutgoingHttpHeaders, body?: string): void {
    if (this.stream.destroyed || this.stream.writableEnded) return;
    if (this.stream.headersSent) return this.cut();
    this.respond(headers, body === undefined, false);
    if (body !== undefined) this.stream.end(body);
  }
}
