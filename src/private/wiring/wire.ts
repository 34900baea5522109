/** Plans of functions, and what is beside them → one graph. */
import { Addresses, podOf } from './calls';
import { wireCalls, wireComponents, wireFunction } from './function';
import { Graph } from './graph';
import { functionId, WiredFunction, Wiring } from './model';
import { blockOf } from '../decide/components';
import { at, Neighbour, Neighbours } from '../decide/neighbours';
import { isObject, Json } from '../kubernetes/json';
import { boundSpec } from '../props/components';

/** Of a Subscription without scopes. */
const EVERY_APP = '*';

export function wire(functions: readonly WiredFunction[], neighbours: Neighbours): Wiring {
  const graph = new Graph();
  const addresses = new Addresses(functions.map(({ plan }) => plan));
  for (const one of functions) wireComponents(graph, one);
  for (const component of neighbours.all('Component')) wireForeignComponent(graph, component);
  for (const one of functions) wireFunction(graph, addresses, one);
  for (const subscription of neighbours.all('Subscription')) wireSubscription(graph, addresses, subscription);
  for (const workload of neighbours.all('Workload')) wireWorkload(graph, addresses, workload);
  return graph.wiring;
}

function wireForeignComponent(graph: Graph, { name, namespace, body }: Neighbour): void {
  const { spec: given } = body();
  const spec = isObject(given) ? boundSpec(given) : undefined;
  if (spec === undefined || namespace === undefined || blockOf(spec.type) === undefined) return;
  graph.component({ namespace, key: name, componentName: name, componentType: spec.type, spec });
}

function wireSubscription(graph: Graph, addresses: Addresses, { namespace, body }: Neighbour): void {
  const { spec, scopes } = body();
  const [component, topic, dead] = ['pubsubname', 'topic', 'deadLetterTopic'].map((key) => text(at(spec, [key])));
  if (namespace === undefined || component === undefined || topic === undefined) return;
  const ref = { componentName: component, key: component, componentType: 'pubsub.existing' };
  graph.component({ ...ref, namespace });
  const appIds = Array.isArray(scopes) && scopes.length > 0 ? scopes.map(String) : [EVERY_APP];
  for (const appId of appIds) {
    const target = addresses.withAppId(appId, namespace);
    const reader = target === undefined ? graph.app(appId, namespace) : functionId(target);
    graph.edge('subscribes', graph.topic(namespace, ref, topic), reader, { component });
    if (dead === undefined) continue;
    graph.edge('deadLetters', reader, graph.topic(namespace, ref, dead), { component, topic });
  }
}

/** Those that have nothing to do with functions are left out. */
function wireWorkload(graph: Graph, addresses: Addresses, { name, namespace = '', body }: Neighbour): void {
  const { env, appId } = podOf(body());
  const calls = addresses.callsIn(env, namespace).filter(({ target, appId: called = '' }) => (
    target !== undefined || addresses.withAppId(called, namespace) !== undefined));
  const app = appId === undefined ? undefined : `appId ${namespace}/${appId}`;
  const isCalled = app !== undefined && graph.has(app);
  if (calls.length === 0 && !isCalled) return;
  const id = graph.node({ id: `workload ${namespace}/${name}`, kind: 'workload', name, namespace });
  wireCalls(graph, addresses, id, namespace, calls);
  if (isCalled) graph.edge('calls', app, id);
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
