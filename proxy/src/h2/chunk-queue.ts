/**
 * Pieces of a body in their order. Many small ones are put together, so that a peer which sends a body byte by byte
 * costs about as much memory as the body.
 */
const SMALL_BYTES = 512;
const MERGED_BYTES = 8192;
/** Up to here pieces stay as they came: an ordinary message has one to five. */
const FEW = 8;

export class ChunkQueue {
  public bytes = 0;
  private chunks: Buffer[] = [];
  private first = 0;
  /** The last chunk, when it is one of our own with room behind it. */
  private merged: Buffer | undefined;

  /** `lasting`: the chunk stays as it is, so it need not be copied. */
  public push(chunk: Buffer, lasting = false): void {
    this.bytes += chunk.length;
    if (chunk.length >= SMALL_BYTES || this.chunks.length - this.first < FEW) {
      this.merged = undefined;
      this.chunks.push(lasting ? chunk : Buffer.from(chunk));
    } else {
      this.merge(chunk);
    }
  }

  /** The next piece, at most `bytes` long; undefined when nothing is left. */
  public shift(bytes: number): Buffer | undefined {
    const chunk = this.chunks[this.first];
    if (chunk === undefined) return undefined;
    // What is handed out must not grow.
    this.merged = undefined;
    const piece = chunk.length <= bytes ? chunk : chunk.subarray(0, bytes);
    this.bytes -= piece.length;
    if (piece === chunk) this.drop();
    else this.chunks[this.first] = chunk.subarray(bytes);
    return piece;
  }

  /** All of it, in pieces; the queue is empty then. */
  public take(): readonly Buffer[] {
    const { chunks, first } = this;
    this.chunks = [];
    this.first = this.bytes = 0;
    this.merged = undefined;
    return first === 0 ? chunks : chunks.slice(first);
  }

  private drop(): void {
    this.chunks[this.first++] = EMPTY;
    if (this.first < this.chunks.length && this.first < FEW * FEW) return;
    this.chunks = this.chunks.slice(this.first);
    this.first = 0;
  }

  private merge(chunk: Buffer): void {
    const last = this.chunks.length - 1;
    const used = this.merged === undefined ? 0 : this.chunks[last]!.length;
    if (this.merged === undefined || used + chunk.length > MERGED_BYTES) {
      this.merged = Buffer.allocUnsafeSlow(MERGED_BYTES);
      this.chunks.push(this.merged.subarray(0, chunk.copy(this.merged)));
    } else {
      chunk.copy(this.merged, used);
      this.chunks[last] = this.merged.subarray(0, used + chunk.length);
    }
  }
}

const EMPTY = Buffer.alloc(0);
