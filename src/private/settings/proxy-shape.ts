/** Shape of the dapr-proxy's settings as YAML: the fields of `DaprProxyProps`, read into the model, whose names carry the unit. */
import { checkProxy } from './proxy-rules';
import type { ProxyModel } from '../function/extras';
import { boolean, integer, listOf, object, oneOf, ReadBy, Reader, string, text, word } from '../function/shape';
import { parseGoDuration } from '../kubernetes/go-duration';
import { defined, JsonObject } from '../kubernetes/json';
import { show } from '../problem/problem';

const MILLISECONDS = 1_000;
const anyNumber = integer(0, Number.MAX_SAFE_INTEGER);

/** A Go duration, in the unit that the model has. */
function duration(unitsPerSecond: number): Reader<number> {
  return (value, at) => {
    const given = text(value, at);
    const seconds = given === undefined ? undefined : parseGoDuration(given);
    if (given !== undefined && (seconds === undefined || seconds < 0)) at.problems.error(at.path, `${show(given)} is no duration such as "500ms", "60s" or "5m"`);
    return seconds === undefined || seconds < 0 ? undefined : Math.ceil(seconds * unitsPerSecond);
  };
}
const seconds = duration(1);
const milliseconds = duration(MILLISECONDS);

const UNITS: Readonly<Record<string, number>> = { '': 1, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'Ki': 2 ** 10, 'Mi': 2 ** 20, 'Gi': 2 ** 30 };

/** Bytes, as a number or a quantity such as `64Mi`. */
const bytes: Reader<number> = (value, at) => {
  if (typeof value === 'number') return anyNumber(value, at);
  const match = /^(\d{1,15})(k|M|G|Ki|Mi|Gi)?$/.exec(string(value, at) ?? '');
  if (match === null && typeof value === 'string') at.problems.error(at.path, `${show(value)} is no size such as 1048576 or "64Mi"`);
  return match === null ? undefined : Number(match[1]) * UNITS[match[2] ?? ''];
};

const containerSize = object({ cpuRequest: text, cpuLimit: text, memoryRequest: text, memoryLimit: text });

const fields = object({
  replicas: anyNumber,
  imagePullSecrets: listOf(word),
  holdTimeout: seconds,
  drainTimeout: seconds,
  maxWaiting: anyNumber,
  maxWaitingSize: bytes,
  maxInFlightPerPod: anyNumber,
  maxMessageSize: bytes,
  maxHeaders: anyNumber,
  connectTimeout: milliseconds,
  functionTimeout: milliseconds,
  peerTimeout: milliseconds,
  resolveInterval: milliseconds,
  adminPort: anyNumber,
  scalerPort: anyNumber,
  logLevel: oneOf(['debug', 'info', 'warn', 'error']),
  discovery: oneOf(['dns', 'endpointslices']),
  networkPolicy: boolean,
  inboundRetry: boolean,
  apiToken: word,
  appToken: word,
  tokenOnEvents: boolean,
  serviceAccountToken: boolean,
  serviceAccount: word,
  resources: containerSize,
  sidecarResources: containerSize,
});
type ProxyShape = ReadBy<typeof fields>;

/** Ranges are those of the typed settings. */
export const proxy: Reader<ProxyModel> = (value, at) => {
  const shape = fields(value, at);
  if (shape === undefined) return undefined;
  const model = proxyModel(shape);
  at.problems.add(...checkProxy(model, at.path));
  return model;
};

function proxyModel(shape: ProxyShape): ProxyModel {
  const {
    holdTimeout, drainTimeout, maxWaitingSize, maxMessageSize, connectTimeout, functionTimeout, peerTimeout, resolveInterval, inboundRetry,
    apiToken, appToken, serviceAccount, imagePullSecrets, resources, sidecarResources, ...same
  } = shape;
  return defined({
    ...same,
    holdTimeoutSeconds: holdTimeout,
    drainTimeoutSeconds: drainTimeout,
    maxWaitingBytes: maxWaitingSize,
    maxMessageBytes: maxMessageSize,
    connectTimeoutMs: connectTimeout,
    functionTimeoutMs: functionTimeout,
    peerTimeoutMs: peerTimeout,
    resolveIntervalMs: resolveInterval,
    resiliency: inboundRetry,
    apiTokenSecret: apiToken,
    appTokenSecret: appToken,
    serviceAccountName: serviceAccount,
    imagePullSecrets: imagePullSecrets?.filter((name) => name !== undefined),
    resources: resources && resourcesOf(resources),
    sidecarResources: sidecarResources && defined({ ...sidecarResources }),
  });
}

function resourcesOf({ cpuRequest, memoryRequest, cpuLimit, memoryLimit }: NonNullable<ProxyShape['resources']>): JsonObject {
  const quantities = (cpu?: string, memory?: string): JsonObject => defined({ cpu, memory }) as JsonObject;
  const blocks = { requests: quantities(cpuRequest, memoryRequest), limits: quantities(cpuLimit, memoryLimit) };
  return Object.fromEntries(Object.entries(blocks).filter(([, block]) => Object.keys(block).length > 0));
}
