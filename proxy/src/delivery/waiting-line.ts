/** The one line of all inputs, first come first served: push at the end, requeue in the order of arrival, leave anywhere. */
export interface Waiter {
  /** Order of arrival. */
  readonly seq: number;
  readonly bytes: number;
  lineNext: Waiter | undefined;
  linePrevious: Waiter | undefined;
  inLine: boolean;
}

export class WaitingLine<T extends Waiter> {
  public length = 0;
  public bytes = 0;
  private head: Waiter | undefined;
  private tail: Waiter | undefined;

  public get first(): T | undefined {
    return this.head as T | undefined;
  }

  public push(waiter: T): void {
    this.insertAfter(waiter, this.tail);
  }

  /** Back to where it would stand had it never left. */
  public requeue(waiter: T): void {
    let before: Waiter | undefined;
    for (let at = this.head; at !== undefined && at.seq < waiter.seq; at = at.lineNext) before = at;
    this.insertAfter(waiter, before);
  }

  public remove(waiter: T): void {
    if (!waiter.inLine) return;
    if (waiter.linePrevious) waiter.linePrevious.lineNext = waiter.lineNext;
    else this.head = waiter.lineNext;
    if (waiter.lineNext) waiter.lineNext.linePrevious = waiter.linePrevious;
    else this.tail = waiter.linePrevious;
    waiter.lineNext = waiter.linePrevious = undefined;
    waiter.inLine = false;
    this.length--;
    this.bytes -= waiter.bytes;
  }

  private insertAfter(waiter: T, before: Waiter | undefined): void {
    const after = before === undefined ? this.head : before.lineNext;
    waiter.linePrevious = before;
    waiter.lineNext = after;
    if (before) before.lineNext = waiter;
    else this.head = waiter;
    if (after) after.linePrevious = waiter;
    else this.tail = waiter;
    waiter.inLine = true;
    this.length++;
    this.bytes += waiter.bytes;
  }
}
