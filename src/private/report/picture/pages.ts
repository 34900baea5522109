/** A wiring in parts that a picture can hold: no more than some functions and arrows to each. */
import { add } from '../../wiring/findings/finding';
import type { Edge, Node, Wiring } from '../../wiring/graph';

/** More is not readable. Mermaid refuses 500 arrows, and texts of 50,000 characters. */
const MAX_ARROWS = 150;
const MAX_FUNCTIONS = 40;
/** Names, images and topics of the arrows and boxes of a picture. */
const MAX_TEXT = 16_000;

export type GroupOf = (node: Node) => string | undefined;

export function pagesOf(wiring: Wiring, groupOf: GroupOf): Wiring[] {
  const byId = new Map(wiring.nodes.map((node) => [node.id, node]));
  const touching = edgesByFunction(wiring, byId);
  const pages: Page[] = [];
  const drawn = new Set<Edge>();
  for (const id of inOrder(wiring, groupOf, touching)) {
    let page = pages[pages.length - 1] as Page | undefined;
    const edges = (touching.get(id) ?? []).filter((edge) => !drawn.has(edge));
    if (page === undefined || !page.takes(id, edges)) pages.push(page = new Page(byId));
    page.addNode(id);
    for (const edge of edges) {
      if (page.isFull(edge)) pages.push(page = new Page(byId));
      page.addEdge(edge);
      drawn.add(edge);
    }
  }
  return pages.map((page) => page.wiring);
}

class Page {
  private readonly ids = new Set<string>();
  private readonly edges: Edge[] = [];
  private functions = 0;
  private text = 0;

  public constructor(private readonly byId: ReadonlyMap<string, Node>) {}

  public get wiring(): Wiring {
    return { nodes: [...this.byId.values()].filter(({ id }) => this.ids.has(id)), edges: this.edges };
  }

  /** Whole functions, as long as one fits a page. */
  public takes(id: string, edges: readonly Edge[]): boolean {
    if (this.ids.size === 0) return true;
    const text = edges.reduce((sum, edge) => sum + this.textOf(edge), this.textOfNode(id));
    return this.functions < MAX_FUNCTIONS && this.edges.length + edges.length <= MAX_ARROWS
      && this.text + text <= MAX_TEXT;
  }

  public isFull(edge: Edge): boolean {
    return this.edges.length >= MAX_ARROWS || (this.edges.length > 0 && this.text + this.textOf(edge) > MAX_TEXT);
  }

  public addNode(id: string): void {
    if (this.ids.has(id)) return;
    this.text += this.textOfNode(id);
    this.ids.add(id);
    if (this.byId.get(id)?.kind === 'function') this.functions++;
  }

  public addEdge(edge: Edge): void {
    this.addNode(edge.from);
    this.addNode(edge.to);
    this.text += (edge.topic ?? '').length;
    this.edges.push(edge);
  }

  private textOf({ from, to, topic = '' }: Edge): number {
    return this.textOfNode(from) + this.textOfNode(to) + topic.length;
  }

  private textOfNode(id: string): number {
    const { name = '', details, components = [] } = this.byId.get(id) ?? {};
    return this.ids.has(id) ? 0 : name.length + (details?.image.length ?? 0) + components.join().length;
  }
}

/** Arrows that leave a node other than a function are drawn with the function before it. */
function edgesByFunction({ edges }: Wiring, byId: ReadonlyMap<string, Node>): Map<string, Edge[]> {
  const isFunction = (id: string) => byId.get(id)?.kind === 'function';
  const found = new Map<string, Edge[]>();
  const beside = new Map<string, Edge[]>();
  for (const edge of edges.filter(({ from, to }) => !isFunction(from) && !isFunction(to))) {
    add(beside, edge.from, edge);
    add(beside, edge.to, edge);
  }
  for (const edge of edges) {
    for (const [id, other] of [[edge.from, edge.to], [edge.to, edge.from]]) {
      if (!isFunction(id)) continue;
      add(found, id, edge);
      for (const each of beside.get(other) ?? []) add(found, id, each);
    }
  }
  return found;
}

/** Group by group, and in a group what is wired with each other. */
function inOrder({ nodes }: Wiring, groupOf: GroupOf, touching: ReadonlyMap<string, readonly Edge[]>): string[] {
  const groups = new Map<string, string[]>();
  for (const node of nodes) if (node.kind === 'function') add(groups, groupOf(node) ?? '', node.id);
  const endsOf = (id: string) => new Set((touching.get(id) ?? []).flatMap(({ from, to }) => [from, to]));
  const byEnd = new Map<string, string[]>();
  for (const id of touching.keys()) for (const end of endsOf(id)) add(byEnd, end, id);
  const order = new Set<string>();
  const follow = (start: string, mine: ReadonlySet<string>) => {
    const waiting = [start];
    // The list grows while it is gone through.
    for (const id of waiting) {
      if (order.has(id) || !mine.has(id)) continue;
      order.add(id);
      for (const end of endsOf(id)) if (end !== 'outside') waiting.push(...byEnd.get(end) ?? []);
    }
  };
  for (const [, members] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const mine = new Set(members);
    for (const id of members) follow(id, mine);
  }
  return [...order];
}
