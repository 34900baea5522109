/** Containers and ports of `serving.template`. */
import type { Check } from './outline';
import { FUNCTION_CONTAINER } from '../kubernetes/constants';
import { JsonObject, objectsIn } from '../kubernetes/json';
import { dns1123Label } from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';

const TEMPLATE: Path = ['serving', 'template'];
const MAX_PORT = 65_535;

/** Two containers named `function` are reported like any two with the same name. */
export const containerNames: Check = ({ serving }, problems) => {
  const seen = new Set<string>();
  for (const list of ['initContainers', 'containers']) {
    for (const [{ name }, index] of objectsIn(serving.template?.[list])) {
      const path = [...TEMPLATE, list, index, 'name'];
      if (name === undefined || name === null || name === '') {
        problems.error(path, `is missing; give "${FUNCTION_CONTAINER}" for the function itself, or another name`);
      }
      if (typeof name !== 'string' || name === '') continue;
      // The function's container is added where it is missing.
      const taken = seen.has(name) || (list === 'initContainers' && name === FUNCTION_CONTAINER);
      const problem = taken ? `${show(name)} is the name of another container` : dns1123Label(name);
      if (problem !== undefined) problems.error(path, problem);
      seen.add(name);
    }
  }
};

export const containerPorts: Check = ({ serving }, problems) => {
  for (const list of ['initContainers', 'containers']) {
    for (const [container, at] of objectsIn(serving.template?.[list])) {
      for (const [port, index] of objectsIn(container.ports)) {
        checkPorts(port, [...TEMPLATE, list, at, 'ports', index], problems);
      }
    }
  }
};

/** 0 means unset for a port of the node. */
function checkPorts({ containerPort, hostPort }: JsonObject, path: Path, problems: Problems): void {
  if (containerPort === undefined || containerPort === null) {
    problems.error([...path, 'containerPort'], `is missing; give 1 to ${MAX_PORT}`);
  }
  for (const [field, port, min] of [['containerPort', containerPort, 1], ['hostPort', hostPort, 0]] as const) {
    if (typeof port === 'number' && (port < min || port > MAX_PORT)) {
      problems.error([...path, field], `${port} is outside 1..${MAX_PORT}`);
    }
  }
}
