/**
 * Of several replicas one hands over the events that all of them get. Each event waits until it is certain who that is:
 * the leader renews the lease first, so that nobody else can have taken it, and the others wait for a sign of life of
 * the leader that is younger than the event. If none comes they take the lease, and with it the events that wait.
 */
import { Lease, LeaseRecord } from './lease';
import { Clock } from '../observe/clock';
import { Logger, messageOf } from '../observe/log';

export interface Tick {
  readonly binding: string;
  /** This replica hands it over. */
  fire(): void;
  /** Another one does. */
  skip(): void;
  /** Nobody could be found who does, or too many wait. */
  giveUp(): void;
}

export interface LeaderSettings {
  readonly lease: Lease;
  /** Of this replica. */
  readonly identity: string;
  readonly durationMs: number;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallTime: () => number;
  readonly log: Logger;
  /** A replica without a sidecar gets no events, and so must not lead. */
  readonly hasSidecar: () => boolean;
}

interface Waiting {
  readonly tick: Tick;
  /** On the proxy's clock. */
  readonly since: number;
  readonly at: number;
  /** The leader's sign of life that was known after the event had come. */
  sign?: string;
}

/** Clocks of nodes, and moments at which their sidecars fire the same tick, differ by less. */
const SAME_TICK_MS = 500;
const MAX_WAITING = 1000;
/** How soon to ask again while events wait, or after a failure. */
const SOON_MS = 1000;
/** In lengths of the lease. */
const GIVE_UP_AFTER = 4;

export class Leader {
  private readonly waiting = new Set<Waiting>();
  private record: LeaseRecord | undefined;
  private sign = '';
  private signAt = 0;
  private validUntil = 0;
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private again = false;
  private ending = false;
  private stopped = false;
  private failing = false;
  private idle = 0;

  public constructor(private readonly settings: LeaderSettings) {}

  public get leads(): boolean {
    const { clock, identity } = this.settings;
    return this.record?.holder === identity && clock.now() < this.validUntil;
  }

  public start(): void {
    void this.round();
  }

  /** Fires, skips or gives up the event, later on. What it returns takes the event back, if it still waits. */
  public decide(tick: Tick): () => boolean {
    const { clock, wallTime } = this.settings;
    const waiting = { tick, since: clock.now(), at: wallTime() };
    if (this.stopped || this.waiting.size >= MAX_WAITING) {
      tick.giveUp();
      return () => false;
    }
    this.waiting.add(waiting);
    void this.round();
    return () => this.waiting.delete(waiting);
  }

  /** Hands the lease over at once; events that come from now on are for another replica. */
  public resign(): void {
    this.ending = true;
    void this.round();
  }

  public stop(): void {
    this.stopped = true;
    this.settings.clock.clearTimeout(this.timer);
    for (const waiting of this.waiting) this.end(waiting, 'giveUp');
  }

  /** One at a time, and once more if something has come up in between. */
  private async round(): Promise<void> {
    if (this.running) {
      this.again = true;
      return;
    }
    const { clock, durationMs, log } = this.settings;
    this.running = true;
    clock.clearTimeout(this.timer);
    try {
      await this.step();
      this.failing = false;
    } catch (error) {
      if (!this.failing) log.warn('lease not available, events of its bindings wait', { why: messageOf(error) });
      this.failing = true;
    }
    this.giveUpOld();
    this.running = false;
    if (this.stopped) return;
    const hurry = this.again && !this.failing;
    this.again = false;
    const soon = this.waiting.size > 0 || this.failing;
    const pause = hurry ? 0 : Math.min(durationMs / 3, soon ? SOON_MS : Infinity);
    this.timer = clock.setTimeout(() => void this.round(), pause);
  }

  private async step(): Promise<void> {
    const { hasSidecar, identity, lease } = this.settings;
    this.idle = hasSidecar() ? 0 : this.idle + 1;
    const fit = !this.ending && this.idle < 2;
    const record = this.leads ? this.record! : await this.observe();
    if (record.holder === identity && !fit) this.take(await lease.write(record, '', record.fired));
    else if (fit && (record.holder === identity || (this.isFree(record) && this.idle === 0))) await this.lead(record);
  }

  private async observe(): Promise<LeaseRecord> {
    const { clock, identity, lease } = this.settings;
    const asked = clock.now();
    const record = await lease.read();
    const sign = `${record.holder} ${record.renewTime}`;
    if (sign !== this.sign) this.signAt = clock.now();
    this.sign = sign;
    this.take(record);
    if (record.holder !== identity && record.holder !== '') this.skipThoseOf(record, asked);
    return record;
  }

  /** What the leader has handed over, and what it was alive after. */
  private skipThoseOf(record: LeaseRecord, asked: number): void {
    for (const waiting of this.waiting) {
      if (waiting.since > asked) continue;
      if (wasFired(waiting, record)) this.end(waiting, 'skip');
      else if (waiting.sign === undefined) waiting.sign = this.sign;
      else if (waiting.sign !== this.sign) this.end(waiting, 'skip');
    }
  }

  /** As long as nobody renews it, by this replica's own clock. */
  private isFree({ holder, durationMs }: LeaseRecord): boolean {
    return holder === '' || this.settings.clock.now() - this.signAt >= durationMs;
  }

  private async lead(record: LeaseRecord): Promise<void> {
    const { clock, durationMs, identity, lease } = this.settings;
    const events = [...this.waiting];
    const mine = record.holder === identity ? events : events.filter((waiting) => !wasFired(waiting, record));
    const fired = { ...record.fired, ...Object.fromEntries(mine.map(({ tick, at }) => [tick.binding, at])) };
    const asked = clock.now();
    const written = await lease.write(record, identity, fired);
    this.validUntil = asked + durationMs;
    this.take(written);
    if (written === undefined) this.again = true;
    else for (const waiting of events) this.end(waiting, mine.includes(waiting) ? 'fire' : 'skip');
  }

  private take(record: LeaseRecord | undefined): void {
    const { identity, log } = this.settings;
    const before = this.record?.holder;
    this.record = record;
    const holder = record?.holder;
    if (holder === undefined || holder === before) return;
    log.info('leader changed', { leader: holder, own: holder === identity });
  }

  private giveUpOld(): void {
    const { clock, durationMs } = this.settings;
    for (const waiting of this.waiting) {
      if (clock.now() - waiting.since > GIVE_UP_AFTER * durationMs) this.end(waiting, 'giveUp');
    }
  }

  private end(waiting: Waiting, how: 'fire' | 'skip' | 'giveUp'): void {
    if (this.waiting.delete(waiting)) waiting.tick[how]();
  }
}

function wasFired({ tick: { binding }, at }: Waiting, { fired }: LeaseRecord): boolean {
  return Object.hasOwn(fired, binding) && at <= fired[binding]! + SAME_TICK_MS;
}
