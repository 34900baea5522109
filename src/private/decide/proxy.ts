/** Everything about the dapr-proxy of a function in standalone mode (docs/spec M98 to M116). */
import type { ResolvedTrigger } from './components';
import { deriveHoldSeconds } from './hold';
import type { NamesPlan } from './names';
import { reachOf, PendingEventsReach } from './pending-events';
import { warnOfRisks } from './proxy-risks';
import type { ScalingPlan } from './scaling';
import { sidecarPorts, SidecarPorts } from './sidecar-ports';
import { subscriptions } from './subscriptions';
import type { TokensPlan } from './tokens';
import type { ProxyModel } from '../function/extras';
import type { FunctionModel } from '../function/function-model';
import { DAPR_APP_PROTOCOL, DEFAULT_CLUSTER_DOMAIN, MAX_VARIABLE_BYTES } from '../kubernetes/constants';
import { parseGoDuration } from '../kubernetes/go-duration';
import type { Json, StringMap } from '../kubernetes/json';
import { Problems, show } from '../problem/problem';
import type { PlatformModel } from '../settings/platform-model';

export interface ProxyPlan {
  readonly settings: ProxyModel;
  readonly replicas: number;
  readonly appProtocol: string;
  /** Variables of its own, in the order in which they are emitted; those without a value are left out. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly adminPort: number;
  readonly scalerPort: number;
  readonly sidecarPorts: SidecarPorts;
  /** 0 holds without end. */
  readonly holdSeconds: number;
  readonly drain: DrainPlan;
  /** Components whose inbound calls get the default retry policy. */
  readonly inbound: string[];
  readonly peers: boolean;
  /** How far scaling on pending events gets, where it is on. */
  readonly reach?: PendingEventsReach;
}

/** Dapr spends block and graceful time one after the other; the proxy drains meanwhile. */
export interface DrainPlan {
  readonly timeoutSeconds: number;
  readonly blockSeconds: number;
  readonly gracefulSeconds: number;
  readonly gracePeriodSeconds: number;
}

const DEFAULT_DRAIN_SECONDS = 25;
/** The sidecar's API stays up this long after SIGTERM, so that handlers can still publish. */
const MAX_BLOCK_SECONDS = 5;
const SPARE_SECONDS = 5;
const ADMIN_PORT = 18081;
const SCALER_PORT = 18082;

export function drainPlan(timeoutSeconds: number | undefined): DrainPlan {
  const timeout = timeoutSeconds ?? DEFAULT_DRAIN_SECONDS;
  const block = Math.min(MAX_BLOCK_SECONDS, Math.floor(timeout / 2));
  const graceful = timeout - block;
  return { timeoutSeconds: timeout, blockSeconds: block, gracefulSeconds: graceful, gracePeriodSeconds: timeout + block + graceful + SPARE_SECONDS };
}

/** The grace period holds what the user's own annotations ask of Dapr, too. */
export function withOwnTimes(plan: DrainPlan, annotations: StringMap): DrainPlan {
  const block = Math.max(0, Math.ceil(parseGoDuration(annotations['dapr.io/block-shutdown-duration'] ?? '') ?? plan.blockSeconds));
  const asked = annotations['dapr.io/graceful-shutdown-seconds'] ?? '';
  const graceful = /^\d{1,6}$/.test(asked) ? Number(asked) : plan.gracefulSeconds;
  return { ...plan, gracePeriodSeconds: plan.timeoutSeconds + block + graceful + SPARE_SECONDS };
}

export interface ProxyInput {
  readonly model: FunctionModel;
  readonly namespace: string;
  readonly port: number;
  readonly names: NamesPlan;
  readonly triggers: ResolvedTrigger[];
  readonly scaling: ScalingPlan;
  readonly platform: PlatformModel;
  readonly tokens: TokensPlan;
  /** The interceptor of the KEDA HTTP add-on stands behind the Service `fn`. */
  readonly woken: boolean;
}

export function decideProxy(input: ProxyInput, problems: Problems): ProxyPlan {
  const { model, names, triggers, platform, scaling } = input;
  const settings = discoveryOf(model, mergedSettings(platform.proxy, model.proxy), problems);
  const [adminPort, scalerPort] = sidePorts(input, settings, problems);
  const drain = withOwnTimes(drainPlan(settings.drainTimeoutSeconds), model.serving.annotations);
  const replicas = settings.replicas ?? 1;
  const peers = replicas > 1 && scaling.pendingEvents !== undefined;
  const appProtocol = proxyProtocol(model, problems);
  const reach = scaling.pendingEvents === undefined ? undefined : reachOf(triggers, scaling.pendingEvents.targetPerReplica, replicas);
  warnOfRisks({ ...input, settings, replicas, appProtocol, reach }, problems);
  const holdSeconds = settings.holdTimeoutSeconds ?? deriveHoldSeconds(triggers);
  const target = functionAddress(input);
  const env = {
    DAPR_PROXY_FUNCTION_HOST: target.host,
    DAPR_PROXY_FUNCTION_PORT: String(target.port),
    DAPR_PROXY_FALLBACK_HOST: model.serving.http === undefined ? `${names.anyPod}.${input.namespace}.svc.${platform.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN}` : undefined,
    DAPR_PROXY_LISTEN_PORT: String(input.port),
    DAPR_PROXY_ADMIN_PORT: String(adminPort),
    DAPR_PROXY_SCALER_PORT: String(scalerPort),
    DAPR_PROXY_SUBSCRIPTIONS: subscriptionsJson(input, problems),
    DAPR_PROXY_HOLD_TIMEOUT: holdTimeout(holdSeconds),
    DAPR_PROXY_DRAIN_TIMEOUT: `${drain.timeoutSeconds}s`,
    ...tuning(settings),
    DAPR_PROXY_PEERS_HOST: peers ? `${names.peers}.${input.namespace}.svc.${platform.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN}` : undefined,
    DAPR_PROXY_DISCOVERY: settings.discovery === 'endpointslices' ? 'endpointslices' : undefined,
  };
  return {
    settings,
    replicas,
    appProtocol,
    env,
    adminPort,
    scalerPort,
    sidecarPorts: sidecarPorts(model.serving.annotations),
    holdSeconds,
    drain,
    inbound: settings.resiliency === false ? [] : inboundComponents(triggers),
    peers,
    ...(reach !== undefined && { reach }),
  };
}

/** A state sends nothing. */
function inboundComponents(triggers: ResolvedTrigger[]): string[] {
  return [...new Set(triggers.filter(({ block }) => block !== 'state').map(({ componentName }) => componentName))].sort();
}

/** Field by field, also inside the sidecar's resources. */
function mergedSettings(platform: ProxyModel = {}, own: ProxyModel = {}): ProxyModel {
  const sidecarResources = { ...platform.sidecarResources, ...own.sidecarResources };
  return { ...platform, ...own, ...(Object.keys(sidecarResources).length > 0 && { sidecarResources }) };
}

/** In front of an HTTP function stands one address, of Knative or of the add-on, which no EndpointSlice of the function's tells. */
function discoveryOf({ serving, proxy: own }: FunctionModel, settings: ProxyModel, problems: Problems): ProxyModel {
  if (serving.http === undefined || settings.discovery !== 'endpointslices') return settings;
  if (own?.discovery === settings.discovery) {
    problems.warn(['proxy', 'discovery'], 'has no effect on an HTTP function, whose one address the proxy knows');
  }
  return { ...settings, discovery: 'dns' };
}

function holdTimeout(seconds: number): string {
  return seconds === 0 ? '0' : `${seconds}s`;
}

/** Settings that only pass through; what nobody asked for stays the proxy's own default. */
function tuning(settings: ProxyModel): Record<string, string | undefined> {
  const ms = (value: number | undefined) => (value === undefined ? undefined : `${value}ms`);
  return {
    DAPR_PROXY_MAX_WAITING: settings.maxWaiting?.toString(),
    DAPR_PROXY_MAX_WAITING_BYTES: settings.maxWaitingBytes?.toString(),
    DAPR_PROXY_MAX_IN_FLIGHT_PER_POD: settings.maxInFlightPerPod?.toString(),
    DAPR_PROXY_CONNECT_TIMEOUT: ms(settings.connectTimeoutMs),
    DAPR_PROXY_FUNCTION_TIMEOUT: ms(settings.functionTimeoutMs),
    DAPR_PROXY_PEER_TIMEOUT: ms(settings.peerTimeoutMs),
    DAPR_PROXY_RESOLVE_INTERVAL: ms(settings.resolveIntervalMs),
    DAPR_PROXY_MAX_MESSAGE: settings.maxMessageBytes?.toString(),
    DAPR_PROXY_MAX_HEADERS: settings.maxHeaders?.toString(),
    DAPR_PROXY_TOKEN_ON_EVENTS: settings.tokenOnEvents === true ? 'true' : undefined,
    DAPR_PROXY_LOG_LEVEL: settings.logLevel,
  };
}

function functionAddress({ model, names, namespace, platform, port, woken }: ProxyInput): { host: string; port: number } {
  if (model.serving.http === undefined) return { host: names.host, port };
  if (model.serving.http.engine === 'keda' && !woken) {
    return { host: `${names.workloadService}.${namespace}.svc.${platform.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN}`, port: 80 };
  }
  return { host: names.host, port: 80 };
}

/** The old way to say https. */
const APP_SSL = 'dapr.io/app-ssl';

/** Differs: in front of an HTTP function the proxy speaks HTTP, so that invocations pass unchanged. */
function proxyProtocol({ serving }: FunctionModel, problems: Problems): string {
  const given = serving.annotations[DAPR_APP_PROTOCOL];
  const path = ['serving', 'annotations', DAPR_APP_PROTOCOL];
  if (given === 'https' || given === 'grpcs') {
    problems.error(path, `${show(given)} does not go with the dapr-proxy, which is reached over loopback; give "grpc", "http" or "h2c"`);
  } else if (given !== undefined && !['grpc', 'http', 'h2c'].includes(given)) {
    problems.notOneOf(path, given, ['grpc', 'http', 'h2c']);
  }
  const tls = serving.annotations[APP_SSL];
  if (tls === 'true') problems.error(['serving', 'annotations', APP_SSL], `${show(tls)} does not go with the dapr-proxy, which is reached over loopback`);
  return given ?? (serving.http === undefined ? 'grpc' : 'http');
}

function sidePorts({ model, port }: ProxyInput, settings: ProxyModel, problems: Problems): [number, number] {
  const taken = new Set([port, ...Object.values(sidecarPorts(model.serving.annotations))]);
  const free = (asked: number | undefined, standard: number, field: string): number => {
    if (asked !== undefined && taken.has(asked)) problems.error(['proxy', field], `${asked} is taken in the proxy's pod`);
    let candidate = asked ?? standard;
    while (asked === undefined && taken.has(candidate)) candidate += 10; // keeps the two apart in any order
    taken.add(candidate);
    return candidate;
  };
  return [free(settings.adminPort, ADMIN_PORT, 'adminPort'), free(settings.scalerPort, SCALER_PORT, 'scalerPort')];
}

function subscriptionsJson(input: ProxyInput, problems: Problems): string | undefined {
  const list: Json[] = subscriptions(input.triggers, problems);
  if (list.length === 0) return undefined;
  // Kubernetes expands $(NAME) and $$ in values.
  const text = JSON.stringify(list).replaceAll('$', '$$$$');
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_VARIABLE_BYTES) {
    problems.error(['inputs'], `what the proxy announces of them would have ${bytes} bytes, ${MAX_VARIABLE_BYTES} are allowed; shorten rules or metadata`);
  }
  return text;
}
