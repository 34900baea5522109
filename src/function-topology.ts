/** The wiring of functions: who publishes what, who gets it, who calls whom, which store and which host. */
import type { IConstruct } from 'constructs';
import type { TopologyEdgeKind, TopologyNodeKind } from './choices';
import { neighbourhoodOf } from './private/tree/registry';
import type { Wiring } from './private/wiring/model';
import { partOf } from './private/wiring/part';
import type { TopologyEdge, TopologyNode } from './topology';

/**
 * The wiring of the functions below a construct, after all settings: functions, topics, bindings, stores, hosts and
 * app-ids, and the edges between them. Functions of other charts are in it where they are wired with one of these.
 *
 * @example
 * FunctionTopology.of(app).json();
 */
export class FunctionTopology {
  /**
   * The wiring below a construct as it is now: call it when all functions and other objects are there. Throws if
   * objects that came after a function show that it is not valid.
   *
   * @param scope an `App`, a `Chart`, a function or any other construct
   */
  public static of(scope: IConstruct): FunctionTopology {
    const { root } = scope.node;
    const neighbourhood = neighbourhoodOf(root);
    neighbourhood.scan(root);
    const { functions, wiring } = neighbourhood.wired();
    if (scope === root) return new FunctionTopology(wiring);
    const mine = new Set([...functions].flatMap(([construct, id]) => (
      construct.node.scopes.includes(scope) ? [id] : [])));
    return new FunctionTopology(partOf(wiring, ({ id }) => mine.has(id)));
  }

  /** All nodes, sorted by id. */
  public readonly nodes: TopologyNode[];
  /** All edges, sorted by the ids of their nodes. */
  public readonly edges: TopologyEdge[];

  private constructor({ nodes, edges }: Wiring) {
    this.nodes = nodes.map((node) => ({ ...node, kind: node.kind as TopologyNodeKind }));
    this.edges = edges.map(({ by: _by, path: _path, kind, ...edge }) => ({ kind: kind as TopologyEdgeKind, ...edge }));
  }

  /** The node with an id, if there is one. */
  public node(id: string): TopologyNode | undefined {
    return this.nodes.find((node) => node.id === id);
  }

  /** A JSON object with the fields `nodes` and `edges`, as their types say. */
  public json(): string {
    return `${JSON.stringify({ nodes: this.nodes, edges: this.edges }, null, 2)}\n`;
  }
}
