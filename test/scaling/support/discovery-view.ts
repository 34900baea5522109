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

  public constructor(private readonly cluster: Cluster, private readonly names: DiscoveryNames) {
    const address = newAddress();
    this.any = new AnyService(address, names.port);
    cluster.names.set([address], names.anyHost);
  }

  /** All three ways at once. */
  public async setReady(addresses: readonly string[]): Promise<void> {
    this.writeDns(addresses);
    await Promise.all([this.openAnyService(addresses), this.writeSlice(addresses)]);
  }

  public writeDns(addresses: readonly string[]): void {
    this.cluster.names.set(addresses, this.names.host);
  }

  public openAnyService(addresses: readonly string[]): Promise<void> {
    return this.any.setPods(addresses);
  }

  public async writeSlice(addresses: readonly string[]): Promise<void> {
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

  public close(): void {
    this.any.close();
  }
}
