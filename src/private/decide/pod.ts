/** The pod of a function, whatever workload holds it (docs/spec M25 to M42). */
import { decideNativeSidecar, nativeAnnotation, tokenAnnotations } from './dapr';
import { decideEnv, EnvInput, EnvPlan } from './env';
import { KNATIVE_SETTINGS } from './knative';
import { H2C, servicePort } from './names';
import type { Check, Outline } from './outline';
import type { AccessPlan } from './privileges';
import { decideSidecarDrain, drainAnnotations, DrainPlan, functionTemplate, preStopSeconds } from './sidecar';
import type { ServingModel } from '../function/function-model';
import { oneOf, Read } from '../function/readers';
import {
  DAPR_APP_ID, DAPR_APP_PORT, DAPR_APP_PROTOCOL, DAPR_CONFIG, DAPR_ENABLED, DAPR_KNATIVE_METRICS_PORT,
  DAPR_METRICS_PORT, FUNCTION_CONTAINER, FUNCTION_PORT_NAME, POD_SECURITY, WASM_VARIANT,
} from '../kubernetes/constants';
import { Json, JsonObject, objectAt, objectsIn, StringMap } from '../kubernetes/json';
import {
  SECURITY_LEVELS, securityBreaches, SecurityDefaults, SecurityLevel, withSecurity,
} from '../kubernetes/pod-security';
import { checkForm, dns1123Name } from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';
import { reaches, TARGET_SETTINGS, TargetsModel } from '../settings/targets';

export interface PodPlan extends EnvPlan {
  readonly annotations: StringMap;
  readonly image: string;
  /** The whole PodSpec; what is named beside it is in it, too. */
  readonly spec: JsonObject;
  /** Seconds between the end of a pod's addresses and SIGTERM, where the library adds them. */
  readonly preStopSeconds?: number;
  /** The sidecar is of Kubernetes' own kind. */
  readonly nativeSidecar: boolean;
  /** Its defaults are those of the restricted level. */
  readonly hardened: boolean;
}

/** Settings of the platform that this follows. */
export const POD_SETTINGS = { ...TARGET_SETTINGS, ...KNATIVE_SETTINGS, podSecurity: oneOf(SECURITY_LEVELS) };

const TEMPLATE: Path = ['serving', 'template'];
const WASM_RUNTIME_CLASS = 'openfunction-crun';
const WASM_DEFAULT_VARIANT = 'compat-smart';

interface PodInput extends Omit<EnvInput, 'appProtocol'> {
  readonly platform: Read<typeof POD_SETTINGS>;
  readonly access?: AccessPlan;
}

export function decidePod(input: PodInput, problems: Problems): PodPlan {
  const { fn, platform: { targets, podSecurity } } = input;
  const security = decidePodSecurity(fn, podSecurity, problems);
  const { imageCredentials: pullSecret, workload, wasmEdge, serving: { scaling } } = fn;
  const native = decideNativeSidecar(fn, targets, problems);
  const drain = decideSidecarDrain(fn, native, problems);
  const annotations = Object.assign(podAnnotations(input, security, drain), nativeAnnotation(fn, native));
  const { env, givenEnv } = decideEnv({ ...input, appProtocol: annotations[DAPR_APP_PROTOCOL] }, problems);
  const { containers, imagePullSecrets, ...template } = functionTemplate(fn) ?? {};
  const secrets = objectsIn(imagePullSecrets).map(([secret]) => secret);
  const needsSecret = pullSecret !== undefined && !secrets.some(({ name }) => name === pullSecret);
  const allSecrets = needsSecret ? [...secrets, { name: pullSecret }] : secrets;
  // Knative stops its pods in its own way.
  const grace = workload === 'KnativeService' ? undefined : drain?.gracePeriodSeconds;
  const restartPolicy = workload === 'Job' ? scaling.scaledJob?.restartPolicy ?? 'OnFailure' : undefined;
  const pauses = stopsSlowly(fn) && sleeps(targets);
  const preStop = pauses ? preStopSeconds(template.terminationGracePeriodSeconds ?? undefined) : undefined;
  const spec: JsonObject = {
    ...template, containers: withFunction(containers, (container) => completed(fn, { env, preStop }, container)),
  };
  if (allSecrets.length > 0) spec.imagePullSecrets = allSecrets;
  if (wasmEdge) spec.runtimeClassName ??= WASM_RUNTIME_CLASS;
  if (grace !== undefined) spec.terminationGracePeriodSeconds ??= grace;
  if (restartPolicy !== undefined) spec.restartPolicy = restartPolicy;
  return {
    annotations,
    image: fn.image,
    env,
    givenEnv,
    preStopSeconds: preStop,
    spec: security === undefined ? spec : withSecurity(spec, security),
    nativeSidecar: native,
    hardened: security !== undefined,
  };
}

/** The function's container, with what the library adds. */
function completed(
  fn: Outline, { env, preStop }: { readonly env: JsonObject[]; readonly preStop?: number }, given: JsonObject,
): JsonObject {
  const { image, port, engine } = fn;
  const ports = objectsIn(given.ports).map(([each]) => each);
  const hasPort = ports.some(({ containerPort }) => containerPort === port);
  const { envFrom, ...container } = given;
  Object.assign(container, { image, env });
  if (Array.isArray(envFrom) && envFrom.length > 0) container.envFrom = envFrom;
  container.ports = hasPort ? ports : ports.concat(portOf(fn));
  // A pod is ready when it accepts connections.
  if (isProxied(fn) && engine === undefined) container.readinessProbe ??= { tcpSocket: { port } };
  if (preStop !== undefined) {
    container.lifecycle = { ...objectAt(given, 'lifecycle'), preStop: { sleep: { seconds: preStop } } };
  }
  return container;
}

/** Knative probes and stops its pods in its own way. */
function isProxied({ dapr, workload }: Outline): boolean {
  return dapr.mode === 'standalone' && workload !== 'KnativeService';
}

/** Whether pods pause before they stop, if the cluster supports it. */
export function stopsSlowly(fn: Outline): boolean {
  if (!isProxied(fn)) return false;
  const { lifecycle } = functionContainer(fn.serving)?.container ?? {};
  return ((lifecycle as JsonObject | undefined)?.preStop ?? undefined) === undefined;
}

/** The sleep of a hook is on by default since Kubernetes 1.30. */
export function sleeps(targets: TargetsModel | undefined): boolean {
  return reaches(targets, 'kubernetes', '1.30');
}

function podAnnotations(
  { fn, names, tokens, access }: PodInput, security: SecurityDefaults | undefined, drain: DrainPlan | undefined,
): StringMap {
  const sidecar = fn.dapr.mode === 'sidecar';
  const own: StringMap = {
    [DAPR_APP_ID]: names.appId,
    'dapr.io/log-as-json': 'true',
    // Differs: of an HTTP function beside its own sidecar the operator says grpc, so that each invocation fails.
    [DAPR_APP_PROTOCOL]: sidecar && fn.engine !== undefined ? 'http' : 'grpc',
    [DAPR_APP_PORT]: String(fn.port),
  };
  if (fn.workload === 'KnativeService') own[DAPR_METRICS_PORT] = String(DAPR_KNATIVE_METRICS_PORT);
  if (fn.wasmEdge) own[WASM_VARIANT] = WASM_DEFAULT_VARIANT;
  if (sidecar) Object.assign(own, tokenAnnotations(tokens));
  if (sidecar && security !== undefined) own['dapr.io/sidecar-seccomp-profile-type'] = 'RuntimeDefault';
  if (drain) Object.assign(own, drainAnnotations(drain));
  if (sidecar && access) own[DAPR_CONFIG] = access.name;
  return Object.assign(own, fn.serving.annotations, { [DAPR_ENABLED]: sidecar ? 'true' : 'false' });
}

function portOf({ workload, port, serving }: Outline): JsonObject {
  if (workload === 'KnativeService') {
    // By its name Knative learns that a port takes HTTP/2.
    return servicePort(serving) === H2C ? { name: 'h2c', containerPort: port } : { containerPort: port };
  }
  return { name: FUNCTION_PORT_NAME, containerPort: port, protocol: 'TCP' };
}

export const pullSecretName: Check = ({ imageCredentials }, problems) => {
  if (imageCredentials !== undefined) checkForm(['imageCredentials', 'name'], imageCredentials, dns1123Name, problems);
};

export const functionImage: Check = ({ image, serving }, problems) => {
  const found = functionContainer(serving);
  const given = found?.container.image;
  if (found !== undefined && typeof given === 'string' && given !== image && given !== '') {
    problems.warn([...found.path, 'image'],
      `${show(given)} has no effect: the function's image is ${show(image)}; leave it out, or give it as the image`);
  }
};

/** Names are unique in a container, and the port that the library adds has one. */
export const functionPortName: Check = ({ serving, workload, port }, problems) => {
  const found = functionContainer(serving);
  if (found === undefined || workload === 'KnativeService') return; // its port has no name
  const given = objectsIn(found.container.ports);
  if (given.some(([{ containerPort }]) => containerPort === port)) return;
  for (const [{ name, containerPort }, index] of given) {
    if (name !== FUNCTION_PORT_NAME) continue;
    problems.error(
      [...found.path, 'ports', index, 'name'],
      `${show(name)} is the name of the function's port ${port}, not of ${show(containerPort)}`,
    );
  }
};

/** A Deployment and a StatefulSet always restart their containers. */
export const podRestartPolicy: Check = ({ serving, workload }, problems) => {
  const policy = serving.template?.restartPolicy;
  if (workload === 'KnativeService') return; // its mask decides
  if (typeof policy !== 'string' || policy === '') return;
  const path = [...TEMPLATE, 'restartPolicy'];
  if (workload === 'Job') {
    problems.warn(path, 'has no effect on a Job; give serving.scaleOptions.keda.scaledJob.restartPolicy');
  } else if (policy !== 'Always') {
    problems.error(path, `${show(policy)} is not possible in a ${workload}; give "Always", or leave it out`);
  }
};

function functionContainer({ template }: ServingModel): { container: JsonObject; path: Path } | undefined {
  if (template === undefined) return undefined;
  const found = objectsIn(template.containers).find(([container]) => container.name === FUNCTION_CONTAINER);
  return found && { container: found[0], path: [...TEMPLATE, 'containers', found[1]] };
}

const ANNOTATION: Path = ['serving', 'annotations', POD_SECURITY];
export const podSecurityAnnotation: Check = ({ serving: { annotations } }, problems) => {
  const value = annotations[POD_SECURITY];
  if (value !== undefined && !isLevel(value)) problems.notOneOf(ANNOTATION, value, SECURITY_LEVELS);
};

/** The nearest of option, annotation and platform decides. */
function askedByFunction({ podSecurity, serving: { annotations } }: Outline): SecurityLevel | undefined {
  const annotated = annotations[POD_SECURITY] ?? '';
  // Another word is an error of its own.
  return [podSecurity ?? '', annotated].find(isLevel);
}

function decidePodSecurity(
  fn: Outline, platform: SecurityLevel | undefined, problems: Problems,
): SecurityDefaults | undefined {
  const own = askedByFunction(fn);
  const level = own ?? platform ?? 'privileged';
  if (level === 'privileged') return undefined;
  const { template = {} } = fn.serving;
  const defaults = level === 'restricted' ? restricted(fn, template) : undefined;
  const spec = { ...template, containers: withFunction(template.containers, (container) => container) };
  for (const breach of securityBreaches(defaults === undefined ? spec : withSecurity(spec, defaults))) {
    if (level === 'baseline' && breach.level === 'restricted') continue;
    const message = `${breach.message}, which the pod security level ${show(level)} does not allow`;
    const path = [...TEMPLATE, ...breach.path];
    if (own === undefined) problems.platformError(path, message);
    else problems.error(path, message);
  }
  return defaults;
}

/** Pods get it as a whole, so that an injected sidecar has it too; Knative takes it of containers alone. */
function restricted({ workload, dapr }: Outline, template: JsonObject): SecurityDefaults {
  const shared = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  const container = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  const knative = workload === 'KnativeService';
  // A sidecar reads Kubernetes Secrets with the token of the pod's account.
  const tokenWanted = dapr.mode === 'sidecar' || (template.serviceAccountName ?? template.serviceAccount ?? '') !== '';
  return {
    ...(!tokenWanted && { automountServiceAccountToken: false }),
    pod: knative ? {} : shared,
    container: knative ? { ...shared, ...container } : container,
  };
}

/** Containers with another one in place of the function's, which is added where the template has none. */
function withFunction(containers: Json | undefined, make: (given: JsonObject) => JsonObject): JsonObject[] {
  const given = objectsIn(containers).map(([container]) => container);
  const own = given.find(({ name }) => name === FUNCTION_CONTAINER);
  if (own !== undefined) return given.map((container) => (container === own ? make(own) : container));
  return given.concat(make({ name: FUNCTION_CONTAINER, imagePullPolicy: 'IfNotPresent' }));
}

function isLevel(value: string): value is SecurityLevel {
  return SECURITY_LEVELS.some((level) => level === value);
}
