/** Frames that carry no message: what they ask is done here, or told to the connection. */
import { Calm } from './calm';
import { dependencyAt } from './header-assembly';
import { Outbox } from './outbox';
import { Code, ConnectionError, Flag, Frame, MAX_STREAM_ID } from './protocol';
import { Sender } from './sender';
import { PeerSettings } from './settings';
import { H2Stream } from './stream';
import { StreamTable } from './stream-table';

/** What control frames need of their connection. */
export interface ControlHost {
  readonly streams: Pick<StreamTable, 'get' | 'all'>;
  readonly isServer: boolean;
  /** Whether nobody can have used this number yet. */
  isIdle(streamId: number): boolean;
  peerReset(stream: H2Stream, code: Code): void;
  peerGoesAway(lastStreamId: number, code: Code): void;
  settingsChanged(): void;
  streamError(stream: H2Stream, code: Code): void;
  /** Writes, unless the connection is over. */
  say(write: () => void): void;
}

const PING_BYTES = 8;
const GOAWAY_BYTES = 8;
const PRIORITY_BYTES = 5;
const WORD = 4;
/** Far more than one connection ever needs without a useful frame in between. */
const NUISANCES = 10_000;
const NUISANCES_PER_SECOND = 200;
/**
 * grpc-go measures its bandwidth with a ping at each message, but with one at a time: answered at once they would be
 * half of all reads on both sides.
 */
const PONG_MS = 10;
/** As many answers wait, at most. */
const MAX_OWED_PONGS = 8;
/** Those that owe some. */
const owing: ControlFrames[] = [];

function answerPings(): void {
  for (const control of owing.splice(0)) control.answerPings();
}

export class ControlFrames {
  public readonly peer = new PeerSettings();
  /** The peer's first SETTINGS have come. */
  public greeted = false;
  public readonly nuisance = new Calm('frames of no use', NUISANCES, NUISANCES_PER_SECOND);
  private readonly pongs: (() => void)[] = [];
  /** What pings asked to hear again. */
  private owedPongs: Buffer[] = [];

  public constructor(
    private readonly host: ControlHost, private readonly outbox: Outbox, private readonly sender: Sender,
  ) {}

  public ping(pong: () => void): void {
    this.pongs.push(pong);
    this.outbox.frame(Frame.PING, 0, 0, PING_BYTES);
    this.outbox.uint32(0);
    this.outbox.uint32(0);
  }

  public answerPings(): void {
    const owed = this.owedPongs;
    this.owedPongs = [];
    this.host.say(() => {
      for (const data of owed) {
        const out = this.outbox.frame(Frame.PING, Flag.ACK, 0, PING_BYTES);
        this.outbox.at += data.copy(out, this.outbox.at);
      }
    });
  }

  public reset(streamId: number, code: Code): void {
    this.outbox.frame(Frame.RST_STREAM, 0, streamId, WORD);
    this.outbox.uint32(code);
  }

  public goAway(lastStreamId: number, code: Code): void {
    this.outbox.frame(Frame.GOAWAY, 0, 0, GOAWAY_BYTES);
    this.outbox.uint32(lastStreamId);
    this.outbox.uint32(code);
  }

  public windowUpdate(streamId: number, bytes: number): void {
    this.outbox.frame(Frame.WINDOW_UPDATE, 0, streamId, WORD);
    this.outbox.uint32(bytes);
  }

  public frame(type: Frame, flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    const size = end - start;
    switch (type) {
      case Frame.WINDOW_UPDATE:
        return this.windowGrew(streamId, wordAt(buffer, start, size) & MAX_STREAM_ID);
      case Frame.RST_STREAM:
        return this.peerReset(streamId, wordAt(buffer, start, size));
      case Frame.SETTINGS:
        return this.settings(flags, streamId, buffer, start, end);
      case Frame.PING:
        return this.pinged(flags, streamId, buffer, start, size);
      case Frame.GOAWAY:
        return this.goneAway(streamId, buffer, start, size);
      case Frame.PRIORITY:
        return this.priority(streamId, buffer, start, size);
      case Frame.PUSH_PROMISE:
        throw wrong('nobody asked for a push');
      default:
        this.nuisance.spend();
    }
  }

  private windowGrew(streamId: number, bytes: number): void {
    this.nuisance.spend();
    const stream = streamId === 0 ? undefined : this.host.streams.get(streamId);
    if (streamId !== 0 && stream === undefined) {
      if (this.host.isIdle(streamId)) throw wrong('WINDOW_UPDATE on an idle stream');
      return;
    }
    if (bytes > 0 && this.sender.windowGrew(stream, bytes)) return this.sender.pump();
    const code = bytes === 0 ? Code.PROTOCOL_ERROR : Code.FLOW_CONTROL_ERROR;
    if (stream === undefined) throw new ConnectionError(code, 'a window update is out of range');
    this.host.streamError(stream, code);
  }

  private peerReset(streamId: number, code: Code): void {
    if (this.host.isIdle(streamId)) throw wrong('RST_STREAM on an idle stream');
    const stream = this.host.streams.get(streamId);
    if (stream === undefined) this.nuisance.spend();
    else this.host.peerReset(stream, code);
  }

  private settings(flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    if (streamId !== 0) throw wrong('SETTINGS on a stream');
    this.nuisance.spend();
    if (flags & Flag.ACK) return expectSize(end - start, 0);
    const { initialWindow } = this.peer;
    this.peer.read(buffer, start, end, this.host.isServer);
    this.sender.encoder.resize(this.peer.headerTableBytes);
    if (this.peer.initialWindow !== initialWindow) this.resizeWindows(this.peer.initialWindow - initialWindow);
    this.outbox.frame(Frame.SETTINGS, Flag.ACK, 0, 0);
    this.greeted = true;
    this.host.settingsChanged();
    this.sender.pump();
  }

  /** RFC 9113 section 6.9.2: windows may become negative. */
  private resizeWindows(difference: number): void {
    for (const stream of this.host.streams.all()) {
      if (this.sender.windowGrew(stream, difference)) continue;
      throw new ConnectionError(Code.FLOW_CONTROL_ERROR, 'a window is too large');
    }
  }

  private pinged(flags: number, streamId: number, buffer: Buffer, start: number, size: number): void {
    if (streamId !== 0) throw wrong('PING on a stream');
    expectSize(size, PING_BYTES);
    if (flags & Flag.ACK) {
      const pong = this.pongs.shift();
      return pong === undefined ? this.nuisance.spend() : pong();
    }
    this.nuisance.spend();
    const owed = this.owedPongs.push(Buffer.from(buffer.subarray(start, start + PING_BYTES)));
    if (owed > MAX_OWED_PONGS) this.answerPings();
    else if (owed === 1 && owing.push(this) === 1) setTimeout(answerPings, PONG_MS).unref();
  }

  private goneAway(streamId: number, buffer: Buffer, start: number, size: number): void {
    if (streamId !== 0) throw wrong('GOAWAY on a stream');
    if (size < GOAWAY_BYTES) throw sizeError();
    this.nuisance.spend();
    this.host.peerGoesAway(buffer.readUInt32BE(start) & MAX_STREAM_ID, buffer.readUInt32BE(start + WORD));
  }

  /** Obsolete, but for its errors (RFC 7540 section 5.3.1). */
  private priority(streamId: number, buffer: Buffer, start: number, size: number): void {
    if (streamId === 0) throw wrong('PRIORITY without a stream');
    expectSize(size, PRIORITY_BYTES);
    this.nuisance.spend();
    if (dependencyAt(buffer, start) === streamId) throw wrong('a stream depends on itself');
  }
}

export function wrong(why: string): ConnectionError {
  return new ConnectionError(Code.PROTOCOL_ERROR, why);
}

function wordAt(buffer: Buffer, start: number, size: number): number {
  expectSize(size, WORD);
  return buffer.readUInt32BE(start);
}

function expectSize(size: number, expected: number): void {
  if (size !== expected) throw sizeError();
}

function sizeError(): ConnectionError {
  return new ConnectionError(Code.FRAME_SIZE_ERROR, 'a frame has a wrong size');
}
