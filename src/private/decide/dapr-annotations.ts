/** Dapr's own annotations: what it reads, and what cannot work on the pod of the dapr-proxy (docs/spec M103a). */
import { tokenAnnotations, TokensPlan } from './dapr';
import { drainAnnotations, DrainPlan } from './drain';
import type { NamesPlan } from './names';
import type { Check, Outline } from './outline';
import type { AccessPlan } from './privileges';
import { isTemplate } from '../catalogue/tables';
import type { ProxySettings } from '../function/proxy-settings';
import {
  DAPR_APP_ID, DAPR_APP_PORT, DAPR_APP_PROTOCOL, DAPR_CONFIG, DAPR_ENABLED, PROXY_BUNDLE_VOLUME,
  PROXY_TOKEN_VOLUME,
} from '../kubernetes/constants';
import { defined, JsonObject, objectsIn, StringMap } from '../kubernetes/json';
import { checkForm, envName, imageReference, parseQuantity, QUANTITY_FORM } from '../kubernetes/syntax';
import { didYouMean, notOneOf, Problems, show } from '../problem/problem';

const PROXY_VOLUMES = [PROXY_BUNDLE_VOLUME, PROXY_TOKEN_VOLUME];
const PREFIX = 'dapr.io/';
const AT = ['serving', 'annotations'];

type Value = (value: string) => string | undefined;
/** Dapr leaves out what it cannot parse, without a word in the pod. */
const integer: Value = (value) => (
  /^[-+]?\d+$/.test(value) ? undefined : `${show(value)} is not an integer, so Dapr ignores it`);
const quantity: Value = (value) => (
  parseQuantity(value) === undefined ? `${show(value)} is not ${QUANTITY_FORM}` : undefined);
const truth: Value = (value) => (/^(y|yes|true|t|on|1|n|no|false|f|off|0)?$/i.test(value)
  ? undefined : `${show(value)} is not true or false, so Dapr takes it for false`);
const LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'];
/** Any other one ends daprd at once. */
const level: Value = (value) => (LEVELS.includes(value.toLowerCase()) ? undefined : notOneOf(value, LEVELS));
const any: Value = () => undefined;

/** All of Dapr 1.16 to 1.18, by name after the prefix. */
const READ: Readonly<Record<string, Value>> = {
  ...named(any, 'enabled app-id app-port app-protocol metrics-port config '
    + 'api-token-secret app-token-secret env env-from-secret '
    + 'sidecar-listen-addresses sidecar-seccomp-profile-type '
    + 'block-shutdown-duration unix-domain-socket-path volume-mounts '
    + 'volume-mounts-rw app-health-check-path '
    + 'placement-host-address scheduler-host-address actors-disseminate-timeout pluggable-components '
    + 'pluggable-components-sockets-folder component-container app-channel-address '
    + 'sentry-request-jwt-audiences sidecar-svc-annotations disable-init-endpoints'),
  ...named(truth, 'app-ssl enable-profiling log-as-json enable-metrics enable-debug enable-api-logging '
    + 'disable-builtin-k8s-secret-store enable-app-health-check inject-pluggable-components enable-native-sidecar'),
  'log-level': level,
  ...named(integer, 'app-max-concurrency debug-port grpc-port internal-grpc-port http-max-request-size '
    + 'http-read-buffer-size graceful-shutdown-seconds app-health-probe-interval app-health-probe-timeout '
    + 'app-health-threshold sidecar-liveness-probe-delay-seconds sidecar-liveness-probe-timeout-seconds '
    + 'sidecar-liveness-probe-period-seconds sidecar-liveness-probe-threshold sidecar-readiness-probe-delay-seconds '
    + 'sidecar-readiness-probe-timeout-seconds sidecar-readiness-probe-period-seconds '
    + 'sidecar-readiness-probe-threshold'),
  ...named(quantity, 'max-body-size read-buffer-size sidecar-cpu-request sidecar-cpu-limit sidecar-memory-request '
    + 'sidecar-memory-limit'),
  'sidecar-image': imageReference,
};
const NAMES = Object.keys(READ);

function named(value: Value, names: string): Record<string, Value> {
  return Object.fromEntries(names.split(' ').map((name) => [name, value]));
}

export const daprAnnotations: Check = (fn, problems) => {
  for (const [key, value] of Object.entries(fn.serving.annotations)) {
    if (!key.startsWith(PREFIX)) continue;
    const name = key.slice(PREFIX.length);
    if (!Object.hasOwn(READ, name)) {
      const hint = didYouMean(key, NAMES.map((known) => PREFIX + known));
      problems.warn([...AT, key], `is not an annotation that Dapr reads${hint}`);
      continue;
    }
    const wrong = fn.dapr.mode === 'off' ? undefined : READ[name](value);
    if (wrong === undefined) continue;
    if (READ[name] === integer || READ[name] === truth) problems.warn([...AT, key], wrong);
    else problems.error([...AT, key], wrong);
  }
  if (fn.dapr.mode !== 'off') {
    checkMounts(fn, problems);
    checkEnvironment(fn, problems);
  }
  if (fn.dapr.mode === 'standalone') checkShared(fn, problems);
};

/** Dapr begins a variable where a comma, a name and `=` are; only the first one can be something else. */
const VARIABLES = /,(?=\s*[a-zA-Z_][a-zA-Z0-9_]*=)/;

function checkEnvironment({ serving: { annotations } }: Outline, problems: Problems): void {
  for (const [key, form] of [['env', 'NAME=VALUE'], ['env-from-secret', 'NAME=SECRET:KEY']]) {
    const at = [...AT, PREFIX + key];
    for (const part of (annotations[PREFIX + key] ?? '').split(VARIABLES).map((each) => each.trim())) {
      const [name, ...values] = part.split('=');
      const isRead = values.length > 0 && (key === 'env' || values.join('=').split(':').length <= 2);
      if (part === '' || isTemplate(part)) continue;
      if (isRead) checkForm(at, name, envName, problems);
      else problems.warn(at, `${show(part)} is not ${form}, so Dapr ignores it; commas go between variables`);
    }
  }
}

function checkMounts(fn: Outline, problems: Problems): void {
  const volumes = objectsIn(fn.serving.template?.volumes).map(([{ name }]) => String(name));
  for (const { key, item, name } of sidecarMounts(fn.serving.annotations)) {
    const at = [...AT, key];
    if (name === undefined) {
      problems.error(at, `${show(item)} is not a volume and a path, such as "certs:/certs"`);
    } else if (findVolume(fn.serving.template, name) === undefined) {
      const hint = didYouMean(name, volumes) || '; give it under serving.template.volumes';
      problems.error(at, `${show(name)} is the name of no volume of the template${hint}`);
    } else if (fn.dapr.mode === 'standalone' && PROXY_VOLUMES.includes(name)) {
      problems.error(at, `${show(name)} is a volume of the dapr-proxy's own; give yours another name`);
    }
  }
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]', '::1'];
const EVERYWHERE = ['0.0.0.0', '[::]', '::'];
/** On the proxy's pod, whose sidecar function pods reach over the network. */
const SHARED: Readonly<Record<string, Value>> = {
  'unix-domain-socket-path': () => 'does not go with the dapr-proxy, whose sidecar is reached over the network; '
    + 'leave it out, or give the function a sidecar of its own',
  'app-channel-address': (value) => (LOOPBACK.includes(value) ? undefined
    : `${show(value)} leads past the dapr-proxy, which Dapr reaches over loopback; leave it out`),
  'sidecar-listen-addresses': (value) => (value.split(',').some((each) => EVERYWHERE.includes(each.trim())) ? undefined
    : `${show(value)} cannot be reached by the function's pods, which share this sidecar; leave it out`),
  'pluggable-components': () => 'names containers of the pod, and the dapr-proxy\'s pod has none of them; give '
    + '"dapr.io/inject-pluggable-components": "true", and the container at the Component',
};

function checkShared({ serving: { annotations } }: Outline, problems: Problems): void {
  for (const [name, rule] of Object.entries(SHARED)) {
    const value = annotations[PREFIX + name];
    const wrong = value === undefined || value === '' ? undefined : rule(value);
    if (wrong !== undefined) problems.error([...AT, PREFIX + name], wrong);
  }
}

const MAX_BODY_SIZE = `${PREFIX}max-body-size`;
/** In megabytes. */
const OLD_MAX_BODY_SIZE = `${PREFIX}http-max-request-size`;

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
