/** Dapr's sidecar, of a function's pods or of its proxy's: annotations, volumes, and how it stops. */
import { tokenAnnotations, TokensPlan } from './dapr';
import type { NamesPlan } from './names';
import type { DaprMode, Outline } from './outline';
import type { AccessPlan } from './privileges';
import type { ProxySettings } from '../function/proxy-settings';
import {
  DAPR_APP_ID, DAPR_APP_PORT, DAPR_APP_PROTOCOL, DAPR_CONFIG, DAPR_ENABLED,
} from '../kubernetes/constants';
import { defined, JsonObject, objectsIn, StringMap } from '../kubernetes/json';
import { parseGoDuration, parseQuantity } from '../kubernetes/syntax';
import { Problems, show } from '../problem/problem';

const MAX_BODY_SIZE = 'dapr.io/max-body-size';
/** In megabytes. */
const OLD_MAX_BODY_SIZE = 'dapr.io/http-max-request-size';

/** The largest message that the sidecar takes where annotations say so, with the one that does. */
export function sidecarBodyLimit(annotations: StringMap): [key: string, bytes: number] | undefined {
  const { [MAX_BODY_SIZE]: size, [OLD_MAX_BODY_SIZE]: old } = annotations;
  const bytes = size === undefined ? undefined : parseQuantity(size);
  if (bytes !== undefined) return [MAX_BODY_SIZE, Math.ceil(bytes)];
  return old !== undefined && /^\d+$/.test(old) ? [OLD_MAX_BODY_SIZE, Number(old) * 2 ** 20] : undefined;
}

const KEYS = ['dapr.io/volume-mounts', 'dapr.io/volume-mounts-rw'];

export interface SidecarMount {
  readonly key: string;
  /** As the annotation has it. */
  readonly item: string;
  /** Of a volume; `undefined` where the item is none. */
  readonly name?: string;
}

export function sidecarMounts(annotations: StringMap): SidecarMount[] {
  return KEYS.flatMap((key) => (annotations[key] ?? '').split(',').filter((item) => item.trim() !== '').map((item) => {
    const [name, path, more] = item.trim().split(':');
    const isMount = name !== '' && path !== undefined && path !== '' && more === undefined;
    return { key, item: item.trim(), ...(isMount && { name }) };
  }));
}

export function findVolume(template: JsonObject | undefined, name: string): JsonObject | undefined {
  return objectsIn(template?.volumes).map(([volume]) => volume).find((volume) => volume.name === name);
}

/** To have on the proxy's pod too: that is where the sidecar is. */
export function proxyVolumes({ serving: { annotations, template } }: Outline): JsonObject[] {
  const names = new Set(sidecarMounts(annotations).map(({ name }) => name));
  return objectsIn(template?.volumes).map(([volume]) => volume).filter(({ name }) => names.has(name as string));
}

/** Knative refuses a volume that no container mounts, and the sidecar that does is on the proxy's pod. */
export function functionTemplate(fn: Outline): JsonObject | undefined {
  const { template } = fn.serving;
  if (template === undefined || fn.workload !== 'KnativeService' || fn.dapr.mode !== 'standalone') return template;
  const elsewhere = proxyVolumes(fn);
  if (elsewhere.length === 0) return template;
  const mounted = ['initContainers', 'containers'].flatMap((list) => objectsIn(template[list]))
    .flatMap(([container]) => objectsIn(container.volumeMounts)).map(([{ name }]) => name);
  const { volumes, ...rest } = template;
  const kept = objectsIn(volumes).map(([volume]) => volume)
    .filter((volume) => !elsewhere.includes(volume) || mounted.includes(volume.name));
  return { ...rest, ...(kept.length > 0 && { volumes: kept }) };
}

/** Where the proxy itself answers Dapr's health checks. */
export const PROXY_HEALTH_PATH = '/dapr-proxy/healthz';
export const HEALTH_PATH = 'dapr.io/app-health-check-path';
const HEALTH_TIMEOUT = 'dapr.io/app-health-probe-timeout';

/**
 * If Dapr's first health check comes before the proxy listens, the subscriptions start with the next one, so the
 * interval is short; only ten failures in a row end them. Dapr does not start with a timeout longer than the interval.
 */
function healthAnnotations(given: StringMap): StringMap {
  const timeoutMs = given[HEALTH_TIMEOUT] ?? '1000';
  const seconds = Math.max(1, Math.ceil(Number(timeoutMs) / 1000) || 1);
  return {
    'dapr.io/app-health-probe-interval': String(seconds),
    [HEALTH_TIMEOUT]: timeoutMs,
    'dapr.io/app-health-threshold': '10',
  };
}

interface AnnotatedProxy {
  readonly fn: Outline;
  readonly names: NamesPlan;
  readonly tokens: TokensPlan;
  readonly access?: AccessPlan;
}

/** Annotations for Knative or a WebAssembly runtime, neither of which starts the proxy's pods. */
const FOREIGN_PREFIXES = [
  'autoscaling.knative.dev/',
  'serving.knative.dev/',
  'networking.knative.dev/',
  'queue.sidecar.serving.knative.dev/',
  'features.knative.dev/',
  'module.wasm.image/',
];

export function proxyAnnotations(
  { fn, names, tokens, access }: AnnotatedProxy, settings: ProxySettings, appProtocol: string, drain: DrainPlan,
): StringMap {
  const isForeign = (key: string) => FOREIGN_PREFIXES.some((prefix) => key.startsWith(prefix));
  const own = Object.entries(fn.serving.annotations).filter(([key]) => !isForeign(key));
  return {
    [DAPR_APP_ID]: names.appId,
    'dapr.io/log-as-json': 'true',
    [DAPR_APP_PROTOCOL]: appProtocol,
    [DAPR_APP_PORT]: String(fn.port),
    // Function pods reach the sidecar over the network.
    'dapr.io/sidecar-listen-addresses': '[::],0.0.0.0',
    'dapr.io/enable-app-health-check': 'true',
    [HEALTH_PATH]: PROXY_HEALTH_PATH,
    ...healthAnnotations(fn.serving.annotations),
    ...drainAnnotations(drain),
    ...(!settings.serviceAccountToken && { 'dapr.io/disable-builtin-k8s-secret-store': 'true' }),
    ...tokenAnnotations(tokens),
    ...sidecarResources(settings.sidecarResources),
    ...(access && { [DAPR_CONFIG]: access.name }),
    ...Object.fromEntries(own),
    [DAPR_ENABLED]: 'true',
  };
}

/** As annotations that Dapr's injector reads. */
export function sidecarResources(
  { cpuRequest, cpuLimit, memoryRequest, memoryLimit }: ProxySettings['sidecarResources'],
): StringMap {
  return defined({
    'dapr.io/sidecar-cpu-request': cpuRequest,
    'dapr.io/sidecar-cpu-limit': cpuLimit,
    'dapr.io/sidecar-memory-request': memoryRequest,
    'dapr.io/sidecar-memory-limit': memoryLimit,
  }) as StringMap;
}

/** Dapr spends block and graceful time one after the other; the proxy drains meanwhile. */
export interface DrainPlan {
  readonly timeoutSeconds: number;
  readonly blockSeconds: number;
  readonly gracefulSeconds: number;
  readonly gracePeriodSeconds: number;
}

/** The sidecar's API stays up this long after SIGTERM, so that handlers can still publish. */
const MAX_BLOCK_SECONDS = 5;
const SPARE_SECONDS = 5;
const BLOCK_SHUTDOWN = 'dapr.io/block-shutdown-duration';
const GRACEFUL_SHUTDOWN = 'dapr.io/graceful-shutdown-seconds';

/** The grace period covers what the user's own annotations ask of Dapr, too. */
export function decideDrain(timeoutSeconds: number, annotations: StringMap, native = false): DrainPlan {
  // A native sidecar hears of the stop only when the other containers have ended.
  const blockSeconds = native ? 0 : Math.min(MAX_BLOCK_SECONDS, Math.floor(timeoutSeconds / 2));
  const gracefulSeconds = timeoutSeconds - blockSeconds;
  const block = Math.max(0, Math.ceil(parseGoDuration(annotations[BLOCK_SHUTDOWN] ?? '') ?? blockSeconds));
  const asked = annotations[GRACEFUL_SHUTDOWN] ?? '';
  const graceful = /^\d{1,6}$/.test(asked) ? Number(asked) : gracefulSeconds;
  const gracePeriodSeconds = timeoutSeconds + block + graceful + SPARE_SECONDS;
  return { timeoutSeconds, blockSeconds, gracefulSeconds, gracePeriodSeconds };
}

export function drainAnnotations({ blockSeconds, gracefulSeconds }: DrainPlan): StringMap {
  return { [BLOCK_SHUTDOWN]: `${blockSeconds}s`, [GRACEFUL_SHUTDOWN]: String(gracefulSeconds) };
}

/** Of function pods with a sidecar of their own, when a drain timeout is asked for. */
export function decideSidecarDrain(
  { serving, dapr }: Outline, native: boolean, problems: Problems,
): DrainPlan | undefined {
  const { drainTimeoutSeconds, annotations, template } = serving;
  if (drainTimeoutSeconds === undefined) return undefined;
  if (dapr.mode !== 'sidecar') {
    warnOfNoSidecar(dapr.mode, problems);
    return undefined;
  }
  const plan = decideDrain(drainTimeoutSeconds, annotations, native);
  const given = template?.terminationGracePeriodSeconds;
  if (typeof given === 'number' && given < plan.gracePeriodSeconds) {
    const path = ['serving', 'template', 'terminationGracePeriodSeconds'];
    problems.warn(path, `${given} is less than the ${plan.gracePeriodSeconds} s that the drain timeout takes`);
  }
  return plan;
}

function warnOfNoSidecar(mode: DaprMode, problems: Problems): void {
  const proxy = mode === 'standalone' ? '; the proxy\'s own is proxy.drainTimeout' : '';
  problems.warn(['drainTimeout'], `has no effect on a function whose Dapr mode is ${show(mode)}, `
    + `since its pods have no sidecar${proxy}`);
}

/** Seconds in which DNS forgets a pod that is about to stop. */
const PRE_STOP_SECONDS = 5;
/** A shorter grace period leaves the function too little after the sleep. */
const MIN_GRACE_SECONDS = 2 * PRE_STOP_SECONDS;

/** Sleep of a pod to which the proxy may still send an event. */
export function preStopSeconds(graceSeconds: unknown): number | undefined {
  return typeof graceSeconds === 'number' && graceSeconds < MIN_GRACE_SECONDS ? undefined : PRE_STOP_SECONDS;
}
