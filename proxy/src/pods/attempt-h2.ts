/** One call to a pod over HTTP/2: what its stream says, told once and in order. */
import { AnswerSink, Attempt, OutRequest } from './channel';
import { Liveness } from './liveness';
import { Ending, H2Stream, StreamHandler } from '../h2';
import { Cause } from '../wire/failures';
import { isGrpcContentType } from '../wire/grpc-wire';
import { forwardable, RawHeaders, Remembered, valueOf } from '../wire/headers';

/** What one call needs of the connection it is on. */
export interface H2Way {
  readonly liveness: Liveness;
  tooManyHeaders(raw: RawHeaders): boolean;
  callOver(): void;
  /** Nobody wants the answer any more. */
  reset(stream: H2Stream): void;
}

const CAUSES: Readonly<Record<Ending, Cause>> = {
  'refused': 'refused',
  'reset': 'lost',
  'lost': 'lost',
  'malformed': 'lost',
  'too-large': 'too-many-headers',
};
const NOTHING = Buffer.alloc(0);
/** A cache of its own: requests with ever new headers would evict the few answers of a pod. */
const answers = new Remembered(forwardable);

export class H2Attempt implements Attempt, StreamHandler {
  private stream: H2Stream | undefined;
  private settled = false;
  private statusInHead = false;
  private paused = false;
  /** Bytes of the answer that arrived while paused. */
  private owed = 0;

  public constructor(
    private readonly sink: AnswerSink, private readonly request: OutRequest, private readonly channel: H2Way,
  ) {}

  public get flushed(): boolean {
    return this.stream?.flushed ?? false;
  }

  public start(stream: H2Stream): void {
    this.stream = stream;
    const { body, rest } = this.request;
    if (body.length > 0) stream.data(body, rest === undefined, true);
    rest?.readBy({
      data: (chunk) => stream.data(chunk, false) || rest.pause(),
      end: () => void stream.data(NOTHING, true),
      // The exchange is told by the caller.
      gone: () => undefined,
    });
  }

  public cancel(): void {
    if (this.settled) return;
    this.settle();
    if (this.stream !== undefined) this.channel.reset(this.stream);
  }

  public pause(): void {
    this.paused = true;
  }

  public resume(): void {
    this.paused = false;
    this.stream?.consumed(this.owed);
    this.owed = 0;
  }

  public head(raw: RawHeaders): void {
    this.channel.liveness.heard();
    if (this.settled) return;
    const status = Number(valueOf(raw, ':status'));
    if (this.request.grpc && (status !== 200 || !isGrpcContentType(raw))) return this.giveUp('not-a-function');
    if (this.channel.tooManyHeaders(raw)) return this.giveUp('too-many-headers');
    const headers = answers.of(raw);
    this.statusInHead = this.request.grpc && valueOf(headers, 'grpc-status') !== undefined;
    this.sink.head(status, headers);
  }

  public data(chunk: Buffer): void {
    this.channel.liveness.heard();
    if (!this.settled) this.sink.data(chunk);
    if (this.paused && !this.settled) this.owed += chunk.length;
    else this.stream?.consumed(chunk.length);
  }

  public end(raw: RawHeaders | undefined): void {
    if (this.settled) return;
    const trailers = raw === undefined ? undefined : answers.of(raw);
    this.settle();
    // A gRPC answer without a status was cut, however politely its stream ended.
    const cut = this.request.grpc && !this.statusInHead && valueOf(trailers ?? [], 'grpc-status') === undefined;
    if (cut) this.sink.lost('lost');
    else this.sink.end(trailers);
    // An answer may be complete before the request is: nobody waits for the rest of that, which may never come.
    this.request.rest?.discard();
  }

  public gone(how: Ending): void {
    if (this.settled) return;
    this.settle();
    this.sink.lost(CAUSES[how]);
  }

  public drained(): void {
    this.request.rest?.resume();
  }

  private giveUp(cause: Cause): void {
    this.cancel();
    this.sink.lost(cause);
  }

  private settle(): void {
    this.settled = true;
    this.channel.callOver();
  }
}
