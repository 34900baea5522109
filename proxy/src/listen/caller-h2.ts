/**
 * The caller on an HTTP/2 stream, of gRPC or plain HTTP: its request's body on the way in, its answer on the way out.
 */
import { Caller } from '../delivery/event';
import { checkFields, ChunkQueue, Code, H2Stream, StreamHandler } from '../h2';
import { Body, BodyReader, discarding } from '../wire/body';
import { Cause, FAILURES } from '../wire/failures';
import { encodeStatusMessage } from '../wire/grpc-wire';
import { RawHeaders, Remembered } from '../wire/headers';

const NOTHING = Buffer.alloc(0);

/** The same head for the same fields, as the encoder's cache needs it. */
const heads = new Remembered((fields, status) => [':status', status, ...fields]);

export class H2Caller implements Caller, Body, StreamHandler {
  private whenGone: (() => void) | undefined;
  private whenDrained: (() => void) | undefined;
  private reader: BodyReader | undefined;
  /** What arrives while nobody reads, at most the window of the stream. */
  private kept: ChunkQueue | undefined;
  private paused = false;
  private complete = false;
  private begun = false;
  private isGone = false;

  public constructor(private readonly stream: H2Stream, private readonly grpc: boolean) {
    stream.handler = this;
  }

  // StreamHandler

  public data(chunk: Buffer): void {
    if (this.paused || this.reader === undefined) return (this.kept ??= new ChunkQueue()).push(chunk);
    this.reader.data(chunk);
    this.stream.consumed(chunk.length);
  }

  public end(): void {
    this.complete = true;
    if (!this.paused) this.reader?.end();
  }

  public gone(): void {
    this.isGone = true;
    this.reader?.gone();
    this.whenGone?.();
  }

  public drained(): void {
    this.whenDrained?.();
  }

  // Body

  public readBy(reader: BodyReader): void {
    this.reader = reader;
    this.resume();
  }

  public pause(): void {
    this.paused = true;
  }

  public resume(): void {
    this.paused = false;
    const { kept, reader } = this;
    // The reader may pause again in the middle.
    while (kept !== undefined && kept.bytes > 0 && !this.paused) {
      const chunk = kept.shift(Infinity)!;
      reader?.data(chunk);
      this.stream.consumed(chunk.length);
    }
    if (this.complete && !this.paused) reader?.end();
  }

  public discard(complete?: () => void): void {
    this.readBy(discarding(complete));
  }

  // Caller

  public whole(status: number, headers: RawHeaders, body: readonly Buffer[], trailers: RawHeaders | undefined): void {
    const { stream } = this;
    if (stream.closed) return;
    if (trailers !== undefined) checkFields(trailers);
    const last = body.length - 1;
    this.respond(status, headers, last < 0 && trailers === undefined);
    this.whenGone = undefined;
    body.forEach((chunk, at) => stream.data(chunk, at === last && trailers === undefined, true));
    if (trailers !== undefined) stream.trailers(trailers);
  }

  public begin(status: number, headers: RawHeaders): void {
    if (!this.stream.closed) this.respond(status, headers, false);
  }

  public write(chunk: Buffer): boolean {
    return this.stream.data(chunk, false);
  }

  public onDrain(callback: () => void): void {
    this.whenDrained = callback;
  }

  public finish(trailers: RawHeaders | undefined): void {
    const { stream } = this;
    if (stream.closed) return;
    if (trailers === undefined) {
      stream.data(NOTHING, true);
    } else {
      checkFields(trailers);
      stream.trailers(trailers);
    }
    this.whenGone = undefined;
  }

  public fail(cause: Cause): void {
    const { status, code, message } = FAILURES[cause];
    if (this.stream.closed || this.stream.localDone || this.stream.endQueued) return;
    if (this.begun) return this.cut();
    if (this.grpc) {
      const fields = ['grpc-status', String(code), 'grpc-message', encodeStatusMessage(message)];
      this.respond(200, ['content-type', 'application/grpc', ...fields], true);
    } else {
      this.respond(status, ['content-type', 'text/plain'], false);
      this.stream.data(Buffer.from(message), true);
    }
  }

  public cut(): void {
    this.stream.reset(Code.INTERNAL_ERROR);
  }

  public onGone(callback: () => void): void {
    this.whenGone = callback;
    if (this.isGone) callback();
  }

  private respond(status: number, headers: RawHeaders, end: boolean): void {
    this.stream.headers(heads.of(headers, String(status)), end);
    this.begun = true;
  }
}
