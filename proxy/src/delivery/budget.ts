/** The bytes of all events together, whether they are received, wait or are with a pod, and of their answers. */
import { Logger } from '../observe/log';

export class Budget {
  public used = 0;
  private exhausted = false;

  public constructor(private readonly limit: number, private readonly log: Logger) {}

  /** False if they are more than is left; a single event may exceed the limit. */
  public take(bytes: number, alreadyHeld: number): boolean {
    const refused = this.used + bytes > this.limit && this.used > alreadyHeld;
    if (refused !== this.exhausted) this.report(refused, bytes);
    if (!refused) this.used += bytes;
    return !refused;
  }

  private report(refused: boolean, bytes: number): void {
    const fields = { used: this.used, limit: this.limit, bytes };
    if (refused) this.log.warn('memory for events used up, refusing events', fields);
    // At half of it, or the log would have a line for every other event on the brink.
    else if (this.used * 2 > this.limit) return;
    else this.log.info('memory for events is free again', fields);
    this.exhausted = refused;
  }
}

/** What one event takes of the budget. */
export class Reservation {
  private bytes = 0;

  public constructor(private readonly budget: Budget) {}

  public grow(bytes: number): boolean {
    if (!this.budget.take(bytes, this.bytes)) return false;
    this.bytes += bytes;
    return true;
  }

  /** Bytes of an answer, which is never refused: they leave less to the next events. */
  public add(bytes: number): void {
    this.bytes += bytes;
    this.budget.used += bytes;
  }

  public release(): void {
    this.add(-this.bytes);
  }
}
