/** Puts the parts together: servers, service, dispatcher, pods, resolver. */
import { Server as NetServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createAdminServer, jsonPage, page } from './admin';
import { Call, createGrpcService, ServiceContext } from './app-callback';
import { createHttpService } from './app-http';
import { Clock } from './clock';
import { Config } from './config';
import { Dispatcher } from './dispatcher';
import { Connections } from './drain';
import { Caller, Connect, EventRequest } from './event';
import { Exchange } from './exchange';
import { Intake } from './intake';
import { InvokeCaller, toHttpRequest } from './invoke';
import { Logger } from './log';
import { Gauge, Metrics } from './metrics';
import { PodSet } from './pod-set';
import { Lookup, Resolver, Urgency } from './resolver';
import { connectRouted } from './routes';
import { createH1Server } from './server-h1';
import { createH2Server } from './server-h2';
import { createGate } from './token';
import { connectH1 } from './upstream-h1';
import { connectH2, UpstreamSettings } from './upstream-h2';

export interface ProxyDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly lookup: Lookup;
  readonly random: () => number;
  readonly version: string;
}

/** The last event was longer ago than this: the resolver slows down. */
const IDLE_AFTER_MS = 30_000;

export class Proxy {
  private draining = false;
  private lastEventAt = -Infinity;
  private readonly intake: Intake;
  private readonly metrics: Metrics;
  /** One per way to the function: the second only where `OnInvoke` is converted. */
  private readonly dispatchers: readonly Dispatcher[];
  private readonly resolvers: readonly Resolver[];
  private readonly server: NetServer;
  private readonly admin: NetServer;
  private readonly connections: Connections;
  private readonly loopDelay = monitorEventLoopDelay({ resolution: 20 });

  public constructor(private readonly config: Config, private readonly deps: ProxyDeps) {
    const { clock } = deps;
    this.intake = new Intake(config.limits.maxMessage);
    this.metrics = new Metrics(deps.version, componentsOf(config), this.gauges());
    const converts = config.appProtocol === 'grpc' && config.functionIsHttp;
    this.dispatchers = [this.dispatcher(this.connector()), ...(converts ? [this.dispatcher((address, observer) => connectH1(address, observer, this.upstream()))] : [])];
    this.resolvers = this.createResolvers();
    const context = this.serviceContext(converts);
    const serve = config.appProtocol === 'grpc' ? createGrpcService(context) : createHttpService(context);
    const settings = { maxHeaders: config.limits.maxHeaders, maxWaiting: config.limits.maxWaiting, log: deps.log, serve: (call: Call) => {
      this.lastEventAt = clock.now();
      serve(call);
    } };
    this.server = config.appProtocol === 'http' ? createH1Server(settings) : createH2Server(settings, config.appProtocol === 'grpc') as unknown as NetServer;
    this.connections = new Connections(this.server);
    this.admin = createAdminServer({
      '/healthz': () => page(200, 'ok\n'),
      '/readyz': () => this.draining ? page(503, 'draining\n') : page(200, 'ok\n'),
      '/metrics': () => ({ ...page(200, this.metrics.text()), type: 'text/plain; version=0.0.4; charset=utf-8' }),
      '/pending': () => jsonPage(this.pending()),
    });
  }

  public async start(): Promise<void> {
    const { config } = this;
    this.loopDelay.enable();
    await Promise.all([
      listen(this.server, config.listenPort, config.listenHost),
      listen(this.admin, config.adminPort, config.adminHost),
    ]);
    this.deps.log.info('listening', { version: this.deps.version, function: config.name, protocol: config.appProtocol, port: config.listenPort, adminPort: config.adminPort });
    this.resolvers.forEach((resolver) => resolver.start());
  }

  /** Stays at work until the sidecar is gone; resolves when the process may end. */
  public async drain(): Promise<void> {
    this.draining = true;
    this.dispatchers.forEach((dispatcher) => dispatcher.draining = true);
    this.deps.log.info('draining', { ...this.pending() });
    const how = await this.connections.gone(this.deps.clock, this.config.limits.drainMs);
    this.deps.log.info('drained', { how, ...this.pending() });
  }

  public async close(): Promise<void> {
    this.resolvers.forEach((resolver) => resolver.stop());
    this.intake.stop();
    this.loopDelay.disable();
    this.connections.destroy();
    this.dispatchers.forEach(({ pods }) => pods.close());
    await Promise.all([this.server, this.admin].map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  public pending(): { pending: number; waiting: number; inFlight: number } {
    const waiting = this.sum(({ waiting: count }) => count);
    const inFlight = this.sum(({ inFlight: count }) => count);
    return { pending: waiting + inFlight, waiting, inFlight };
  }

  /** Ports in use, for tests that let the system choose. */
  public ports(): { app: number; admin: number } {
    return { app: portOf(this.server), admin: portOf(this.admin) };
  }

  private sum(of: (dispatcher: Dispatcher) => number): number {
    return this.dispatchers.reduce((sum, dispatcher) => sum + of(dispatcher), 0);
  }

  private upstream(): UpstreamSettings {
    const { functionHost, functionPort, limits } = this.config;
    const authority = functionPort === 80 ? functionHost : `${functionHost}:${functionPort}`;
    return { authority, clock: this.deps.clock, connectMs: limits.connectMs, peerMs: limits.peerMs, maxHeaders: limits.maxHeaders };
  }

  private connector(): Connect {
    const { appProtocol, appToken, limits, subscriptions } = this.config;
    const { clock, log } = this.deps;
    const transport: Connect = (address, observer) => (appProtocol === 'http' ? connectH1 : connectH2)(address, observer, this.upstream());
    if (appProtocol === 'grpc' || subscriptions.topics.length === 0) return transport;
    return connectRouted({ connect: transport, clock, log, answerMs: Math.max(limits.connectMs, 5000), token: appToken });
  }

  private dispatcher(connect: Connect): Dispatcher {
    const { clock, log, random } = this.deps;
    const { limits } = this.config;
    const pods = new PodSet({ connect, clock, log, random, maxInFlight: limits.maxInFlightPerPod, changed: () => dispatcher.pump() });
    const dispatcher: Dispatcher = new Dispatcher(pods, {
      clock,
      log,
      maxWaiting: limits.maxWaiting,
      maxWaitingBytes: limits.maxWaitingBytes,
      receivingBytes: () => this.intake.bytes,
      onWait: () => this.onWait(),
      onActive: () => this.resolvers.forEach((resolver) => resolver.hurry()),
    });
    return dispatcher;
  }

  private createResolvers(): Resolver[] {
    const { functionHost, functionPort: port, fallbackHost, limits } = this.config;
    const { clock, log, lookup } = this.deps;
    const common = { port, lookup, clock, log, intervalMs: limits.resolveMs, urgency: () => this.urgency() };
    const own = new Resolver({ ...common, host: functionHost, found: (addresses) => this.dispatchers.forEach(({ pods }) => pods.setAddresses(addresses)) });
    if (fallbackHost === undefined) return [own];
    return [own, new Resolver({ ...common, host: fallbackHost, found: (addresses) => this.dispatchers.forEach(({ pods }) => pods.setFallback(addresses)) })];
  }

  private urgency(): Urgency {
    if (this.dispatchers.some(({ waiting, pods }) => waiting > 0 && pods.empty)) return 'events wait';
    return this.pending().pending > 0 || this.deps.clock.now() - this.lastEventAt < IDLE_AFTER_MS ? 'busy' : 'idle';
  }

  private onWait(): void {
    if (this.urgency() === 'events wait') this.resolvers.forEach((resolver) => resolver.hurry());
  }

  private serviceContext(converts: boolean): ServiceContext {
    const { config, deps, intake } = this;
    const submit = (request: EventRequest, caller: Caller, dispatcher: Dispatcher) => dispatcher.submit(new Exchange(request, caller, {
      dispatcher, clock: deps.clock, random: deps.random, metrics: this.metrics, log: deps.log,
      holdMs: config.limits.holdMs, functionMs: config.limits.functionMs, maxMessage: config.limits.maxMessage,
    }));
    const convert = (request: EventRequest, caller: Caller) => {
      const converted = toHttpRequest(request);
      if (converted === undefined) caller.fail('bad-request');
      else submit(converted, new InvokeCaller(caller), this.dispatchers[1]!);
    };
    return {
      config,
      gate: createGate(config.appToken),
      now: () => deps.clock.now(),
      draining: () => this.draining,
      receive: (call, unary, done, failed) => intake.receive(call.source, unary, done, failed),
      submit: (request, caller) => submit(request, caller, this.dispatchers[0]!),
      submitInvoke: converts ? convert : undefined,
    };
  }

  private gauges(): Gauge[] {
    const pods = (of: 'known' | 'healthy' | 'ejected') => () => Math.max(...this.dispatchers.map((dispatcher) => dispatcher.pods.counts()[of]));
    return [
      { name: 'dapr_proxy_waiting', help: 'Events that wait for a pod.', read: () => this.pending().waiting },
      { name: 'dapr_proxy_waiting_bytes', help: 'Bytes of the events that wait.', read: () => this.sum(({ waitingBytes }) => waitingBytes) },
      { name: 'dapr_proxy_in_flight', help: 'Events that a pod has.', read: () => this.pending().inFlight },
      { name: 'dapr_proxy_pods_known', help: 'Pods with an address.', read: pods('known') },
      { name: 'dapr_proxy_pods_healthy', help: 'Pods that take events.', read: pods('healthy') },
      { name: 'dapr_proxy_pods_ejected', help: 'Pods that are left out after failures.', read: pods('ejected') },
      { name: 'dapr_proxy_event_loop_delay_seconds', help: '99th percentile of the event loop delay since the last scrape.', read: () => this.readLoopDelay() },
      { name: 'process_resident_memory_bytes', help: 'Resident memory.', read: () => process.memoryUsage.rss() },
    ];
  }

  private readLoopDelay(): number {
    const seconds = this.loopDelay.percentile(99) / 1e9;
    this.loopDelay.reset();
    return seconds;
  }
}

function componentsOf({ subscriptions }: Config): string[] {
  return [...subscriptions.topics, ...subscriptions.bindings].map(({ component }) => component);
}

function listen(server: NetServer, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function portOf(server: NetServer): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
