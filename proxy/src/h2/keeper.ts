/**
 * Ends connections of callers that are dead or stuck: no settings, no answer to a ping, or nothing read of what waits
 * for them. One timer for all connections; callers may be pinged as often as one likes.
 */
import { ServerConnection } from './server-connection';

export interface KeeperTimes {
  /** For the peer's first settings. */
  readonly handshakeMs: number;
  readonly pingMs: number;
  readonly pongMs: number;
  /** In which a caller that is sent something must have read some of it. */
  readonly stalledMs?: number;
}

export const KEEPER_TIMES: KeeperTimes = { handshakeMs: 10_000, pingMs: 30_000, pongMs: 10_000, stalledMs: 60_000 };

/** The part of the proxy's clock that is needed here. */
export interface Timers {
  setTimeout(callback: () => void, ms: number): NodeJS.Timeout;
  clearTimeout(timer: NodeJS.Timeout | undefined): void;
}

interface Watch {
  timer: NodeJS.Timeout | undefined;
  waits: 'greeting' | 'idle' | 'pong';
  /** Rounds in which something waited and nothing was read. */
  stalledRounds: number;
  progress: number;
}

export class Keeper {
  private readonly watches = new Map<ServerConnection, Watch>();

  public constructor(private readonly timers: Timers, private readonly times: KeeperTimes) {}

  public watch(connection: ServerConnection): void {
    const watch: Watch = { timer: undefined, waits: 'greeting', stalledRounds: 0, progress: 0 };
    this.watches.set(connection, watch);
    watch.timer = this.timers.setTimeout(() => this.check(connection, watch), this.times.handshakeMs);
  }

  public forget(connection: ServerConnection): void {
    this.timers.clearTimeout(this.watches.get(connection)?.timer);
    this.watches.delete(connection);
  }

  private check(connection: ServerConnection, watch: Watch): void {
    const { pingMs, pongMs } = this.times;
    const silent = watch.waits === 'pong' || (watch.waits === 'greeting' && !connection.greeted);
    if (silent || this.isStalled(connection, watch)) {
      connection.destroy();
    } else if (watch.waits === 'greeting') {
      watch.waits = 'idle';
      this.again(connection, watch, pingMs);
    } else {
      watch.waits = 'pong';
      this.again(connection, watch, pongMs);
      connection.ping(() => {
        this.timers.clearTimeout(watch.timer);
        watch.waits = 'idle';
        this.again(connection, watch, pingMs);
      });
    }
  }

  private again(connection: ServerConnection, watch: Watch, ms: number): void {
    // A ping may be answered by a connection that is over.
    if (this.watches.has(connection)) watch.timer = this.timers.setTimeout(() => this.check(connection, watch), ms);
  }

  private isStalled(connection: ServerConnection, watch: Watch): boolean {
    const { pingMs, stalledMs = Infinity } = this.times;
    const { progress } = connection;
    watch.stalledRounds = connection.queuedBytes > 0 && progress === watch.progress ? watch.stalledRounds + 1 : 0;
    watch.progress = progress;
    return watch.stalledRounds * pingMs >= stalledMs;
  }
}
