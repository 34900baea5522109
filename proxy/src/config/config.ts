/** Environment → Config. All problems are found in one go, one line each; the environment is not read again later. */
import { Env, Settings } from './config-values';
import { readContext } from './func-context';
import { readSubscriptions, Subscriptions } from './subscriptions';
import { LOG_LEVELS, LogLevel } from '../observe/log';

const MIB = 1024 ** 2;
const PREFIX = 'DAPR_PROXY_';
const HOST_PART = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,100}[A-Za-z0-9_])?$/;

export interface Limits {
  /** 0 holds without end. */
  readonly holdMs: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  readonly maxInFlightPerPod: number;
  readonly connectMs: number;
  /** 0 = none. */
  readonly functionMs: number;
  readonly peerMs: number;
  readonly resolveMs: number;
  readonly maxMessage: number;
  readonly maxHeaders: number;
  readonly drainMs: number;
}

export interface KubernetesApi {
  readonly host: string;
  readonly port: number;
  readonly tokenFile: string;
  readonly caFile: string;
}

/** Bindings of which each replica of the proxy gets every event, and the Lease that says which one passes it on. */
export interface SharedBindingsConfig {
  /** Those of a schedule, of which no event may come twice. */
  readonly ticks: readonly string[];
  /** Those that watch something: too many events for asking about each, and none may be lost. */
  readonly streams: readonly string[];
  readonly lease: string;
  readonly durationMs: number;
}

export interface Config {
  readonly name: string;
  readonly podName: string;
  readonly namespace: string;
  readonly appProtocol: 'grpc' | 'http' | 'h2c';
  readonly functionIsHttp: boolean;
  readonly appToken?: string;
  readonly tokenOnEvents: boolean;
  readonly functionHost: string;
  readonly functionPort: number;
  readonly fallbackHost?: string;
  readonly peersHost?: string;
  readonly listenHost: string;
  readonly listenPort: number;
  readonly adminHost?: string;
  readonly adminPort: number;
  /** For the kubelet alone: no policy opens it. The admin port answers probes, too. */
  readonly probePort?: number;
  /** Whether KEDA's scaler listens. */
  readonly scaler: boolean;
  readonly scalerPort: number;
  readonly subscriptions: Subscriptions;
  /** Whether the brokers of all topics deliver again what failed: then nothing waits for a proxy that ends. */
  readonly giveBack: boolean;
  readonly limits: Limits;
  readonly discovery: 'dns' | 'endpointslices';
  readonly shared?: SharedBindingsConfig;
  readonly kubernetes?: KubernetesApi;
  readonly logLevel: LogLevel;
}

export type ConfigResult = { readonly config: Config } | { readonly problems: readonly string[] };

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

export function readConfig(env: Env): ConfigResult {
  const settings = new Settings(env);
  const context = readContext(settings);
  const namespace = settings.text('POD_NAMESPACE') ?? 'default';
  const discovery = settings.choice(`${PREFIX}DISCOVERY`, ['dns', 'endpointslices'], 'dns');
  const subscriptions = readSubscriptions(settings, context.inputs);
  const shared = readShared(settings, subscriptions);
  const config: Config = {
    name: context.name,
    podName: settings.text('POD_NAME') ?? '',
    namespace,
    appProtocol: settings.choice('APP_PROTOCOL', ['grpc', 'http', 'h2c'], 'grpc'),
    functionIsHttp: context.http,
    appToken: settings.text('APP_API_TOKEN'),
    tokenOnEvents: settings.flag(`${PREFIX}TOKEN_ON_EVENTS`, false),
    functionHost: settings.host(`${PREFIX}FUNCTION_HOST`) ?? serviceHost(settings, context.name, namespace),
    functionPort: settings.port(`${PREFIX}FUNCTION_PORT`, context.port),
    fallbackHost: settings.host(`${PREFIX}FALLBACK_HOST`),
    peersHost: settings.host(`${PREFIX}PEERS_HOST`),
    // Literally: `localhost` may be ::1, which daprd never dials.
    listenHost: settings.host(`${PREFIX}LISTEN_HOST`) ?? '127.0.0.1',
    listenPort: settings.port(`${PREFIX}LISTEN_PORT`, context.port),
    adminHost: settings.host(`${PREFIX}ADMIN_HOST`),
    adminPort: settings.port(`${PREFIX}ADMIN_PORT`, 18081),
    probePort: settings.optionalPort(`${PREFIX}PROBE_PORT`),
    scaler: settings.flag(`${PREFIX}SCALER`, false),
    scalerPort: settings.port(`${PREFIX}SCALER_PORT`, 18082),
    subscriptions,
    giveBack: settings.flag(`${PREFIX}GIVE_BACK`, false),
    limits: readLimits(settings),
    discovery,
    shared,
    kubernetes: discovery === 'endpointslices' || shared !== undefined ? readKubernetes(settings) : undefined,
    logLevel: settings.choice(`${PREFIX}LOG_LEVEL`, LOG_LEVELS, 'info'),
  };
  rejectSharedPorts(settings, config);
  return settings.problems.length > 0 ? { problems: settings.problems } : { config };
}

/** The host of the function's Service, the default for the address of its pods. */
function serviceHost(settings: Settings, name: string, namespace: string): string {
  const allowed = 'cannot be part of a host name, which has letters, digits, "-", "_" and "."; '
    + `without it ${PREFIX}FUNCTION_HOST must say where the pods are`;
  if (settings.text(`${PREFIX}FUNCTION_HOST`) === undefined) {
    if (name !== '' && !HOST_PART.test(name)) settings.reject('FUNC_CONTEXT name', name, allowed);
    if (!HOST_PART.test(namespace)) settings.reject('POD_NAMESPACE', namespace, allowed);
  }
  return `${name}.${namespace}.svc.cluster.local`;
}

function readLimits(settings: Settings): Limits {
  return {
    holdMs: settings.duration(`${PREFIX}HOLD_TIMEOUT`, 60_000, 'zero allowed'),
    maxWaiting: settings.integer(`${PREFIX}MAX_WAITING`, 1000, 1, 1_000_000),
    maxWaitingBytes: settings.bytes(`${PREFIX}MAX_WAITING_BYTES`, 64 * MIB, 16 * 1024 * MIB),
    maxInFlightPerPod: settings.integer(`${PREFIX}MAX_IN_FLIGHT_PER_POD`, 100, 1, 100_000),
    connectMs: settings.duration(`${PREFIX}CONNECT_TIMEOUT`, 1000, 'above zero'),
    functionMs: settings.duration(`${PREFIX}FUNCTION_TIMEOUT`, 0, 'zero allowed'),
    peerMs: settings.duration(`${PREFIX}PEER_TIMEOUT`, 60_000, 'above zero'),
    resolveMs: settings.duration(`${PREFIX}RESOLVE_INTERVAL`, 1000, 'above zero'),
    maxMessage: settings.bytes(`${PREFIX}MAX_MESSAGE`, 16 * MIB, 1024 * MIB),
    maxHeaders: settings.integer(`${PREFIX}MAX_HEADERS`, 2000, 1, 100_000),
    drainMs: settings.duration(`${PREFIX}DRAIN_TIMEOUT`, 25_000, 'above zero', '1h'),
  };
}

function readShared(settings: Settings, { bindings }: Subscriptions): SharedBindingsConfig | undefined {
  const lease = settings.text(`${PREFIX}LEASE`);
  const durationMs = settings.duration(`${PREFIX}LEASE_DURATION`, 15_000, 'above zero', '1h');
  const listed = (variable: string) => {
    const names = (settings.text(variable) ?? '').split(',').filter((name) => name !== '');
    for (const name of names) {
      if (bindings.some(({ component }) => component === name)) continue;
      settings.reject(variable, name, 'is not an input binding of the function');
    }
    return names;
  };
  const [ticks, streams] = [listed(`${PREFIX}SHARED_BINDINGS`), listed(`${PREFIX}SHARED_STREAMS`)];
  return lease === undefined || ticks.length + streams.length === 0 ? undefined : { ticks, streams, lease, durationMs };
}

function readKubernetes(settings: Settings): KubernetesApi {
  return {
    host: settings.host('KUBERNETES_SERVICE_HOST') ?? 'kubernetes.default.svc',
    port: settings.port('KUBERNETES_SERVICE_PORT', 443),
    tokenFile: settings.text(`${PREFIX}TOKEN_FILE`) ?? `${SERVICE_ACCOUNT}/token`,
    caFile: settings.text(`${PREFIX}CA_FILE`) ?? `${SERVICE_ACCOUNT}/ca.crt`,
  };
}

function rejectSharedPorts(settings: Settings, { listenPort, adminPort, probePort, scalerPort }: Config): void {
  const taken = new Map([[listenPort, 'LISTEN_PORT']]);
  const others = [['ADMIN_PORT', adminPort], ['SCALER_PORT', scalerPort], ['PROBE_PORT', probePort]] as const;
  for (const [name, port] of others) {
    if (port === undefined) continue;
    const other = taken.get(port);
    if (other !== undefined) {
      settings.reject(`${PREFIX}${name}`, String(port), `is already ${PREFIX}${other}: each port must be different`);
    }
    taken.set(port, other ?? name);
  }
}
