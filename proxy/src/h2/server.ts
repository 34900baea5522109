/** A listening server for HTTP/2 with prior knowledge. */
import { createServer, Server } from 'node:net';
import { Keeper, KEEPER_TIMES, KeeperTimes, Timers } from './keeper';
import { ServerConnection, ServerOptions } from './server-connection';

export interface H2ServerOptions extends Pick<ServerOptions, 'maxConcurrentStreams' | 'accept' | 'refuseLarge'> {
  readonly timers: Timers;
  readonly times?: KeeperTimes;
  /** A connection ended; for the log. */
  readonly disconnected?: (why: string) => void;
}

export class H2Server {
  public readonly server: Server;
  public readonly connections = new Set<ServerConnection>();
  private readonly keeper: Keeper;

  public constructor(options: H2ServerOptions) {
    this.keeper = new Keeper(options.timers, options.times ?? KEEPER_TIMES);
    const connectionOptions: ServerOptions = {
      ...options,
      closed: (connection, why) => {
        this.keeper.forget(connection);
        this.connections.delete(connection);
        options.disconnected?.(why);
      },
    };
    this.server = createServer({ noDelay: true }, (socket) => {
      const connection = new ServerConnection(socket, connectionOptions);
      this.connections.add(connection);
      this.keeper.watch(connection);
    });
  }

  /** Each connection takes what is on its way, answers it and closes. */
  public goAway(): void {
    for (const connection of [...this.connections]) connection.goAway();
  }

  public destroy(): void {
    for (const connection of [...this.connections]) connection.destroy();
  }
}
