/** A wiring as people draw it: boxes, arrows and groups, in one or more pictures. */
import { GroupOf, pagesOf } from './pages';
import { Arrow, arrowOf, Box, boxOf } from './words';
import type { Edge, Node, Wiring } from '../../wiring/graph';

export interface Group {
  readonly name: string;
  readonly boxes: readonly Box[];
}

export interface Picture {
  /** Groups by namespace, or by chart where there is one namespace; none where there is one of both. */
  readonly groups: readonly Group[];
  /** Those that belong to no group, or to several. */
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** No picture where there is nothing to draw. Each arrow is in exactly one of them. */
export function picturesOf(wiring: Wiring): Picture[] {
  const groupOf = grouping(wiring);
  return pagesOf(wiring, groupOf).map((page) => pictureOf(page, wiring.nodes, groupOf));
}

function pictureOf({ nodes, edges }: Wiring, all: readonly Node[], groupOf: GroupOf): Picture {
  const byId = new Map(all.map((node) => [node.id, node]));
  const home = homes(nodes, edges, groupOf);
  const names = [...new Set(nodes.flatMap(({ id }) => home.get(id) ?? []))].sort();
  const within = (name?: string) => nodes.filter(({ id }) => home.get(id) === name).map((node) => boxOf(node, byId));
  return {
    groups: names.map((name) => ({ name, boxes: within(name) })),
    boxes: within(),
    arrows: edges.map((edge) => arrowOf(edge, byId)),
  };
}

function grouping({ nodes }: Wiring): GroupOf {
  const functions = nodes.filter(({ kind }) => kind === 'function');
  const several = (pick: GroupOf) => new Set(functions.map(pick)).size > 1;
  const namespace: GroupOf = (node) => node.namespace && `namespace ${node.namespace}`;
  const chart: GroupOf = (node) => (node.chart === undefined || node.chart === '' ? undefined : `chart ${node.chart}`);
  if (several(namespace)) return namespace;
  return several(chart) ? chart : () => undefined;
}

/** A node that connects functions of one group only belongs to that group. */
function homes(nodes: readonly Node[], edges: readonly Edge[], groupOf: GroupOf): Map<string, string> {
  const home = new Map<string, string>();
  const near = new Map<string, Set<string>>();
  for (const node of nodes) {
    const group = groupOf(node);
    if (node.kind === 'function' && group !== undefined) home.set(node.id, group);
  }
  const note = (id: string, group: string | undefined) => {
    if (group !== undefined && !home.has(id)) near.set(id, (near.get(id) ?? new Set()).add(group));
  };
  for (const { from, to } of edges) {
    note(from, home.get(to));
    note(to, home.get(from));
  }
  const outer = new Set(nodes.filter(({ kind }) => kind === 'host' || kind === 'outside').map(({ id }) => id));
  for (const [id, groups] of near) if (groups.size === 1 && !outer.has(id)) home.set(id, [...groups][0]);
  return home;
}
