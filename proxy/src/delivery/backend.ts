/** The way to the function: dispatchers, their pods, and what finds the pods. */
import { Dispatcher } from './dispatcher';
import { Caller, EventRequest } from './event';
import { Exchange, ExchangeContext } from './exchange';
import { Losses } from './losses';
import { Counts } from './pending';
import { Config } from '../config/config';
import { Clock } from '../observe/clock';
import { Load } from '../observe/gauges';
import { Logger } from '../observe/log';
import { EventMetrics } from '../observe/metrics';
import { Address, Connect } from '../pods/channel';
import { connectH1 } from '../pods/channel-h1';
import { connectH2 } from '../pods/channel-h2';
import { EndpointSlices } from '../pods/endpoint-slices';
import { KubernetesCall } from '../pods/kubernetes';
import { PodSet } from '../pods/pod-set';
import { Lookup, Resolver, Source, Urgency } from '../pods/resolver';
import { connectRouted } from '../pods/routes';

export interface BackendSettings {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly lookup: Lookup;
  readonly kubernetes?: KubernetesCall;
  readonly metrics: EventMetrics;
  /** An event began to wait, or the proxy turned idle or active. */
  readonly loadChanged: (activity: boolean) => void;
}

/** The resolver slows down when the last event is longer ago than this. */
const IDLE_AFTER_MS = 30_000;
/** A function that has just started may need a moment to answer `/dapr/subscribe`. */
const SUBSCRIBE_MS = 5000;

export class Backend {
  private readonly main: Dispatcher;
  /** Where `OnInvoke` is converted, HTTP/1.1 to the same pods. */
  private readonly http: Dispatcher | undefined;
  private readonly all: readonly Dispatcher[];
  private readonly mainContext: ExchangeContext;
  private readonly httpContext: ExchangeContext | undefined;
  private readonly losses: Losses;
  private readonly sources: readonly Source[];
  private lastEventAt = -Infinity;

  public constructor(private readonly settings: BackendSettings) {
    const { config } = settings;
    this.losses = new Losses(settings.clock);
    this.main = this.dispatcher(this.connector());
    const converts = config.appProtocol === 'grpc' && config.functionIsHttp;
    this.http = converts ? this.dispatcher(this.transport('http')) : undefined;
    this.all = this.http === undefined ? [this.main] : [this.main, this.http];
    this.mainContext = this.contextOf(this.main);
    this.httpContext = this.http && this.contextOf(this.http);
    this.sources = this.createSources();
  }

  public get converts(): boolean {
    return this.http !== undefined;
  }

  public start(): void {
    this.sources.forEach((source) => source.start());
  }

  public close(): void {
    this.sources.forEach((source) => source.stop());
    this.all.forEach(({ pods }) => pods.close());
  }

  public drain(): void {
    this.all.forEach((dispatcher) => dispatcher.draining = true);
  }

  public giveBack(): void {
    this.all.forEach((dispatcher) => dispatcher.giveBack());
  }

  public stopHolding(): void {
    this.all.forEach((dispatcher) => dispatcher.stopHolding());
  }

  public submit(request: EventRequest, caller: Caller, over: 'main' | 'http'): void {
    const context = over === 'http' ? this.httpContext ?? this.mainContext : this.mainContext;
    this.lastEventAt = context.clock.now();
    new Exchange(request, caller, context).submit();
  }

  public counts(): Counts {
    return {
      waiting: this.main.waiting + (this.http?.waiting ?? 0),
      inFlight: this.main.inFlight + (this.http?.inFlight ?? 0),
      stranded: this.all.some(({ waiting, pods }) => waiting > 0 && !pods.anyReady),
    };
  }

  public load(): Omit<Load, 'heldBytes'> {
    const [main, http] = [this.main.pods.counts(), this.http?.pods.counts()];
    return {
      ...this.counts(),
      waitingBytes: this.main.waitingBytes + (this.http?.waitingBytes ?? 0),
      pods: http === undefined || main.healthy > http.healthy ? main : http,
    };
  }

  private dispatcher(connect: Connect): Dispatcher {
    const { clock, config: { limits }, log, random } = this.settings;
    const changed = () => dispatcher.pump();
    const pods = new PodSet({ connect, clock, log, random, maxInFlight: limits.maxInFlightPerPod, changed });
    const dispatcher: Dispatcher = new Dispatcher(pods, {
      clock,
      log,
      maxWaiting: limits.maxWaiting,
      onWait: () => this.loadChanged(false),
      onActive: () => this.loadChanged(true),
    });
    return dispatcher;
  }

  private contextOf(dispatcher: Dispatcher): ExchangeContext {
    const { clock, config: { limits: { holdMs, functionMs, maxMessage } }, log, metrics, random } = this.settings;
    return { dispatcher, losses: this.losses, clock, random, metrics, log, holdMs, functionMs, maxMessage };
  }

  private loadChanged(activity: boolean): void {
    if (activity || this.urgency() === 'events wait') this.sources.forEach((source) => source.refresh());
    this.settings.loadChanged(activity);
  }

  private transport(protocol: 'http' | 'h2'): Connect {
    const { clock, config: { functionHost, functionPort, limits } } = this.settings;
    const host = functionHost.includes(':') ? `[${functionHost}]` : functionHost;
    const upstream = {
      authority: functionPort === 80 ? host : `${host}:${functionPort}`,
      clock,
      connectMs: limits.connectMs,
      peerMs: limits.peerMs,
      maxHeaders: limits.maxHeaders,
    };
    return (address, observer) => (protocol === 'http' ? connectH1 : connectH2)(address, observer, upstream);
  }

  private connector(): Connect {
    const { clock, config: { appProtocol, appToken, limits, subscriptions }, log } = this.settings;
    const transport = this.transport(appProtocol === 'http' ? 'http' : 'h2');
    if (appProtocol === 'grpc' || subscriptions.topics.length === 0) return transport;
    const answerMs = Math.max(limits.connectMs, SUBSCRIBE_MS);
    return connectRouted({ connect: transport, clock, log, answerMs, token: appToken });
  }

  private createSources(): Source[] {
    const { clock, config, kubernetes, log, lookup } = this.settings;
    const { functionHost, functionPort: port, fallbackHost, limits, name, namespace } = config;
    // An HTTP function is reached through one address in front of all its pods, as with Knative.
    const shared = config.functionIsHttp ? 'gateway' : undefined;
    const found = (addresses: readonly Address[]) => this.all.forEach(({ pods }) => {
      pods.setAddresses(addresses.map((address) => ({ ...address, shared })));
    });
    const common = { port, lookup, clock, log, intervalMs: limits.resolveMs, urgency: () => this.urgency() };
    const dns = new Resolver({ ...common, host: functionHost, found });
    const sources: Source[] = [dns];
    if (fallbackHost !== undefined) {
      const virtual = (addresses: readonly Address[]) => this.all.forEach(({ pods }) => pods.setFallback(addresses));
      sources.push(new Resolver({ ...common, host: fallbackHost, found: virtual }));
    }
    if (config.discovery === 'endpointslices' && kubernetes !== undefined) {
      // DNS serves until the first list has come, in case the API cannot be reached.
      const listed = (addresses: readonly Address[]) => {
        dns.stop();
        found(addresses);
      };
      sources.push(new EndpointSlices({ service: name, namespace, port, clock, log, get: kubernetes, found: listed }));
    }
    return sources;
  }

  private urgency(): Urgency {
    if (this.all.some(({ waiting, pods }) => waiting > 0 && pods.empty)) return 'events wait';
    const { inFlight, waiting } = this.counts();
    return inFlight + waiting > 0 || this.settings.clock.now() - this.lastEventAt < IDLE_AFTER_MS ? 'busy' : 'idle';
  }
}
