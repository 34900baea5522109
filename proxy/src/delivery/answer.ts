/** A pod's answer: kept until it is whole, or passed on to the caller as it arrives. */
import { Caller } from './event';
import { Outcome, outcomeOf } from '../observe/outcome';
import { Attempt } from '../pods/channel';
import { RawHeaders } from '../wire/headers';

export class Answer {
  /** Of the chunks kept or passed on. */
  public size = 0;
  private status = 0;
  private headers: RawHeaders | undefined;
  private chunks: Buffer[] = [];
  private reader: Caller | undefined;

  /** The caller has seen its beginning. */
  public get streaming(): boolean {
    return this.reader !== undefined;
  }

  public begin(status: number, headers: RawHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  public add(chunk: Buffer, attempt: Attempt | undefined): void {
    this.size += chunk.length;
    if (this.reader === undefined) {
      this.chunks.push(Buffer.from(chunk));
    } else if (!this.reader.write(chunk)) {
      attempt?.pause();
      this.reader.onDrain(() => attempt?.resume());
    }
  }

  /** From now on each chunk leaves as it arrives. */
  public streamTo(reader: Caller, attempt: Attempt | undefined): void {
    if (this.headers === undefined || this.streaming) return;
    reader.begin(this.status, this.headers);
    this.reader = reader;
    const kept = Buffer.concat(this.chunks);
    this.discardChunks();
    if (kept.length > 0) this.add(kept, attempt);
  }

  /** The attempt failed; another one may bring another answer. */
  public reset(): void {
    this.headers = undefined;
    this.discardChunks();
  }

  public deliver(callers: readonly Caller[], trailers: RawHeaders | undefined): void {
    for (const caller of callers) {
      if (this.streaming) caller.finish(trailers);
      else caller.whole(this.status, this.headers!, this.chunks, trailers);
    }
  }

  public outcome(grpc: boolean, trailers: RawHeaders | undefined): Outcome {
    return outcomeOf(grpc, this.status, this.headers!, trailers);
  }

  private discardChunks(): void {
    this.chunks = [];
    this.size = 0;
  }
}
