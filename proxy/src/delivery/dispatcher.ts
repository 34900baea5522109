/** Brings waiting events and pods together: admission, the waiting line, joining of identical events. */
import { Dispatched, Ticket } from './ticket';
import { WaitingLine } from './waiting-line';
import { Clock } from '../observe/clock';
import { Logger } from '../observe/log';
import { Pod } from '../pods/pod';
import { PodSet } from '../pods/pod-set';
import { Cause } from '../wire/failures';

export interface DispatcherSettings {
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxWaiting: number;
  /** An event began to wait. */
  readonly onWait: () => void;
  /** Nothing was pending and now something is, or the other way round. */
  readonly onActive: () => void;
}

export class Dispatcher {
  public inFlight = 0;
  /** While draining no event fails because it waited too long. */
  public draining = false;
  private holding = true;
  private givingBack = false;
  private readonly line = new WaitingLine();
  private readonly joinable = new Map<string, Dispatched>();
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
  public submit(ticket: Ticket): void {
    // Even if a pod is free: an identical event may wait between two attempts.
    if (this.joinable.size > 0 && this.joins(ticket.event)) return;
    const pod = this.line.length === 0 && !ticket.alone ? this.pods.pick() : undefined;
    if (pod !== undefined) {
      if (this.pods.incomplete) this.pods.wake(false);
      this.start(ticket, pod);
    } else {
      const refusal = this.refusalOf(ticket.event);
      if (refusal !== undefined) return ticket.event.fail(refusal);
      if (this.isFull()) return ticket.event.fail('full');
      this.allowJoining(ticket);
      this.line.push(ticket);
      this.noteWaiting(ticket);
      if (ticket.alone || this.line.first?.avoid !== undefined) this.pump();
      else this.pods.wake(true);
    }
  }

  /** An event whose attempt failed waits again, in its old place. */
  public again(ticket: Ticket, avoid: Pod | undefined): void {
    ticket.avoid = avoid;
    const refusal = this.refusalOf(ticket.event);
    if (refusal !== undefined) return ticket.event.fail(refusal);
    this.line.requeue(ticket);
    this.noteWaiting(ticket);
    this.pump();
    if (ticket.inLine) this.allowJoining(ticket);
  }

  /** The same after a delay, so that a pod that refuses is not asked in a tight loop. */
  public againAfter(ticket: Ticket, avoid: Pod | undefined, ms: number): void {
    this.backingOff++;
    this.backingOffBytes += ticket.bytes;
    ticket.event.waits();
    this.allowJoining(ticket);
    ticket.backOff = this.settings.clock.setTimeout(() => {
      this.stopBackingOff(ticket);
      this.again(ticket, avoid);
    }, ms);
  }

  /** The event is over, wherever it waited. */
  public forget(ticket: Ticket): void {
    this.line.remove(ticket);
    this.stopBackingOff(ticket);
    this.endJoining(ticket);
    if (ticket.alone) this.pods.unreserve(ticket);
    this.noteActivity();
    if (ticket.alone) this.pump();
  }

  /** From now on events that no pod takes at once fail. */
  public stopHolding(): void {
    this.holding = false;
    this.refuseWaiting();
  }

  /** The same for events that their broker then delivers again, so that Dapr need not wait for them. */
  public giveBack(): void {
    this.givingBack = true;
    this.refuseWaiting();
  }

  private refuseWaiting(): void {
    for (const { event } of this.line.all()) {
      const refusal = this.refusalOf(event);
      if (refusal !== undefined) event.fail(refusal);
    }
  }

  private refusalOf(event: Dispatched): Cause | undefined {
    if (this.givingBack && event.returnable) return 'given-back';
    return this.holding ? undefined : 'hold-over';
  }

  /** A pod is done with an event, one way or the other. */
  public release(ticket: Ticket, pod: Pod): void {
    pod.inFlight--;
    if (ticket.alone) this.pods.unreserve(ticket);
    this.inFlight--;
    this.pods.released(pod);
    if (this.line.length > 0) this.pump();
  }

  /** Sends what can be sent. */
  public pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    let after: Ticket | undefined;
    let blocked = false;
    for (let next = this.line.first; next !== undefined && !(blocked && this.line.alone === 0); next = after) {
      after = next.next;
      if (blocked && !next.alone) continue;
      const pod = next.alone ? this.pods.pickAlone(next, next.avoid) : this.pods.pick(next.avoid);
      if (pod !== undefined) {
        this.line.remove(next);
        this.start(next, pod);
      } else if (!next.alone) {
        // One that must not go back to its pod may wait for another; those behind it need not.
        blocked = next.avoid === undefined || !this.pods.anyReady;
      }
    }
    this.pumping = false;
    // Also when every event is with a pod or between two attempts: another pod may be the one that works.
    if (this.line.length > 0 || (this.active && this.pods.incomplete)) this.pods.wake(this.waiting > 0);
  }

  private start(ticket: Ticket, pod: Pod): void {
    pod.inFlight++;
    this.inFlight++;
    this.endJoining(ticket);
    this.noteActivity();
    ticket.event.start(pod);
  }

  private stopBackingOff(ticket: Ticket): void {
    if (ticket.backOff === undefined) return;
    this.settings.clock.clearTimeout(ticket.backOff);
    ticket.backOff = undefined;
    this.backingOff--;
    this.backingOffBytes -= ticket.bytes;
  }

  private noteWaiting(ticket: Ticket): void {
    ticket.event.waits();
    this.noteActivity();
    this.settings.onWait();
  }

  private noteActivity(): void {
    const active = this.inFlight + this.waiting > 0;
    if (active === this.active) return;
    this.active = active;
    this.settings.onActive();
  }

  private joins(event: Dispatched): boolean {
    const key = event.identity();
    const waiting = key === undefined ? undefined : this.joinable.get(key);
    waiting?.adopt(event.leave());
    return waiting !== undefined;
  }

  /** An event that waits, even after an attempt: the broker may deliver it again in the meantime. */
  private allowJoining(ticket: Ticket): void {
    const key = ticket.event.identity();
    if (key === undefined || this.joinable.has(key)) return;
    this.joinable.set(key, ticket.event);
    ticket.key = key;
  }

  private endJoining(ticket: Ticket): void {
    if (ticket.key === undefined) return;
    this.joinable.delete(ticket.key);
    ticket.key = undefined;
  }

  private isFull(): boolean {
    const { maxWaiting, log } = this.settings;
    const full = this.waiting >= maxWaiting;
    if (full && !this.full) log.warn('waiting line full, refusing events', { waiting: this.waiting });
    // At half of it, or the log would have a line for every other event on the brink.
    const roomy = this.waiting * 2 <= maxWaiting;
    if (this.full && roomy) log.info('waiting line has room again', { waiting: this.waiting });
    this.full = full || (this.full && !roomy);
    return full;
  }
}
