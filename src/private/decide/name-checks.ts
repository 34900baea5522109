/** Names: of the function, of what it refers to, and of its components. */
import type { Check } from './check';
import type { ComponentRefModel, FunctionModel } from '../function/function-model';
import { dns1035Label, dns1123Label, dns1123Name, Form, hostname } from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';

/** A StatefulSet's pods get a label `<name>-<hash>` of 63 characters at most. */
const STATEFUL_SET_LENGTH = 52;

export const functionName: Check = ({ name, serving }, problems) => {
  if (name === '') return;
  const path = ['metadata', 'name'];
  const found = check(problems, path, name, dns1035Label);
  if (!found && serving.http === undefined && serving.workloadType === 'StatefulSet' && name.length > STATEFUL_SET_LENGTH) {
    problems.error(path, `${show(name)} has ${name.length} characters, ${STATEFUL_SET_LENGTH} are allowed for a StatefulSet`);
  }
};

export const namespaceName: Check = ({ namespace }, problems) => {
  if (namespace !== undefined) check(problems, ['metadata', 'namespace'], namespace, dns1123Label);
};

export const pullSecretName: Check = ({ imageCredentials }, problems) => {
  if (imageCredentials !== undefined) check(problems, ['imageCredentials', 'name'], imageCredentials, dns1123Name);
};

export const routeNames: Check = ({ serving }, problems) => {
  const { gatewayRef, hostnames } = serving.http?.route ?? {};
  const path = ['serving', 'triggers', 'http', 'route'];
  if (gatewayRef !== undefined) check(problems, [...path, 'gatewayRef', 'name'], gatewayRef.name, dns1123Name);
  if (gatewayRef?.namespace !== undefined) check(problems, [...path, 'gatewayRef', 'namespace'], gatewayRef.namespace, dns1123Label);
  hostnames?.forEach((name, index) => name !== '' && check(problems, [...path, 'hostnames', index], name, hostname));
};

export const componentKeys: Check = ({ serving }, problems) => {
  for (const block of ['bindings', 'pubsub', 'states'] as const) {
    for (const key of Object.keys(serving[block])) check(problems, ['serving', block, key], key, dns1123Name);
  }
};

/** What a Resiliency calls by a name that it cannot have in cdk8s. */
const NO_KEY = 'constructor';

export const referenceNames: Check = (model, problems) => {
  const { bindings, pubsub, states } = model.serving;
  for (const { path, name } of referencesOf(model)) {
    check(problems, [...path, 'name'], name, dns1123Name);
    if (name === NO_KEY && ![bindings, pubsub, states].some((block) => Object.hasOwn(block, name) && block[name] !== undefined)) {
      problems.error([...path, 'name'], `${show(name)} cannot be the name of an existing component: cdk8s cannot emit it as a key`);
    }
  }
};

export function referencesOf({ serving }: FunctionModel): ComponentRefModel[] {
  return [...serving.dapr, ...serving.inputs, ...serving.outputs];
}

function check(problems: Problems, path: Path, value: string, form: Form): boolean {
  const problem = form(value);
  if (problem !== undefined) problems.error(path, problem);
  return problem !== undefined;
}
