/**
 * Of several replicas one hands over the events that all of them get. Ticks of a schedule wait until it is certain who
 * that is: the leader renews the lease first, so that nobody else can have taken it, and the others wait for a sign of
 * life of the leader that is younger than the event. If none comes they take the lease, and with it the events that
 * wait. Events of a stream are too many for that: the leader hands them over as long as its lease lasts, and the others
 * acknowledge theirs at once but keep a copy until such a sign of life.
 */
import { Lease, LeaseRecord } from './lease';
import { Clock } from '../observe/clock';
import { Logger, messageOf } from '../observe/log';

export interface Tick {
  /** Names it in the lease: the binding of a schedule, or the event itself. */
  readonly key: string;
  /** This replica hands it over. */
  fire(): void;
  /** Another one does. */
  skip(): void;
  /** Nobody could be found who does, or too many wait. */
  giveUp(): void;
  /** Of an event of a stream: tells the sidecar that it is done with, while its copy stays. */
  keep?(): void;
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
  /** The sidecar has its answer. */
  readonly kept: boolean;
  /** The leader's sign of life that was known after the event had come. */
  sign?: string;
}

/** Clocks of nodes, and moments at which their sidecars fire the same tick, differ by less. */
const SAME_TICK_MS = 500;
/** The same for an event of a stream, which is also known by its content. */
const SAME_EVENT_MS = 2000;
const MAX_WAITING = 1000;
/** Of a stream beyond these the sidecar waits for its answer, and so sends no more. */
const MAX_KEPT = 500;
/** Events of streams that the lease names, each with some 30 bytes. */
const MAX_TOLD = 200;
/** Begins their keys, and is in no name of a component. */
export const EVENT = '#';
/** How soon to ask again while events wait or flow, or after a failure. */
const SOON_MS = 1000;
/** In lengths of the lease. */
const GIVE_UP_AFTER = 4;

export class Leader {
  private readonly waiting = new Set<Waiting>();
  /** Events of streams that this replica handed over, the latest last, with when they came. */
  private readonly told = new Map<string, number>();
  private record: LeaseRecord | undefined;
  private sign = '';
  private signAt = 0;
  private validUntil = 0;
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private underway = Promise.resolve();
  private again = false;
  private ending = false;
  private stopped = false;
  private failing = false;
  private idle = 0;
  private roundAt = -Infinity;

  public constructor(private readonly settings: LeaderSettings) {}

  public get leads(): boolean {
    const { clock, identity } = this.settings;
    return this.record?.holder === identity && clock.now() < this.validUntil;
  }

  public start(): void {
    void this.round();
  }

  /** Fires, skips or gives up the event, at once or later. What it returns takes one back that still waits. */
  public decide(tick: Tick): (() => boolean) | undefined {
    const { clock, wallTime } = this.settings;
    const stream = tick.keep !== undefined;
    if (stream && this.leads && !this.ending) {
      this.tell(tick.key, wallTime());
      tick.fire();
      this.roundSoon();
      return undefined;
    }
    if (this.stopped || this.waiting.size >= MAX_WAITING) {
      tick.giveUp();
      return undefined;
    }
    const kept = stream && this.waiting.size < MAX_KEPT;
    const waiting = { tick, since: clock.now(), at: wallTime(), kept };
    this.waiting.add(waiting);
    if (kept) tick.keep!();
    if (stream) this.roundSoon();
    else void this.round();
    return kept ? undefined : () => this.waiting.delete(waiting);
  }

  /**
   * Hands the lease over at once; events that come from now on are for another replica. Resolves when that is done, or
   * cannot be: a process that ends before would leave its latest events to be fired again.
   */
  public async resign(): Promise<void> {
    this.ending = true;
    await this.underway;
    await this.round();
  }

  public stop(): void {
    this.stopped = true;
    this.settings.clock.clearTimeout(this.timer);
    for (const waiting of this.waiting) this.end(waiting, waiting.kept ? 'skip' : 'giveUp');
  }

  private tell(key: string, at: number): void {
    this.told.delete(key);
    this.told.set(key, at);
    const [oldest] = this.told.keys();
    if (this.told.size > MAX_TOLD) this.told.delete(oldest!);
  }

  /** A sign of life each second while events flow: what is younger than the last one comes twice after a death. */
  private roundSoon(): void {
    if (!this.running && this.settings.clock.now() - this.roundAt >= SOON_MS) void this.round();
  }

  /** One at a time, and once more if something has come up in between. */
  private round(): Promise<void> {
    if (this.running) this.again = true;
    else this.underway = this.go();
    return this.underway;
  }

  private async go(): Promise<void> {
    const { clock, durationMs, log } = this.settings;
    this.running = true;
    this.roundAt = clock.now();
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
    const soon = this.waiting.size > 0 || this.failing || (this.idle > 0 && this.leads);
    const pause = hurry ? 0 : Math.min(durationMs / 3, soon ? SOON_MS : Infinity);
    this.timer = clock.setTimeout(() => void this.round(), pause);
  }

  private async step(): Promise<void> {
    const { hasSidecar, identity, lease } = this.settings;
    this.idle = hasSidecar() ? 0 : this.idle + 1;
    const fit = !this.ending && this.idle < 2;
    const record = this.leads ? this.record! : await this.observe();
    if (record.holder === identity && !fit) this.take(await lease.write(record, '', this.firedBy(record, [])));
    // Without a sidecar there is no sign of life, either: its events are not here, and the others keep theirs.
    else if (fit && this.idle === 0 && (record.holder === identity || this.isFree(record))) await this.lead(record);
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
    const asked = clock.now();
    const written = await lease.write(record, identity, this.firedBy(record, mine));
    this.validUntil = asked + durationMs;
    this.take(written);
    if (written === undefined) this.again = true;
    else for (const waiting of events) this.end(waiting, mine.includes(waiting) ? 'fire' : 'skip');
  }

  /** What the lease says from now on: the last tick of each schedule, and the latest events of streams. */
  private firedBy({ fired }: LeaseRecord, mine: readonly Waiting[]): LeaseRecord['fired'] {
    const latest = new Map([
      ...Object.entries(fired), ...this.told, ...mine.map(({ tick, at }) => [tick.key, at] as const),
    ]);
    const events = [...latest].filter(([key]) => key.startsWith(EVENT)).sort(([, one], [, other]) => one - other);
    for (const [key] of events.slice(0, -MAX_TOLD)) latest.delete(key);
    return Object.fromEntries(latest);
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
      if (!waiting.kept && clock.now() - waiting.since > GIVE_UP_AFTER * durationMs) this.end(waiting, 'giveUp');
    }
  }

  private end(waiting: Waiting, how: 'fire' | 'skip' | 'giveUp'): void {
    if (this.waiting.delete(waiting)) waiting.tick[how]();
  }
}

function wasFired({ tick: { key }, at }: Waiting, { fired }: LeaseRecord): boolean {
  return Object.hasOwn(fired, key) && at <= fired[key]! + (key.startsWith(EVENT) ? SAME_EVENT_MS : SAME_TICK_MS);
}
