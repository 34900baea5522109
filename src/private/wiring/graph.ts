/** Nodes and edges as they are found; asked for at the end, in an order that is not that of the input. */
import { Brokers, compare, Located } from './brokers';
import type { Edge, Node, NodeKind, Wiring } from './model';
import { settingOf } from './settings';
import { blockOf, ResolvedRef } from '../decide/components';

export type EdgeDetails = Pick<Edge, 'component' | 'topic' | 'by' | 'path'>;
type Named = Pick<ResolvedRef, 'componentName' | 'componentType'>;

export class Graph {
  private readonly nodes = new Map<string, Node>();
  private readonly edges = new Map<string, Edge>();
  /** Components that lead to a topic. */
  private readonly topics = new Map<string, Set<string>>();
  private readonly brokers = new Brokers();

  public get wiring(): Wiring {
    const nodes = [...this.nodes.values()].map((node): Node => {
      const components = this.topics.get(node.id);
      return components === undefined ? node : { ...node, components: [...components].sort() };
    });
    const byKey = ([a]: [string, Edge], [b]: [string, Edge]) => compare(a, b);
    return {
      nodes: nodes.sort((a, b) => compare(a.id, b.id)),
      edges: [...this.edges.entries()].sort(byKey).map(([, edge]) => edge),
    };
  }

  public has(id: string): boolean {
    return this.nodes.has(id);
  }

  public node(node: Node): string {
    if (!this.nodes.has(node.id)) this.nodes.set(node.id, node);
    return node.id;
  }

  public edge(kind: Edge['kind'], from: string, to: string, details: EdgeDetails = {}): void {
    const key = [from, to, kind, details.component ?? '', details.topic ?? ''].join('\n');
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

  /** Something that has an app-id and is not a function. */
  public app(appId: string, namespace: string): string {
    return this.node({ id: `appId ${namespace}/${appId}`, kind: 'appId', name: appId, namespace });
  }
}

export function componentId(namespace: string, { componentName, componentType }: Named): string {
  const block = blockOf(componentType) ?? 'state';
  return `${block === 'bindings' ? 'binding' : block} ${namespace}/${componentName}`;
}
