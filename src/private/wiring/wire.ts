/** Plans of functions, and what is beside them → one graph. */
import { Located, queuesOf } from './brokers';
import { Addresses, Call, listed, Said } from './calls';
import { componentId, EdgeDetails, functionId, Graph, Node, WholeWiring, WiredFunction } from './graph';
import type { TopologyFunction } from '../../topology';
import { blockOf, ComponentPlan, ComponentsPlan, ResolvedRef } from '../decide/components';
import { MIN_SCALE, OLD_MIN_SCALE } from '../decide/knative';
import { at, Neighbour, Neighbours, podOf } from '../decide/neighbours';
import { FunctionPlan, hasInternalUrl, internalUrlOf } from '../decide/plan';
import { isObject, Json, JsonObject } from '../kubernetes/json';
import type { Path } from '../problem/problem';
import { boundSpec } from '../props/components';

/** Of a Subscription without scopes. */
const EVERY_APP = '*';

export function wire(functions: readonly WiredFunction[], neighbours: Neighbours): WholeWiring {
  const graph = new Graph();
  const addresses = new Addresses(functions.map(({ plan }) => plan), neighbours);
  for (const one of functions) wireComponents(graph, one);
  for (const component of neighbours.all('Component')) wireForeignComponent(graph, component);
  const workloads = neighbours.all('Workload').map(workloadOf);
  for (const { appId, node } of workloads) if (appId !== undefined) graph.addApp(appId, node.namespace ?? '', node);
  for (const one of functions) wireFunction(graph, addresses, one);
  for (const subscription of neighbours.all('Subscription')) wireSubscription(graph, addresses, subscription);
  for (const workload of workloads) wireWorkload(graph, addresses, workload);
  graph.spreadFilters();
  return { ...graph.wiring, addresses };
}

function wireForeignComponent(graph: Graph, { name, namespace, body }: Neighbour): void {
  const { spec: given } = body();
  const spec = isObject(given) ? boundSpec(given) : undefined;
  if (spec === undefined || namespace === undefined || blockOf(spec.type) === undefined) return;
  graph.component({ namespace, key: name, componentName: name, componentType: spec.type, spec });
}

function wireSubscription(graph: Graph, addresses: Addresses, { name, namespace, body }: Neighbour): void {
  const { spec, scopes } = body();
  const [component, topic, dead] = ['pubsubname', 'topic', 'deadLetterTopic'].map((key) => text(at(spec, [key])));
  if (namespace === undefined || component === undefined || topic === undefined) return;
  const ref = { componentName: component, key: component, componentType: 'pubsub.existing' };
  graph.component({ ...ref, namespace });
  const source = `the Subscription ${namespace}/${name}`;
  const appIds = Array.isArray(scopes) && scopes.length > 0 ? scopes.map(String) : [EVERY_APP];
  for (const appId of appIds) {
    const target = addresses.withAppId(appId, namespace);
    const reader = target === undefined ? graph.app(appId, namespace) : functionId(target);
    graph.edge('subscribes', graph.topic(namespace, ref, topic), reader, { component, source });
    if (dead === undefined) continue;
    graph.edge('deadLetters', reader, graph.topic(namespace, ref, dead), { component, topic, source });
  }
}

interface Workload {
  readonly node: Node;
  readonly spec: JsonObject;
  readonly appId?: string;
}

function workloadOf({ name, namespace = '', body }: Neighbour): Workload {
  const object = body();
  const { spec, appId, image } = podOf(object);
  const known = { kind: 'workload', name, namespace, workload: String(object.kind) } as const;
  const node = { id: `workload ${namespace}/${name}`, ...known, ...(image !== undefined && { image }) };
  return { node, spec, ...(appId !== undefined && { appId }) };
}

/** Those that have nothing to do with functions are left out. */
function wireWorkload(graph: Graph, addresses: Addresses, { node, spec, appId }: Workload): void {
  const { id, name, namespace = '', workload = '' } = node;
  const all = addresses.saidIn(spec, namespace);
  const calls = addresses.callsIn(all, namespace).filter(({ target, appId: called = '' }) => (
    target !== undefined || addresses.withAppId(called, namespace) !== undefined));
  if (calls.length > 0) graph.node(node);
  wireCalls(graph, addresses, id, namespace, calls);
  if (appId === undefined) return;
  wireApi(graph, all, namespace, () => graph.node(node), () => ({ source: `the ${workload} ${namespace}/${name}` }));
}

const API = /\/v1\.0(?:-[a-z]+\d+)?\/(publish|state|bindings)\/([^/\s"?#]+)(?:\/([^/\s"?#]+))?/g;
const NAMES_COMPONENT = /(^|_)(PUB_?SUB|STATE_?STORE|STORE|BINDING)S?(_NAME|_COMPONENT)?$/;
const NAMES_TOPIC = /(^|_)TOPICS?(_NAME)?$/;

/** What a pod is told of components and topics. */
export interface Mention {
  readonly component?: string;
  readonly topic?: string;
  /** By a URL of Dapr's API, so that it can be nothing else. */
  readonly api?: string;
}

export function mentionsIn({ name, value }: Said): Mention[] {
  if (value.includes('/v1.0')) {
    return [...value.matchAll(API)].map(([, api, component, topic]) => (
      { api, component, ...(api === 'publish' && topic !== undefined && { topic }) }));
  }
  if (NAMES_COMPONENT.test(name)) return listed(value).map((component) => ({ component }));
  return NAMES_TOPIC.test(name) ? listed(value).map((topic) => ({ topic })) : [];
}

/** What URLs of Dapr's API lead to, where the component is known. */
function wireApi(
  graph: Graph, all: readonly Said[], namespace: string, from: () => string, details: (said: Said) => EdgeDetails,
): void {
  for (const said of all) {
    for (const { api, component = '', topic } of mentionsIn(said)) {
      const ref = { componentName: component, componentType: `${api === 'publish' ? 'pubsub' : api ?? ''}.existing` };
      if (api === undefined || !graph.has(componentId(namespace, ref))) continue;
      const how = { ...details(said), component };
      if (topic !== undefined) graph.edge('publishes', from(), graph.topic(namespace, ref, topic), how);
      if (api === 'state') graph.edge('state', from(), componentId(namespace, ref), how);
    }
  }
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const OUTSIDE = 'outside';

/** The components that a function defines or names. */
function wireComponents(graph: Graph, { plan }: WiredFunction): void {
  if (plan.dapr.mode === 'off') return;
  const { namespace, components } = plan;
  for (const one of components.components) graph.component(located(namespace, one));
  for (const ref of refsOf(components)) {
    // What a function defines is known by now.
    const isOwn = components.components.some(({ spec }) => spec === ref.spec);
    if (!isOwn) graph.component({ ...ref, namespace });
  }
}

/** Its own first; what it names several times is there several times. */
export function componentsOf({ namespace, components }: FunctionPlan): Located[] {
  const own = components.components.map((one) => located(namespace, one));
  return [...own, ...refsOf(components).map((ref) => ({ ...ref, namespace }))];
}

function located(namespace: string, { key, name, spec }: ComponentPlan): Located {
  return { namespace, key, componentName: name, componentType: spec.type, spec };
}

function refsOf({ triggers, inputs, outputs, states }: ComponentsPlan): readonly ResolvedRef[] {
  return [...triggers, ...inputs, ...outputs, ...Object.values(states)];
}

function wireFunction(graph: Graph, addresses: Addresses, one: WiredFunction): void {
  const { plan, chart, id } = one;
  const { name, namespace, dapr } = plan;
  // Rules do not look at the details, and a picture looks at all of them.
  graph.node({ id, kind: 'function', name, namespace, chart, get details() { return detailsOf(one); } });
  for (const host of hostsOf(one)) {
    graph.node({ id: OUTSIDE, kind: 'outside', name: OUTSIDE });
    graph.node({ id: `host ${host}`, kind: 'host', name: host });
    graph.edge('calls', OUTSIDE, `host ${host}`);
    graph.edge('calls', `host ${host}`, id);
  }
  if (dapr.mode !== 'off') {
    wireTriggers(graph, one);
    wireInputs(graph, one);
    wireOutputs(graph, addresses, one);
  }
  wireCalls(graph, addresses, id, namespace, addresses.callsOf(plan), one);
  if (dapr.mode === 'off') return;
  wireApi(graph, addresses.saidTo(plan), namespace, () => id, ({ path }) => ({ by: one, path }));
}

export function detailsOf({ plan }: Pick<WiredFunction, 'plan'>): TopologyFunction {
  const { dapr, route, pod: { image }, workload, engine, port, names } = plan;
  const { min, max } = replicasOf(plan);
  return {
    image,
    workload,
    ...(engine !== undefined && { httpEngine: engine }),
    port,
    daprMode: dapr.mode,
    ...(dapr.mode !== 'off' && { appId: names.appId }),
    minReplicas: min,
    ...(max !== undefined && { maxReplicas: max }),
    ...(hasInternalUrl(plan) && { internalUrl: internalUrlOf(plan, '') }),
    externalUrls: [...route?.urls ?? []],
  };
}

/** From outside; wildcards too, which have no URL. */
function hostsOf({ plan: { route, names } }: WiredFunction): string[] {
  return (route?.hostnames ?? []).filter((host) => host !== names.host);
}

function wireTriggers(graph: Graph, one: WiredFunction): void {
  const { id, plan: { namespace, components: { triggers } } } = one;
  triggers.forEach((trigger, index) => {
    const { componentName: component, topic, delivery, block, path } = trigger;
    if (block !== 'pubsub') wireBinding(graph, one, trigger, 'in', path);
    if (block !== 'pubsub' || topic === undefined) return;
    const from = graph.topic(namespace, trigger, topic);
    graph.edge('subscribes', from, id, { component, by: one, path: [...path, 'topic'] });
    const { deadLetterTopic: dead, index: input = index } = delivery ?? {};
    if (dead === undefined || dead === '') return;
    const details = { component, topic, by: one, path: ['inputs', input, 'deadLetterTopic'] };
    graph.edge('deadLetters', id, graph.topic(namespace, trigger, dead), details);
  });
}

/** What a function reads beside its triggers, and where it keeps state. */
function wireInputs(graph: Graph, one: WiredFunction): void {
  const { id, plan: { namespace, components: { states, inputs } } } = one;
  const state = (ref: ResolvedRef, path: Path) => (
    graph.edge('state', id, componentId(namespace, ref), { component: ref.componentName, by: one, path }));
  for (const [key, ref] of Object.entries(states)) state(ref, ['serving', 'states', key]);
  inputs.forEach((ref, index) => {
    const path = ['serving', 'triggers', 'inputs', index, 'dapr'];
    if (ref.block === 'state') state(ref, path);
    if (ref.block === 'bindings') wireBinding(graph, one, ref, 'in', path);
  });
}

function wireOutputs(graph: Graph, addresses: Addresses, one: WiredFunction): void {
  const { id, plan: { namespace, components: { outputs } } } = one;
  outputs.forEach((output) => {
    const { componentName: component, topic, block, path } = output;
    if (block === 'state') graph.edge('state', id, componentId(namespace, output), { component, by: one, path });
    if (block === 'pubsub' && topic !== undefined) {
      const details = { component, by: one, path: [...path, 'topic'] };
      graph.edge('publishes', id, graph.topic(namespace, output, topic), details);
    }
    if (block !== 'bindings') return;
    wireBinding(graph, one, output, 'out', path);
    const { target } = addresses.callsOfBinding(output, namespace).find((call) => call.target !== undefined) ?? {};
    if (target === undefined) return;
    graph.edge('calls', componentId(namespace, output), functionId(target), { by: one, path });
  });
}

/** A binding of queues is drawn as its queues. */
function wireBinding(graph: Graph, one: WiredFunction, ref: ResolvedRef, direction: 'in' | 'out', path: Path): void {
  const { plan: { namespace } } = one;
  const { componentName: component, componentType, spec } = ref;
  const details: EdgeDetails = { component, by: one, path: [...path, 'name'] };
  const queues = queuesOf(componentType, spec, direction).map((queue) => graph.topic(namespace, ref, queue));
  for (const other of queues.length > 0 ? queues : [componentId(namespace, ref)]) {
    if (direction === 'in') graph.edge('binds', other, one.id, details);
    else graph.edge('binds', one.id, other, details);
  }
}

/** An app-id that can be nothing else is drawn, known or not. */
function wireCalls(
  graph: Graph, addresses: Addresses, from: string, namespace: string, calls: readonly Call[], by?: WiredFunction,
): void {
  for (const { said, target, appId = '', certain } of calls) {
    const called = target ?? addresses.withAppId(appId, namespace);
    const details: EdgeDetails = by === undefined ? {} : { by, path: said.path };
    if (called !== undefined && functionId(called) !== from) graph.edge('calls', from, functionId(called), details);
    if (called === undefined && certain === true) graph.edge('calls', from, graph.app(appId, namespace), details);
  }
}

export interface Replicas {
  readonly min: number;
  /** None without a limit. */
  readonly max?: number;
}

/** KEDA's own. */
const KEDA_MAX_REPLICAS = 100;

export function replicasOf({ knative, scaling }: FunctionPlan): Replicas {
  if (knative !== undefined) {
    const { annotations, maxScale = '0' } = knative;
    const { [MIN_SCALE]: least = annotations[OLD_MIN_SCALE] ?? '0' } = annotations;
    return { min: Number(least), ...(maxScale !== '0' && { max: Number(maxScale) }) };
  }
  if (scaling.scaler === 'none') return { min: scaling.replicas, max: scaling.replicas };
  return { min: scaling.minReplicas ?? 0, max: scaling.maxReplicas ?? KEDA_MAX_REPLICAS };
}
