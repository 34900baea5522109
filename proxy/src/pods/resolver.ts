/** Where the pods are: the host's resolver asked again and again, faster while events wait for a first pod. */
import { Address } from './channel';
import { Clock } from '../observe/clock';
import { Logger, messageOf } from '../observe/log';

export interface LookupAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a name, in the order of the host's resolver. */
export type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

/** What the proxy needs now. */
export type Urgency = 'events wait' | 'busy' | 'idle';

/** Anything that finds the pods. */
export interface Source {
  start(): void;
  /** The urgency has changed: looks again sooner if that is called for. */
  refresh(): void;
  stop(): void;
}

export interface ResolverSettings {
  readonly host: string;
  readonly port: number;
  readonly intervalMs: number;
  readonly lookup: Lookup;
  readonly clock: Clock;
  readonly log: Logger;
  readonly urgency: () => Urgency;
  readonly found: (addresses: readonly Address[]) => void;
}

const URGENT_MS = 200;
const IDLE_MS = 10_000;
/** "No such name"; every other error says nothing about the pods. */
const NO_NAME: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'ENOENT']);

export class Resolver implements Source {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private asking = false;
  private askedAt = -Infinity;
  private dueAt = Infinity;
  private present = '';
  private failing = false;

  public constructor(private readonly settings: ResolverSettings) {}

  public start(): void {
    void this.ask();
  }

  /** Only ever earlier, never later: this is called for each event. */
  public refresh(): void {
    if (!this.asking && !this.stopped && this.nextAt() < this.dueAt) this.schedule();
  }

  public stop(): void {
    this.stopped = true;
    this.settings.clock.clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    const { clock, host, log, lookup } = this.settings;
    this.asking = true;
    this.askedAt = clock.now();
    try {
      this.take(await lookup(host));
      this.failing = false;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (NO_NAME.has(code)) this.take([]);
      else if (!this.failing) log.warn('resolver failed, keeping the known pods', { host, why: messageOf(error) });
      this.failing = !NO_NAME.has(code);
    }
    this.asking = false;
    if (!this.stopped) this.schedule();
  }

  /** Keeps the addresses of one family: the resolver lists the one that works first. */
  private take(found: readonly LookupAddress[]): void {
    if (this.stopped) return;
    const { found: report, host, log, port } = this.settings;
    const hosts = [...new Set(found.filter(({ family }) => family === found[0]!.family).map(({ address }) => address))];
    const now = [...hosts].sort().join(' ');
    if (now === this.present) return;
    this.present = now;
    log.info('pods changed', { host, pods: now });
    report(hosts.map((address) => ({ host: address, port })));
  }

  private schedule(): void {
    const { clock } = this.settings;
    clock.clearTimeout(this.timer);
    this.dueAt = this.nextAt();
    this.timer = clock.setTimeout(() => void this.ask(), Math.max(0, this.dueAt - clock.now()));
  }

  private nextAt(): number {
    const { intervalMs, urgency } = this.settings;
    const intervals: Record<Urgency, number> = {
      'events wait': Math.min(URGENT_MS, intervalMs),
      'busy': intervalMs,
      'idle': Math.max(IDLE_MS, intervalMs),
    };
    return this.askedAt + intervals[urgency()];
  }
}
