/** What functions are wired with: nodes and edges as plain data, in an order that is not that of the input. */
import { Brokers, fixedPartOf, isFilter, Located, settingOf, takesTopic } from './brokers';
import type { Addresses } from './calls';
import type { TopologyEdgeKind, TopologyNodeKind } from '../../choices';
import type { TopologyEdge, TopologyNode } from '../../topology';
import { blockOf, ResolvedRef } from '../decide/components';
import type { FunctionPlan } from '../decide/plan';
import type { Path } from '../problem/problem';

export type EdgeDetails = Pick<Edge, 'component' | 'topic' | 'by' | 'path' | 'source'>;
type Named = Pick<ResolvedRef, 'componentName' | 'componentType'>;

export class Graph {
  private readonly nodes = new Map<string, Node>();
  private readonly edges = new Map<string, Edge>();
  /** Components that lead to a topic. */
  private readonly topics = new Map<string, Set<string>>();
  private readonly brokers = new Brokers();
  /** Workloads beside the functions that have an app-id. */
  private readonly apps = new Map<string, Node>();

  public get wiring(): Wiring {
    const nodes = sortedValues(this.nodes).map((node): Node => {
      const components = node.kind === 'topic' ? this.topics.get(node.id) : undefined;
      return components === undefined ? node : { ...node, components: [...components].sort() };
    });
    return { nodes, edges: sortedValues(this.edges) };
  }

  public has(id: string): boolean {
    return this.nodes.has(id);
  }

  public node(node: Node): string {
    if (!this.nodes.has(node.id)) this.nodes.set(node.id, node);
    return node.id;
  }

  public edge(kind: Edge['kind'], from: string, to: string, details: EdgeDetails = {}): void {
    const { component = '', topic = '' } = details;
    const key = `${from}\n${to}\n${kind}\n${component}\n${topic}`;
    if (!this.edges.has(key)) this.edges.set(key, { kind, from, to, ...details });
  }

  /** All of them before the first topic: who is on the same broker is known at the end only. */
  public component(one: Located): void {
    this.brokers.add(one);
    const { namespace, key: name, componentType, spec } = one;
    const id = componentId(namespace, one);
    const known = this.nodes.get(id);
    // One reference may know more than another.
    if (known !== undefined && (spec === undefined || known.componentType === componentType)) return;
    const schedule = componentType === 'bindings.cron' ? settingOf(spec, 'schedule') : undefined;
    const kind = id.slice(0, id.indexOf(' ')) as NodeKind;
    this.nodes.set(id, { id, kind, name, namespace, componentType, ...(schedule !== undefined && { schedule }) });
  }

  public topic(namespace: string, ref: Named, name: string): string {
    const broker = this.brokers.nameOf(namespace, ref.componentName);
    const id = `topic ${broker}/${name}`;
    this.node({ id, kind: 'topic', name, namespace: broker.slice(0, broker.indexOf('/')) });
    this.topics.set(id, (this.topics.get(id) ?? new Set()).add(componentId(namespace, ref)));
    return id;
  }

  /** A subscription with wildcards reads all topics that match it, where there are any. */
  public spreadFilters(): void {
    const filters = this.filters();
    const ids = filters.size === 0 ? [] : [...this.topics.keys()].sort();
    for (const [key, edge] of filters.size === 0 ? [] : [...this.edges]) {
      const { kind, from, to, topic: _none, ...details } = edge;
      const { name: filter } = this.nodes.get(from)!;
      const type = kind === 'subscribes' ? filters.get(from) : undefined;
      if (type === undefined) continue;
      const broker = from.slice(0, from.length - filter.length);
      const fitting = startingWith(broker + fixedPartOf(type, filter), ids).filter((id) => id !== from
        && takesTopic(type, filter, id.slice(broker.length)) && !isFilter(type, id.slice(broker.length)));
      if (fitting.length === 0) continue;
      this.edges.delete(key);
      for (const id of fitting) this.edge('subscribes', id, to, { ...details, topic: filter });
    }
    const ends = new Set<string>();
    for (const { from, to } of this.edges.values()) ends.add(from).add(to);
    for (const id of this.topics.keys()) if (!ends.has(id)) this.nodes.delete(id);
  }

  /** Topics with wildcards, with the type of the component that first named each. */
  private filters(): ReadonlyMap<string, string> {
    const filters = new Map<string, string>();
    for (const [id, components] of this.topics) {
      const [first = ''] = components;
      const type = this.nodes.get(first)?.componentType ?? '';
      if (isFilter(type, this.nodes.get(id)!.name)) filters.set(id, type);
    }
    return filters;
  }

  public addApp(appId: string, namespace: string, workload: Node): void {
    this.apps.set(`${appId}.${namespace}`, workload);
  }

  /** Something that has an app-id and is not a function. */
  public app(appId: string, namespace: string): string {
    const known = this.apps.get(`${appId}.${namespace}`) ?? this.apps.get(appId);
    return this.node(known ?? { id: `appId ${namespace}/${appId}`, kind: 'appId', name: appId, namespace });
  }
}

/** By key. */
function sortedValues<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map.keys()].sort().map((key) => map.get(key)!);
}

/** Of sorted texts. */
function startingWith(prefix: string, sorted: readonly string[]): readonly string[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (sorted[middle] < prefix) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < sorted.length && sorted[end].startsWith(prefix)) end++;
  return sorted.slice(low, end);
}

export function componentId(namespace: string, { componentName, componentType }: Named): string {
  const block = blockOf(componentType) ?? 'state';
  return `${block === 'bindings' ? 'binding' : block} ${namespace}/${componentName}`;
}

export type NodeKind = `${TopologyNodeKind}`;
export type EdgeKind = `${TopologyEdgeKind}`;

/** A function as it goes in. */
export interface WiredFunction {
  /** As `functionId` gives it. */
  readonly id: string;
  readonly plan: FunctionPlan;
  /** Construct path of its chart. */
  readonly chart: string;
  /** For messages: where the user wrote something, file and line if there are any. */
  readonly place: (path: Path) => string;
}

export interface Node extends Omit<TopologyNode, 'kind'> {
  readonly kind: NodeKind;
}

export interface Edge extends Omit<TopologyEdge, 'kind'> {
  readonly kind: EdgeKind;
  /** The function that says so, and where; other edges come from objects beside functions. */
  readonly by?: WiredFunction;
  readonly path?: Path;
  /** The object that says so, for messages. */
  readonly source?: string;
}

export interface Wiring {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** With what is needed to look further into it. */
export interface WholeWiring extends Wiring {
  readonly addresses: Addresses;
}

export function functionId({ namespace, name }: Pick<FunctionPlan, 'namespace' | 'name'>): string {
  return `function ${namespace}/${name}`;
}

/** Functions elsewhere stay where they are at the other end: of a topic, a binding, a store or a call. */
export function partOf({ nodes, edges }: Wiring, isMine: (node: Node) => boolean): Wiring {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const mine = new Set(nodes.filter((node) => node.kind === 'function' && isMine(node)).map(({ id }) => id));
  const near = new Set(mine);
  for (const { from, to } of edges) {
    if (mine.has(from)) near.add(to);
    if (mine.has(to)) near.add(from);
  }
  const isBetween = (id: string) => near.has(id) && !mine.has(id) && byId.get(id)?.kind !== 'function';
  const kept = edges.filter(({ from, to }) => mine.has(from) || mine.has(to) || isBetween(from) || isBetween(to));
  const touched = new Set([...near, ...kept.flatMap(({ from, to }) => [from, to])]);
  for (const { id, components = [] } of nodes) if (near.has(id)) components.forEach((each) => touched.add(each));
  const foreign = ({ id, kind }: Node) => kind === 'function' && !mine.has(id);
  const shown = nodes.filter(({ id }) => touched.has(id));
  return { nodes: shown.map((node) => (foreign(node) ? { ...node, elsewhere: true } : node)), edges: kept };
}
