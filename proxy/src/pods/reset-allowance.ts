/**
 * How many calls may be reset on one connection. A server that gets many resets takes them for an attack and ends the
 * connection with all calls on it: node:http2 after 1000 at once, Netty after 200 within 30 s.
 */
import { Clock } from '../observe/clock';

export const RESETS_AT_ONCE = 100;
const RESETS_PER_SECOND = 3;

export class ResetAllowance {
  private left = RESETS_AT_ONCE;
  private at: number;

  public constructor(private readonly clock: Clock) {
    this.at = clock.now();
  }

  public take(): boolean {
    const now = this.clock.now();
    this.left = Math.min(RESETS_AT_ONCE, this.left + (now - this.at) / 1000 * RESETS_PER_SECOND);
    this.at = now;
    if (this.left < 1) return false;
    this.left--;
    return true;
  }
}
