/** What one function adds to the graph. */
import type { Located } from './brokers';
import type { Addresses, Call } from './calls';
import { componentId, EdgeDetails, Graph } from './graph';
import { functionId, WiredFunction } from './model';
import { replicasOf } from './replicas';
import { queuesOf, settingOf } from './settings';
import type { TopologyFunction } from '../../topology';
import type { ResolvedRef } from '../decide/components';
import type { FunctionPlan } from '../decide/plan';
import { hasInternalUrl, internalUrlOf } from '../decide/urls';
import type { Path } from '../problem/problem';

const OUTSIDE = 'outside';

/** The components that a function defines or names. */
export function wireComponents(graph: Graph, { plan }: WiredFunction): void {
  if (plan.dapr.mode !== 'off') for (const one of componentsOf(plan)) graph.component(one);
}

/** Its own first; what it names several times is there several times. */
export function componentsOf({ namespace, components: plan }: FunctionPlan): Located[] {
  const { components, triggers, inputs, outputs, states } = plan;
  const own = components.map(({ key, name, spec }) => (
    { namespace, key, componentName: name, componentType: spec.type, spec }));
  const named = [...triggers, ...inputs, ...outputs, ...Object.values(states)].map((ref) => ({ ...ref, namespace }));
  return [...own, ...named];
}

export function wireFunction(graph: Graph, addresses: Addresses, one: WiredFunction): void {
  const { plan, chart } = one;
  const { name, namespace, dapr, pod: { env } } = plan;
  const id = graph.node({ id: functionId(plan), kind: 'function', name, namespace, chart, details: detailsOf(one) });
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
  wireCalls(graph, addresses, id, namespace, addresses.callsIn(env, namespace), one);
}

export function detailsOf({ plan }: Pick<WiredFunction, 'plan'>): TopologyFunction {
  const { dapr, route, pod: { image }, workload, port, names } = plan;
  const { min, max } = replicasOf(plan);
  return {
    image,
    workload,
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
  const { plan: { namespace, components: { triggers } } } = one;
  const id = functionId(one.plan);
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
  const { plan: { namespace, components: { states, inputs } } } = one;
  const id = functionId(one.plan);
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
  const { plan: { namespace, components: { outputs } } } = one;
  const id = functionId(one.plan);
  outputs.forEach((output) => {
    const { componentName: component, componentType, topic, block, spec, path } = output;
    if (block === 'state') graph.edge('state', id, componentId(namespace, output), { component, by: one, path });
    if (block === 'pubsub' && topic !== undefined) {
      const details = { component, by: one, path: [...path, 'topic'] };
      graph.edge('publishes', id, graph.topic(namespace, output, topic), details);
    }
    if (block !== 'bindings') return;
    wireBinding(graph, one, output, 'out', path);
    const url = componentType === 'bindings.http' ? settingOf(spec, 'url') : undefined;
    const target = url === undefined ? undefined : addresses.targetOf(url, namespace);
    if (target === undefined) return;
    graph.edge('calls', componentId(namespace, output), functionId(target), { by: one, path });
  });
}

/** One that leads to queues is there through these. */
function wireBinding(graph: Graph, one: WiredFunction, ref: ResolvedRef, direction: 'in' | 'out', path: Path): void {
  const { plan: { namespace } } = one;
  const { componentName: component, componentType, spec } = ref;
  const details: EdgeDetails = { component, by: one, path: [...path, 'name'] };
  const queues = queuesOf(componentType, spec, direction).map((queue) => graph.topic(namespace, ref, queue));
  for (const other of queues.length > 0 ? queues : [componentId(namespace, ref)]) {
    if (direction === 'in') graph.edge('binds', other, functionId(one.plan), details);
    else graph.edge('binds', functionId(one.plan), other, details);
  }
}

/** An app-id that can be nothing else is drawn, known or not. */
export function wireCalls(
  graph: Graph, addresses: Addresses, from: string, namespace: string, calls: readonly Call[], by?: WiredFunction,
): void {
  for (const { variable, target, appId = '', certain } of calls) {
    const called = target ?? addresses.withAppId(appId, namespace);
    const details: EdgeDetails = by === undefined ? {} : { by, path: ['serving', 'params', variable] };
    if (called !== undefined && functionId(called) !== from) graph.edge('calls', from, functionId(called), details);
    if (called === undefined && certain === true) graph.edge('calls', from, graph.app(appId, namespace), details);
  }
}
