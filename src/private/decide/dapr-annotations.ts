/** Dapr's own annotations: what it reads, and what cannot work on the pod of the dapr-proxy (docs/spec M103a). */
import type { Check, Outline } from './outline';
import { findVolume, sidecarMounts } from './sidecar';
import { isTemplate } from '../catalogue/tables';
import { PROXY_BUNDLE_VOLUME, PROXY_TOKEN_VOLUME } from '../kubernetes/constants';
import { objectsIn } from '../kubernetes/json';
import { checkForm, envName, imageReference, parseQuantity, QUANTITY_FORM } from '../kubernetes/syntax';
import { didYouMean, notOneOf, Problems, show } from '../problem/problem';

const PROXY_VOLUMES = [PROXY_BUNDLE_VOLUME, PROXY_TOKEN_VOLUME];
const PREFIX = 'dapr.io/';
const AT = ['serving', 'annotations'];

type Value = (value: string) => string | undefined;
/** Dapr ignores what it cannot parse, without a message in the pod. */
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
    const given = annotations[PREFIX + key];
    if (given === undefined) continue;
    for (const part of given.split(VARIABLES).map((each) => each.trim())) {
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
