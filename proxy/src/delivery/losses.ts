/**
 * How often each event was lost with its pod, across all deliveries of it. An event that ends each pod it meets must
 * not fell the function: once suspected it is delivered alone, and given up if it is lost even so.
 */
import { Clock } from '../observe/clock';

/** Lost so often, an event no longer shares a pod with others. */
const SUSPECT_LOSSES = 2;
/** Lost so often, and the last time alone, it is given up. */
const FATAL_LOSSES = 3;
/** Dapr's repeats end before that. */
const MEMORY_MS = 15 * 60_000;
const MAX_EVENTS = 1000;

/** Gives the identity of an event; not asked for until an event was lost. */
export type Identity = () => string;

export class Losses {
  private readonly known = new Map<string, { readonly count: number; readonly at: number }>();

  public constructor(private readonly clock: Clock) {}

  public suspects(identity: Identity | undefined): boolean {
    return identity !== undefined && this.known.size > 0 && this.countOf(identity()) >= SUSPECT_LOSSES;
  }

  /** Notes another loss; true if the event is to blame for it. */
  public lost(identity: Identity, alone: boolean): boolean {
    const id = identity();
    const count = this.countOf(id) + 1;
    // Moves it to the end: the first one is the oldest.
    this.known.delete(id);
    this.known.set(id, { count, at: this.clock.now() });
    for (const [oldest, { at }] of this.known) {
      if (this.known.size <= MAX_EVENTS && this.clock.now() - at <= MEMORY_MS) break;
      this.known.delete(oldest);
    }
    return alone && count >= FATAL_LOSSES;
  }

  public handled(identity: Identity): void {
    this.known.delete(identity());
  }

  private countOf(id: string): number {
    const entry = this.known.get(id);
    return entry === undefined || this.clock.now() - entry.at > MEMORY_MS ? 0 : entry.count;
  }
}
