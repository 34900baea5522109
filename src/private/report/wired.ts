/** Topics, components and hosts of one function, as the wiring of the whole tree has them. */
import type { FunctionReport, ReportedComponent, ReportedTopic } from '../../function-report';
import type { FunctionPlan } from '../decide/plan';
import { componentId, Edge, functionId, Node, Wiring } from '../wiring/graph';
import { componentsOf } from '../wiring/wire';

interface Index {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly edges: ReadonlyMap<string, Edge[]>;
}

/** One for all functions: a pass for each would take time quadratic in their number. */
const INDEXES = new WeakMap<Wiring, Index>();

export function wiredOf(plan: FunctionPlan, wiring: Wiring): Pick<FunctionReport, 'hosts' | 'topics' | 'components'> {
  const { nodes, edges } = indexOf(wiring);
  const id = functionId(plan);
  const mine = edges.get(id) ?? [];
  return {
    hosts: mine.flatMap(({ from }) => nodes.get(from) ?? []).filter(({ kind }) => kind === 'host')
      .map(({ name }) => name),
    topics: mine.flatMap((edge) => topicOf(edge, id, plan.namespace, nodes)),
    components: components(plan, mine, nodes),
  };
}

function indexOf(wiring: Wiring): Index {
  const known = INDEXES.get(wiring);
  if (known !== undefined) return known;
  const edges = new Map<string, Edge[]>();
  for (const edge of wiring.edges) {
    for (const id of new Set([edge.from, edge.to])) {
      const list = edges.get(id);
      if (list === undefined) edges.set(id, [edge]);
      else list.push(edge);
    }
  }
  const index = { nodes: new Map(wiring.nodes.map((node) => [node.id, node])), edges };
  INDEXES.set(wiring, index);
  return index;
}

function topicOf(edge: Edge, id: string, namespace: string, nodes: Index['nodes']): ReportedTopic[] {
  const topic = nodes.get(edge.from === id ? edge.to : edge.from);
  if (topic?.kind !== 'topic') return [];
  const { component = '' } = edge;
  const { components: all = [] } = topic;
  const through = all.find((each) => each.endsWith(` ${namespace}/${component}`)) ?? all[0];
  const { componentType = '' } = nodes.get(through) ?? {};
  return [{ use: useOf(edge, id), topic: topic.name, component, componentType }];
}

function components(plan: FunctionPlan, edges: readonly Edge[], nodes: Index['nodes']): ReportedComponent[] {
  const own = new Set(plan.components.components.map(({ name }) => name));
  const found = new Map<string, ReportedComponent>();
  for (const one of componentsOf(plan)) {
    const node = nodes.get(componentId(plan.namespace, one));
    const { componentName: name } = one;
    const { componentType = one.componentType, schedule } = node ?? {};
    const uses = edges.filter(({ component }) => component === name).map((edge) => useOf(edge, functionId(plan)));
    found.set(name, {
      name,
      componentType,
      isOwn: own.has(name),
      uses: [...new Set(uses)].sort(),
      ...(schedule !== undefined && { schedule }),
    });
  }
  return [...found.values()];
}

function useOf({ kind, to }: Edge, id: string): string {
  if (kind === 'binds') return to === id ? 'reads' : 'writes';
  return kind === 'state' ? 'keepsState' : kind;
}
