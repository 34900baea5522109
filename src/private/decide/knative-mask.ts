/**
 * What a Knative Service accepts of a pod template: some fields always, some behind a feature flag, all others never
 * (docs/spec M47, M48). The mask is data; a conformance test compares it with Knative's own validation.
 */
import mask from './knative-mask.json';
import { FUNCTION_CONTAINER } from '../kubernetes/constants';
import { isObject, Json, JsonObject } from '../kubernetes/json';
import schema from '../kubernetes/pod-schema.json';
import { absolutePath } from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';

type Fields = Record<string, true | string>;
const MASK = mask.fields as Record<string, Fields>;
const SCHEMA = schema as Record<string, Record<string, string>>;
/** Fields that are not pointers in Go's types, so that false is the same as absent. */
const ABSENT_WHEN_FALSE = mask.absentWhenFalse as Record<string, string[]>;
const ONLY_FALSE = mask.onlyFalse as Record<string, string[]>;

const TEMPLATE: Path = ['serving', 'template'];

/** Feature flags that the template needs; what no flag allows is reported. */
export function templateFeatures(template: JsonObject | undefined, port: number, problems: Problems): Set<string> {
  const flags = new Set<string>();
  if (template === undefined) return flags;
  walk('PodSpec', template, TEMPLATE, { flags, problems });
  const containers = listOf(template.containers);
  containers.forEach((container, index) => {
    checkContainer(container, [...TEMPLATE, 'containers', index], { flags, problems, port, init: false });
  });
  listOf(template.initContainers).forEach((container, index) => {
    checkContainer(container, [...TEMPLATE, 'initContainers', index], { flags, problems, port, init: true });
  });
  checkVolumes(template, containers, { flags, problems });
  return flags;
}

interface Findings {
  readonly flags: Set<string>;
  readonly problems: Problems;
}

function walk(type: string, value: JsonObject, path: Path, found: Findings): void {
  const fields = MASK[type];
  for (const [key, field] of Object.entries(value)) {
    if (field === null || (field === false && ABSENT_WHEN_FALSE[type]?.includes(key))) continue;
    const rule = fields === undefined ? true : own(fields, key);
    const at = [...path, key];
    if (rule === undefined) {
      // A key that Kubernetes does not know either was reported by the input rules.
      if (own(SCHEMA[type], key) !== undefined) found.problems.error(at, 'is not taken by a Knative Service');
      continue;
    }
    if (rule !== true) found.flags.add(rule);
    if (ONLY_FALSE[type]?.includes(key) && field === true) {
      found.problems.error(at, 'may only be false in a Knative Service');
    }
    descend(own(SCHEMA[type], key), field, at, found);
  }
}

function descend(type: string | undefined, value: Json, path: Path, found: Findings): void {
  if (type === undefined) return;
  if (type.startsWith('[]')) listOf(value).forEach((item, index) => walk(type.slice(2), item, [...path, index], found));
  else if (SCHEMA[type] !== undefined && isObject(value)) walk(type, value, path, found);
}

/** Of the record itself: a user's key may be `toString`. */
function own<T>(record: Record<string, T> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

interface ContainerContext extends Findings {
  readonly port: number;
  readonly init: boolean;
}

function checkContainer(container: JsonObject, path: Path, context: ContainerContext): void {
  const { problems, flags, init, port } = context;
  const serving = !init && container.name === FUNCTION_CONTAINER;
  if (isAmong(mask.reservedContainerNames, container.name)) {
    problems.error([...path, 'name'], `${show(container.name)} is Knative's own container`);
  }
  if (init) {
    for (const field of mask.initContainerRefused) {
      if (!(field in container)) continue;
      problems.error([...path, field], 'is not taken for an init container by a Knative Service');
    }
  } else if (!serving) {
    for (const [field, flag] of Object.entries(mask.sidecarProbes)) if (field in container) flags.add(flag);
  }
  const reserved = serving ? mask.reservedEnv : mask.reservedEnvOfOtherContainers;
  listOf(container.env).forEach((entry, index) => {
    // The function container's names are checked where its environment is put together.
    if (serving || !isAmong(reserved, entry.name)) return;
    problems.error([...path, 'env', index, 'name'], `${show(entry.name)} is set by Knative; choose another name`);
  });
  listOf(container.ports).forEach((entry, index) => {
    checkPort(entry, [...path, 'ports', index], serving, port, problems);
  });
  listOf(container.volumeMounts).forEach(({ mountPath }, index) => {
    const wrong = isAmong(mask.reservedMountPaths, mountPath) ? `${show(mountPath)} is reserved by Knative`
      : typeof mountPath === 'string' && mountPath !== '' ? absolutePath(mountPath) : undefined;
    if (wrong !== undefined) problems.error([...path, 'volumeMounts', index, 'mountPath'], wrong);
  });
  const probe = container.readinessProbe;
  if (isObject(probe)) checkReadiness(probe, [...path, 'readinessProbe'], problems);
}

/** Without a period Knative probes at its own pace, and takes no other numbers. */
function checkReadiness(probe: JsonObject, path: Path, problems: Problems): void {
  if (probe.periodSeconds !== 0) return;
  for (const field of ['failureThreshold', 'timeoutSeconds']) {
    if (probe[field] !== undefined && probe[field] !== 0) {
      problems.error([...path, field], 'does not go with "periodSeconds": 0, Knative\'s own pace');
    }
  }
}

function checkPort(entry: JsonObject, path: Path, serving: boolean, port: number, problems: Problems): void {
  if (!serving || entry.containerPort !== port) {
    const given = show(entry.containerPort);
    problems.error([...path, 'containerPort'], `${given}: a Knative Service has one port, the function's ${port}`);
    return;
  }
  if (entry.name !== undefined && !isAmong(mask.portNames, entry.name)) {
    problems.notOneOf([...path, 'name'], entry.name, mask.portNames.filter((name) => name !== ''));
  }
  if (entry.protocol !== undefined && !isAmong(mask.portProtocols, entry.protocol)) {
    problems.notOneOf([...path, 'protocol'], entry.protocol, ['TCP']);
  }
  for (const field of ['hostPort', 'hostIP']) {
    if (entry[field] !== undefined) problems.error([...path, field], 'is not taken by a Knative Service');
  }
}

/** Ports of Knative's own container in the same pod. */
export function isReservedByKnative(port: number): boolean {
  return mask.reservedPorts.includes(port);
}

function checkVolumes(template: JsonObject, containers: JsonObject[], { flags, problems }: Findings): void {
  const allContainers = [...containers, ...listOf(template.initContainers)];
  const mounts = allContainers.flatMap((container) => listOf(container.volumeMounts));
  listOf(template.volumes).forEach((volume, index) => {
    const path = [...TEMPLATE, 'volumes', index];
    const mounted = mounts.filter((mount) => mount.name === volume.name);
    if (mounted.length === 0) {
      problems.error([...path, 'name'], `${show(volume.name)} is mounted by no container, which Knative refuses`);
    }
    const sources = Object.keys(volume).filter((field) => field !== 'name' && volume[field] !== null);
    if (sources.length === 0) {
      problems.error(path, 'has no source, which Knative refuses; give one such as "configMap"');
    }
    const { emptyDir } = volume;
    if (isObject(emptyDir) && typeof emptyDir.medium === 'string' && !['', 'Memory'].includes(emptyDir.medium)) {
      problems.notOneOf([...path, 'emptyDir', 'medium'], emptyDir.medium, ['Memory']);
    }
    const claim = volume.persistentVolumeClaim;
    if (isObject(claim) && claim.readOnly !== true) flags.add(mask.writablePersistentVolumeClaim);
    const readOnly = mask.readOnlyVolumes.find((kind) => kind in volume);
    if (readOnly !== undefined && mounted.some((mount) => mount.readOnly === false)) {
      problems.warn(path, `Knative mounts ${readOnly} volumes read-only, so a sync would fight over "readOnly: false"`);
    }
  });
}

function isAmong(words: readonly string[], value: Json | undefined): boolean {
  return typeof value === 'string' && words.includes(value);
}

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter((item) => isObject(item)) : [];
}

/** Those that no field of a pod asks for. */
const OTHER_FEATURES = [
  'kubernetes.podspec-dryrun', 'kubernetes.podspec-volumes-emptydir', 'kubernetes.podspec-volumes-ephemeral',
  'autodetect-http2', 'domainmapping-direct-route-traffic', 'multi-container', 'multi-container-probing',
  'queueproxy.mount-podinfo', 'queueproxy.resource-defaults', 'secure-pod-defaults', 'tag-header-based-routing',
];

/** Keys of Knative's `config-features`. */
export function knownFeatures(): string[] {
  return [...JSON.stringify(mask).match(/kubernetes\.[a-z-]+/g) ?? [], ...OTHER_FEATURES];
}
