/** What kube-proxy makes of a ClusterIP Service: connections go to one of the ready pods, and are refused while there is none. */
import { connect, createServer, Server, Socket } from 'node:net';

export class AnyService {
  private server?: Server;
  private readonly sockets = new Set<Socket>();
  private pods: readonly string[] = [];
  private next = 0;

  public constructor(private readonly address: string, private readonly port: number) {}

  public async setPods(addresses: readonly string[]): Promise<void> {
    this.pods = addresses;
    if (addresses.length > 0 && this.server === undefined) await this.open();
    if (addresses.length === 0) this.refuse();
  }

  public close(): void {
    this.refuse();
    for (const socket of this.sockets) socket.destroy();
  }

  private async open(): Promise<void> {
    const server = createServer((client) => this.forward(client));
    this.server = server;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.port, this.address, resolve));
  }

  /** Connections that are open stay, as with kube-proxy. */
  private refuse(): void {
    this.server?.close();
    this.server = undefined;
  }

  private forward(client: Socket): void {
    const pod = connect(this.port, this.pods[this.next++ % this.pods.length]!);
    for (const [from, to] of [[client, pod], [pod, client]] as const) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => { this.sockets.delete(from); to.destroy(); });
      from.pipe(to);
    }
  }
}
