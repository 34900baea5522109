/** A pod of the proxy: its container with the library's own variables, and a real daprd with the library's own components. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from './cluster';
import { ProxyDeployment, proxyDeployment, variablesOf } from './scaled-function';
import { proxyBundle } from '../../integration/support/artifacts';
import { Sidecar } from '../../integration/support/sidecar';
import { imageNode, KubeObject, RunningProcess, startProcess } from '../../testbed';

export interface Pending {
  readonly pending: number;
  readonly waiting: number;
  readonly inFlight: number;
}

export class ProxyPod {
  public static async start(cluster: Cluster, objects: readonly KubeObject[], address: string, index = 0): Promise<ProxyPod> {
    const deployment = proxyDeployment(objects);
    const pod = new ProxyPod(cluster, deployment, address, `${deployment.metadata.name}-${index}`);
    await pod.startProxy();
    await pod.startSidecar(objects);
    return pod;
  }

  public readonly variables: Readonly<Record<string, string>>;
  public sidecar!: Sidecar;
  private process!: RunningProcess;
  private readonly folder = mkdtempSync(join(tmpdir(), 'proxy-pod-'));

  private constructor(
    private readonly cluster: Cluster,
    private readonly deployment: ProxyDeployment,
    public readonly address: string,
    name: string,
  ) {
    this.variables = { ...variablesOf(deployment), POD_NAME: name };
  }

  /** Starts the proxy's container, the first time or again. */
  public async startProxy(): Promise<void> {
    this.process = await startProcess({
      name: 'proxy',
      ...this.cluster.names.wrap(await imageNode(), [proxyBundle]),
      env: {
        ...this.variables,
        // A pod has its loopback to itself; here pods share one.
        DAPR_PROXY_LISTEN_HOST: this.address,
        DAPR_PROXY_ADMIN_HOST: this.address,
        ...await this.serviceAccount(),
      },
    });
    await this.process.waitFor(async () => (await fetch(`${this.adminUrl}/readyz`)).ok, { what: 'the proxy ready', intervalMs: 10 });
  }

  /** As when its container is killed: the sidecar beside it stays. */
  public async killProxy(): Promise<void> {
    this.process.signal('SIGKILL');
    await this.process.ended;
  }

  public async pending(): Promise<Pending> {
    return await (await fetch(`${this.adminUrl}/pending`)).json() as Pending;
  }

  /** A metric without labels. */
  public async gauge(name: string): Promise<number> {
    const text = await (await fetch(`${this.adminUrl}/metrics`)).text();
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
  }

  public log(): string {
    return this.process.log();
  }

  public async stop(): Promise<void> {
    await Promise.all([this.sidecar.stop(500), this.process.stop(500)]);
  }

  private get adminUrl(): string {
    return `http://${this.address}:${this.variables.DAPR_PROXY_ADMIN_PORT}`;
  }

  private async startSidecar(objects: readonly KubeObject[]): Promise<void> {
    const { annotations } = this.deployment.spec.template.metadata;
    const resources = objects.filter(({ apiVersion }) => apiVersion.startsWith('dapr.io/'));
    this.sidecar = await Sidecar.start({
      appId: annotations['dapr.io/app-id']!,
      app: { protocol: annotations['dapr.io/app-protocol'] as 'grpc' | 'http', port: Number(annotations['dapr.io/app-port']), address: this.address },
      components: [],
      // A daprd outside Kubernetes knows no namespaces.
      resources: resources.map((each) => ({ ...each, metadata: { ...each.metadata, namespace: undefined } })),
      healthPath: annotations['dapr.io/app-health-check-path'],
    });
    await this.sidecar.ready();
  }

  /** What a kubelet projects into the container, where the library asks for it: a token of the pod's own ServiceAccount. */
  private async serviceAccount(): Promise<Record<string, string>> {
    if (this.variables.DAPR_PROXY_DISCOVERY !== 'endpointslices') return {};
    const { api } = this.cluster;
    const { serviceAccountName } = this.deployment.spec.template.spec;
    const path = `/api/v1/namespaces/${this.deployment.metadata.namespace}/serviceaccounts/${serviceAccountName}/token`;
    const { status, body } = await api.client.send('POST', path, {
      apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3607 },
    });
    if (status >= 300) throw new Error(`no token for ${serviceAccountName}: ${body.message}`);
    const tokenFile = join(this.folder, 'token');
    writeFileSync(tokenFile, (body.status as { token: string }).token, { mode: 0o600 });
    const { hostname, port } = new URL(api.baseUrl);
    return {
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
      DAPR_PROXY_TOKEN_FILE: tokenFile,
      DAPR_PROXY_CA_FILE: api.certificate.certFile,
    };
  }
}
