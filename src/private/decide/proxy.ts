/** Everything about the dapr-proxy of a function in standalone mode (docs/spec M98 to M116). */
import { deriveHoldSeconds } from './brokers';
import type { ResolvedTrigger } from './components';
import { sidecarPorts, SidecarPorts } from './dapr-ports';
import type { NamesPlan } from './names';
import { reachOf, PendingEventsReach } from './pending-events';
import { warnOfRisks } from './proxy-risks';
import type { ScalingPlan } from './scaling';
import { subscriptions } from './subscriptions';
import type { TokensPlan } from './tokens';
import type { FunctionModel } from '../function/function-model';
import { PROXY_SETTINGS, ProxyModel, ProxySettings } from '../function/proxy-settings';
import { DAPR_APP_PROTOCOL, DEFAULT_CLUSTER_DOMAIN, MAX_VARIABLE_BYTES } from '../kubernetes/constants';
import { parseGoDuration } from '../kubernetes/go-duration';
import type { Json, StringMap } from '../kubernetes/json';
import { parseQuantity } from '../kubernetes/quantity';
import { Problems, show } from '../problem/problem';
import { merge } from '../settings/merge';
import type { PlatformModel } from '../settings/platform-model';
import { proxyVariables, withDefaults } from '../settings/proxy';

export interface ProxyPlan {
  readonly settings: ProxySettings;
  readonly replicas: number;
  readonly appProtocol: string;
  /** Variables of its own, in the order in which they are emitted; those without a value are left out. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly adminPort: number;
  /** Where KEDA has a trigger that the proxy pushes to. */
  readonly scalerPort?: number;
  /** For the kubelet's probes: no policy opens it, so that nobody else can use it up. */
  readonly probePort: number;
  readonly sidecarPorts: SidecarPorts;
  /** 0 holds without end. */
  readonly holdSeconds: number;
  readonly drain: DrainPlan;
  /** Annotations: how often Dapr asks whether the proxy is there. */
  readonly health: StringMap;
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

const PROBE_PORT = 18_083;
const HEALTH_TIMEOUT = 'dapr.io/app-health-probe-timeout';
/** The sidecar's API stays up this long after SIGTERM, so that handlers can still publish. */
const MAX_BLOCK_SECONDS = 5;
const SPARE_SECONDS = 5;

export function drainPlan(timeoutSeconds: number): DrainPlan {
  const blockSeconds = Math.min(MAX_BLOCK_SECONDS, Math.floor(timeoutSeconds / 2));
  const gracefulSeconds = timeoutSeconds - blockSeconds;
  return { timeoutSeconds, blockSeconds, gracefulSeconds, gracePeriodSeconds: timeoutSeconds + blockSeconds + gracefulSeconds + SPARE_SECONDS };
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
  const given = givenSettings(input, problems);
  const settings = withMemoryLimit(withDefaults(given), given);
  const { replicas } = settings;
  checkResources(settings, model.serving.annotations, problems);
  const { adminPort, scalerPort, probePort } = sidePorts(input, given, problems);
  const drain = withOwnTimes(drainPlan(settings.drainTimeout), model.serving.annotations);
  const peers = replicas > 1 && scaling.pendingEvents !== undefined;
  const appProtocol = proxyProtocol(model, problems);
  const reach = scaling.pendingEvents === undefined ? undefined : reachOf(triggers, scaling.pendingEvents.targetPerReplica, replicas);
  warnOfRisks({ ...input, settings, replicas, appProtocol, reach }, problems);
  const holdSeconds = given.holdTimeout ?? deriveHoldSeconds(triggers);
  const target = functionAddress(input);
  const { adminPort: _admin, scalerPort: _scaler, discovery, ...tuning } = given;
  const env = {
    DAPR_PROXY_FUNCTION_HOST: target.host,
    DAPR_PROXY_FUNCTION_PORT: String(target.port),
    DAPR_PROXY_FALLBACK_HOST: model.serving.http === undefined ? `${names.anyPod}.${input.namespace}.svc.${platform.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN}` : undefined,
    DAPR_PROXY_LISTEN_PORT: String(input.port),
    ...proxyVariables({ adminPort, scalerPort }),
    DAPR_PROXY_SCALER: scalerPort === undefined ? undefined : 'true',
    DAPR_PROXY_PROBE_PORT: String(probePort),
    DAPR_PROXY_SUBSCRIPTIONS: subscriptionsJson(input, problems),
    ...proxyVariables({ ...tuning, holdTimeout: holdSeconds, drainTimeout: drain.timeoutSeconds }),
    DAPR_PROXY_PEERS_HOST: peers ? `${names.peers}.${input.namespace}.svc.${platform.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN}` : undefined,
    ...proxyVariables({ discovery }),
  };
  return {
    settings,
    replicas,
    appProtocol,
    env,
    adminPort,
    ...(scalerPort !== undefined && { scalerPort }),
    probePort,
    sidecarPorts: sidecarPorts(model.serving.annotations),
    holdSeconds,
    drain,
    health: healthAnnotations(model.serving.annotations),
    inbound: settings.inboundRetry ? inboundComponents(triggers) : [],
    peers,
    ...(reach !== undefined && { reach }),
  };
}

/**
 * A proxy that Dapr asked before it listened gets its subscriptions with the next question, so that comes soon; only ten
 * failures in a row end them. Dapr does not start with a timeout longer than the interval.
 */
function healthAnnotations(given: StringMap): StringMap {
  const timeoutMs = given[HEALTH_TIMEOUT] ?? '1000';
  const seconds = Math.max(1, Math.ceil(Number(timeoutMs) / 1000) || 1);
  return { 'dapr.io/app-health-probe-interval': String(seconds), [HEALTH_TIMEOUT]: timeoutMs, 'dapr.io/app-health-threshold': '10' };
}

/** What the proxy takes at rest, and its events twice: V8 frees what they leave behind with a delay. */
function withMemoryLimit(settings: ProxySettings, given: ProxyModel): ProxySettings {
  if (given.resources?.memoryLimit !== undefined) return settings;
  const { maxMessageSize, maxWaitingSize, resources } = settings;
  const memoryLimit = `${128 + Math.ceil(2 * Math.max(maxMessageSize, maxWaitingSize) / 2 ** 20)}Mi`;
  return { ...settings, resources: { ...resources, memoryLimit } };
}

/** A state sends nothing. */
function inboundComponents(triggers: ResolvedTrigger[]): string[] {
  return [...new Set(triggers.filter(({ block }) => block !== 'state').map(({ componentName }) => componentName))].sort();
}

/** In front of an HTTP function stands one address, of Knative or of the add-on, which no EndpointSlice of the function's tells. */
function givenSettings({ model: { serving, proxy: own = {} }, platform }: ProxyInput, problems: Problems): ProxyModel {
  const { discovery, ...given } = merge(platform.proxy ?? {}, own);
  if (discovery !== 'endpointslices') return given;
  if (serving.http === undefined) return { ...given, discovery };
  if (own.discovery === discovery) problems.warn(['proxy', 'discovery'], 'has no effect on an HTTP function, whose one address the proxy knows');
  return given;
}

/** Kubernetes refuses a pod whose limit is below what it requests; annotations of the sidecar win over its settings. */
function checkResources(settings: ProxySettings, annotations: StringMap, problems: Problems): void {
  for (const field of ['resources', 'sidecarResources'] as const) {
    for (const what of ['cpu', 'memory'] as const) {
      const { [`${what}Request` as const]: request = '', [`${what}Limit` as const]: limit = '' } = settings[field];
      const annotated = Object.keys(annotations).some((key) => field === 'sidecarResources' && key.startsWith(`dapr.io/sidecar-${what}-`));
      if (!annotated && (parseQuantity(limit) ?? Infinity) < (parseQuantity(request) ?? 0)) {
        problems.error(['proxy', field, `${what}Limit`], `${show(limit)} is below the request, ${show(request)}`);
      }
    }
  }
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

function sidePorts({ model, port, scaling }: ProxyInput, given: ProxyModel, problems: Problems): Pick<ProxyPlan, 'adminPort' | 'scalerPort' | 'probePort'> {
  const taken = new Set([port, ...Object.values(sidecarPorts(model.serving.annotations))]);
  const free = (standard: number): number => {
    let candidate = standard;
    while (taken.has(candidate)) candidate += 10; // keeps them apart in any order
    taken.add(candidate);
    return candidate;
  };
  const settled = (field: 'adminPort' | 'scalerPort'): number => {
    const asked = given[field];
    if (asked === undefined) return free(PROXY_SETTINGS[field].default);
    if (taken.has(asked)) problems.error(['proxy', field], `${asked} is taken in the proxy's pod`);
    taken.add(asked);
    return asked;
  };
  const [adminPort, scalerPort, probePort] = [settled('adminPort'), settled('scalerPort'), free(PROBE_PORT)];
  // A ScaledJob asks the admin port instead.
  const pushes = scaling.pendingEvents !== undefined && scaling.scaler === 'ScaledObject';
  return { adminPort, probePort, ...(pushes && { scalerPort }) };
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
