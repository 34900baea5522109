/** Everything about the dapr-proxy of a function in standalone mode (docs/spec M98 to M116). */
import { deriveHoldSeconds, everywhereFiring, factsOf, mayGiveBack } from './brokers';
import type { ResolvedTrigger } from './components';
import { ProxyPorts, proxyPorts, SidecarPorts, sidecarPorts, TokensPlan } from './dapr';
import { proxyEnv } from './env';
import type { FuncContextPlan } from './func-context';
import type { NamesPlan } from './names';
import type { Outline } from './outline';
import { AccessPlan, PRIVILEGE_SETTINGS, ProxyCallers } from './privileges';
import { PendingEventsReach, reachOf, ScalingPlan } from './scaling';
import { decideDrain, proxyAnnotations, proxyVolumes, sidecarBodyLimit } from './sidecar';
import { subscriptionsJson, warnOfRisks } from './subscriptions';
import { PROXY_SETTINGS, ProxyField, ProxyModel, ProxySettings } from '../function/proxy-settings';
import { Read, textOf } from '../function/readers';
import { DAPR_APP_PROTOCOL } from '../kubernetes/constants';
import { defined, JsonObject, StringMap } from '../kubernetes/json';
import { dns1123Label, parseQuantity, serviceHost } from '../kubernetes/syntax';
import { Problems, show } from '../problem/problem';
import { proxy, proxyVariable, settingsOf, VARIABLE_FIELDS } from '../settings/proxy';
import type { ProxyImageModel } from '../settings/proxy-image';
import { reaches, TARGET_SETTINGS, TargetsModel, titleOf } from '../settings/targets';

/** Settings of the platform that this follows. */
export const PROXY_PLATFORM_SETTINGS = {
  ...TARGET_SETTINGS,
  proxy,
  kedaNamespace: textOf(dns1123Label),
  monitoringNamespace: PRIVILEGE_SETTINGS.monitoringNamespace,
};
type ProxyPlatform = Read<typeof PROXY_PLATFORM_SETTINGS>;

export interface ProxyPlan {
  readonly image: ProxyImageModel;
  readonly replicas: number;
  readonly annotations: StringMap;
  /** The user's own, on the pods. */
  readonly podLabels: StringMap;
  readonly env: JsonObject[];
  /** Of the template, for the sidecar. */
  readonly volumes: JsonObject[];
  readonly ports: ProxyPorts;
  readonly sidecarPorts: SidecarPorts;
  readonly resources: ProxySettings['resources'];
  readonly imagePullSecrets?: readonly string[];
  readonly serviceAccount?: string;
  /** Where its pod runs: fields of the pod. */
  readonly scheduling: JsonObject;
  readonly serviceAccountToken: boolean;
  /** Where the proxy talks to the Kubernetes API. */
  readonly kubernetesApi?: KubernetesApiPlan;
  /** Who may connect; no NetworkPolicy without it. */
  readonly callers?: ProxyCallers;
  readonly gracePeriodSeconds: number;
  /** 0 holds without a time limit. */
  readonly holdSeconds: number;
  /** Components whose inbound calls get the default retry policy. */
  readonly inbound: string[];
  /** How far scaling on pending events gets, where it is on. */
  readonly reach?: PendingEventsReach;
  /** For the report. */
  readonly facts: readonly string[];
}

export interface KubernetesApiPlan {
  /** Without a service account of the user's it gets one. */
  readonly ownAccount: boolean;
  /** It watches EndpointSlices. */
  readonly endpointSlices: boolean;
  /** The replica that holds it passes on what fires in each of them. */
  readonly lease?: string;
}

export interface ProxyInput {
  readonly fn: Outline;
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly names: NamesPlan;
  readonly triggers: ResolvedTrigger[];
  readonly scaling: ScalingPlan;
  readonly platform: ProxyPlatform;
  /** As merged of platform and function. */
  readonly given: ProxyModel;
  readonly tokens: TokensPlan;
  readonly funcContext: FuncContextPlan;
  /** The Service `fn` leads through the interceptor of the KEDA HTTP add-on, which wakes the function. */
  readonly behindInterceptor: boolean;
  readonly access?: AccessPlan;
  readonly image: () => ProxyImageModel;
}

export function decideProxy(input: ProxyInput, problems: Problems): ProxyPlan | undefined {
  const { fn, names, triggers, platform, scaling, tokens } = input;
  if (fn.dapr.mode !== 'standalone') return undefined;
  const given = withBodyLimit(fn, withoutIdleDiscovery(input, problems), problems);
  const settings = settingsOf(given);
  const { replicas, resources, imagePullSecrets, serviceAccountToken } = settings;
  const { serviceAccountName: serviceAccount, ...scheduling } = followedPod(fn, given);
  checkResources(settings, fn.serving.annotations, problems);
  checkEventToken(settings, platform.targets, problems);
  // A ScaledJob asks the admin port instead.
  const pushes = scaling.pendingEvents !== undefined && scaling.scaler === 'ScaledObject';
  const ports = proxyPorts(fn, given, pushes, problems);
  const drain = decideDrain(settings.drainTimeout, fn.serving.annotations);
  const appProtocol = proxyProtocol(fn, problems);
  const reach = scaling.pendingEvents && reachOf(triggers, scaling.pendingEvents.targetPerReplica, replicas);
  warnOfRisks({ model: fn, triggers, tokens, settings, replicas, appProtocol, reach }, problems);
  const holdSeconds = given.holdTimeout ?? deriveHoldSeconds(triggers);
  const tuning = { ...given, holdTimeout: holdSeconds, drainTimeout: drain.timeoutSeconds };
  const endpointSlices = settings.discovery === 'endpointslices';
  const shared = leaseVariables(settings.leaderElection ? triggers : [], names.proxy);
  const lease = shared.length > 0 ? names.proxy : undefined;
  const talks = endpointSlices || lease !== undefined;
  return {
    image: input.image(),
    replicas,
    annotations: proxyAnnotations(input, settings, appProtocol, drain),
    podLabels: fn.serving.labels,
    env: proxyEnv(appProtocol, input.namespace, input.funcContext, tokens.app)
      .concat(ownVariables(input, tuning, ports, problems), shared),
    volumes: proxyVolumes(fn),
    ports,
    sidecarPorts: sidecarPorts(fn.serving.annotations),
    resources,
    imagePullSecrets,
    serviceAccount: serviceAccount ?? (talks ? names.proxy : undefined),
    scheduling,
    serviceAccountToken,
    kubernetesApi: talks ? { ownAccount: serviceAccount === undefined, endpointSlices, lease } : undefined,
    callers: settings.networkPolicy ? callersOf(platform, input.access) : undefined,
    gracePeriodSeconds: drain.gracePeriodSeconds,
    holdSeconds,
    inbound: settings.inboundRetry ? inboundComponents(triggers) : [],
    reach,
    facts: factsOf(triggers, platform.targets),
  };
}

const DEFAULT_KEDA_NAMESPACE = 'keda';

function callersOf(
  { kedaNamespace = DEFAULT_KEDA_NAMESPACE, monitoringNamespace }: ProxyPlatform, access: AccessPlan | undefined,
): ProxyCallers {
  return { kedaNamespace, monitoringNamespace, apps: access?.policies };
}

/** What a proxy of the function has, whether it has one or not. */
export function plannedProxy(fn: Outline, given: ProxyModel): ProxySettings {
  return settingsOf(withBodyLimit(fn, given, new Problems()));
}

/** To Dapr, the proxy is the function: it has its identity and its place, unless its own settings say otherwise. */
function followedPod({ serving: { template = {} } }: Outline, given: ProxyModel): FollowedPod {
  const { serviceAccountName, nodeSelector, tolerations, priorityClassName } = template;
  return defined({
    serviceAccountName: given.serviceAccount ?? serviceAccountName as string | null,
    nodeSelector: given.nodeSelector ?? nodeSelector,
    tolerations: given.tolerations ?? tolerations,
    priorityClassName: given.priorityClassName ?? priorityClassName,
  }) as FollowedPod;
}

type FollowedPod = JsonObject & { readonly serviceAccountName?: string };

/** What the sidecar lets through, the proxy takes too. */
function withBodyLimit(fn: Outline, given: ProxyModel, problems: Problems): ProxyModel {
  const [key, bytes] = sidecarBodyLimit(fn.serving.annotations) ?? ['', 0];
  const { default: standard, range: [, most] } = PROXY_SETTINGS.maxMessageSize;
  const limit = given.maxMessageSize ?? standard;
  if (bytes <= limit) return given;
  const path = ['serving', 'annotations', key];
  if (bytes > most) problems.error(path, `${show(fn.serving.annotations[key])} is more than the dapr-proxy takes, 1Gi`);
  else if (given.maxMessageSize === undefined) return { ...given, maxMessageSize: bytes };
  else problems.warn(path, `lets larger messages through than proxy.maxMessageSize, ${limit}; raise that too`);
  return given;
}

/** State components are left out: they send no events. */
function inboundComponents(triggers: ResolvedTrigger[]): string[] {
  const sending = triggers.filter(({ block }) => block !== 'state');
  return [...new Set(sending.map(({ componentName }) => componentName))].sort();
}

/** An HTTP function has one address, of Knative or of the add-on, which no EndpointSlice of the function's lists. */
function withoutIdleDiscovery({ fn, given }: ProxyInput, problems: Problems): ProxyModel {
  const { discovery } = given;
  if (discovery === undefined || (discovery === 'endpointslices' && fn.engine === undefined)) return given;
  if (discovery === 'endpointslices' && fn.proxy?.discovery === discovery) {
    const path = ['proxy', 'discovery'];
    problems.warn(path, 'has no effect on an HTTP function, whose one address the proxy knows');
  }
  return { ...given, discovery: undefined };
}

/** An older Dapr sends none with gRPC events, so that each would be refused. */
function checkEventToken(
  { tokenOnEvents }: ProxySettings, targets: TargetsModel | undefined, problems: Problems,
): void {
  if (!tokenOnEvents || reaches(targets, 'dapr', '1.17')) return;
  const target = titleOf(targets, 'dapr');
  problems.error(['proxy', 'tokenOnEvents'], `needs Dapr 1.17, and the target is ${target}, which sends no token`);
}

/** Kubernetes refuses a pod whose limit is below what it requests; annotations of the sidecar win over its settings. */
function checkResources(settings: ProxySettings, annotations: StringMap, problems: Problems): void {
  for (const field of ['resources', 'sidecarResources'] as const) {
    for (const what of ['cpu', 'memory', 'ephemeralStorage'] as const) {
      const { [`${what}Request` as const]: request = '', [`${what}Limit` as const]: limit = '' } = settings[field];
      if (limit === '') continue;
      const annotated = field === 'sidecarResources'
        && Object.keys(annotations).some((key) => key.startsWith(`dapr.io/sidecar-${what}-`));
      if (!annotated && (parseQuantity(limit) ?? Infinity) < (parseQuantity(request) ?? 0)) {
        problems.error(['proxy', field, what, 'limit'], `${show(limit)} is below the request, ${show(request)}`);
      }
    }
  }
}

/** Those that have no place of their own. */
const TUNING = VARIABLE_FIELDS.filter((field) => !['adminPort', 'scalerPort', 'discovery'].includes(field));

/** Addresses, ports and settings, `DAPR_PROXY_*`, in the order in which they are emitted. */
function ownVariables(
  input: ProxyInput, tuning: ProxyModel, { admin, scaler, probe }: ProxyPorts, problems: Problems,
): JsonObject[] {
  const { fn, names: { services }, namespace, clusterDomain } = input;
  const hostOf = (service: string | undefined) => service && serviceHost(service, namespace, clusterDomain);
  const target = functionAddress(input, problems);
  const list: JsonObject[] = [];
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined) list.push({ name: `DAPR_PROXY_${name}`, value });
  };
  const addSetting = (field: ProxyField, value: ProxyModel[ProxyField]) => list.push(...proxyVariable(field, value));
  add('FUNCTION_HOST', target.host);
  add('FUNCTION_PORT', String(target.port));
  add('FALLBACK_HOST', hostOf(services.clusterIp));
  add('LISTEN_PORT', String(fn.port));
  addSetting('adminPort', admin);
  addSetting('scalerPort', scaler);
  add('SCALER', scaler === undefined ? undefined : 'true');
  add('PROBE_PORT', String(probe));
  add('SUBSCRIPTIONS', subscriptionsJson(input.triggers, problems));
  for (const field of TUNING) addSetting(field, tuning[field]);
  add('GIVE_BACK', mayGiveBack(input.triggers, input.platform.targets) ? 'true' : undefined);
  add('PEERS_HOST', hostOf(services.peers));
  addSetting('discovery', tuning.discovery);
  return list;
}

/** None where no binding needs a Lease. */
function leaseVariables(triggers: readonly ResolvedTrigger[], lease: string): JsonObject[] {
  const list = [
    { name: 'DAPR_PROXY_SHARED_BINDINGS', value: everywhereFiring(triggers, 'ticks').join(',') },
    { name: 'DAPR_PROXY_SHARED_STREAMS', value: everywhereFiring(triggers, 'stream').join(',') },
  ].filter(({ value }) => value !== '');
  return list.length === 0 ? [] : [...list, { name: 'DAPR_PROXY_LEASE', value: lease }];
}

function functionAddress(input: ProxyInput, problems: Problems): { host: string; port: number } {
  const { fn, names: { host, services }, namespace, clusterDomain, behindInterceptor } = input;
  if (fn.engine === undefined) return { host, port: fn.port };
  if (services.workload === undefined || behindInterceptor) return { host, port: 80 };
  problems.warn(
    ['serving', 'triggers', 'http', 'engine'],
    'without a gateway Service in the platform settings, events that reach the proxy '
      + 'do not wake this function from zero',
  );
  return { host: serviceHost(services.workload, namespace, clusterDomain), port: 80 };
}

/** The old way to say https. */
const APP_SSL = 'dapr.io/app-ssl';
const NO_TLS = 'does not go with the dapr-proxy, which is reached over loopback';

/** Differs: in front of an HTTP function the proxy speaks HTTP, so that invocations pass unchanged. */
function proxyProtocol({ serving, engine }: Outline, problems: Problems): string {
  const given = serving.annotations[DAPR_APP_PROTOCOL];
  const path = ['serving', 'annotations', DAPR_APP_PROTOCOL];
  if (given === 'https' || given === 'grpcs') {
    problems.error(path, `${show(given)} ${NO_TLS}; give "grpc", "http" or "h2c"`);
  } else if (given !== undefined && !['grpc', 'http', 'h2c'].includes(given)) {
    problems.notOneOf(path, given, ['grpc', 'http', 'h2c']);
  }
  const tls = serving.annotations[APP_SSL];
  if (tls === 'true') problems.error(['serving', 'annotations', APP_SSL], `${show(tls)} ${NO_TLS}`);
  return given ?? (engine === undefined ? 'grpc' : 'http');
}
