/**
 * One function with all that is around it: Redis, the sidecar, and either its pod as the sidecar's app (`direct`) or the
 * proxy with pods behind it (`proxy`). The same test can so be run both ways and compared.
 */
import { Ledger } from './ledger';
import { Subscription } from './messages';
import { Pod, PodKind, PodOptions } from './pods';
import { PrivateHosts } from './private-hosts';
import { FUNCTION_HOST, Proxy, ProxyInput, ProxyOptions } from './proxy';
import { idsIn, unsettled } from './redis-streams';
import { Component, Sidecar, SidecarOptions } from './sidecar';
import { freePort, RunningProcess, RunningRedis, startRedis, waitFor } from '../../testbed';

export type Via = 'direct' | 'proxy';
export type Protocol = 'grpc' | 'http' | 'h2c';

export const PUBSUB = 'orders-pubsub-queue';

export interface WorldOptions {
  readonly via: Via;
  readonly protocol: Protocol;
  /** Topics, each with what the subscription says of it. */
  readonly subscriptions?: readonly Subscription[];
  /** Input bindings by component name. */
  readonly bindings?: readonly string[];
  readonly outputs?: readonly ProxyInput[];
  /** Components beside the Redis pub/sub `PUBSUB`. `redis` is replaced by its address. */
  readonly components?: readonly Component[];
  /** Laid over the metadata of `PUBSUB`. */
  readonly pubsub?: Readonly<Record<string, string>>;
  readonly resources?: readonly object[];
  readonly settings?: Readonly<Record<string, string>>;
  readonly appToken?: string;
  readonly redisDir?: string;
  /** Protocol of the pods, when not that of the sidecar. */
  readonly podKind?: PodKind;
  readonly appId?: string;
  /** The function serves plain HTTP, whatever protocol the sidecar speaks to the proxy. */
  readonly httpFunction?: boolean;
}

let worlds = 0;

export class World {
  public static async create(options: WorldOptions): Promise<World> {
    return new World(options, await startRedis({ dir: options.redisDir }), await freePort());
  }

  /** Everything running: one pod, the proxy unless direct, the sidecar with its subscriptions made. */
  public static async start(options: WorldOptions, pod: Partial<PodOptions> = {}): Promise<World> {
    const world = await World.create(options);
    const daprHttp = await freePort();
    await world.startPod({ daprHttp: `http://127.0.0.1:${daprHttp}`, ...pod });
    if (options.via === 'proxy') await world.startProxy();
    await (await world.startSidecar({ httpPort: daprHttp })).ready();
    return world;
  }

  public readonly ledger = new Ledger();
  public readonly hosts = new PrivateHosts(FUNCTION_HOST);
  public readonly pods: Pod[] = [];
  public readonly appId: string;
  private readonly network: string;
  private listed: string[] = [];
  private nextHost = 1;
  private readonly started: RunningProcess[] = [];
  private currentProxy?: Proxy;
  private currentSidecar?: Sidecar;

  private constructor(public readonly options: WorldOptions, public redis: RunningRedis, public readonly port: number) {
    // Worlds of several processes on one machine keep out of each other's way.
    this.network = `127.${100 + (process.pid % 100)}.${++worlds % 250}`;
    this.appId = options.appId ?? 'orders-test';
  }

  public get proxy(): Proxy {
    if (!this.currentProxy) throw new Error('no proxy was started');
    return this.currentProxy;
  }

  public get sidecar(): Sidecar {
    if (!this.currentSidecar) throw new Error('no sidecar was started');
    return this.currentSidecar;
  }

  /** Starts a pod; unless told otherwise its address gets into the name service once it listens. */
  public async startPod(options: Partial<PodOptions> & { listed?: boolean } = {}): Promise<Pod> {
    const { listed = true, ...rest } = options;
    const pod = await Pod.start({
      kind: this.options.podKind ?? this.options.protocol,
      address: options.address ?? this.nextAddress(),
      port: this.port,
      ledger: this.ledger.file,
      subscriptions: this.options.subscriptions ?? [],
      bindings: this.options.bindings ?? [],
      ...rest,
    });
    this.pods.push(pod);
    this.started.push(pod.process);
    if (listed) this.list([...this.listed, pod.address]);
    return pod;
  }

  public nextAddress(): string {
    return `${this.network}.${this.nextHost++}`;
  }

  /** The addresses that the name service gives from now on. */
  public list(addresses: readonly string[]): void {
    this.listed = [...addresses];
    this.hosts.set(this.listed);
  }

  public unlist(pod: Pod): void {
    this.list(this.listed.filter((address) => address !== pod.address));
  }

  public async startProxy(overrides: Partial<ProxyOptions> = {}): Promise<Proxy> {
    const { subscriptions = [], bindings = [] } = this.options;
    this.currentProxy = await Proxy.start({
      port: this.port,
      protocol: this.options.protocol,
      inputs: [
        ...subscriptions.map(({ component, topic }) => ({ component, topic, type: 'pubsub.redis' })),
        ...bindings.map((component) => ({ component, type: 'bindings.cron' })),
      ],
      outputs: this.options.outputs,
      httpFunction: this.options.httpFunction,
      hosts: this.hosts,
      subscriptions: subscriptions
        .filter(({ deadLetterTopic, bulk }) => deadLetterTopic !== undefined || bulk !== undefined)
        .map(({ component, topic, deadLetterTopic, bulk }) => ({ component, topic, deadLetterTopic, bulk })),
      appToken: this.options.appToken,
      settings: this.options.settings,
      ...overrides,
    });
    this.started.push(this.currentProxy.process);
    return this.currentProxy;
  }

  public async startSidecar(overrides: Partial<SidecarOptions> = {}): Promise<Sidecar> {
    const viaProxy = this.options.via === 'proxy';
    this.currentSidecar = await Sidecar.start({
      appId: this.appId,
      app: { protocol: this.options.protocol, port: this.port, address: viaProxy ? '127.0.0.1' : this.pods[0]!.address },
      components: [
        {
          name: PUBSUB,
          type: 'pubsub.redis',
          metadata: { redisHost: this.redis.address, redisPassword: '', consumerID: this.appId, queueDepth: '10', ...this.options.pubsub },
        },
        ...(this.options.components ?? []).map((component) => ({
          ...component,
          metadata: Object.fromEntries(Object.entries(component.metadata ?? {}).map(([key, value]) => [key, value === 'redis' ? this.redis.address : value])),
        })),
      ],
      resources: this.options.resources,
      healthPath: viaProxy ? '/dapr-proxy/healthz' : undefined,
      appToken: this.options.appToken,
      ...overrides,
    });
    this.started.push(this.currentSidecar.process);
    return this.currentSidecar;
  }

  /** Nothing of the topic is left to read or to acknowledge. */
  public async settled(topic: string, timeoutMs = 60_000): Promise<void> {
    await waitFor(async () => await unsettled(this.redis, topic) === 0, { what: `topic ${topic} settled`, timeoutMs });
  }

  public deadLetters(topic: string): Promise<string[]> {
    return idsIn(this.redis, topic);
  }

  public async stop(): Promise<void> {
    for (const each of this.started) each.signal('SIGCONT');
    // The sidecar would retry against what is gone, and nothing here depends on its good-bye.
    await Promise.all([...this.started.map((each) => each.stop(500)), this.redis.stop()]);
  }
}

/** The inbound policy that the construct emits, with a shorter interval so that tests need not wait for it. */
export const inboundPolicy = (appId: string, components: readonly string[], retry: { duration: string; maxRetries: number; matching?: object }) => ({
  apiVersion: 'dapr.io/v1alpha1',
  kind: 'Resiliency',
  metadata: { name: `${appId}-inbound` },
  scopes: [appId],
  spec: {
    policies: { retries: { inbound: { policy: 'constant', ...retry } } },
    targets: { components: Object.fromEntries(components.map((name) => [name, { inbound: { retry: 'inbound' } }])) },
  },
});

/** What the construct's policy retries: the proxy's own failures, and nothing that the function says. */
export const PROXY_FAILURES = { httpStatusCodes: '429,503', gRPCStatusCodes: '8,14' };

export const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => ({ id: `${prefix}-${index}` }));
