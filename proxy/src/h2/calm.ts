/**
 * Tells work from nuisance: a bucket that frames without use empty, and that time and useful frames fill. An honest
 * peer never sees its bottom; one that floods does, and loses its connection before it has cost much.
 */
import { Code, ConnectionError } from './protocol';

export class Calm {
  private left: number;
  private filledAt = performance.now();

  public constructor(private readonly what: string, private readonly size: number, private readonly perSecond: number) {
    this.left = size;
  }

  public spend(): void {
    if (--this.left < 0) this.refill();
  }

  public earn(): void {
    if (this.left < this.size) this.left++;
  }

  private refill(): void {
    const now = performance.now();
    this.left = Math.min(this.size, this.left + Math.floor((now - this.filledAt) / 1000 * this.perSecond));
    this.filledAt = now;
    if (this.left < 0) throw new ConnectionError(Code.ENHANCE_YOUR_CALM, `too many ${this.what}`);
  }
}
