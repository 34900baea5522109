/** HEADERS and the CONTINUATION frames behind it (RFC 9113 sections 6.2 and 6.10), bounded in bytes and in frames. */
import { endOfPadded } from './frame-reader';
import { Code, ConnectionError, Flag } from './protocol';

/** A block that is refused must still be decoded; beyond this the connection pays for it. */
const MAX_BLOCK_BYTES = 1024 ** 2;
const MAX_FRAMES = 128;
const PRIORITY_BYTES = 5;

export interface BlockSink {
  /** A whole block; `flags` are those of HEADERS. `selfish`: the stream depends on itself, which none may. */
  block(streamId: number, flags: number, buffer: Buffer, start: number, end: number, selfish: boolean): void;
}

export class HeaderAssembly {
  /** Of the block under way; 0 when there is none. */
  public streamId = 0;
  private flags = 0;
  private selfish = false;
  private parts: Buffer[] = [];
  private bytes = 0;
  private frames = 0;

  public constructor(private readonly sink: BlockSink) {}

  public headers(flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    let from = start;
    let to = end;
    if (flags & Flag.PADDED) {
      to = endOfPadded(buffer, start, end);
      from++;
    }
    let selfish = false;
    if (flags & Flag.PRIORITY) {
      if (to - from < PRIORITY_BYTES) throw new ConnectionError(Code.FRAME_SIZE_ERROR, 'HEADERS without its priority');
      selfish = dependencyAt(buffer, from) === streamId;
      from += PRIORITY_BYTES;
    }
    if (flags & Flag.END_HEADERS) return this.sink.block(streamId, flags, buffer, from, to, selfish);
    Object.assign(this, { streamId, flags, selfish, bytes: 0, frames: 0 });
    this.add(buffer, from, to);
  }

  public continuation(flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    if (streamId !== this.streamId || streamId === 0) {
      throw new ConnectionError(Code.PROTOCOL_ERROR, 'CONTINUATION of nothing');
    }
    this.add(buffer, start, end);
    if ((flags & Flag.END_HEADERS) === 0) return;
    const block = Buffer.concat(this.parts, this.bytes);
    this.parts = [];
    this.streamId = 0;
    this.sink.block(streamId, this.flags, block, 0, block.length, this.selfish);
  }

  private add(buffer: Buffer, start: number, end: number): void {
    this.bytes += end - start;
    if (this.bytes > MAX_BLOCK_BYTES || ++this.frames > MAX_FRAMES) {
      throw new ConnectionError(Code.ENHANCE_YOUR_CALM, 'a header block does not end');
    }
    // The payload is good only now.
    this.parts.push(Buffer.from(buffer.subarray(start, end)));
  }
}

/** The stream that a PRIORITY field names (RFC 7540 section 6.3); nothing else of it means anything any more. */
export function dependencyAt(buffer: Buffer, at: number): number {
  return buffer.readUInt32BE(at) & 0x7fff_ffff;
}
