/** One call on a connection: what is said on it, and how much of it may be said. */
import { ChunkQueue } from './chunk-queue';
import { NO_LENGTH } from './field-rules';
import { Outbox } from './outbox';
import { Code, RawHeaders } from './protocol';

/**
 * How a call ended that was not complete. `refused`: the peer has not looked at it (RFC 9113 section 8.7). `too-large`:
 * its answer had more headers than we announced. `lost`: the connection is gone.
 */
export type Ending = 'reset' | 'refused' | 'lost' | 'malformed' | 'too-large';

/** Whoever a call belongs to; told in this order, and nothing after `gone`. */
export interface StreamHandler {
  /** The head of an answer; a server's handler is made from that of the request. */
  head?(list: RawHeaders): void;
  /** A view of what was read, good only during the call. `H2Stream.consumed` gives its room back. */
  data(chunk: Buffer): void;
  /** The peer has said everything. */
  end(trailers: RawHeaders | undefined): void;
  gone(how: Ending, code: Code): void;
  /** All that was held back has left; more may be said. */
  drained(): void;
}

/** What a stream needs of its connection. */
export interface StreamHost {
  get outbox(): Pick<Outbox, 'hasLeft'>;
  sendHeaders(stream: H2Stream, list: RawHeaders, end: boolean): void;
  /** The stream's queue has something that may be sent. */
  sendQueued(stream: H2Stream): void;
  /** Writes DATA at once when all of it may leave. */
  sendWhole(stream: H2Stream, chunk: Buffer, end: boolean, lasting: boolean): boolean;
  resetStream(stream: H2Stream, code: Code): void;
  giveBack(stream: H2Stream, bytes: number): void;
}

const nothing = () => undefined;
const NOBODY: StreamHandler = { data: nothing, end: nothing, gone: nothing, drained: nothing };

export class H2Stream {
  public handler: StreamHandler = NOBODY;
  /** Of the request's body, for a server; of the answer's, for a client. */
  public contentLeft = NO_LENGTH;
  /** A client has seen the head of the answer, which may be told without a body although it has a length. */
  public headSeen = false;
  public bodiless = false;
  /** Bytes received that nobody has consumed, and consumed ones that the peer has not been told of. */
  public unconsumed = 0;
  public owed = 0;
  public remoteDone = false;
  /** END_STREAM has been written. */
  public localDone = false;
  /** What had left the connection by then. */
  public doneAt = 0;
  public closed = false;
  /** What waits for a window, or for the peer to read. */
  public queue: ChunkQueue | undefined;
  /** Behind the queue: the end, with trailers or without. */
  public endQueued = false;
  public trailersQueued: RawHeaders | undefined;

  /** `born`: what had left the connection by then, counted in writes. */
  public constructor(
    private readonly host: StreamHost, public readonly id: number, public readonly born: number,
    public sendWindow: number, public receiveWindow: number,
  ) {}

  /** Bytes that were written and have not left. */
  public get queuedBytes(): number {
    return this.queue?.bytes ?? 0;
  }

  /** All that was said has left the process. */
  public get flushed(): boolean {
    return this.localDone && this.host.outbox.hasLeft(this.doneAt);
  }

  /** Head of a request or an answer. Throws when a field cannot be sent; nothing was, then. */
  public headers(list: RawHeaders, end: boolean): void {
    if (!this.closed) this.host.sendHeaders(this, list, end);
  }

  /**
   * False when some of it waits; `drained` follows. Everything is taken all the same. `lasting`: the chunk stays as it
   * is, so it need not be copied.
   */
  public data(chunk: Buffer, end: boolean, lasting = false): boolean {
    if (this.closed || this.localDone || this.endQueued) return true;
    if (this.queuedBytes === 0 && this.host.sendWhole(this, chunk, end, lasting)) return true;
    (this.queue ??= new ChunkQueue()).push(chunk, lasting);
    this.endQueued = end;
    this.host.sendQueued(this);
    return this.queuedBytes === 0;
  }

  /** The end, behind all data. Throws as `headers` does, unless data waits: then the call is reset. */
  public trailers(list: RawHeaders): void {
    if (this.closed || this.localDone || this.endQueued) return;
    if (this.queuedBytes === 0) return this.host.sendHeaders(this, list, true);
    this.endQueued = true;
    this.trailersQueued = list;
  }

  /** Room for that many bytes more. */
  public consumed(bytes: number): void {
    if (bytes > 0) this.host.giveBack(this, bytes);
  }

  /** Breaks it off; the handler is not told. */
  public reset(code: Code): void {
    if (!this.closed) this.host.resetStream(this, code);
  }
}
