/**
 * Finds dead connections without tripping a server's ping limits. A default Go gRPC server answers the fourth ping
 * without data in between by GOAWAY and cancels its handlers: hence at most two between two frames of data, later ones
 * five minutes apart.
 */
import { Clock } from '../observe/clock';

const CHECK_MS = 1000;
export const SILENCE_MS = 30_000;
export const PONG_MS = 10_000;
const FREE_PINGS = 2;
export const LATER_PING_MS = 300_000;

export interface Pinger {
  /** Sends a ping; false if it could not be sent. */
  ping(pong: () => void): boolean;
  callsInFlight(): number;
  suspended(suspended: boolean): void;
  /** No pong within the peer timeout. */
  dead(): void;
}

export class Liveness {
  private timer: NodeJS.Timeout | undefined;
  private lastDataAt = 0;
  private lastPingAt = 0;
  private waitingForPong = false;
  private mute = false;
  private pings = 0;

  public constructor(private readonly clock: Clock, private readonly peerMs: number, private readonly pinger: Pinger) {}

  /** A call was sent. */
  public sent(): void {
    if (this.timer !== undefined) return;
    // Earlier pings still use up the limit: only frames from the pod reset it.
    this.lastDataAt = this.clock.now();
    this.timer = this.clock.setTimeout(() => this.check(), CHECK_MS);
  }

  /** A frame of data or headers came. */
  public heard(): void {
    this.lastDataAt = this.clock.now();
    this.pings = 0;
    if (this.waitingForPong) this.pong();
  }

  public stop(): void {
    this.clock.clearTimeout(this.timer);
    this.timer = undefined;
  }

  private check(): void {
    this.timer = undefined;
    if (this.pinger.callsInFlight() === 0 && !this.waitingForPong) return;
    this.timer = this.clock.setTimeout(() => this.check(), CHECK_MS);
    const now = this.clock.now();
    if (this.waitingForPong) return this.checkPong(now - this.lastPingAt);
    const pause = this.pings < FREE_PINGS ? SILENCE_MS : LATER_PING_MS;
    if (now - Math.max(this.lastDataAt, this.pings > 0 ? this.lastPingAt : 0) < pause) return;
    this.pings++;
    this.lastPingAt = now;
    this.waitingForPong = true;
    if (!this.pinger.ping(() => this.pong())) this.waitingForPong = false;
  }

  private checkPong(sinceMs: number): void {
    if (sinceMs >= this.peerMs) {
      this.stop();
      this.pinger.dead();
    } else if (sinceMs >= PONG_MS && !this.mute) {
      this.mute = true;
      this.pinger.suspended(true);
    }
  }

  private pong(): void {
    this.waitingForPong = false;
    if (!this.mute) return;
    this.mute = false;
    this.pinger.suspended(false);
  }
}
