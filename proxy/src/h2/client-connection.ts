/** The client's end: our connection to one pod. */
import { Socket } from 'node:net';
import { Connection } from './connection';
import { ENTRY_BYTES } from './dynamic-table';
import { checkResponse, checkTrailers, MALFORMED } from './field-rules';
import { Decoder } from './hpack-decoder';
import { Code, ConnectionError, MAX_STREAM_ID, PREFACE, RawHeaders, Setting } from './protocol';
import { MAX_HEADER_LIST_BYTES, STREAM_WINDOW_BYTES } from './settings';
import { H2Stream, StreamHandler } from './stream';

export interface ClientObserver {
  /** The peer's first settings have come: it speaks HTTP/2. */
  ready(): void;
  /** It takes another number of streams at once. */
  resized(): void;
  /** No more calls on this connection; those up to the stream that the peer named go on, the others were refused. */
  goingAway(code: Code): void;
  /** It is over, told once, behind the end of each call. `code`: the rule that the peer broke, or NO_ERROR. */
  closed(why: string, code: Code): void;
}

/** Only a peer's own resets are counted, and a server may reset what it likes. */
const MAX_RESETS = 10_000;
const HEAD = 'HEAD';
const INFORMATIONAL = 200;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

export class ClientConnection extends Connection {
  private nextId: number;
  private checked: RawHeaders | undefined;
  private checkedLength = 0;
  private wasReady = false;

  /** `firstId`: for tests, which have no time for 2³⁰ calls. */
  public constructor(socket: Socket, private readonly observer: ClientObserver, firstId = 1) {
    socket.write(PREFACE);
    super(socket, false, MAX_RESETS, new Map([
      [Setting.ENABLE_PUSH, 0],
      [Setting.INITIAL_WINDOW_SIZE, STREAM_WINDOW_BYTES],
      [Setting.MAX_HEADER_LIST_SIZE, MAX_HEADER_LIST_BYTES],
    ]));
    this.nextId = firstId;
  }

  /** Streams that the peer takes at once. */
  public get limit(): number {
    return this.control.peer.maxConcurrentStreams;
  }

  /**
   * Begins a call; undefined when the connection takes no more. Throws when a field cannot be sent, or when there are
   * more than the peer takes; nothing was sent then.
   */
  public request(headers: RawHeaders, end: boolean, handler: StreamHandler): H2Stream | undefined {
    if (this.draining || this.streams.size >= this.limit) return undefined;
    if (this.nextId > MAX_STREAM_ID) {
      this.goAway();
      return undefined;
    }
    if (this.control.peer.maxHeaderListBytes < MAX_HEADER_LIST_BYTES) this.checkSize(headers);
    const stream = this.open(this.nextId);
    stream.handler = handler;
    stream.bodiless = headers[headers.indexOf(':method') + 1] === HEAD;
    try {
      stream.headers(headers, end);
    } catch (error) {
      this.remove(stream);
      throw error;
    }
    this.nextId += 2;
    return stream;
  }

  /** No new calls; closes when those under way have ended. */
  public goAway(): void {
    this.draining = true;
    this.streamGone();
  }

  protected headersOf(id: number, list: RawHeaders, end: boolean, decoder: Decoder): void {
    if (this.isIdle(id)) throw new ConnectionError(Code.PROTOCOL_ERROR, 'an answer that nobody asked for');
    const stream = this.streams.get(id);
    if (stream === undefined) return this.useless();
    if (decoder.tooLarge) return this.breakOff(stream, 'too-large', Code.CANCEL);
    if (stream.headSeen) {
      if (!end || decoder.malformed || !checkTrailers(list)) return this.malformed(stream);
      return this.remoteDone(stream, list);
    }
    const length = decoder.malformed ? MALFORMED : this.lengthOf(list);
    if (length === MALFORMED) return this.malformed(stream);
    const status = Number(list[1]);
    if (status < INFORMATIONAL) return end ? this.malformed(stream) : this.useless();
    stream.headSeen = true;
    stream.bodiless ||= status === NO_CONTENT || status === NOT_MODIFIED;
    stream.contentLeft = length;
    stream.handler.head?.(list);
    if (end && !stream.closed) this.remoteDone(stream, undefined);
  }

  public isIdle(id: number): boolean {
    return id % 2 === 0 || id >= this.nextId;
  }

  protected stale(): void {
    this.useless();
  }

  public peerGoesAway(lastStreamId: number, code: Code): void {
    const first = !this.draining;
    this.draining = true;
    for (const stream of this.streams.all()) if (stream.id > lastStreamId) this.drop(stream, 'refused', code);
    if (first) this.observer.goingAway(code);
    this.streamGone();
  }

  public settingsChanged(): void {
    if (this.wasReady) return this.observer.resized();
    this.wasReady = true;
    this.observer.ready();
  }

  protected streamGone(): void {
    if (this.draining && !this.closed && this.streams.size === 0) this.finish(Code.NO_ERROR, 'all calls have ended');
  }

  protected ended(why: string, code: Code): void {
    this.observer.closed(why, code);
  }

  private lengthOf(list: RawHeaders): number {
    if (list !== this.checked) {
      this.checkedLength = checkResponse(list);
      this.checked = list;
    }
    return this.checkedLength;
  }

  /** A peer that announces what it takes refuses more (RFC 9113 section 6.5.2), and some then drop the connection. */
  private checkSize(headers: RawHeaders): void {
    let bytes = 0;
    for (let at = 0; at < headers.length; at += 2) bytes += headers[at]!.length + headers[at + 1]!.length + ENTRY_BYTES;
    const { maxHeaderListBytes } = this.control.peer;
    if (bytes > maxHeaderListBytes) throw new HeadersTooLargeError('more headers than the peer takes');
  }
}

export class HeadersTooLargeError extends Error {}
