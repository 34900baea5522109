/** The open connections of a server. */
import { Server, Socket } from 'node:net';
import { Clock } from '../observe/clock';

/** Keeps at most `max` connections: each new one then ends the oldest. */
export function boundConnections(server: Server, max: number): void {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    const [oldest] = open;
    if (open.size >= max) {
      oldest!.destroy();
      open.delete(oldest!);
    }
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
}

/**
 * After SIGTERM the proxy works on until those of the sidecar are gone: closing them earlier, or answering UNAVAILABLE,
 * would send events to the dead-letter topic.
 */
export class Connections {
  private readonly sockets = new Set<Socket>();
  private whenGone: (() => void) | undefined;

  public constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => {
        this.sockets.delete(socket);
        if (this.sockets.size === 0) this.whenGone?.();
      });
    });
  }

  public get any(): boolean {
    return this.sockets.size > 0;
  }

  /** Resolves when no connection is open, or after `timeoutMs`; 0 = without end. */
  public gone(clock: Clock, timeoutMs: number): Promise<'gone' | 'timeout'> {
    return new Promise((resolve) => {
      if (this.sockets.size === 0) return resolve('gone');
      const timer = timeoutMs === 0 ? undefined : clock.setTimeout(() => resolve('timeout'), timeoutMs);
      this.whenGone = () => {
        clock.clearTimeout(timer);
        resolve('gone');
      };
    });
  }

  public destroy(): void {
    this.sockets.forEach((socket) => socket.destroy());
  }
}
