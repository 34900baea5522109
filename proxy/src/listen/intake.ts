/** Receives the body of a call: all of it if it may have to be repeated, else only what arrives at once. */
import { Readable } from 'node:stream';
import { Cause } from '../wire/failures';

export interface Received {
  readonly body: Buffer;
  /** What is still to come. */
  readonly rest?: Readable;
}

/** A body that need not be whole is passed on while it arrives once it is larger than this. */
const STREAM_FROM_BYTES = 64 * 1024;
/** A message is given up if its sender is silent for longer in the middle of it. */
const STALLED_MS = 30_000;
const SWEEP_MS = 5000;
const EMPTY = Buffer.alloc(0);

export class Intake {
  /** Bytes of messages that are not complete yet. */
  public bytes = 0;
  private readonly open = new Set<Receiver>();
  private timer: NodeJS.Timeout | undefined;

  public constructor(private readonly maxMessage: number) {}

  /** `unary`: to its end, and at most one message. */
  public receive(
    source: Readable, unary: boolean, done: (received: Received) => void,
    failed: (cause: Cause, error?: unknown) => void,
  ): void {
    const receiver = new Receiver(source, unary, this.maxMessage, this, done, failed);
    this.open.add(receiver);
    this.timer ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  public closed(receiver: Receiver): void {
    this.open.delete(receiver);
  }

  public stop(): void {
    clearInterval(this.timer);
  }

  private sweep(): void {
    const now = performance.now();
    for (const receiver of this.open) if (now - receiver.lastAt > STALLED_MS) receiver.giveUp('timeout');
  }
}

/** As in attempt-h2.ts: what belongs to one message goes with it, though Node keeps the stream for longer. */
const RECEIVER = Symbol('receiver');
type MarkedSource = Readable & { [RECEIVER]?: Receiver };

const onData = function (this: MarkedSource, chunk: Buffer): void {
  this[RECEIVER]?.take(chunk);
};
const onEnd = function (this: MarkedSource): void {
  this[RECEIVER]?.finish();
};
const onClose = function (this: MarkedSource): void {
  this[RECEIVER]?.close();
};

class Receiver {
  public lastAt = performance.now();
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private settled = false;

  public constructor(
    private readonly source: Readable, private readonly unary: boolean, private readonly maxMessage: number,
    private readonly intake: Intake, private readonly done: (received: Received) => void,
    private readonly failed: (cause: Cause, error?: unknown) => void,
  ) {
    (source as MarkedSource)[RECEIVER] = this;
    source.on('data', onData);
    source.on('end', onEnd);
    source.on('close', onClose);
    // What has not arrived together with the headers may never arrive before the pod speaks.
    if (!unary) setImmediate(() => this.passOn());
  }

  public giveUp(cause: Cause): void {
    if (this.settled) return;
    this.close();
    // The rest of the body is read and discarded.
    this.source.off('data', onData).resume();
    this.failed(cause);
  }

  public take(chunk: Buffer): void {
    this.lastAt = performance.now();
    this.size += chunk.length;
    this.intake.bytes += chunk.length;
    this.chunks.push(chunk);
    if (this.unary && this.size > this.maxMessage) this.giveUp('too-large');
    else if (!this.unary && this.size > STREAM_FROM_BYTES) this.passOn();
  }

  public finish(): void {
    if (this.settled) return;
    this.close();
    // node:http2 ends a stream that was reset without an error code like a complete one.
    if (this.source.closed) return;
    this.handOver({ body: this.body() });
  }

  private passOn(): void {
    if (this.settled) return;
    this.source.pause();
    this.source.off('data', onData);
    this.close();
    this.handOver({ body: this.body(), rest: this.source });
  }

  /** Whatever an event makes throw on its way to the dispatcher fails that event alone. */
  private handOver(received: Received): void {
    try {
      this.done(received);
    } catch (error) {
      this.failed('internal', error);
    }
  }

  private body(): Buffer {
    return this.chunks.length === 1 ? this.chunks[0]! : this.chunks.length === 0 ? EMPTY : Buffer.concat(this.chunks);
  }

  public close(): void {
    if (this.settled) return;
    this.settled = true;
    (this.source as MarkedSource)[RECEIVER] = undefined;
    this.intake.bytes -= this.size;
    this.intake.closed(this);
  }
}
