/**
 * Bytes to frames. The payload of DATA is handed on as it came, piece by piece and never copied; other payloads come
 * whole, put together only where two reads cut them.
 */
import { Code, ConnectionError, Flag, Frame, FRAME_BYTES, FRAME_HEAD_BYTES, PREFACE } from './protocol';

export interface FrameSink {
  /** A whole frame; its payload is good only during the call. */
  frame(type: Frame, flags: number, streamId: number, buffer: Buffer, start: number, end: number): void;
  /** A DATA frame begins. */
  data(flags: number, streamId: number, length: number): void;
  /** The next piece of its payload. `last`: the frame is whole. */
  piece(buffer: Buffer, start: number, end: number, last: boolean): void;
}

export class FrameReader {
  private prefaceLeft: number;
  /** Of a DATA frame under way. */
  private dataLeft = 0;
  /** The beginning of a frame that two reads cut. */
  private held: Buffer | undefined;
  private heldBytes = 0;
  private stopped = false;

  public constructor(private readonly sink: FrameSink, expectPreface: boolean) {
    this.prefaceLeft = expectPreface ? PREFACE.length : 0;
  }

  public stop(): void {
    this.stopped = true;
  }

  public read(chunk: Buffer): void {
    let at = this.prefaceLeft > 0 ? this.preface(chunk) : 0;
    while (at < chunk.length && !this.stopped) {
      if (this.dataLeft > 0) at = this.dataPiece(chunk, at);
      else if (this.heldBytes > 0) at = this.complete(chunk, at);
      else at = this.frameIn(chunk, at);
    }
  }

  private preface(chunk: Buffer): number {
    const at = PREFACE.length - this.prefaceLeft;
    const size = Math.min(this.prefaceLeft, chunk.length);
    const equal = PREFACE.compare(chunk, 0, size, at, at + size) === 0;
    if (!equal) throw new ConnectionError(Code.PROTOCOL_ERROR, 'not HTTP/2');
    this.prefaceLeft -= size;
    return size;
  }

  private frameIn(chunk: Buffer, at: number): number {
    const left = chunk.length - at;
    if (left < FRAME_HEAD_BYTES) return this.hold(chunk, at, FRAME_HEAD_BYTES);
    const length = lengthAt(chunk, at);
    const payload = at + FRAME_HEAD_BYTES;
    if (isPlainData(chunk, at)) {
      this.beginData(chunk, at, length);
      return payload;
    }
    const size = FRAME_HEAD_BYTES + length;
    if (left < size) return this.hold(chunk, at, size);
    this.whole(chunk, at, length);
    return at + size;
  }

  private beginData(buffer: Buffer, at: number, length: number): void {
    this.dataLeft = length;
    this.sink.data(buffer[at + 4]!, streamIdAt(buffer, at), length);
    if (length === 0) this.sink.piece(buffer, at, at, true);
  }

  private dataPiece(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.dataLeft);
    this.dataLeft -= end - at;
    this.sink.piece(chunk, at, end, this.dataLeft === 0);
    return end;
  }

  /** Keeps the rest of the read; `size` is what is known of the frame's so far. */
  private hold(chunk: Buffer, at: number, size: number): number {
    this.held = Buffer.allocUnsafe(size);
    this.heldBytes = chunk.copy(this.held, 0, at);
    return chunk.length;
  }

  private complete(chunk: Buffer, at: number): number {
    const held = this.held!;
    const size = Math.min(held.length - this.heldBytes, chunk.length - at);
    chunk.copy(held, this.heldBytes, at, at + size);
    this.heldBytes += size;
    if (this.heldBytes < held.length) return at + size;
    this.heldBytes = 0;
    this.held = undefined;
    const length = lengthAt(held, 0);
    if (isPlainData(held, 0)) this.beginData(held, 0, length);
    else if (held.length === FRAME_HEAD_BYTES + length) this.whole(held, 0, length);
    else this.hold(Buffer.concat([held], FRAME_HEAD_BYTES), 0, FRAME_HEAD_BYTES + length);
    return at + size;
  }

  private whole(buffer: Buffer, at: number, length: number): void {
    const payload = at + FRAME_HEAD_BYTES;
    const type = buffer[at + 3]!;
    if (type === Frame.DATA) this.padded(buffer, at, length);
    else this.sink.frame(type, buffer[at + 4]!, streamIdAt(buffer, at), buffer, payload, payload + length);
  }

  /** The padding is gone before anybody sees the payload, though it takes room in the windows. */
  private padded(buffer: Buffer, at: number, length: number): void {
    const payload = at + FRAME_HEAD_BYTES;
    this.sink.data(buffer[at + 4]!, streamIdAt(buffer, at), length);
    this.sink.piece(buffer, payload + 1, endOfPadded(buffer, payload, payload + length), true);
  }
}

/** The end of what padding follows; the first byte says how much. */
export function endOfPadded(buffer: Buffer, start: number, end: number): number {
  const padding = start < end ? buffer[start]! : 0;
  if (start + 1 + padding > end) throw new ConnectionError(Code.PROTOCOL_ERROR, 'more padding than payload');
  return end - padding;
}

function isPlainData(buffer: Buffer, at: number): boolean {
  return buffer[at + 3] === Frame.DATA && (buffer[at + 4]! & Flag.PADDED) === 0;
}

function lengthAt(buffer: Buffer, at: number): number {
  const length = (buffer[at]! << 16) | (buffer[at + 1]! << 8) | buffer[at + 2]!;
  if (length > FRAME_BYTES) throw new ConnectionError(Code.FRAME_SIZE_ERROR, 'a frame is larger than allowed');
  return length;
}

function streamIdAt(buffer: Buffer, at: number): number {
  return ((buffer[at + 5]! & 0x7f) << 24) | (buffer[at + 6]! << 16) | (buffer[at + 7]! << 8) | buffer[at + 8]!;
}
