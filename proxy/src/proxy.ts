/** Puts the parts together, and starts, drains and closes them. */
import { Server } from 'node:net';
import { Config } from './config/config';
import { createGrpcService } from './dapr/grpc-service';
import { createHttpService } from './dapr/http-service';
import { InvokeCaller } from './dapr/invoke';
import { ServiceContext } from './dapr/service';
import { createGate } from './dapr/token';
import { Backend } from './delivery/backend';
import { Budget } from './delivery/budget';
import { Counts, pendingOf, sum } from './delivery/pending';
import { Peers } from './keda/peers';
import { Scaler } from './keda/scaler';
import { Leader } from './lease/leader';
import { Lease } from './lease/lease';
import { leaderGauge, SharedBindings } from './lease/shared-bindings';
import { AdminPage, createAdminServer, jsonPage, page } from './listen/admin';
import { Call } from './listen/call';
import { Connections } from './listen/connections';
import { Intake } from './listen/intake';
import { createH1Server } from './listen/server-h1';
import { createH2Server } from './listen/server-h2';
import { Clock } from './observe/clock';
import { gaugesOf, watchLoopDelay } from './observe/gauges';
import { Logger, messageOf } from './observe/log';
import { Metrics } from './observe/metrics';
import { outcomeOfFailure } from './observe/outcome';
import { KubernetesCall } from './pods/kubernetes';
import { Lookup } from './pods/resolver';

/** Prometheus' text format. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface ProxyDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly lookup: Lookup;
  readonly random: () => number;
  readonly version: string;
  /** Tells this process from its peers. */
  readonly id: string;
  readonly residentBytes: () => number;
  /** Milliseconds since the epoch. */
  readonly wallTime: () => number;
  readonly kubernetes?: KubernetesCall;
}

export class Proxy {
  private draining = false;
  private readonly intake: Intake;
  private readonly metrics: Metrics;
  private readonly backend: Backend;
  private readonly scaler: Scaler;
  private readonly peers: Peers | undefined;
  private readonly leader: Leader | undefined;
  private readonly server: Server;
  private readonly admin: Server;
  private readonly probes: Server;
  private readonly connections: Connections;
  private readonly loopDelay = watchLoopDelay();

  public constructor(private readonly config: Config, private readonly deps: ProxyDeps) {
    const { clock, id, log, lookup } = deps;
    const { adminPort, appProtocol, limits, peersHost } = config;
    const budget = new Budget(limits.maxWaitingBytes, log);
    this.intake = new Intake({ grpc: appProtocol === 'grpc', maxMessage: limits.maxMessage, budget });
    const load = () => ({ ...this.backend.load(), heldBytes: budget.used });
    this.leader = this.leaderOf(config);
    const gauges = gaugesOf(load, this.loopDelay, deps.residentBytes);
    if (this.leader !== undefined) gauges.push(leaderGauge(this.leader));
    this.metrics = new Metrics(deps.version, componentsOf(config), gauges);
    this.scaler = new Scaler({ clock, log, total: () => this.total() });
    const changed = () => this.scaler.pulse();
    const peers = (host: string) => new Peers({ host, port: adminPort, id, lookup, clock, log, changed });
    this.peers = peersHost === undefined ? undefined : peers(peersHost);
    this.backend = new Backend({
      ...deps,
      config,
      metrics: this.metrics,
      loadChanged: (activity) => this.loadChanged(activity),
    });
    this.server = this.appServer();
    this.connections = new Connections(this.server);
    this.admin = createAdminServer(this.adminPages(), clock);
    this.probes = createAdminServer(this.probePages(), clock);
  }

  public async start(): Promise<void> {
    const { adminHost, adminPort, appProtocol, listenHost, listenPort: port, name, probePort } = this.config;
    const scalerPort = this.config.scaler ? this.config.scalerPort : undefined;
    await Promise.all([
      listen(this.server, port, listenHost),
      listen(this.admin, adminPort, adminHost),
      listen(this.probes, probePort, adminHost),
      listen(this.scaler.server, scalerPort, adminHost),
    ]);
    const { log, version } = this.deps;
    log.info('listening', { version, function: name, protocol: appProtocol, port, adminPort, probePort, scalerPort });
    this.backend.start();
    this.peers?.start();
    this.leader?.start();
  }

  /** Stays at work until the sidecar is gone; resolves when the process may end. */
  public async drain(): Promise<void> {
    this.draining = true;
    const handedOver = this.leader?.resign();
    this.backend.drain();
    this.deps.log.info('draining', this.pending());
    if (this.config.giveBack) this.backend.giveBack();
    let how = await this.connections.gone(this.deps.clock, this.config.limits.drainMs);
    if (how === 'timeout' && this.config.appProtocol !== 'grpc') how = await this.answerAll();
    await this.scaler.stop();
    await handedOver;
    this.deps.log.info('drained', { how, ...this.pending() });
  }

  /**
   * Over HTTP a living sidecar must never lose its connection. Dapr (1.13 to 1.18 at least) lets calls that begin
   * together share one middleware chain (its pkg/middleware/http/pipeline.go): a broken connection is then reported to
   * another call than its own, whose event is acknowledged. So each event that no pod takes is answered as failed,
   * until the sidecar or this process is ended from outside; events in flight get the drain timeout once more.
   */
  private async answerAll(): Promise<'gone' | 'timeout'> {
    const { clock } = this.deps;
    this.deps.log.info('giving waiting events back', this.pending());
    this.backend.stopHolding();
    this.leader?.stop();
    if (await this.connections.gone(clock, this.config.limits.drainMs) === 'gone') return 'gone';
    // Answers what is still with a pod, too.
    this.backend.close();
    return this.connections.gone(clock, 0);
  }

  public async close(): Promise<void> {
    this.peers?.stop();
    this.leader?.stop();
    this.intake.stop();
    this.loopDelay.stop();
    this.connections.destroy();
    this.backend.close();
    this.scaler.destroy();
    const servers = [this.server, this.admin, this.probes, this.scaler.server];
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  /** Of this process alone. */
  public pending(): { pending: number; waiting: number; inFlight: number } {
    return shown(this.backend.counts());
  }

  /** Ports in use, for tests that let the system choose. */
  public ports(): { app: number; admin: number; probes: number; scaler: number } {
    const scaler = portOf(this.scaler.server);
    return { app: portOf(this.server), admin: portOf(this.admin), probes: portOf(this.probes), scaler };
  }

  private total(): Counts {
    const own = this.backend.counts();
    return this.peers === undefined ? own : sum([own, this.peers.total()]);
  }

  private loadChanged(activity: boolean): void {
    if (activity) this.peers?.announceChange();
    this.scaler.pulse();
  }

  private leaderOf({ namespace, podName, shared }: Config): Leader | undefined {
    const { clock, id, kubernetes: call, log, wallTime } = this.deps;
    if (shared === undefined || call === undefined) return undefined;
    const { durationMs, lease: name } = shared;
    const lease = new Lease({ name, namespace, durationMs, call, clock, wallTime });
    const hasSidecar = () => this.connections.any;
    return new Leader({ lease, identity: podName || id, durationMs, clock, wallTime, log, hasSidecar });
  }

  private sharing(passOn: ServiceContext['submit']): ServiceContext['submit'] {
    const { config: { shared }, deps: { clock, log }, leader, metrics } = this;
    if (shared === undefined || leader === undefined) return passOn;
    const bindings = new SharedBindings({ ...shared, leader, clock, log, metrics, passOn });
    return (request, caller) => bindings.submit(request, caller);
  }

  private appServer(): Server {
    const { appProtocol, limits: { maxHeaders, maxWaiting } } = this.config;
    const context = this.serviceContext();
    const service = appProtocol === 'grpc' ? createGrpcService(context) : createHttpService(context);
    const serve = (call: Call) => {
      try {
        service(call);
      } catch (error) {
        this.logFailure(error);
        context.refuse(call, 'other', '', 'internal');
      }
    };
    const settings = { maxHeaders, maxWaiting, serve, log: this.deps.log, clock: this.deps.clock };
    if (appProtocol === 'http') return createH1Server(settings);
    return createH2Server(settings, appProtocol === 'grpc').server;
  }

  private probePages(): Record<string, AdminPage> {
    return {
      '/healthz': () => page(200, 'ok\n'),
      '/readyz': () => this.draining ? page(503, 'draining\n') : page(200, 'ok\n'),
    };
  }

  private adminPages(): Record<string, AdminPage> {
    return {
      ...this.probePages(),
      '/metrics': () => ({ status: 200, type: METRICS_TYPE, body: this.metrics.text() }),
      '/pending': () => jsonPage(shown(this.total())),
      '/peers/own': () => jsonPage({ id: this.deps.id, ...this.backend.counts() }),
      '/peers/changed': () => {
        this.peers?.askSoon();
        return page(200, 'ok\n');
      },
    };
  }

  private logFailure(error: unknown): void {
    this.deps.log.error('event failed inside the proxy', { why: messageOf(error) });
  }

  private serviceContext(): ServiceContext {
    const { backend, config, deps, intake, metrics } = this;
    return {
      config,
      gate: createGate(config.appToken),
      now: () => deps.clock.now(),
      draining: () => this.draining,
      receive: (call, unary, done, failed) => intake.receive(call, unary, done, (cause, error) => {
        if (error !== undefined) this.logFailure(error);
        failed(cause);
      }),
      refuse: (call, kind, component, cause) => {
        metrics.done(kind, component, outcomeOfFailure(cause), 0, undefined);
        call.caller.fail(cause);
      },
      submit: this.sharing((request, caller) => backend.submit(request, caller, 'main')),
      submitInvoke: backend.converts
        ? (request, caller) => backend.submit(request, new InvokeCaller(caller), 'http')
        : undefined,
    };
  }
}

function shown(counts: Counts): { pending: number; waiting: number; inFlight: number } {
  return { pending: pendingOf(counts), waiting: counts.waiting, inFlight: counts.inFlight };
}

function componentsOf({ subscriptions }: Config): string[] {
  return [...subscriptions.topics, ...subscriptions.bindings].map(({ component }) => component);
}

/** Does nothing without a port. */
async function listen(server: Server, port: number | undefined, host: string | undefined): Promise<void> {
  if (port === undefined) return;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
