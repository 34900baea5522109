/** What a function refers to, against what is defined beside it (docs/spec M72b, M72c). */
import { forEachComponent } from './component-checks';
import { blockOf, EXISTING } from './components';
import { isScopedTo, Neighbour, NeighbourKind, Neighbours } from './neighbours';
import type { Outline } from './outline';
import { checkType } from '../catalogue/check-component';
import type { ComponentRefModel, ComponentSpecModel, FunctionModel, ServingModel } from '../function/function-model';
import { isObject, Json, objectAt, present } from '../kubernetes/json';
import { didYouMean, nearest, Path, Problems, show, typoOf } from '../problem/problem';
import { boundSpec } from '../props/components';

/** Where a function is, as its references see it. */
export interface Around {
  readonly namespace: string;
  readonly appId: string;
  readonly neighbours: Neighbours;
}

interface Reference {
  readonly name: string;
  readonly path: Path;
  /** Said to exist: only what contradicts it is reported. */
  readonly existing: boolean;
  /** By a construct, which has no other way to name it: a slip and another namespace contradict that. */
  readonly bound?: boolean;
}

/** References to components that are defined beside the function know what they are. */
export function withNeighbours<T extends FunctionModel>(model: T, { namespace, neighbours }: Around): T {
  if (neighbours.all('Component').length === 0) return model;
  const { serving } = model;
  const specOf = (name: string) => specIn(neighbours.find('Component', name, namespace));
  const known = <R extends ComponentRefModel>(ref: R): R => (
    ref.spec !== undefined || ownBlocks(serving, ref.name).length > 0 ? ref : { ...ref, spec: specOf(ref.name) });
  const knownStates = { ...serving.knownStates };
  for (const key of existingStates(serving)) {
    const spec = knownStates[key]?.spec ?? specOf(key);
    if (spec !== undefined) knownStates[key] = { type: spec.type, spec };
  }
  const { dapr, inputs, outputs } = serving;
  const lists = { dapr: dapr.map(known), inputs: inputs.map(known), outputs: outputs.map(known) };
  return { ...model, serving: { ...serving, ...lists, knownStates } };
}

function specIn(component: Neighbour | undefined): ComponentSpecModel | undefined {
  const { spec } = component?.body() ?? {};
  return isObject(spec) ? boundSpec(spec) : undefined;
}

export function checkReferences(fn: Outline, around: Around, problems: Problems): void {
  const { neighbours } = around;
  const components = [...componentReferences(fn), ...stateReferences(fn)];
  const { serving } = fn;
  const own = components.length === 0 ? []
    : BLOCKS.flatMap((block) => Object.keys(serving[block]).filter((key) => isDefined(serving, block, key)));
  for (const ref of components) checkName('Component', ref, around, own, problems);
  checkScaledTopics(fn, problems);
  if (neighbours.isEmpty) return;
  checkTopics(fn, problems);
  checkUses(fn, problems);
  if (fn.dapr.mode !== 'off') checkScopes(components, around, problems);
  for (const ref of authenticationReferences(fn)) checkName(ref.kind, ref, around, [], problems);
  for (const ref of podReferences(fn)) {
    checkName(ref.kind, ref, around, [], problems);
    checkKey(ref, around, problems);
  }
}

/** What has keys here has no others, unless something else makes it. */
function checkKey({ kind, name, path, key }: KindReference, around: Around, problems: Problems): void {
  if (typeof key !== 'string' || key === '') return;
  const body = around.neighbours.find(kind, name, around.namespace)?.body();
  if (body?.kind !== kind) return;
  const keys = ['data', 'stringData', 'binaryData'].flatMap((field) => Object.keys(objectAt(body, field)));
  if (keys.length === 0 || keys.includes(key)) return;
  const hint = didYouMean(key, keys) || `; it has ${keys.slice(0, 5).map(show).join(', ')}`;
  problems.warnOfName([...path.slice(0, -1), 'key'], key, `the ${kind} ${show(name)} has no key ${show(key)}${hint}`);
}

/** Whether new neighbours can make a difference to a function: those of typed props know their components already. */
export function mayRefer(fn: Outline, neighbours: Neighbours): boolean {
  const has = (kind: NeighbourKind) => neighbours.all(kind).length > 0;
  const { dapr, inputs, outputs, http } = fn.serving;
  const open = [...dapr, ...inputs, ...outputs].some(({ spec, name }) => (
    spec === undefined && ownBlocks(fn.serving, name).length === 0));
  const openStates = existingStates(fn.serving).some((key) => fn.serving.knownStates?.[key]?.spec === undefined);
  return (has('Resiliency') && dapr.length + outputs.length > 0)
    || (has('Component') && (open || openStates))
    || (has('Gateway') && http?.route?.gatewayRef !== undefined)
    || authenticationReferences(fn).some(({ kind }) => has(kind) || has(OTHERS[kind]!))
    || podReferences(fn).some(({ kind }) => has(kind));
}

const BLOCKS = ['bindings', 'pubsub', 'states'] as const;

function isDefined(serving: ServingModel, block: typeof BLOCKS[number], key: string): boolean {
  return Object.hasOwn(serving[block], key) && serving[block][key] !== undefined;
}

function ownBlocks(serving: ServingModel, name: string): string[] {
  return BLOCKS.filter((block) => isDefined(serving, block, name));
}

function existingStates({ states }: ServingModel): string[] {
  return Object.keys(states).filter((key) => states[key] === undefined);
}

function componentReferences({ serving }: Outline): Reference[] {
  const { dapr, inputs, outputs } = serving;
  const foreign = [...dapr, ...inputs, ...outputs].filter(({ name }) => ownBlocks(serving, name).length === 0);
  return foreign.map(({ name, path, type, bound = false }) => (
    { name, path: [...path, 'name'], existing: bound || type?.endsWith(EXISTING) === true, bound }));
}

function stateReferences({ serving }: Outline): Reference[] {
  return existingStates(serving).map((name) => {
    const bound = serving.knownStates?.[name] !== undefined;
    return { name, path: ['serving', 'states', name], existing: bound, bound };
  });
}

const WORDS: Readonly<Record<string, string>> = { Component: 'Dapr component' };
/** A folder with some of these has mostly all of them; Secrets and their like come from many places. */
const COMPLETE: readonly NeighbourKind[] = ['Component', 'TriggerAuthentication', 'ClusterTriggerAuthentication'];
/** Credentials are of one kind or the other, and a reference says which. */
const OTHERS: Partial<Record<NeighbourKind, NeighbourKind>> = {
  TriggerAuthentication: 'ClusterTriggerAuthentication',
  ClusterTriggerAuthentication: 'TriggerAuthentication',
};

function checkName(
  kind: NeighbourKind, { name, path, existing, bound = false }: Reference, { namespace, neighbours }: Around,
  own: readonly string[], problems: Problems,
): void {
  if (neighbours.find(kind, name, namespace) !== undefined) return;
  const word = WORDS[kind] ?? kind;
  const elsewhere = kind === 'ClusterTriggerAuthentication'
    ? neighbours.all(kind) : neighbours.in(kind, namespace);
  const known = [...own, ...elsewhere.map((each) => each.name)];
  if (known.includes(name)) return;
  const { [kind]: twin } = OTHERS;
  if (twin !== undefined && neighbours.find(twin, name, namespace) !== undefined) {
    problems.warnOfName(path, name, `there is no ${kind} ${show(name)} here, but a ${twin} of that name`);
    return;
  }
  if (existing && !bound) return;
  const other = neighbours.all(kind).find((each) => each.name === name)?.namespace;
  if (other !== undefined) {
    // Each namespace may well have one of that name, and this one is said to exist.
    if (bound) return;
    problems.warnOfName(path, name, `the ${word} ${show(name)} is in namespace ${show(other)}, `
      + `and is not looked for there by a function in ${show(namespace)}`);
    return;
  }
  const typo = typoOf(name, known);
  if (typo === undefined && (existing || !(COMPLETE.includes(kind) && elsewhere.length > 0))) return;
  const near = typo ?? (name.length < 4 ? undefined : nearest(name, known));
  const hint = near === undefined ? '' : `; did you mean ${show(near)}?`;
  problems.warnOfName(path, name, `there is no ${word} ${show(name)} here${hint}`);
}

/** Dapr loads a component for the app-ids in its scopes alone. */
function checkScopes(refs: readonly Reference[], { namespace, appId, neighbours }: Around, problems: Problems): void {
  const seen = new Set<string>();
  for (const { name, path } of refs) {
    const component = neighbours.find('Component', name, namespace);
    if (component === undefined || seen.has(name) || isScopedTo(component, appId)) continue;
    seen.add(name);
    problems.warn(path, `the scopes of ${show(name)} lack the app-id ${show(appId)}, so Dapr does not load it here; `
      + 'add it to them');
  }
}

/** What the function itself says is checked with its other fields. */
function checkTopics({ serving: { dapr, outputs } }: Outline, problems: Problems): void {
  for (const { name, path, type, topic, spec } of [...dapr, ...outputs]) {
    if (topic !== undefined || blockOf(spec?.type) !== 'pubsub' || blockOf(type) === 'pubsub') continue;
    problems.error([...path, 'topic'], `is missing; ${show(name)} is a pub/sub component, so give a topic of it`);
  }
}

/** What is defined beside the function says by itself which way it goes. */
function checkUses({ serving }: Outline, problems: Problems): void {
  const lists = { input: serving.dapr, output: serving.outputs };
  for (const role of ['input', 'output'] as const) {
    for (const { name, path, type, topic, spec } of lists[role]) {
      if (spec === undefined || blockOf(spec.type) !== 'bindings' || ownBlocks(serving, name).length > 0) continue;
      if (type !== spec.type) checkType({ type: spec.type, path: () => [...path, 'name'], [role]: true }, problems);
      if (topic === undefined) continue;
      problems.warn([...path, 'topic'], `has no effect: ${show(name)} is a binding, which has none`);
    }
  }
}

/** Fields that have the name of a topic or queue, by scaler. */
const SCALED: Readonly<Record<string, string>> = {
  'kafka': 'topic',
  'apache-kafka': 'topic',
  'pulsar': 'topic',
  'azure-servicebus': 'topicName',
  'azure-queue': 'queueName',
  'aws-sqs-queue': 'queueURL',
  'aws-kinesis-stream': 'streamName',
};

/** KEDA watches the topic that wakes the function. */
function checkScaledTopics({ serving: { scaling, dapr } }: Outline, problems: Problems): void {
  const queueOf = (spec?: ComponentSpecModel) => (
    spec?.metadata.find(({ name }) => ['queueName', 'streamName'].includes(name))?.value?.toString());
  const topics = present(dapr.flatMap(({ topic, spec }) => [topic, queueOf(spec)]));
  scaling.triggers.forEach(({ type, metadata }, index) => {
    if (!Object.hasOwn(SCALED, type)) return;
    const { [type]: field } = SCALED;
    // The last part of a URL is the name.
    const { [field]: given = '' } = metadata;
    const topic = given.slice(given.lastIndexOf('/') + 1);
    const meant = topics.includes(topic) ? undefined : typoOf(topic, topics);
    if (meant === undefined) return;
    const path = ['serving', 'scaleOptions', 'keda', 'triggers', index, 'metadata', field];
    problems.warnOfName(path, topic, `the function has no input from ${show(topic)}; did you mean ${show(meant)}?`);
  });
}

type KindReference = Reference & { readonly kind: NeighbourKind; readonly key?: Json };

function authenticationReferences({ serving }: Outline): KindReference[] {
  return serving.scaling.triggers.flatMap(({ authenticationRef: ref }, index) => {
    if (ref?.name === undefined) return [];
    const path = ['serving', 'scaleOptions', 'keda', 'triggers', index, 'authenticationRef', 'name'];
    const existing = serving.knownAuthentications?.includes(ref.name) === true;
    return [{ name: ref.name, path, existing, kind: ref.kind ?? 'TriggerAuthentication' }];
  });
}

/** Secrets and their like, in the pod template, in components and in the function's settings of its proxy. */
function podReferences({ serving, imageCredentials, proxy = {} }: Outline): KindReference[] {
  const found: KindReference[] = [];
  const add = (kind: NeighbourKind, name: Json | undefined, path: Path, key?: Json) => {
    if (typeof name === 'string' && name !== '') found.push({ kind, name, path, existing: false, key });
  };
  add('Secret', imageCredentials, ['imageCredentials', 'name']);
  forEachComponent(serving, ({ metadata, auth }, path) => {
    if (auth !== undefined && auth.secretStore !== 'kubernetes') return;
    metadata.forEach(({ secretKeyRef }, index) => (
      add('Secret', secretKeyRef?.name, [...path, 'metadata', index, 'secretKeyRef', 'name'], secretKeyRef?.key)));
  });
  const visit = (value: Json | undefined, path: Path, parent: string): void => {
    if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...path, index], parent));
    if (!isObject(value) || value.optional === true) return;
    const [kind, ...fields] = Object.hasOwn(SOURCES, parent) ? SOURCES[parent] : [undefined];
    for (const field of fields) if (kind !== undefined) add(kind, value[field], [...path, field], value.key);
    for (const [key, item] of Object.entries(value)) visit(item, [...path, key], key);
  };
  visit(serving.template, ['serving', 'template'], 'template');
  add('Secret', proxy.apiToken, ['proxy', 'apiToken']);
  add('Secret', proxy.appToken, ['proxy', 'appToken']);
  add('ServiceAccount', proxy.serviceAccount, ['proxy', 'serviceAccount']);
  proxy.imagePullSecrets?.forEach((name, index) => add('Secret', name, ['proxy', 'imagePullSecrets', index]));
  return found;
}

/** By the field that holds the reference: the kind, and the fields that can have its name. */
const SOURCES: Readonly<Record<string, [kind: NeighbourKind, ...fields: string[]]>> = {
  template: ['ServiceAccount', 'serviceAccountName'],
  imagePullSecrets: ['Secret', 'name'],
  secretKeyRef: ['Secret', 'name'],
  secretRef: ['Secret', 'name'],
  secret: ['Secret', 'secretName', 'name'],
  configMapKeyRef: ['ConfigMap', 'name'],
  configMapRef: ['ConfigMap', 'name'],
  configMap: ['ConfigMap', 'name'],
};

