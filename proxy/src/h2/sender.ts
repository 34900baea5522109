/** The way out of a connection: frames into the outbox as far as windows allow, the rest in turns, stream by stream. */
import { blockBound, Encoder } from './hpack-encoder';
import { Outbox, writeFrameHead } from './outbox';
import {
  ConnectionError, DEFAULT_WINDOW, Flag, Frame, FRAME_BYTES, FRAME_HEAD_BYTES, MAX_WINDOW, RawHeaders,
} from './protocol';
import { H2Stream } from './stream';

/** Larger pieces of a body go through the queue, so that no stream fills the outbox alone. */
const AT_ONCE_BYTES = 4 * FRAME_BYTES;
/** From here on a payload costs less as a part of its own in the system call than copied. */
const ATTACHED_BYTES = 4096;

export class Sender {
  public readonly encoder = new Encoder();
  /** Of the whole connection. */
  public window = DEFAULT_WINDOW;
  /** Of bodies, that have left for the outbox. */
  public dataBytes = 0;
  /** Streams with something to send and a window to send it in. */
  private readonly ready = new Set<H2Stream>();

  /** `finished`: a stream has said its last word. `failed`: trailers that waited cannot be sent. */
  public constructor(
    private readonly outbox: Outbox, private readonly finished: (stream: H2Stream) => void,
    private readonly failed: (stream: H2Stream) => void,
  ) {}

  public headers(stream: H2Stream, list: RawHeaders, end: boolean): void {
    const bound = blockBound(list);
    if (bound > FRAME_BYTES) {
      this.longHeaders(stream, list, end, bound);
    } else {
      const { outbox } = this;
      const out = outbox.reserve(FRAME_HEAD_BYTES + bound);
      const start = outbox.at + FRAME_HEAD_BYTES;
      const last = this.encoder.encode(list, out, start);
      const flags = Flag.END_HEADERS | (end ? Flag.END_STREAM : 0);
      writeFrameHead(out, outbox.at, Frame.HEADERS, flags, stream.id, last - start);
      outbox.at = last;
    }
    if (end) this.finish(stream);
  }

  /** False when not all of it may leave now; nothing was written then. `lasting`: the chunk stays as it is. */
  public whole(stream: H2Stream, chunk: Buffer, end: boolean, lasting: boolean): boolean {
    const { length } = chunk;
    const room = Math.min(stream.sendWindow, this.window, AT_ONCE_BYTES);
    if (length > 0 && (length > room || !this.outbox.isRoomy)) return false;
    if (length > 0 || end) this.data(stream, chunk, end, lasting);
    return true;
  }

  /** What waits of a stream may have become more. */
  public queued(stream: H2Stream): void {
    this.ready.add(stream);
    this.pump();
  }

  /** In turns, a frame each, until windows or outbox are full. */
  public pump(): void {
    for (const stream of this.ready) {
      if (this.window <= 0 || !this.outbox.isRoomy) return;
      // Those that go on are seen again behind the others.
      this.ready.delete(stream);
      if (this.next(stream)) this.ready.add(stream);
    }
  }

  /** RFC 9113 section 6.9.1. */
  public windowGrew(stream: H2Stream | undefined, bytes: number): boolean {
    if (stream === undefined) {
      this.window += bytes;
      return this.window <= MAX_WINDOW;
    }
    stream.sendWindow += bytes;
    if (stream.sendWindow > MAX_WINDOW) return false;
    if (stream.queuedBytes > 0 && stream.sendWindow > 0) this.ready.add(stream);
    return true;
  }

  public forget(stream: H2Stream): void {
    this.ready.delete(stream);
  }

  /** Sends the next frame of what waits; false when nothing more may leave. */
  private next(stream: H2Stream): boolean {
    const { queue } = stream;
    const room = Math.min(FRAME_BYTES, this.window, stream.sendWindow);
    const piece = room > 0 ? queue?.shift(room) : undefined;
    if (queue === undefined || piece === undefined || stream.closed) return false;
    const empty = queue.bytes === 0;
    this.data(stream, piece, empty && stream.endQueued && stream.trailersQueued === undefined, true);
    if (!empty) return stream.sendWindow > 0;
    if (stream.trailersQueued !== undefined) this.lateTrailers(stream, stream.trailersQueued);
    else if (!stream.endQueued) stream.handler.drained();
    return false;
  }

  private lateTrailers(stream: H2Stream, list: RawHeaders): void {
    try {
      this.headers(stream, list, true);
    } catch (error) {
      if (error instanceof ConnectionError) throw error;
      this.failed(stream);
    }
  }

  private data(stream: H2Stream, chunk: Buffer, end: boolean, lasting: boolean): void {
    const { length } = chunk;
    for (let at = 0; at < length || length === 0; at += FRAME_BYTES) {
      const to = Math.min(at + FRAME_BYTES, length);
      this.dataFrame(stream.id, end && to === length ? Flag.END_STREAM : 0, chunk, at, to, lasting);
      if (length === 0) break;
    }
    stream.sendWindow -= length;
    this.window -= length;
    this.dataBytes += length;
    if (end) this.finish(stream);
  }

  private dataFrame(id: number, flags: number, chunk: Buffer, from: number, to: number, lasting: boolean): void {
    const { outbox } = this;
    const size = to - from;
    if (lasting && size >= ATTACHED_BYTES) {
      writeFrameHead(outbox.reserve(FRAME_HEAD_BYTES), outbox.at, Frame.DATA, flags, id, size);
      outbox.at += FRAME_HEAD_BYTES;
      return outbox.attach(chunk.subarray(from, to));
    }
    const out = outbox.frame(Frame.DATA, flags, id, size);
    if (size > 0) chunk.copy(out, outbox.at, from, to);
    outbox.at += size;
  }

  private longHeaders(stream: H2Stream, list: RawHeaders, end: boolean, bound: number): void {
    const { outbox } = this;
    const block = Buffer.allocUnsafe(bound);
    const size = this.encoder.encode(list, block, 0);
    for (let at = 0; at < size; at += FRAME_BYTES) {
      const part = Math.min(FRAME_BYTES, size - at);
      const flags = (at + part === size ? Flag.END_HEADERS : 0) | (end && at === 0 ? Flag.END_STREAM : 0);
      const out = outbox.frame(at === 0 ? Frame.HEADERS : Frame.CONTINUATION, flags, stream.id, part);
      block.copy(out, outbox.at, at, at + part);
      outbox.at += part;
    }
  }

  private finish(stream: H2Stream): void {
    stream.localDone = true;
    stream.doneAt = this.outbox.flushes;
    this.finished(stream);
  }
}

