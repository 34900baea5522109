/** What a cluster tells of a function's ready pods: DNS of the headless Service, the ClusterIP Service, the EndpointSlice. */
import { newAddress } from './addresses';
import { AnyService } from './any-service';
import type { Cluster } from './cluster';

export interface DiscoveryNames {
  readonly namespace: string;
  /** Name of the headless Service, in full. */
  readonly host: string;
  /** Name of the ClusterIP Service, in full. */
  readonly anyHost: string;
  readonly port: number;
}

export class DiscoveryView {
  private readonly any: AnyService;
  private lateDns = 0;
  private timer?: NodeJS.Timeout;

  public constructor(private readonly cluster: Cluster, private readonly names: DiscoveryNames) {
    const address = newAddress();
    this.any = new AnyService(address, names.port);
    cluster.names.set([address], names.anyHost);
  }

  /** Cluster DNS caches, also that a name has no address: from now on the headless name changes so much later. */
  public delayDns(milliseconds: number): void {
    this.lateDns = milliseconds;
  }

  public async setReady(addresses: readonly string[]): Promise<void> {
    clearTimeout(this.timer);
    if (this.lateDns === 0) this.cluster.names.set(addresses, this.names.host);
    else this.timer = setTimeout(() => this.cluster.names.set(addresses, this.names.host), this.lateDns);
    await Promise.all([this.any.setPods(addresses), this.writeSlice(addresses)]);
  }

  public close(): void {
    clearTimeout(this.timer);
    this.any.close();
  }

  private async writeSlice(addresses: readonly string[]): Promise<void> {
    const service = this.names.host.split('.')[0]!;
    await this.cluster.apply({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${service}-1`, namespace: this.names.namespace, labels: { 'kubernetes.io/service-name': service } },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: this.names.port, protocol: 'TCP' }],
      endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true, serving: true, terminating: false } })),
    });
  }
}
