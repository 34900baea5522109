/** One function in a namespace of its own: the library's objects in the API server, proxies, Redis, and the stand-in kubelet. */
import { newAddress } from './addresses';
import { Cluster, namespace as namespaceObject } from './cluster';
import { DiscoveryView } from './discovery-view';
import { Kubelet } from './kubelet';
import { Pending, ProxyPod } from './proxy-pod';
import { askedByKeda, FUNCTION, proxyDeployment, PUBSUB, scaledFunction, ScaledFunctionOptions, TOPIC, variablesOf } from './scaled-function';
import { Ledger } from '../../integration/support/ledger';
import { Pod } from '../../integration/support/pods';
import { KubeObject, run, RunningRedis, startRedis, waitFor } from '../../testbed';

export interface ScaledWorldOptions extends ScaledFunctionOptions {
  /** Pods of the function are started by the test itself. */
  readonly withoutKubelet?: boolean;
}

let worlds = 0;

export class ScaledWorld {
  public static async start(cluster: Cluster, options: ScaledWorldOptions): Promise<ScaledWorld> {
    const namespace = `world-${++worlds}`;
    const redis = await startRedis();
    const objects = scaledFunction(namespace, redis.address, options);
    await cluster.apply(namespaceObject(namespace));
    const accounts = objects.filter(({ kind }) => ['ServiceAccount', 'Role', 'RoleBinding'].includes(kind));
    await cluster.apply(...accounts);
    const world = new ScaledWorld(cluster, namespace, redis, objects);
    await world.startProxies(options.proxy?.replicas ?? 1);
    if (options.withoutKubelet !== true) {
      world.kubelet = new Kubelet(cluster, { namespace, name: FUNCTION }, world.view, (address) => world.startPod(address));
    }
    await cluster.apply(...objects.filter((each) => !accounts.includes(each)));
    return world;
  }

  public readonly ledger = new Ledger();
  public readonly view: DiscoveryView;
  public readonly proxies: ProxyPod[] = [];
  public kubelet!: Kubelet;
  private readonly port: number;
  private readonly started: Pod[] = [];

  private constructor(
    private readonly cluster: Cluster,
    public readonly namespace: string,
    public readonly redis: RunningRedis,
    public readonly objects: readonly KubeObject[],
  ) {
    const variables = variablesOf(proxyDeployment(objects));
    this.port = Number(variables.DAPR_PROXY_FUNCTION_PORT);
    this.view = new DiscoveryView(cluster, {
      namespace, host: variables.DAPR_PROXY_FUNCTION_HOST!, anyHost: variables.DAPR_PROXY_FALLBACK_HOST!, port: this.port,
    });
  }

  public get proxy(): ProxyPod {
    return this.proxies[0]!;
  }

  /** The name under which KEDA asks leads to this address from now on. */
  public routeKedaTo(address: string): void {
    this.cluster.names.set([address], askedByKeda(this.objects).host);
  }

  public async startPod(address: string, delayMs = 0): Promise<Pod> {
    const pod = await Pod.start({ kind: 'grpc', address, port: this.port, ledger: this.ledger.file, delayMs });
    this.started.push(pod);
    return pod;
  }

  /** Waits until the function is at zero, its last pod gone, and every proxy aware of it. */
  public async asleep(): Promise<void> {
    await this.kubelet.reaches(0);
    await this.kubelet.settled();
    for (const proxy of this.proxies) {
      await waitFor(async () => await proxy.gauge('dapr_proxy_pods_known') === 0, { what: 'the proxy knowing no pod', intervalMs: 20 });
    }
  }

  /** Publishes through one proxy's sidecar. */
  public publish(events: readonly { readonly id: string }[], proxy = this.proxy): Promise<void> {
    return proxy.sidecar.publish(PUBSUB, TOPIC, events);
  }

  /** Waits until a proxy reports such numbers. */
  public async reports(matches: (numbers: Pending) => boolean, proxy = this.proxy): Promise<void> {
    await waitFor(async () => matches(await proxy.pending()), { what: 'such numbers of pending events in the proxy', intervalMs: 5 });
  }

  /** When the newest event came into the broker: Redis writes the time into an entry's id. */
  public async brokerTime(): Promise<number> {
    const [[id]] = JSON.parse(await run('redis-cli', ['-p', String(this.redis.port), '--json', 'XREVRANGE', TOPIC, '+', '-', 'COUNT', '1'])) as [[string]];
    return Number(id.split('-')[0]);
  }

  public async handled(ids: readonly string[], timeoutMs = 60_000): Promise<void> {
    await waitFor(() => this.ledger.missing(ids).length === 0, { what: `${ids.length} events handled`, timeoutMs, intervalMs: 10 });
  }

  /** When a pod began to handle the event. */
  public begunAt(id: string): number {
    return this.ledger.lines().find((line) => line.id === id && line.step === 'in')!.at!;
  }

  public async stop(): Promise<void> {
    const scaler = this.objects.find(({ kind }) => kind === 'ScaledObject' || kind === 'ScaledJob')!;
    // KEDA lets go of it first: its finalizer is KEDA's to remove.
    await this.cluster.api.client.delete(scaler);
    await this.kubelet?.stop();
    this.view.close();
    await Promise.all([...this.proxies.map((each) => each.stop()), ...this.started.map((each) => each.stop(500))]);
    await this.redis.stop();
  }

  private async startProxies(count: number): Promise<void> {
    const addresses = Array.from({ length: count }, newAddress);
    const peers = variablesOf(proxyDeployment(this.objects)).DAPR_PROXY_PEERS_HOST;
    if (peers !== undefined) this.cluster.names.set(addresses, peers);
    this.routeKedaTo(addresses[0]!);
    this.proxies.push(...await Promise.all(addresses.map((address, index) => ProxyPod.start(this.cluster, this.objects, address, index))));
  }
}
