/** Containers of `serving.template`: what each needs, and what they have in common with the pod (docs/spec M122a). */
import type { Check, Outline } from './outline';
import { FUNCTION_CONTAINER, FUNCTION_PORT_NAME } from '../kubernetes/constants';
import { isObject, Json, JsonObject, objectsIn } from '../kubernetes/json';
import { isEmpty, isGiven } from '../kubernetes/rules';
import { dns1123Label } from '../kubernetes/syntax';
import { didYouMean, Path, Problems, show } from '../problem/problem';

const TEMPLATE: Path = ['serving', 'template'];
const LISTS = ['initContainers', 'containers'] as const;
const DEFAULT_GRACE_SECONDS = 30;
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

interface Place {
  readonly container: JsonObject;
  readonly path: Path;
  readonly list: typeof LISTS[number];
}

export function containersOf({ serving: { template } }: Outline): Place[] {
  return LISTS.flatMap((list) => objectsIn(template?.[list])
    .map(([container, index]) => ({ container, list, path: [...TEMPLATE, list, index] })));
}

/** Two containers named `function` are reported like any two with the same name. */
export const containerNames: Check = (fn, problems) => {
  const seen = new Set<string>();
  for (const { container: { name }, path, list } of containersOf(fn)) {
    const at = [...path, 'name'];
    if (isEmpty(name)) {
      problems.error(at, `is missing; give "${FUNCTION_CONTAINER}" for the function itself, or another name`);
    }
    if (typeof name !== 'string' || name === '') continue;
    // The function's container is added where it is missing.
    const taken = seen.has(name) || (list === 'initContainers' && name === FUNCTION_CONTAINER);
    const problem = taken ? `${show(name)} is the name of another container` : dns1123Label(name);
    if (problem !== undefined) problems.error(at, problem);
    seen.add(name);
  }
};

/** The commonest first try gives the function's own container another name. */
export const containerImages: Check = (fn, problems) => {
  for (const { container: { name, image }, path, list } of containersOf(fn)) {
    if (!isEmpty(image) || (list === 'containers' && name === FUNCTION_CONTAINER) || isEmpty(name)) continue;
    const advice = list === 'containers'
      ? `; the function's own container is named "${FUNCTION_CONTAINER}"` : '; give the image of the container';
    problems.error([...path, 'image'], `is missing${advice}`);
  }
};

/** A container that runs before the others is not probed, unless it goes on beside them. */
export const initContainers: Check = (fn, problems) => {
  if (fn.workload === 'KnativeService') return; // its mask decides
  for (const { container, path, list } of containersOf(fn)) {
    if (list === 'containers') continue;
    if (container.restartPolicy === 'Always') {
      const at = [...path, 'restartPolicyRules'];
      if (!isEmpty(container.restartPolicyRules)) problems.error(at, 'does not go with "restartPolicy": "Always" here');
      continue;
    }
    for (const field of ['lifecycle', ...PROBES]) {
      if (!isGiven(container[field])) continue;
      problems.error([...path, field], 'goes with "restartPolicy": "Always" alone in an init container');
    }
  }
};

export const volumeMounts: Check = (fn, problems) => {
  const { template } = fn.serving;
  const volumes = new Map(objectsIn(template?.volumes).map(([volume]) => [volume.name, volume]));
  const names = [...volumes.keys()].filter((name) => typeof name === 'string');
  for (const { container, path } of containersOf(fn)) {
    for (const [{ valueFrom }, index] of objectsIn(container.env)) {
      const file = isObject(valueFrom) ? valueFrom.fileKeyRef : undefined;
      if (!isObject(file) || isEmpty(file.volumeName)) continue;
      // Without a source it is an emptyDir too.
      const { name: _, ...source } = volumes.get(file.volumeName) ?? { missing: true };
      if (isGiven(source.emptyDir) || Object.keys(source).length === 0) continue;
      const at = [...path, 'env', index, 'valueFrom', 'fileKeyRef', 'volumeName'];
      problems.error(at, 'must be the name of an emptyDir of the template');
    }
    for (const field of ['volumeMounts', 'volumeDevices']) {
      for (const [{ name, mountPropagation }, index] of objectsIn(container[field])) {
        const at = [...path, field, index, 'name'];
        const volume = volumes.get(name);
        if (typeof name === 'string' && name !== '' && volume === undefined) {
          const advice = didYouMean(name, names) || '; give it under volumes';
          problems.error(at, `${show(name)} is the name of no volume of the template${advice}`);
        }
        if (field === 'volumeDevices' && volume && !volume.persistentVolumeClaim && !volume.ephemeral) {
          problems.error(at, `${show(name)} cannot be a device: only a claim can`);
        }
        if (mountPropagation === 'Bidirectional' && !flag(container.securityContext, 'privileged')) {
          problems.error([...at.slice(0, -1), 'mountPropagation'], '"Bidirectional" needs a privileged container');
        }
      }
    }
  }
};

const HANDLERS = ['exec', 'grpc', 'httpGet', 'tcpSocket'];

/** Knative fills in what a probe of the function's container leaves out: the handler for readiness, and the port. */
export const probes: Check = (fn, problems) => {
  for (const { container, path, list } of containersOf(fn)) {
    const filled = fn.workload === 'KnativeService' && list === 'containers' && container.name === FUNCTION_CONTAINER;
    for (const field of list === 'initContainers' && container.restartPolicy !== 'Always' ? [] : PROBES) {
      const probe = container[field];
      if (!isObject(probe)) continue;
      const given = HANDLERS.filter((name) => isObject(probe[name]));
      if (given.length === 0 && !(filled && field === 'readinessProbe')) {
        problems.error([...path, field], `has none of ${HANDLERS.map(show).join(', ')}; give one of them`);
      }
      for (const name of given) checkAction(fn, container, probe[name], [...path, field, name], filled, problems);
    }
    const hooks = isObject(container.lifecycle) ? container.lifecycle : {};
    for (const [hook, handler] of Object.entries(hooks)) {
      for (const name of ['httpGet', 'tcpSocket']) {
        const action = isObject(handler) ? handler[name] : undefined;
        checkAction(fn, container, action, [...path, 'lifecycle', hook, name], false, problems);
      }
    }
  }
};

function checkAction(
  fn: Outline, container: JsonObject, action: Json | undefined, path: Path, filled: boolean, problems: Problems,
): void {
  const kind = path[path.length - 1];
  if (!isObject(action) || (kind !== 'httpGet' && kind !== 'tcpSocket')) return;
  const { port } = action;
  if (!isGiven(port) || port === 0) {
    if (!filled) problems.error([...path, 'port'], 'is missing; give the number or the name of a port');
    return;
  }
  if (typeof port !== 'string' || /^\d*$/.test(port)) return;
  const names = portNames(fn, container);
  if (!names.includes(port)) {
    const known = names.length === 0 ? '; give its number' : `; there is ${names.map(show).join(', ')}`;
    const advice = didYouMean(port, names) || known;
    problems.error([...path, 'port'], `${show(port)} is the name of no port of the container${advice}`);
  }
}

function portNames({ workload, port }: Outline, container: JsonObject): string[] {
  const ports = objectsIn(container.ports).map(([entry]) => entry);
  const names = ports.map(({ name }) => name).filter((name): name is string => typeof name === 'string' && name !== '');
  const own = container.name === FUNCTION_CONTAINER && names.length === 0;
  if (workload === 'KnativeService') return own ? ['http'] : names;
  const added = container.name === FUNCTION_CONTAINER && !ports.some(({ containerPort }) => containerPort === port);
  return added ? [...names, FUNCTION_PORT_NAME] : names;
}

/** A port of the node can be taken once; with the host's network it is the container's own port. */
export const nodePorts: Check = (fn, problems) => {
  const own = fn.serving.template?.hostNetwork === true;
  const seen = new Set<string>();
  for (const { container, path, list } of containersOf(fn)) {
    if (list === 'initContainers') seen.clear(); // they run one after the other
    for (const [{ hostPort, containerPort, hostIP, protocol }, index] of objectsIn(container.ports)) {
      if (typeof hostPort !== 'number' || hostPort === 0) continue;
      const at = [...path, 'ports', index, 'hostPort'];
      const key = `${String(protocol ?? 'TCP')} ${String(hostIP ?? '')} ${hostPort}`;
      if (seen.has(key)) problems.error(at, `${hostPort} is the port of another container`);
      if (own && list === 'containers' && hostPort !== containerPort) {
        problems.error(at, `${hostPort} must be the containerPort with "hostNetwork": true; leave it out`);
      }
      seen.add(key);
    }
    if (list === 'initContainers') seen.clear();
  }
};

/** What a container says of itself and the pod has to provide or allow. */
export const podProvides: Check = (fn, problems) => {
  const { template } = fn.serving;
  const claims = objectsIn(template?.resourceClaims).map(([{ name }]) => name);
  const { terminationGracePeriodSeconds: given } = template ?? {};
  const grace = typeof given === 'number' ? given : DEFAULT_GRACE_SECONDS;
  for (const { container, path } of containersOf(fn)) {
    const { resources, securityContext, lifecycle } = container;
    // The function's environment is put together elsewhere, from several places.
    if (container.name !== FUNCTION_CONTAINER) checkUnique(container.env, [...path, 'env'], problems);
    for (const [{ name }, index] of objectsIn(isObject(resources) ? resources.claims : undefined)) {
      if (isEmpty(name) || claims.includes(name)) continue;
      problems.error([...path, 'resources', 'claims', index, 'name'], `${show(name)} is not among the resourceClaims`);
    }
    if (isObject(securityContext) && securityContext.procMount === 'Unmasked' && template?.hostUsers !== false) {
      problems.error([...path, 'securityContext', 'procMount'], '"Unmasked" needs "hostUsers": false');
    }
    for (const [hook, handler] of Object.entries(isObject(lifecycle) ? lifecycle : {})) {
      const sleep = isObject(handler) && isObject(handler.sleep) ? handler.sleep.seconds : undefined;
      if (typeof sleep !== 'number' || (sleep >= 0 && sleep <= grace)) continue;
      const at = [...path, 'lifecycle', hook, 'sleep', 'seconds'];
      problems.error(at, `${sleep} is outside 0..${grace}, the grace period`);
    }
  }
  if (isGiven(template?.activeDeadlineSeconds) && (fn.workload === 'Deployment' || fn.workload === 'StatefulSet')) {
    problems.error([...TEMPLATE, 'activeDeadlineSeconds'], `is not possible in a ${fn.workload}; leave it out`);
  }
};

function checkUnique(list: Json | undefined, path: Path, problems: Problems): void {
  const seen = new Set<Json>();
  for (const [{ name }, index] of objectsIn(list)) {
    if (seen.has(name)) problems.error([...path, index, 'name'], `${show(name)} is there already; give each name once`);
    seen.add(name);
  }
}

function flag(value: Json | undefined, field: string): boolean {
  return isObject(value) && value[field] === true;
}
