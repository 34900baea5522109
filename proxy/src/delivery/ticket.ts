/** An event's place with the dispatcher, which alone reads and changes it. */
import { Caller } from './event';
import { Pod } from '../pods/pod';
import { Cause } from '../wire/failures';

/** What the dispatcher needs of an event. */
export interface Dispatched {
  readonly bytes: number;
  /** Its broker delivers it again if it fails. */
  readonly returnable: boolean;
  /** Equal for events that are one and the same; undefined if this one is never joined with another. */
  identity(): string | undefined;
  /** An identical event came while this one waits: its caller gets the same answer. */
  adopt(caller: Caller): void;
  /** Gives its caller away to an identical event. */
  leave(): Caller;
  waits(): void;
  start(pod: Pod): void;
  fail(cause: Cause): void;
}

let sequence = 0;

export class Ticket {
  /** Order of arrival. */
  public readonly order = sequence++;
  public next: Ticket | undefined;
  public previous: Ticket | undefined;
  public inLine = false;
  /** The event's identity while others may join it. */
  public key: string | undefined;
  /** The pod that failed this event last. */
  public avoid: Pod | undefined;
  /** Takes a pod for itself. */
  public alone = false;
  /** Runs while the event waits between two attempts. */
  public backOff: NodeJS.Timeout | undefined;

  public constructor(public readonly event: Dispatched) {}

  public get bytes(): number {
    return this.event.bytes;
  }
}
