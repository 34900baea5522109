/** One address of the function: its channel, its load and its record of failures. */
import { ejectionMs, retryDelayMs } from './balancer';
import { Address, Channel, ChannelObserver, Connect } from './channel';
import { Clock } from '../observe/clock';
import { Logger, messageOf } from '../observe/log';
import { NotAFunctionError } from '../wire/failures';

export interface PodSettings {
  readonly connect: Connect;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly maxInFlight: number;
  /** Something changed that may let a waiting event proceed. */
  readonly changed: () => void;
}

/** A connection that closes after this time was idle. */
const SETTLED_MS = 1000;

export class Pod implements ChannelObserver {
  public inFlight = 0;
  public ejectedUntil = 0;
  /** Not to be dialled before this. */
  public retryAt = 0;
  /** No longer among the function's addresses: takes no new events. */
  public leaving = false;
  public channel: Channel | undefined;
  public dialling = false;
  /** Kept free for one event, which must not share a pod. */
  public reservedFor: object | undefined;
  private silent = false;
  private worked = false;
  private answeredOnChannel = false;
  private connectedAt = 0;
  private failures = 0;
  private speaksProtocol = true;

  public constructor(public readonly address: Address, private readonly settings: PodSettings) {}

  public get name(): string {
    return `${this.address.host}:${this.address.port}`;
  }

  public get ready(): boolean {
    return this.channel !== undefined && !this.leaving && !this.silent;
  }

  public get capacity(): number {
    if (this.reservedFor !== undefined) return 0;
    const limit = this.channel?.limit ?? 0;
    return this.address.shared === 'gateway' ? limit : Math.min(limit, this.settings.maxInFlight);
  }

  public dial(): void {
    if (this.dialling || this.channel !== undefined) return;
    this.dialling = true;
    this.settings.connect(this.address, this).then((channel) => this.dialled(channel), (error: unknown) => {
      this.dialling = false;
      if (error instanceof NotAFunctionError) this.brokeProtocol(error.message);
      else this.failed(messageOf(error));
      this.settings.changed();
    });
  }

  public down(clean: boolean, why: string): void {
    if (this.channel === undefined) return;
    this.channel = undefined;
    this.silent = false;
    // Idle connections may close, but a pod that closes each new one at once must not be dialled in a tight loop.
    const atOnce = !this.answeredOnChannel && this.settings.clock.now() - this.connectedAt < SETTLED_MS;
    if (!clean || atOnce) this.failed(why);
    this.settings.changed();
  }

  public retired(): void {
    this.channel = undefined;
    this.silent = false;
    this.settings.changed();
  }

  public suspended(suspended: boolean): void {
    this.silent = suspended;
    this.settings.log.warn(suspended ? 'pod stopped answering pings' : 'pod answers pings again', { pod: this.name });
    this.settings.changed();
  }

  public resized(): void {
    this.settings.changed();
  }

  /** It answered an event as a function does. */
  public succeeded(): void {
    this.answeredOnChannel = true;
    if (this.failures === 0 && this.worked) return;
    if (!this.worked || !this.speaksProtocol) this.settings.log.info('pod answers', { pod: this.name });
    this.worked = true;
    this.speaksProtocol = true;
    this.failures = 0;
    this.ejectedUntil = 0;
    this.retryAt = 0;
  }

  public failed(why: string): void {
    const { clock, log, random } = this.settings;
    // All calls of a lost connection end together: that is one failure of the pod, not a hundred.
    if (clock.now() < this.retryAt) return;
    this.failures++;
    this.retryAt = clock.now() + retryDelayMs(this.failures, random);
    if (this.worked) this.ejectedUntil = clock.now() + ejectionMs(this.failures);
    // One line per series of failures: a dead pod is dialled many times while events wait.
    if (this.failures === 1) log.warn(this.worked ? 'pod ejected' : 'pod not reachable', { pod: this.name, why });
  }

  /** The answer did not come from a function; logged once until it speaks the protocol. */
  public brokeProtocol(why: string): void {
    if (this.speaksProtocol) this.settings.log.error('pod does not speak the protocol', { pod: this.name, why });
    this.speaksProtocol = false;
    this.failed(why);
    this.ejectedUntil = this.settings.clock.now() + ejectionMs(this.failures);
  }

  public leave(): void {
    this.leaving = true;
    if (this.inFlight === 0) this.disconnect();
  }

  public disconnect(): void {
    const channel = this.channel;
    this.channel = undefined;
    channel?.close();
  }

  private dialled(channel: Channel): void {
    this.dialling = false;
    if (this.leaving) return channel.close();
    this.channel = channel;
    this.answeredOnChannel = false;
    this.connectedAt = this.settings.clock.now();
    if (!this.worked) this.failures = 0;
    this.settings.changed();
  }
}
