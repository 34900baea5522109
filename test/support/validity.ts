// What Kubernetes asks of names, labels and annotations; written from its API conventions, not from our own rules.
import type { KubeObject, StringMap } from './synth';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SERVICE = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const QUALIFIED = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PORT_NAME = /^(?=.{1,15}$)[a-z0-9-]*[a-z][a-z0-9-]*$/;
const ENV_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

const isSubdomain = (name: string) => name.length <= 253 && name.split('.').every((part) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(part));
/** A pod's label holds the name of its Job, and of its StatefulSet with a hash of ten characters behind it. */
const NAME_RULES: Record<string, (name: string) => boolean> = {
  Service: (name) => SERVICE.test(name),
  Job: (name) => LABEL.test(name),
  StatefulSet: (name) => LABEL.test(name) && name.length <= 52,
};

/** One line for each name, label or annotation that the API server would refuse. */
export function brokenNames(objects: readonly KubeObject[]): string[] {
  return objects.flatMap((object) => {
    const { kind, metadata } = object;
    const broken = [
      ...((NAME_RULES[kind] ?? isSubdomain)(metadata.name) ? [] : [`name ${metadata.name}`]),
      ...(LABEL.test(metadata.namespace ?? '') ? [] : [`namespace ${metadata.namespace}`]),
      ...maps(object).flatMap(([what, map]) => brokenEntries(what, map)),
      ...containersIn(object).flatMap(brokenContainer),
    ];
    return broken.map((what) => `${kind} ${metadata.name}: ${what}`);
  });
}

function brokenEntries(what: string, map: StringMap): string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const isLabel = what === 'label';
    const fits = typeof value === 'string' && QUALIFIED.test(isLabel ? key : key.toLowerCase()) && (!isLabel || LABEL_VALUE.test(value));
    return fits ? [] : [`${what} ${key}: ${JSON.stringify(value)}`];
  });
}

interface Labelled {
  readonly metadata?: { labels?: StringMap; annotations?: StringMap };
  readonly selector?: StringMap & { matchLabels?: StringMap };
}

function maps(value: unknown): [string, StringMap][] {
  if (typeof value !== 'object' || value === null) return [];
  const { metadata, selector } = value as Labelled;
  return [
    ['label', metadata?.labels ?? {}], ['annotation', metadata?.annotations ?? {}],
    ...(typeof selector === 'object' && selector.matchLabels === undefined ? [['label', selector]] : []) as [string, StringMap][],
    ...Object.values(value).flatMap(maps),
  ];
}

interface Container {
  readonly name: string;
  readonly env?: { name: string; value?: unknown }[];
  readonly ports?: { name?: string; containerPort: number }[];
}

export function containersIn(value: unknown): Container[] {
  if (typeof value !== 'object' || value === null) return [];
  const { containers, initContainers } = value as { containers?: unknown; initContainers?: unknown };
  const found = [containers, initContainers].flatMap((list) => (Array.isArray(list) ? list as Container[] : []));
  return [...found, ...Object.values(value).flatMap(containersIn)];
}

function brokenContainer({ name, env = [], ports = [] }: Container): string[] {
  const names = env.map((entry) => entry.name);
  const numbers = ports.map(({ containerPort }) => containerPort);
  const portNames = ports.flatMap((port) => (port.name === undefined ? [] : [port.name]));
  return [
    ...(LABEL.test(name) ? [] : [`container ${name}`]),
    ...names.filter((each, index) => !ENV_NAME.test(each) || names.indexOf(each) !== index).map((each) => `variable ${each}`),
    ...env.filter(({ value }) => value !== undefined && typeof value !== 'string').map((each) => `variable ${each.name} is no string`),
    ...numbers.filter((port, index) => !(port >= 1 && port <= 65535) || numbers.indexOf(port) !== index).map((port) => `port ${port}`),
    ...portNames.filter((each, index) => !PORT_NAME.test(each) || portNames.indexOf(each) !== index).map((each) => `port ${each}`),
  ];
}
