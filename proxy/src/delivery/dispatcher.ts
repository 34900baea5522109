/** Brings waiting events and pods together: admission, the waiting line, joining of identical events. */
import { Waiter, WaitingLine } from './waiting-line';
import { Clock } from '../observe/clock';
import { Logger } from '../observe/log';
import { Pod } from '../pods/pod';
import { PodSet } from '../pods/pod-set';
import { Cause } from '../wire/failures';

export interface DispatcherSettings {
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  /** Bytes of events that are still being received. */
  readonly receivingBytes: () => number;
  /** An event began to wait. */
  readonly onWait: () => void;
  /** Nothing was pending and now something is, or the other way round. */
  readonly onActive: () => void;
}

/** What the dispatcher needs of an exchange. */
export interface Dispatched extends Waiter {
  /** Set by the dispatcher while the event can be joined. */
  key: string | undefined;
  readonly avoid: Pod | undefined;
  joinKey(): string | undefined;
  join(other: Dispatched): boolean;
  waits(): void;
  backedOff(): void;
  start(pod: Pod): void;
  fail(cause: Cause): void;
}

export class Dispatcher {
  public inFlight = 0;
  /** While draining no event fails because it waited too long. */
  public draining = false;
  private holding = true;
  private readonly line = new WaitingLine<Dispatched>();
  private readonly byKey = new Map<string, Dispatched>();
  private backingOff = 0;
  private backingOffBytes = 0;
  private pumping = false;
  private full = false;
  private active = false;

  public constructor(public readonly pods: PodSet, private readonly settings: DispatcherSettings) {}

  public get waiting(): number {
    return this.line.length + this.backingOff;
  }

  public get waitingBytes(): number {
    return this.line.bytes + this.backingOffBytes;
  }

  /** Takes a new event: sends it at once, lets it wait, or refuses it. */
  public submit(exchange: Dispatched): void {
    // Also ahead of a free pod: an equal event may wait between two attempts.
    if (this.byKey.size > 0 && this.joins(exchange)) return;
    const pod = this.line.length === 0 ? this.pods.pick() : undefined;
    if (pod !== undefined) {
      if (this.pods.incomplete) this.pods.wake(false);
      this.start(exchange, pod);
    } else {
      if (!this.holding) return exchange.fail('hold-over');
      if (this.isFull(exchange)) return exchange.fail('full');
      this.letJoin(exchange);
      this.enqueue(exchange, () => this.line.push(exchange));
      if (this.line.first?.avoid === undefined) this.pods.wake(true);
      else this.pump();
    }
  }

  /** An event that was tried in vain waits again, in its old place. */
  public again(exchange: Dispatched): void {
    if (!this.holding) return exchange.fail('hold-over');
    this.enqueue(exchange, () => this.line.requeue(exchange));
    this.pump();
    if (exchange.inLine) this.letJoin(exchange);
  }

  /** The same after a delay, so that a pod that refuses is not asked in a tight loop. */
  public againAfter(exchange: Dispatched, ms: number): NodeJS.Timeout {
    this.backingOff++;
    this.backingOffBytes += exchange.bytes;
    exchange.waits();
    this.letJoin(exchange);
    return this.settings.clock.setTimeout(() => {
      this.stopBackingOff(exchange);
      exchange.backedOff();
      this.again(exchange);
    }, ms);
  }

  public stopBackingOff(exchange: Dispatched): void {
    this.backingOff--;
    this.backingOffBytes -= exchange.bytes;
  }

  /** The event is over or cancelled; wherever it stood, it stands there no more. */
  public forget(exchange: Dispatched): void {
    if (exchange.inLine) this.line.remove(exchange);
    this.unkey(exchange);
    this.noticeActivity();
  }

  /** From now on what no pod takes at once is answered. */
  public stopHolding(): void {
    this.holding = false;
    for (let next = this.line.first; next !== undefined; next = this.line.first) next.fail('hold-over');
  }

  /** A pod is done with an event, one way or the other. */
  public release(pod: Pod): void {
    pod.inFlight--;
    this.inFlight--;
    this.pods.released(pod);
    if (this.line.length > 0) this.pump();
  }

  /** Sends what can be sent. */
  public pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    let after: Dispatched | undefined;
    for (let next = this.line.first; next !== undefined; next = after) {
      after = next.lineNext as Dispatched | undefined;
      const pod = this.pods.pick(next.avoid);
      // One that must not go back to its pod may wait for another one; those behind it need not.
      if (pod === undefined && next.avoid !== undefined && this.pods.anyReady) continue;
      if (pod === undefined) break;
      this.line.remove(next);
      this.start(next, pod);
    }
    this.pumping = false;
    // Also when every event is with a pod or between two attempts: another pod may be the one that works.
    if (this.line.length > 0 || (this.active && this.pods.incomplete)) this.pods.wake(this.waiting > 0);
  }

  private start(exchange: Dispatched, pod: Pod): void {
    pod.inFlight++;
    this.inFlight++;
    this.unkey(exchange);
    this.noticeActivity();
    exchange.start(pod);
  }

  private enqueue(exchange: Dispatched, put: () => void): void {
    put();
    exchange.waits();
    this.noticeActivity();
    this.settings.onWait();
  }

  private noticeActivity(): void {
    const active = this.inFlight + this.line.length + this.backingOff > 0;
    if (active === this.active) return;
    this.active = active;
    this.settings.onActive();
  }

  private joins(exchange: Dispatched): boolean {
    const key = exchange.joinKey();
    return key !== undefined && (this.byKey.get(key)?.join(exchange) ?? false);
  }

  /** An event that waits, also after an attempt: the broker may deliver it again in the meantime. */
  private letJoin(exchange: Dispatched): void {
    const key = exchange.joinKey();
    if (key === undefined || this.byKey.has(key)) return;
    this.byKey.set(key, exchange);
    exchange.key = key;
  }

  private unkey(exchange: Dispatched): void {
    if (exchange.key === undefined) return;
    if (this.byKey.get(exchange.key) === exchange) this.byKey.delete(exchange.key);
    exchange.key = undefined;
  }

  private isFull(exchange: Dispatched): boolean {
    const { maxWaiting, maxWaitingBytes, receivingBytes, log } = this.settings;
    const bytes = this.waitingBytes + receivingBytes() + exchange.bytes;
    // A single event above the limit may still wait alone.
    const full = this.waiting >= maxWaiting || (bytes > maxWaitingBytes && this.waiting > 0);
    if (full && !this.full) log.warn('waiting line full, events are refused', { waiting: this.waiting, bytes });
    // Half of it: on the brink each event would be one line more.
    const roomy = this.waiting * 2 <= maxWaiting && bytes * 2 <= maxWaitingBytes;
    if (!full && this.full && roomy) log.info('waiting line has room again', { waiting: this.waiting, bytes });
    this.full = full || (this.full && !roomy);
    return full;
  }
}
