/** SETTINGS frames (RFC 9113 section 6.5): ours, and what the peer's mean. */
import { Outbox } from './outbox';
import { Code, ConnectionError, DEFAULT_WINDOW, Frame, FRAME_BYTES, MAX_WINDOW, Setting } from './protocol';

/** What we take of one stream before somebody has consumed it. */
export const STREAM_WINDOW_BYTES = 256 * 1024;
/** Announced, and accepted: one more byte refuses the call. */
export const MAX_HEADER_LIST_BYTES = 128 * 1024;

const ENTRY_BYTES = 6;
const MAX_FRAME_BYTES = 2 ** 24 - 1;

/** What the peer has asked of us so far. */
export class PeerSettings {
  public headerTableBytes = 4096;
  public maxConcurrentStreams = Infinity;
  public initialWindow = DEFAULT_WINDOW;
  public maxHeaderListBytes = Infinity;

  /** `toServer`: a client sent them. */
  public read(buffer: Buffer, start: number, end: number, toServer: boolean): void {
    if ((end - start) % ENTRY_BYTES !== 0) throw new ConnectionError(Code.FRAME_SIZE_ERROR, 'SETTINGS of a wrong size');
    for (let at = start; at < end; at += ENTRY_BYTES) {
      this.set(buffer.readUInt16BE(at), buffer.readUInt32BE(at + 2), toServer);
    }
  }

  private set(setting: Setting, value: number, toServer: boolean): void {
    switch (setting) {
      case Setting.HEADER_TABLE_SIZE:
        this.headerTableBytes = value;
        break;
      case Setting.ENABLE_PUSH:
        if (value > (toServer ? 1 : 0)) throw outOfRange('ENABLE_PUSH');
        break;
      case Setting.MAX_CONCURRENT_STREAMS:
        this.maxConcurrentStreams = value;
        break;
      case Setting.INITIAL_WINDOW_SIZE:
        if (value > MAX_WINDOW) throw outOfRange('INITIAL_WINDOW_SIZE', Code.FLOW_CONTROL_ERROR);
        this.initialWindow = value;
        break;
      case Setting.MAX_FRAME_SIZE:
        // Frames of the smallest size are all that we send.
        if (value < FRAME_BYTES || value > MAX_FRAME_BYTES) throw outOfRange('MAX_FRAME_SIZE');
        break;
      case Setting.MAX_HEADER_LIST_SIZE:
        this.maxHeaderListBytes = value;
        break;
    }
  }
}

export function writeSettings(outbox: Outbox, settings: ReadonlyMap<Setting, number>): void {
  const out = outbox.frame(Frame.SETTINGS, 0, 0, settings.size * ENTRY_BYTES);
  for (const [setting, value] of settings) {
    outbox.at = out.writeUInt16BE(setting, outbox.at);
    outbox.uint32(value);
  }
}

function outOfRange(name: string, code = Code.PROTOCOL_ERROR): ConnectionError {
  return new ConnectionError(code, `${name} is out of range`);
}
