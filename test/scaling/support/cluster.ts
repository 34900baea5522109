/** A Kubernetes API server with KEDA beside it, and the names that both KEDA and the proxies resolve. */
import { newAddress } from './addresses';
import { Keda } from './keda';
import { PrivateHosts } from '../../integration/support/private-hosts';
import { CRD_SOURCES, KubeObject, RunningApiServer, startApiServer } from '../../testbed';

const NEEDED = ['github.com/dapr/dapr', 'github.com/kedacore/keda/v2'];
const DNS_NAME = 'kubernetes.default.svc.cluster.local';

export class Cluster {
  /** With RBAC, so that a service account may do what its Role says and nothing else. */
  public static async start(): Promise<Cluster> {
    const api = await startApiServer({
      rbac: true,
      crds: CRD_SOURCES.filter(({ module }) => NEEDED.includes(module)),
      // It would look for a default route, which a namespace of its own does not have.
      args: [`--advertise-address=${newAddress()}`],
    });
    const cluster = new Cluster(api);
    await cluster.apply(namespace('keda'));
    return cluster;
  }

  public static async startWithKeda(): Promise<Cluster> {
    const cluster = await Cluster.start();
    cluster.running = await Keda.start(cluster.api, cluster.names);
    return cluster;
  }

  public readonly names = new PrivateHosts(DNS_NAME);
  private running?: Keda;

  private constructor(public readonly api: RunningApiServer) {}

  public get keda(): Keda {
    if (this.running === undefined) throw new Error('this cluster has no KEDA');
    return this.running;
  }

  public async apply(...objects: readonly KubeObject[]): Promise<void> {
    for (const object of objects) {
      const { status, body } = await this.api.client.apply(object, 'scaling');
      if (status >= 300) throw new Error(`${object.kind} ${object.metadata.name}: ${body.message}`);
    }
  }

  public async stop(): Promise<void> {
    await this.running?.kill();
    await this.api.stop();
  }
}

export const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
