/** Containers and environment of `serving.template`, and `serving.params`. */
import type { Check } from './outline';
import type { ServingModel } from '../function/function-model';
import { FUNCTION_CONTAINER, FUNCTION_PORT_NAME } from '../kubernetes/constants';
import { JsonObject, objectsIn } from '../kubernetes/json';
import { dns1123Label, dns1123Name, envName } from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';

/** Set in the function container for every workload and Dapr mode. */
const RESERVED = ['FUNC_CONTEXT', 'FUNC_CONTEXT_V1BETA2', 'APP_PROTOCOL', 'POD_NAME', 'POD_NAMESPACE'];
const TEMPLATE: Path = ['serving', 'template'];
const MAX_PORT = 65_535;

/** Two containers named `function` are one case of two with one name. */
export const containerNames: Check = ({ serving }, problems) => {
  const seen = new Set<string>();
  for (const list of ['initContainers', 'containers']) {
    for (const [{ name }, index] of objectsIn(serving.template?.[list])) {
      const path = [...TEMPLATE, list, index, 'name'];
      if (name === undefined || name === null || name === '') problems.error(path, `is missing; give "${FUNCTION_CONTAINER}" for the function itself, or another name`);
      if (typeof name !== 'string' || name === '') continue;
      const taken = seen.has(name) || (list === 'initContainers' && name === FUNCTION_CONTAINER); // the function's is added where it is missing
      const problem = taken ? `${show(name)} is the name of another container` : dns1123Label(name);
      if (problem !== undefined) problems.error(path, problem);
      seen.add(name);
    }
  }
};

export const functionImage: Check = ({ image, serving }, problems) => {
  const found = functionContainer(serving);
  const given = found?.container.image;
  if (found !== undefined && typeof given === 'string' && given !== image && given !== '') {
    problems.warn([...found.path, 'image'], `${show(given)} has no effect: the function's image is ${show(image)}`);
  }
};

export const reservedEnvironment: Check = ({ serving }, problems) => {
  const found = functionContainer(serving);
  for (const [{ name }, index] of objectsIn(found?.container.env)) {
    if (found !== undefined) checkReserved(name, [...found.path, 'env', index, 'name'], problems);
  }
  for (const name of Object.keys(serving.params)) checkReserved(name, ['serving', 'params', name], problems);
};

function checkReserved(name: unknown, path: Path, problems: Problems): void {
  if (RESERVED.some((reserved) => reserved === name)) problems.error(path, `${show(name)} is set by the library; choose another name`);
}

/** Differs: the operator lets the last of several win. Compared with what typed props add when the plan is made. */
export const environmentNames: Check = ({ serving }, problems) => {
  for (const list of ['initContainers', 'containers']) {
    for (const [container, at] of objectsIn(serving.template?.[list])) checkEnvironment(container, [...TEMPLATE, list, at, 'env'], problems);
  }
  for (const name of Object.keys(serving.params)) {
    const problem = envName(name);
    if (problem !== undefined) problems.error(['serving', 'params', name], problem);
  }
};

function checkEnvironment(container: JsonObject, path: Path, problems: Problems): void {
  for (const [{ name, value, valueFrom }, index] of objectsIn(container.env)) {
    const problem = typeof name === 'string' ? envName(name) : undefined;
    if (name === undefined || name === null) problems.error([...path, index, 'name'], 'is missing; give the name of the variable');
    if (problem !== undefined) problems.error([...path, index, 'name'], problem);
    if (typeof value === 'string' && value !== '' && valueFrom !== undefined && valueFrom !== null) {
      problems.error([...path, index, 'valueFrom'], 'cannot stand beside "value"; give one of them');
    }
  }
}

export const containerPorts: Check = ({ serving }, problems) => {
  for (const list of ['initContainers', 'containers']) {
    for (const [container, at] of objectsIn(serving.template?.[list])) {
      for (const [port, index] of objectsIn(container.ports)) checkPorts(port, [...TEMPLATE, list, at, 'ports', index], problems);
    }
  }
};

/** Names are unique in a container, and the port that the library adds has one. */
export const functionPortName: Check = ({ serving, workload, port }, problems) => {
  const found = functionContainer(serving);
  if (found === undefined || workload === 'KnativeService') return; // its port has no name
  const given = objectsIn(found.container.ports);
  if (given.some(([{ containerPort }]) => containerPort === port)) return;
  for (const [{ name, containerPort }, index] of given) {
    if (name === FUNCTION_PORT_NAME) problems.error([...found.path, 'ports', index, 'name'], `${show(name)} is the name of the function's port ${port}, not of ${show(containerPort)}`);
  }
};

/** 0 means unset for a port of the node. */
function checkPorts({ containerPort, hostPort }: JsonObject, path: Path, problems: Problems): void {
  if (containerPort === undefined || containerPort === null) problems.error([...path, 'containerPort'], `is missing; give 1 to ${MAX_PORT}`);
  for (const [field, port, min] of [['containerPort', containerPort, 1], ['hostPort', hostPort, 0]] as const) {
    if (typeof port === 'number' && (port < min || port > MAX_PORT)) problems.error([...path, field], `${port} is outside 1..${MAX_PORT}`);
  }
}

/** A Deployment and a StatefulSet restart their containers always. */
export const podRestartPolicy: Check = ({ serving, workload }, problems) => {
  const policy = serving.template?.restartPolicy;
  if (workload === 'KnativeService') return; // its mask decides
  if (typeof policy !== 'string' || policy === '') return;
  const path = [...TEMPLATE, 'restartPolicy'];
  if (workload === 'Job') problems.warn(path, 'has no effect on a Job; give serving.scaleOptions.keda.scaledJob.restartPolicy');
  else if (policy !== 'Always') problems.error(path, `${show(policy)} is not possible in a ${workload}; give "Always", or leave it out`);
};

function functionContainer({ template }: ServingModel): { container: JsonObject; path: Path } | undefined {
  const found = objectsIn(template?.containers).find(([container]) => container.name === FUNCTION_CONTAINER);
  return found && { container: found[0], path: [...TEMPLATE, 'containers', found[1]] };
}

export const pullSecretName: Check = ({ imageCredentials }, problems) => {
  if (imageCredentials !== undefined) problems.checkForm(['imageCredentials', 'name'], imageCredentials, dns1123Name);
};
