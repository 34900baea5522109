/** A part of a wiring: some of its functions with all that they are wired with. */
import type { Node, Wiring } from './model';

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
