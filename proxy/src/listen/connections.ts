/**
 * The open connections of a server. After SIGTERM the proxy works on until those of the sidecar are gone: closing them
 * earlier, or answering UNAVAILABLE, would send events to the dead-letter topic.
 */
import { Server, Socket } from 'node:net';
import { Clock } from '../observe/clock';

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
