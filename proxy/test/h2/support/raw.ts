/** A peer that speaks frames and keeps no rules: what it sends is what the test wrote. */
import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import { frame, framesIn, RawFrame, settings } from './frames';
import { Code, Flag, Frame, PREFACE } from '../../../src/h2/protocol';
import { onCleanup, until } from '../../support/harness';

export class RawPeer {
  /** A client that has greeted. */
  public static async client(port: number, first: Buffer = settings()): Promise<RawPeer> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    const peer = new RawPeer(socket, 0);
    peer.write(PREFACE, first);
    return peer;
  }

  public readonly frames: RawFrame[] = [];
  public closed = false;
  private rest: Buffer = Buffer.alloc(0);

  public constructor(public readonly socket: Socket, private prefaceLeft: number) {
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => { this.closed = true; });
    onCleanup(() => socket.destroy());
  }

  public write(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  public async got(type: Frame, id?: number, least = 1): Promise<RawFrame> {
    const found = () => this.frames.filter((one) => one.type === type && (id === undefined || one.id === id));
    await until(() => found().length >= least || this.closed);
    if (found().length < least) throw new Error(`closed without ${Frame[type]}`);
    return found()[least - 1]!;
  }

  /** Everything sent before has been looked at. */
  public async seen(): Promise<void> {
    const pongs = this.frames.filter(({ type, flags }) => type === Frame.PING && flags === Flag.ACK).length;
    this.write(frame(Frame.PING, 0, 0, Buffer.alloc(8)));
    await until(() => this.closed || this.frames.filter(({ type, flags }) => type === Frame.PING && flags === Flag.ACK).length > pongs);
  }

  /** The name of the code with which the connection was ended. */
  public async goodbye(): Promise<string> {
    await until(() => this.closed || this.frames.some(({ type }) => type === Frame.GOAWAY));
    const last = this.frames.filter(({ type }) => type === Frame.GOAWAY).at(-1);
    return last === undefined ? 'closed without GOAWAY' : Code[last.payload.readUInt32BE(4)]!;
  }

  /** What became of a stream: its reset code, or the frames of its answer. */
  public outcome(id: number): string {
    return this.frames.filter((one) => one.id === id).map(({ type, flags, payload }) => {
      if (type === Frame.RST_STREAM) return Code[payload.readUInt32BE(0)]!;
      return `${Frame[type]}${(flags & Flag.END_STREAM) && type < Frame.PRIORITY ? '+END' : ''}`;
    }).join(' ');
  }

  private read(chunk: Buffer): void {
    let bytes = Buffer.concat([this.rest, chunk]);
    if (this.prefaceLeft > 0) {
      if (bytes.length < this.prefaceLeft) {
        this.rest = bytes;
        return;
      }
      bytes = bytes.subarray(this.prefaceLeft);
      this.prefaceLeft = 0;
    }
    const { frames, rest } = framesIn(bytes);
    this.rest = Buffer.from(rest);
    this.frames.push(...frames);
  }
}

/** A server that leaves every word to the test. */
export async function rawServer(): Promise<{ port: number; peers: readonly RawPeer[]; next(): Promise<RawPeer> }> {
  const peers: RawPeer[] = [];
  let taken = 0;
  const server = createServer({ noDelay: true }, (socket) => peers.push(new RawPeer(socket, PREFACE.length)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => server.close());
  return {
    port: (server.address() as { port: number }).port,
    peers,
    next: async () => {
      await until(() => peers.length > taken);
      return peers[taken++]!;
    },
  };
}
