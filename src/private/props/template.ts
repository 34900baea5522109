/** The prop `pod`, and the props that complete it, → `serving.template`. */
import { addContainerProps, hasContainerProps } from './container';
import { addResources } from './resources';
import type { OpenFunctionAppProps } from '../../function-props';
import { FUNCTION_CONTAINER } from '../kubernetes/constants';
import { isObject, JsonObject, objectsIn } from '../kubernetes/json';
import { withKubernetesNames } from '../kubernetes/pod-schema';
import { Path, Problems, show } from '../problem/problem';
import { copyPlain } from '../yaml/copy-plain';

const TEMPLATE: Path = ['serving', 'template'];
/** As it would be without `pod`. */
const OWN_CONTAINER = { name: FUNCTION_CONTAINER, imagePullPolicy: 'IfNotPresent' };

export function templateOf(props: OpenFunctionAppProps, problems: Problems): unknown {
  const { pod, serviceAccount, resources } = props;
  const completes = hasContainerProps(props);
  if (pod === undefined && serviceAccount === undefined && resources === undefined && !completes) return undefined;
  const unplain = new Problems();
  const copy = copyPlain(pod ?? {}, unplain);
  const template = copy && withKubernetesNames(copy, 'PodSpec');
  problems.add(...unplain.all.map((problem) => ({ ...problem, path: [...TEMPLATE, ...problem.path] })));
  if (!isObject(template)) return template; // reported where the manifest is read
  if (serviceAccount !== undefined) setAccount(template, serviceAccount.name, problems);
  if (resources !== undefined) addResources(functionContainer(template), resources, problems);
  if (completes) addContainerProps(functionContainer(template), props, problems);
  return template;
}

function setAccount(template: JsonObject, name: string, problems: Problems): void {
  const given = template.serviceAccountName ?? name;
  if (given !== name) {
    const message = `${show(given)} contradicts the prop serviceAccount, which is ${show(name)}`;
    problems.error([...TEMPLATE, 'serviceAccountName'], message);
  }
  template.serviceAccountName = name;
}

/** The container of the function, added to the others where `pod` has none. */
export function functionContainer(template: JsonObject): JsonObject {
  template.containers ??= [];
  const { containers } = template;
  const known = objectsIn(containers).find(([{ name }]) => name === FUNCTION_CONTAINER)?.[0];
  const container = known ?? { ...OWN_CONTAINER };
  // What is no list is reported where the manifest is read.
  if (known === undefined && Array.isArray(containers)) containers.push(container);
  return container;
}
