/**
 * Ends HTTP/2 connections that are dead or stuck: node:http2 destroys a session whose peer broke the protocol, and keeps
 * the socket for ever when that peer does not close it; and it does not notice one that vanished without a word. Clients
 * may be pinged as often as one likes.
 */
import { Http2Server, ServerHttp2Session } from 'node:http2';
import { Socket } from 'node:net';
import { Clock } from '../observe/clock';

/** For the peer's first settings. */
export const HANDSHAKE_MS = 10_000;
export const PING_MS = 30_000;
export const PONG_MS = 10_000;

export class SessionKeeper {
  private readonly sockets = new Map<ServerHttp2Session, Socket>();
  private timer: NodeJS.Timeout | undefined;

  public constructor(private readonly clock: Clock) {}

  public get sessions(): readonly ServerHttp2Session[] {
    return [...this.sockets.keys()];
  }

  public watch(server: Http2Server): void {
    // A session gives its socket only behind a proxy that forbids to destroy it; `session` follows `connection` at once.
    let latest: Socket | undefined;
    server.prependListener('connection', (socket: Socket) => latest = socket);
    server.on('session', (session) => latest && this.welcome(session, latest));
  }

  public stop(): void {
    this.clock.clearTimeout(this.timer);
    this.timer = undefined;
  }

  private welcome(session: ServerHttp2Session, socket: Socket): void {
    const { clock } = this;
    this.sockets.set(session, socket);
    const late = clock.setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    session.once('remoteSettings', () => clock.clearTimeout(late));
    socket.once('close', () => {
      clock.clearTimeout(late);
      this.sockets.delete(session);
    });
    this.timer ??= clock.setTimeout(() => this.pingAll(), PING_MS);
  }

  private pingAll(): void {
    const { clock } = this;
    this.timer = this.sockets.size === 0 ? undefined : clock.setTimeout(() => this.pingAll(), PING_MS);
    for (const [session, socket] of this.sockets) {
      const dead = clock.setTimeout(() => socket.destroy(), PONG_MS);
      const stop = () => clock.clearTimeout(dead);
      socket.once('close', stop);
      if (session.destroyed) continue;
      session.ping((error) => {
        if (error !== null) return;
        stop();
        socket.off('close', stop);
      });
    }
  }
}
