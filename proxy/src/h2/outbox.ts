/**
 * What a connection has to say. Frames are written into one buffer and leave in one system call when the turn of the
 * event loop is over, those of all connections together; the buffer is used again as soon as the system has taken it.
 * Large payloads are not copied into it but leave from where they are.
 */
import { Socket } from 'node:net';
import { Code, ConnectionError, Frame, FRAME_HEAD_BYTES } from './protocol';

const BUFFER_BYTES = 64 * 1024;
const MAX_SPARE_BUFFERS = 16;
/** DATA beyond this stays with its stream until the peer has read. */
const ROOMY_BYTES = 512 * 1024;
/** Answers to pings and the like; a peer that asks and does not read loses its connection. */
const MAX_UNREAD_BYTES = 4 * ROOMY_BYTES;

const spare: Buffer[] = [];
const dirty: Outbox[] = [];

function flushAll(): void {
  // One that is added meanwhile has a turn of its own.
  for (const outbox of dirty.splice(0)) outbox.flush();
}

function recycle(buffer: Buffer): void {
  if (spare.length < MAX_SPARE_BUFFERS) spare.push(buffer);
}

export class Outbox {
  /** Where the next byte goes, after `reserve`. */
  public at = 0;
  /** How often something has left. */
  public flushes = 0;
  private buffer: Buffer | undefined;
  /** Where in it begins what is in no part yet. */
  private from = 0;
  /** What leaves before that. */
  private parts: Buffer[] = [];
  private partBytes = 0;
  /** Buffers that are full, all of them among the parts. */
  private full: Buffer[] = [];
  private scheduled = false;
  private blocked = false;
  private closed = false;

  /** `drained`: there is room for DATA again. */
  public constructor(private readonly socket: Socket, private readonly drained: () => void) {}

  public get isRoomy(): boolean {
    return this.waiting < (this.blocked ? ROOMY_BYTES / 4 : ROOMY_BYTES);
  }

  /** The system takes no more until the peer has read. */
  public get isBlocked(): boolean {
    return this.blocked;
  }

  /** Whether all that was written before that flush has left. */
  public hasLeft(flushes: number): boolean {
    return this.flushes > flushes && !this.blocked;
  }

  /** Bytes that the system has not taken. */
  public get unsent(): number {
    return this.waiting + this.socket.writableLength;
  }

  /** A buffer with room for `bytes`, at most 64 KiB, at `at`. */
  public reserve(bytes: number): Buffer {
    if (!this.scheduled && !this.blocked) this.schedule();
    let { buffer } = this;
    if (buffer !== undefined && this.at + bytes <= BUFFER_BYTES) return buffer;
    if (buffer !== undefined) {
      if (this.blocked && this.partBytes > MAX_UNREAD_BYTES) {
        throw new ConnectionError(Code.ENHANCE_YOUR_CALM, 'the peer asks and does not read');
      }
      this.endPart(buffer);
      this.full.push(buffer);
    }
    this.at = this.from = 0;
    buffer = this.buffer = spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
    return buffer;
  }

  /** Sends what is behind the head of a frame from where it is; it must stay as it is. */
  public attach(payload: Buffer): void {
    this.endPart(this.buffer!);
    this.parts.push(payload);
    this.partBytes += payload.length;
  }

  /** Writes the head of a frame; its payload, for which there is room, goes to `at`. */
  public frame(type: Frame, flags: number, streamId: number, length: number): Buffer {
    const out = this.reserve(FRAME_HEAD_BYTES + length);
    writeFrameHead(out, this.at, type, flags, streamId, length);
    this.at += FRAME_HEAD_BYTES;
    return out;
  }

  public uint32(value: number): void {
    this.buffer!.writeUInt32BE(value, this.at);
    this.at += 4;
  }

  public flush(): void {
    this.scheduled = false;
    if (this.blocked || this.closed || this.buffer === undefined) return;
    const { buffer, full, parts, socket } = this;
    const last = buffer.subarray(this.from, this.at);
    this.flushes++;
    this.buffer = undefined;
    this.at = this.from = 0;
    if (parts.length === 0) {
      socket.write(last, this.written);
    } else {
      this.full = [];
      this.parts = [];
      this.partBytes = 0;
      socket.cork();
      for (const part of parts) socket.write(part);
      socket.write(last, this.written);
      socket.uncork();
    }
    this.blocked = socket.writableLength > 0;
    if (this.blocked) return;
    recycle(buffer);
    full.forEach(recycle);
    this.drained();
  }

  /** Nothing more leaves. */
  public close(): void {
    this.closed = true;
    this.buffer = undefined;
    this.full = [];
    this.parts = [];
  }

  private get waiting(): number {
    return this.partBytes + this.at - this.from;
  }

  private endPart(buffer: Buffer): void {
    if (this.at > this.from) this.parts.push(buffer.subarray(this.from, this.at));
    this.partBytes += this.at - this.from;
    this.from = this.at;
  }

  private schedule(): void {
    if (this.closed) return;
    this.scheduled = true;
    if (dirty.push(this) === 1) setImmediate(flushAll);
  }

  private readonly written = (): void => {
    if (!this.blocked || this.closed || this.socket.writableLength > 0) return;
    this.blocked = false;
    if (this.buffer === undefined) this.drained();
    else this.flush();
  };
}

export function writeFrameHead(
  out: Buffer, at: number, type: Frame, flags: number, streamId: number, length: number,
): void {
  out[at] = length >>> 16;
  out[at + 1] = length >>> 8;
  out[at + 2] = length;
  out[at + 3] = type;
  out[at + 4] = flags;
  out[at + 5] = streamId >>> 24;
  out[at + 6] = streamId >>> 16;
  out[at + 7] = streamId >>> 8;
  out[at + 8] = streamId;
}
