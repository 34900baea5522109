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

/** From here on memory is used again: each time that 64 MB of it have gathered, V8 looks through its whole heap. */
const LARGE_BYTES = 16 * 1024;
const MAX_SPARE_BYTES = 8 * 1024 ** 2;

/** Memory of bodies that have left. */
let spare: Buffer[] = [];
let spareBytes = 0;

/** Forgets half of it; called again and again. */
export function shrinkSpareRooms(): void {
  spare = spare.slice(Math.ceil(spare.length / 2));
  spareBytes = spare.reduce((sum, { length }) => sum + length, 0);
}

function roomFor(bytes: number): Buffer {
  const size = Math.ceil(bytes / LARGE_BYTES) * LARGE_BYTES;
  let at = spare.length - 1;
  while (at >= 0 && spare[at]!.length !== size) at--;
  if (at < 0) return Buffer.allocUnsafeSlow(size);
  spareBytes -= size;
  return spare.splice(at, 1)[0]!;
}

/** What one event takes of the budget, and the memory of its body. */
export class Reservation {
  private bytes = 0;
  private room: Buffer | undefined;

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

  /** Memory for a body of that many bytes. */
  public allocate(bytes: number): Buffer {
    if (bytes < LARGE_BYTES) return Buffer.allocUnsafe(bytes);
    this.room = roomFor(bytes);
    return this.room.subarray(0, bytes);
  }

  /** The body has left for good and is asked for no more: other events get its memory. In doubt never called. */
  public recycle(): void {
    const { room } = this;
    this.room = undefined;
    if (room === undefined || spareBytes + room.length > MAX_SPARE_BYTES) return;
    spareBytes += room.length;
    spare.push(room);
  }
}
