/** What both ends of an HTTP/2 connection have in common: messages in, windows, and the end. */
import { Socket } from 'node:net';
import { Calm } from './calm';
import { ControlFrames, ControlHost, wrong } from './control-frames';
import { FrameReader, FrameSink } from './frame-reader';
import { BlockSink, HeaderAssembly } from './header-assembly';
import { Decoder } from './hpack-decoder';
import { Outbox } from './outbox';
import { Code, ConnectionError, Flag, Frame, RawHeaders, Setting } from './protocol';
import { readInto } from './read-into';
import { ReceiveWindow } from './receive-window';
import { Sender } from './sender';
import { MAX_HEADER_LIST_BYTES, STREAM_WINDOW_BYTES, writeSettings } from './settings';
import { Ending, H2Stream, StreamHost } from './stream';
import { StreamTable } from './stream-table';

/** Answers that nobody reads; the one that goes beyond is broken off. */
const MAX_QUEUED_BYTES = 64 * 1024 ** 2;
const RESETS_PER_SECOND = 500;
/** For a peer that neither reads our last words nor closes its side. */
const GOODBYE_MS = 1000;

export abstract class Connection implements FrameSink, BlockSink, StreamHost, ControlHost {
  public readonly streams = new StreamTable();
  /** No more streams; those there are end by themselves. */
  public draining = false;
  public closed = false;
  public readonly outbox: Outbox;
  protected readonly sender: Sender;
  protected readonly control: ControlFrames;
  protected readonly resets: Calm;
  protected lastPeerId = 0;
  private readonly reader: FrameReader;
  private readonly assembly = new HeaderAssembly(this);
  private readonly decoder = new Decoder(MAX_HEADER_LIST_BYTES);
  private readonly window: ReceiveWindow;
  /** Of the DATA frame under way: its stream, unless nobody wants it, and what is left of it. */
  private target: H2Stream | undefined;
  private targetEnds = false;
  private frameLeft = 0;

  protected constructor(
    public readonly socket: Socket, public readonly isServer: boolean, maxResets: number,
    settings: ReadonlyMap<Setting, number>,
  ) {
    this.outbox = new Outbox(socket, () => this.say(() => this.sender.pump()));
    const failed = (stream: H2Stream) => this.breakOff(stream, 'reset', Code.INTERNAL_ERROR);
    this.sender = new Sender(this.outbox, (stream) => this.localDone(stream), failed);
    this.control = new ControlFrames(this, this.outbox, this.sender);
    this.resets = new Calm('resets', maxResets, RESETS_PER_SECOND);
    this.reader = new FrameReader(this, isServer);
    writeSettings(this.outbox, settings);
    this.window = new ReceiveWindow((bytes) => this.say(() => this.control.windowUpdate(0, bytes)));
    readInto(socket, (chunk) => this.read(chunk));
    socket.on('error', (error) => this.over(error.message));
    socket.on('end', () => this.over('the peer closed the connection'));
    socket.on('close', () => this.over('the connection was closed'));
  }

  public abstract isIdle(streamId: number): boolean;
  public abstract peerGoesAway(lastStreamId: number, code: Code): void;
  public abstract settingsChanged(): void;
  /** A block of a stream, decoded. */
  protected abstract headersOf(
    streamId: number, list: RawHeaders, end: boolean, decoder: Decoder, selfish: boolean,
  ): void;
  /** A frame for a stream that is gone. */
  protected abstract stale(streamId: number): void;
  /** A stream is gone, for whatever reason. */
  protected abstract streamGone(): void;
  /** Told once. */
  protected abstract ended(why: string, code: Code): void;

  public get greeted(): boolean {
    return this.control.greeted;
  }

  /** Bytes of all streams that wait, for windows or for the peer to read. */
  public get queuedBytes(): number {
    let bytes = this.outbox.unsent;
    for (const stream of this.streams.all()) bytes += stream.queuedBytes;
    return bytes;
  }

  /** Moves as long as the peer reads what waits for it, or opens windows for it. */
  public get progress(): number {
    return this.outbox.isBlocked ? this.socket.bytesWritten - this.socket.writableLength : this.sender.dataBytes;
  }

  public ping(pong: () => void): void {
    this.say(() => this.control.ping(pong));
  }

  /** At once, with whatever is under way. */
  public destroy(): void {
    this.over('the connection was given up');
    this.socket.destroy();
  }

  public sendHeaders(stream: H2Stream, list: RawHeaders, end: boolean): void {
    try {
      this.sender.headers(stream, list, end);
    } catch (error) {
      this.fail(error);
    }
  }

  public sendWhole(stream: H2Stream, chunk: Buffer, end: boolean, lasting: boolean): boolean {
    try {
      return this.sender.whole(stream, chunk, end, lasting);
    } catch (error) {
      this.fail(error);
      return true;
    }
  }

  public sendQueued(stream: H2Stream): void {
    this.say(() => this.sender.queued(stream));
    const tooMuch = stream.queuedBytes > 0 && this.queuedBytes > MAX_QUEUED_BYTES;
    if (tooMuch) this.breakOff(stream, 'reset', Code.ENHANCE_YOUR_CALM);
  }

  public resetStream(stream: H2Stream, code: Code): void {
    this.say(() => this.control.reset(stream.id, code));
    this.remove(stream);
  }

  public giveBack(stream: H2Stream, bytes: number): void {
    const size = Math.min(bytes, stream.unconsumed);
    stream.unconsumed -= size;
    this.window.giveBack(size);
    if (stream.closed || stream.remoteDone) return;
    stream.owed += size;
    if (stream.owed < STREAM_WINDOW_BYTES / 2) return;
    this.say(() => this.control.windowUpdate(stream.id, stream.owed));
    stream.receiveWindow += stream.owed;
    stream.owed = 0;
  }

  public frame(type: Frame, flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    if (type === Frame.CONTINUATION) return this.assembly.continuation(flags, streamId, buffer, start, end);
    this.expectFrame(type);
    if (type !== Frame.HEADERS) return this.control.frame(type, flags, streamId, buffer, start, end);
    if (streamId === 0) throw wrong('HEADERS without a stream');
    this.assembly.headers(flags, streamId, buffer, start, end);
  }

  public data(flags: number, streamId: number, length: number): void {
    this.expectFrame(Frame.DATA);
    if (this.isIdle(streamId)) throw wrong('DATA on an idle stream');
    this.window.take(length);
    this.frameLeft = length;
    this.targetEnds = (flags & Flag.END_STREAM) !== 0;
    if (length > 0) this.control.nuisance.earn();
    else if (!this.targetEnds) this.useless();
    this.target = undefined;
    const stream = this.streams.get(streamId);
    if (stream === undefined) return this.stale(streamId);
    if (stream.remoteDone) return this.streamError(stream, Code.STREAM_CLOSED);
    if (!this.isServer && !stream.headSeen) return this.streamError(stream, Code.PROTOCOL_ERROR);
    stream.receiveWindow -= length;
    if (stream.receiveWindow < 0) return this.streamError(stream, Code.FLOW_CONTROL_ERROR);
    this.target = stream;
  }

  public piece(buffer: Buffer, start: number, end: number, last: boolean): void {
    const stream = this.target;
    const size = end - start;
    this.frameLeft -= size;
    const padding = last ? this.frameLeft : 0;
    if (stream === undefined || stream.closed) return this.window.giveBack(size + padding);
    stream.unconsumed += size + padding;
    if (padding > 0) this.giveBack(stream, padding);
    if (stream.contentLeft >= 0 && (stream.contentLeft -= size) < 0) return this.malformed(stream);
    if (size > 0) stream.handler.data(buffer.subarray(start, end));
    if (last && this.targetEnds && !stream.closed) this.remoteDone(stream, undefined);
  }

  public block(streamId: number, flags: number, buffer: Buffer, start: number, end: number, selfish: boolean): void {
    const list = this.decoder.decode(buffer, start, end);
    this.headersOf(streamId, list, (flags & Flag.END_STREAM) !== 0, this.decoder, selfish);
  }

  /** A server's callers may not reset without end; a pod may reset what it likes. */
  public peerReset(stream: H2Stream, code: Code): void {
    if (this.isServer) this.resets.spend();
    this.drop(stream, code === Code.REFUSED_STREAM ? 'refused' : 'reset', code);
  }

  /** The peer broke a rule of one stream. Making us reset its streams is as bad as resetting them. */
  public streamError(stream: H2Stream, code: Code, how: Ending = 'reset'): void {
    this.resets.spend();
    this.breakOff(stream, how, code);
  }

  protected open(id: number): H2Stream {
    const stream = new H2Stream(this, id, this.outbox.flushes, this.control.peer.initialWindow, STREAM_WINDOW_BYTES);
    this.streams.add(stream);
    this.control.nuisance.earn();
    return stream;
  }

  protected useless(): void {
    this.control.nuisance.spend();
  }

  /** The peer has said its last word on a stream. */
  protected remoteDone(stream: H2Stream, trailers: RawHeaders | undefined): void {
    if (stream.contentLeft > 0 && !stream.bodiless) return this.malformed(stream);
    stream.remoteDone = true;
    if (stream.localDone) this.remove(stream);
    stream.handler.end(trailers);
    // Nobody waits for the rest of a request that has its answer.
    if (!this.isServer && !stream.closed && !stream.localDone) this.resetStream(stream, Code.CANCEL);
  }

  protected malformed(stream: H2Stream): void {
    this.streamError(stream, Code.PROTOCOL_ERROR, 'malformed');
  }

  protected breakOff(stream: H2Stream, how: Ending, code: Code): void {
    if (stream.closed) return;
    this.resetStream(stream, code);
    stream.handler.gone(how, code);
  }

  /** Ends a stream without a word to the peer. */
  protected drop(stream: H2Stream, how: Ending, code: Code): void {
    this.remove(stream);
    stream.handler.gone(how, code);
  }

  protected remove(stream: H2Stream): void {
    if (stream.closed) return;
    stream.closed = true;
    this.streams.remove(stream);
    this.sender.forget(stream);
    this.window.giveBack(stream.unconsumed);
    stream.unconsumed = 0;
    this.streamGone();
  }

  /** Says goodbye and closes, once what was said has left. */
  protected finish(code: Code, why: string): void {
    if (this.closed) return;
    this.say(() => this.control.goAway(this.lastPeerId, code));
    this.outbox.flush();
    this.over(why, code);
    this.socket.end();
  }

  public say(write: () => void): void {
    if (this.closed) return;
    try {
      write();
    } catch (error) {
      this.fail(error);
    }
  }

  private read(chunk: Buffer): void {
    try {
      this.reader.read(chunk);
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    // What is not the peer's fault is one of the caller's list, or of this program, and must not be hidden.
    if (!(error instanceof ConnectionError)) throw error;
    this.finish(error.code, error.message);
  }

  private over(why: string, code = Code.NO_ERROR): void {
    if (this.closed) return;
    this.closed = this.draining = true;
    this.reader.stop();
    this.outbox.close();
    for (const stream of this.streams.all()) {
      this.drop(stream, stream.born < this.outbox.flushes ? 'lost' : 'refused', Code.NO_ERROR);
    }
    this.ended(why, code);
    const { socket } = this;
    if (!socket.destroyed) setTimeout(() => socket.destroy(), GOODBYE_MS).unref();
  }

  private expectFrame(type: Frame): void {
    if (this.assembly.streamId !== 0) throw wrong('a header block is cut by another frame');
    if (!this.control.greeted && type !== Frame.SETTINGS) throw wrong('the first frame is not SETTINGS');
  }

  private localDone(stream: H2Stream): void {
    if (stream.remoteDone) this.remove(stream);
    // The whole answer is there before the whole request: its rest may stay away (RFC 9113 section 8.1).
    else if (this.isServer) this.resetStream(stream, Code.NO_ERROR);
  }
}
