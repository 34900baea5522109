/** The server's end: one caller's connection. */
import { Socket } from 'node:net';
import { Connection } from './connection';
import { checkRequest, checkTrailers, MALFORMED, NO_LENGTH } from './field-rules';
import { Decoder } from './hpack-decoder';
import { Code, ConnectionError, MAX_STREAM_ID, RawHeaders, Setting } from './protocol';
import { MAX_HEADER_LIST_BYTES, STREAM_WINDOW_BYTES } from './settings';
import { H2Stream } from './stream';

export interface ServerOptions {
  /** Streams above it are refused. */
  readonly maxConcurrentStreams: number;
  /** A request has begun; gives the stream its handler. */
  readonly accept: (stream: H2Stream, headers: RawHeaders) => void;
  /** The same for one whose headers are larger than announced, with those that came first; answers it. */
  readonly refuseLarge: (stream: H2Stream, headers: RawHeaders) => void;
  readonly closed: (connection: ServerConnection, why: string) => void;
}

/** Streams that we have reset, and of which frames may still be on their way. */
const REMEMBERED = 256;
/** Resets of one peer in a row, beside all of its streams at once. */
const MIN_RESETS = 1000;

export class ServerConnection extends Connection {
  private readonly ownResets = new Uint32Array(REMEMBERED);
  private nextReset = 0;
  /** Streams above it are not looked at; set by the second of two GOAWAYs. */
  private lastServed = MAX_STREAM_ID;
  private leaving = false;
  private checked: RawHeaders | undefined;
  private checkedLength = NO_LENGTH;

  public constructor(socket: Socket, private readonly options: ServerOptions) {
    super(socket, true, Math.max(MIN_RESETS, 2 * options.maxConcurrentStreams), new Map([
      [Setting.MAX_CONCURRENT_STREAMS, options.maxConcurrentStreams],
      [Setting.INITIAL_WINDOW_SIZE, STREAM_WINDOW_BYTES],
      [Setting.MAX_HEADER_LIST_SIZE, MAX_HEADER_LIST_BYTES],
    ]));
  }

  /** Takes what is on its way, refuses what comes later, closes when all is answered (RFC 9113 section 6.8). */
  public goAway(): void {
    if (this.leaving || this.closed) return;
    this.leaving = true;
    this.say(() => this.control.goAway(MAX_STREAM_ID, Code.NO_ERROR));
    // What the peer sent before it saw that has come once it answers.
    this.ping(() => {
      this.draining = true;
      this.lastServed = this.lastPeerId;
      this.say(() => this.control.goAway(this.lastServed, Code.NO_ERROR));
      this.streamGone();
    });
  }

  public override resetStream(stream: H2Stream, code: Code): void {
    if (!stream.remoteDone) this.ownResets[this.nextReset++ % REMEMBERED] = stream.id;
    super.resetStream(stream, code);
  }

  protected headersOf(id: number, list: RawHeaders, end: boolean, decoder: Decoder, selfish: boolean): void {
    const stream = this.streams.get(id);
    if (stream !== undefined) return this.trailersOf(stream, list, end, decoder);
    if (id % 2 === 0) throw new ConnectionError(Code.PROTOCOL_ERROR, 'a client opens streams of odd numbers');
    if (id <= this.lastPeerId) return this.late(id);
    this.lastPeerId = id;
    if (this.streams.size >= this.options.maxConcurrentStreams || id > this.lastServed) return this.refuse(id);
    this.begin(this.open(id), list, end, decoder, selfish);
  }

  public isIdle(id: number): boolean {
    return id % 2 === 0 || id > this.lastPeerId;
  }

  /** Of a stream that we reset frames may be on their way; one that the caller ended must be silent. */
  protected stale(id: number): void {
    this.useless();
    if (!this.ownResets.includes(id)) this.say(() => this.control.reset(id, Code.STREAM_CLOSED));
  }

  public peerGoesAway(): void {
    // The caller opens no more streams; those it has are answered.
  }

  public settingsChanged(): void {
    // Nothing here depends on them.
  }

  protected streamGone(): void {
    if (this.draining && !this.closed && this.streams.size === 0) this.finish(Code.NO_ERROR, 'all is answered');
  }

  protected ended(why: string): void {
    this.options.closed(this, why);
  }

  private begin(stream: H2Stream, list: RawHeaders, end: boolean, decoder: Decoder, selfish: boolean): void {
    if (decoder.tooLarge) {
      stream.remoteDone = end;
      return this.options.refuseLarge(stream, list);
    }
    const length = decoder.malformed || selfish ? MALFORMED : this.lengthOf(list);
    if (length === MALFORMED) return this.malformed(stream);
    stream.contentLeft = length;
    this.options.accept(stream, list);
    if (end && !stream.closed) this.remoteDone(stream, undefined);
  }

  private lengthOf(list: RawHeaders): number {
    // The same list comes again and again (see BlockCache).
    if (list !== this.checked) {
      this.checkedLength = checkRequest(list);
      this.checked = list;
    }
    return this.checkedLength;
  }

  private trailersOf(stream: H2Stream, list: RawHeaders, end: boolean, decoder: Decoder): void {
    if (stream.remoteDone) return this.streamError(stream, Code.STREAM_CLOSED);
    if (!end || decoder.malformed || decoder.tooLarge || !checkTrailers(list)) return this.malformed(stream);
    this.remoteDone(stream, list);
  }

  private late(id: number): void {
    this.useless();
    if (!this.ownResets.includes(id)) throw new ConnectionError(Code.STREAM_CLOSED, 'HEADERS on a closed stream');
  }

  private refuse(id: number): void {
    this.useless();
    this.ownResets[this.nextReset++ % REMEMBERED] = id;
    this.say(() => this.control.reset(id, Code.REFUSED_STREAM));
  }
}
