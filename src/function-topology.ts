/** The wiring of functions: who publishes what, who gets it, who calls whom, which store and which host. */
import type { IConstruct } from 'constructs';
import type { TopologyEdgeKind, TopologyFindingLevel, TopologyNodeKind } from './choices';
import { mermaidPicture } from './private/report/picture/mermaid';
import { picturesOf } from './private/report/picture/picture';
import { svgOf } from './private/report/picture/svg';
import { topologyText } from './private/report/picture/text';
import { neighbourhoodOf } from './private/tree/surroundings';
import type { Finding } from './private/wiring/findings/finding';
import { functionId, partOf, Wiring } from './private/wiring/graph';
import type { TopologyEdge, TopologyFinding, TopologyNode } from './topology';

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
    const findings = neighbourhood.findings;
    if (scope === root) return new FunctionTopology(wiring, findings);
    const mine = new Set([...functions].flatMap(([construct, { plan }]) => (
      construct.node.scopes.includes(scope) ? [functionId(plan)] : [])));
    const here = findings.filter(({ by }) => mine.has(functionId(by.plan)));
    return new FunctionTopology(partOf(wiring, ({ id }) => mine.has(id)), here);
  }

  /** All nodes, sorted by id. */
  public readonly nodes: TopologyNode[];
  /** All edges, sorted by the ids of their nodes. */
  public readonly edges: TopologyEdge[];
  /** What is probably not meant, sorted by function. */
  public readonly findings: TopologyFinding[];

  private constructor(private readonly wiring: Wiring, findings: readonly Finding[]) {
    const { nodes, edges } = wiring;
    this.nodes = nodes.map((node) => ({ ...node, kind: node.kind as TopologyNodeKind }));
    this.edges = edges.map(({ by: _by, path: _path, source: _source, kind, ...edge }) => (
      { kind: kind as TopologyEdgeKind, ...edge }));
    this.findings = findings.map(({ rule, level, by, path, at: place = by.place(path), message }) => (
      { rule, level: level as TopologyFindingLevel, functionId: functionId(by.plan), place, message }));
  }

  /**
   * The node with an id, if there is one.
   *
   * @param id id of a node, such as `function shop/orders`
   */
  public node(id: string): TopologyNode | undefined {
    return this.nodes.find((node) => node.id === id);
  }

  /** A line for each edge, in words, and one for each finding. */
  public text(): string {
    return topologyText(this.wiring, this.findings);
  }

  /**
   * Mermaid flow charts: functions with image, replicas and Dapr mode, and what they are wired with, grouped by
   * namespace or chart. As many as it takes to stay below Mermaid's limits; each arrow is in one of them.
   *
   * @see https://mermaid.js.org
   */
  public mermaid(): string[] {
    return picturesOf(this.wiring).map(mermaidPicture);
  }

  /**
   * The pictures that `mermaid()` describes, drawn below each other in one SVG, with colours for light and dark pages.
   */
  public svg(): string {
    return svgOf(picturesOf(this.wiring));
  }

  /** A JSON object with the fields `nodes`, `edges` and `findings`, as their types say. */
  public json(): string {
    const { nodes, edges, findings } = this;
    return `${JSON.stringify({ nodes, edges, findings }, null, 2)}\n`;
  }
}
