/** Receives the body of a call: all of it if it may have to be repeated, else only what arrives at once. */
import { Call } from './call';
import { Budget, Reservation, shrinkSpareRooms } from '../delivery/budget';
import { Body, BodyReader } from '../wire/body';
import { Cause } from '../wire/failures';
import { FRAME_PREFIX_BYTES } from '../wire/grpc-wire';
import { valueOf } from '../wire/headers';

export interface Received {
  readonly body: Buffer;
  /** What is still to come. */
  readonly rest?: Body;
  readonly reservation: Reservation;
}

export interface IntakeSettings {
  readonly grpc: boolean;
  /** Without the prefix of a gRPC message. */
  readonly maxMessage: number;
  readonly budget: Budget;
}

export type Done = (received: Received) => void;
export type Failed = (cause: Cause, error?: unknown) => void;

/** A body that need not be whole is passed on while it arrives once it is larger than this. */
const STREAM_FROM_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);
/** A message is given up if its sender is silent for longer than 30 s in the middle of it. */
const STALLED_SWEEPS = 6;
const SWEEP_MS = 5000;

export class Intake {
  public readonly maxBody: number;
  /** The time in sweeps: a clock that costs nothing to read. */
  public sweeps = 0;
  /** A list, since a set makes itself anew every few events; see h2/stream-table.ts. */
  private readonly open: Receiver[] = [];
  private timer: NodeJS.Timeout | undefined;

  public constructor(public readonly bounds: IntakeSettings) {
    this.maxBody = bounds.maxMessage + (bounds.grpc ? FRAME_PREFIX_BYTES : 0);
  }

  /** `unary`: to its end, and at most one message. */
  public receive(call: Call, unary: boolean, done: Done, failed: Failed): void {
    const receiver = new Receiver(call, unary, this, done, failed);
    receiver.place = this.open.push(receiver) - 1;
    receiver.start();
    this.timer ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  public closed(receiver: Receiver): void {
    const last = this.open.pop()!;
    if (last === receiver) return;
    this.open[receiver.place] = last;
    last.place = receiver.place;
  }

  public stop(): void {
    clearInterval(this.timer);
  }

  private sweep(): void {
    this.sweeps++;
    shrinkSpareRooms();
    const stalled = this.open.filter(({ lastAt }) => this.sweeps - lastAt > STALLED_SWEEPS);
    for (const receiver of stalled) receiver.giveUp('timeout');
  }
}

class Receiver implements BodyReader {
  public lastAt: number;
  /** In the list of those that are open. */
  public place = 0;
  private readonly reservation: Reservation;
  /**
   * What has come, in memory of its own, which has room for all of it as soon as the length is known; copied once.
   */
  private room: Buffer = NOTHING;
  private size = 0;
  private reserved = 0;
  /** The length of the body is known and reserved. */
  private announced = false;
  private settled = false;

  public constructor(
    private readonly call: Call, private readonly unary: boolean, private readonly intake: Intake,
    private readonly done: Done, private readonly failed: Failed,
  ) {
    this.lastAt = intake.sweeps;
    this.reservation = new Reservation(intake.bounds.budget);
  }

  public start(): void {
    if (this.unary && !this.intake.bounds.grpc) this.announce(Number(valueOf(this.call.raw, 'content-length')));
    // What has not arrived together with the headers may never arrive before the pod speaks.
    if (!this.unary) setImmediate(() => this.passOn());
    this.call.source.readBy(this);
  }

  public giveUp(cause: Cause): void {
    if (this.settled) return;
    this.gone();
    // The rest of the body is read and discarded.
    this.call.source.discard();
    this.failed(cause);
  }

  public data(chunk: Buffer): void {
    if (this.settled) return;
    this.lastAt = this.intake.sweeps;
    if (this.unary && this.intake.bounds.grpc && !this.announced) this.readPrefix(chunk);
    this.reserve(this.size + chunk.length);
    if (this.settled) return;
    this.keep(chunk);
    if (!this.unary && this.size > STREAM_FROM_BYTES) this.passOn();
  }

  public end(): void {
    if (!this.settled) this.handOver(undefined);
  }

  /** The caller is gone, or the message is given up. */
  public gone(): void {
    if (this.settled) return;
    this.settle();
    this.reservation.release();
  }

  private passOn(): void {
    if (this.settled) return;
    this.call.source.pause();
    this.handOver(this.call.source);
  }

  /** Whatever an event makes throw on its way to the dispatcher fails that event alone. */
  private handOver(rest: Body | undefined): void {
    this.settle();
    try {
      this.done({ body: this.body(), rest, reservation: this.reservation });
    } catch (error) {
      this.reservation.release();
      this.failed('internal', error);
    }
  }

  private settle(): void {
    this.settled = true;
    this.intake.closed(this);
  }

  /** The length of a gRPC message is known before most of it arrives. */
  private readPrefix(chunk: Buffer): void {
    if (this.size + chunk.length < FRAME_PREFIX_BYTES) return;
    const prefix = this.size === 0 ? chunk : Buffer.concat([this.room.subarray(0, this.size), chunk]);
    this.announce(FRAME_PREFIX_BYTES + prefix.readUInt32BE(1));
  }

  private announce(bytes: number): void {
    if (Number.isNaN(bytes)) return;
    this.announced = true;
    this.reserve(bytes);
  }

  private reserve(bytes: number): void {
    if (this.settled || bytes <= this.reserved) return;
    if (this.unary && bytes > this.intake.maxBody) return this.giveUp('too-large');
    if (!this.reservation.grow(bytes - this.reserved)) return this.giveUp('full');
    this.reserved = bytes;
  }

  private keep(chunk: Buffer): void {
    const size = this.size + chunk.length;
    if (size > this.room.length) {
      // Where no length was announced, twice as much each time.
      const { room } = this;
      this.room = this.reservation.allocate(Math.max(size, this.reserved, this.announced ? 0 : 2 * room.length));
      room.copy(this.room, 0, 0, this.size);
    }
    chunk.copy(this.room, this.size);
    this.size = size;
  }

  /** No more memory than the body has. */
  private body(): Buffer {
    const { room, size } = this;
    this.room = NOTHING;
    return size === room.length ? room : Buffer.from(room.subarray(0, size));
  }
}
