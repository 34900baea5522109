/** What the peer may still send us on all streams together (RFC 9113 section 6.9). */
import { Code, ConnectionError, DEFAULT_WINDOW } from './protocol';

const WINDOW_BYTES = 16 * 1024 ** 2;

export class ReceiveWindow {
  private left = WINDOW_BYTES;
  /** Consumed, and the peer has not been told. */
  private owed = 0;

  public constructor(private readonly update: (bytes: number) => void) {
    update(WINDOW_BYTES - DEFAULT_WINDOW);
  }

  public take(bytes: number): void {
    this.left -= bytes;
    if (this.left < 0) throw new ConnectionError(Code.FLOW_CONTROL_ERROR, 'more DATA than there is room for');
  }

  /** Tells the peer once half of the window is free again: an update for each frame would double the frames. */
  public giveBack(bytes: number): void {
    this.owed += bytes;
    if (this.owed < WINDOW_BYTES / 2) return;
    this.update(this.owed);
    this.left += this.owed;
    this.owed = 0;
  }
}
