/** A clock that stands still until it is told to go on. */
import { Clock } from '../../src/observe/clock';

export class FakeClock implements Clock {
  private time = 0;
  private next = 1;
  private readonly timers = new Map<number, { at: number; callback: () => void }>();

  public now(): number {
    return this.time;
  }

  public setTimeout(callback: () => void, ms: number): NodeJS.Timeout {
    this.timers.set(this.next, { at: this.time + Math.max(0, ms), callback });
    return this.next++ as unknown as NodeJS.Timeout;
  }

  public clearTimeout(timer: NodeJS.Timeout | undefined): void {
    this.timers.delete(timer as unknown as number);
  }

  /** Milliseconds until the next timer; undefined without one. */
  public get pause(): number | undefined {
    const ats = [...this.timers.values()].map(({ at }) => at);
    return ats.length === 0 ? undefined : Math.min(...ats) - this.time;
  }

  /** Runs every timer that is due on the way, and what its promises lead to. */
  public async advance(ms: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const end = this.time + ms;
    for (let due = this.due(end); due !== undefined; due = this.due(end)) {
      this.time = due.at;
      due.callback();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.time = end;
    await new Promise((resolve) => setImmediate(resolve));
  }

  private due(end: number): { at: number; callback: () => void } | undefined {
    const [first] = [...this.timers.entries()].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
    if (first === undefined) return undefined;
    this.timers.delete(first[0]);
    return first[1];
  }
}
