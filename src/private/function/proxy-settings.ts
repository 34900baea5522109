/**
 * The settings of the dapr-proxy, a line for each: how it is given, what is allowed, what it is unless given, and the
 * variable DAPR_PROXY_* that carries it. Variables are emitted in this order.
 *
 * Props, YAML, checks, merging, variables and tables of the documentation come from here. Tests hold the proxy's own
 * reader and the documentation of `DaprProxyProps` to it.
 */
import type { JsonObject, StringMap } from '../kubernetes/json';

/** Kubernetes quantities. */
export interface ContainerModel {
  readonly cpuRequest?: string;
  readonly cpuLimit?: string;
  readonly memoryRequest?: string;
  readonly memoryLimit?: string;
  readonly ephemeralStorageRequest?: string;
  readonly ephemeralStorageLimit?: string;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;
const MS = 1_000;
const MIB = 2 ** 20;
const GIB = 2 ** 30;

export const PROXY_SETTINGS = {
  adminPort: { kind: 'count', range: [1, 65_535], default: 18_081, variable: 'ADMIN_PORT' },
  scalerPort: { kind: 'count', range: [1, 65_535], default: 18_082, variable: 'SCALER_PORT' },
  holdTimeout: { kind: 'limitInSeconds', range: [0, DAY], default: 60, variable: 'HOLD_TIMEOUT' },
  drainTimeout: { kind: 'seconds', range: [1, HOUR], default: 25, variable: 'DRAIN_TIMEOUT' },
  maxWaiting: { kind: 'count', range: [1, 1_000_000], default: 1_000, variable: 'MAX_WAITING' },
  maxWaitingSize: { kind: 'bytes', range: [1, 16 * GIB], default: 64 * MIB, variable: 'MAX_WAITING_BYTES' },
  maxInFlightPerPod: { kind: 'count', range: [1, 100_000], default: 100, variable: 'MAX_IN_FLIGHT_PER_POD' },
  connectTimeout: { kind: 'milliseconds', range: [1, DAY * MS], default: 1 * MS, variable: 'CONNECT_TIMEOUT' },
  functionTimeout: { kind: 'limitInMilliseconds', range: [0, DAY * MS], default: 0, variable: 'FUNCTION_TIMEOUT' },
  peerTimeout: { kind: 'milliseconds', range: [1, DAY * MS], default: 60 * MS, variable: 'PEER_TIMEOUT' },
  resolveInterval: { kind: 'milliseconds', range: [1, DAY * MS], default: 1 * MS, variable: 'RESOLVE_INTERVAL' },
  maxMessageSize: { kind: 'bytes', range: [1, GIB], default: 16 * MIB, variable: 'MAX_MESSAGE' },
  maxHeaders: { kind: 'count', range: [1, 100_000], default: 2_000, variable: 'MAX_HEADERS' },
  tokenOnEvents: { kind: 'flag', default: false, variable: 'TOKEN_ON_EVENTS' },
  logLevel: { kind: 'word', words: ['debug', 'info', 'warn', 'error'], default: 'info', variable: 'LOG_LEVEL' },
  discovery: { kind: 'word', words: ['dns', 'endpointslices'], default: 'dns', variable: 'DISCOVERY' },
  replicas: { kind: 'count', range: [1, 100], default: 1 },
  networkPolicy: { kind: 'flag', default: true },
  functionNetworkPolicy: { kind: 'flag', default: false },
  inboundRetry: { kind: 'flag', default: true },
  leaderElection: { kind: 'flag', default: true },
  serviceAccountToken: { kind: 'flag', default: false },
  serviceAccount: { kind: 'name' },
  nodeSelector: { kind: 'map' },
  tolerations: { kind: 'objects' },
  priorityClassName: { kind: 'text' },
  imagePullSecrets: { kind: 'names' },
  apiToken: { kind: 'name' },
  appToken: { kind: 'name' },
  // The limit grows with `maxWaitingSize`.
  resources: { kind: 'container', default: { cpuRequest: '50m', memoryRequest: '96Mi', memoryLimit: '256Mi' } },
  sidecarResources: { kind: 'container', default: { cpuRequest: '50m', memoryRequest: '96Mi', memoryLimit: '512Mi' } },
} as const satisfies Record<string, ProxySetting>;

/** What a value is in the model. Durations are whole numbers of their unit, rounded up. */
interface Kinds {
  seconds: number;
  milliseconds: number;
  /** 0 is none. */
  limitInSeconds: number;
  /** 0 is none. */
  limitInMilliseconds: number;
  bytes: number;
  count: number;
  flag: boolean;
  word: string;
  /** Of an object in the cluster. */
  name: string;
  names: string[];
  container: ContainerModel;
  text: string;
  map: StringMap;
  objects: JsonObject[];
}
export type SettingKind = keyof Kinds;

/** A number has a range, a word has its words. */
export type ProxySetting = { [K in SettingKind]: {
  readonly kind: K;
  readonly range?: Kinds[K] extends number ? readonly [low: number, high: number] : undefined;
  readonly words?: K extends 'word' ? readonly string[] : undefined;
  readonly default?: Kinds[K];
  readonly variable?: string;
} }[SettingKind];

type Lines = typeof PROXY_SETTINGS;
export type ProxyField = keyof Lines;
type ModelOf<S extends ProxySetting> = S extends { readonly words: readonly (infer W)[] } ? W : Kinds[S['kind']];
type WithDefault = { [F in ProxyField]: Lines[F] extends { readonly default: unknown } ? F : never }[ProxyField];

/** The dapr-proxy and its pod, as given at one place; places are merged field by field. */
export type ProxyModel = { readonly [F in ProxyField]?: ModelOf<Lines[F]> };
/** With the defaults of what nobody gave. */
export type ProxySettings = ProxyModel & Required<Pick<ProxyModel, WithDefault>>;
