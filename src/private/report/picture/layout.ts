/** A picture → where its boxes, groups and arrows are, by dagre. Sizes are pixels. */
import { dagre, DagreGraph, Point } from './dagre';
import type { Group, Picture } from './picture';
import type { Arrow, Box } from './words';

/** By its top left corner. */
export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly groups: readonly (Rect & { readonly name: string })[];
  readonly boxes: readonly (Rect & { readonly box: Box })[];
  readonly arrows: readonly { readonly arrow: Arrow; readonly points: readonly Point[]; readonly label: Point }[];
}

export const LINE_HEIGHT = 18;
const PADDING = 12;
/** Of a group: its name is between its border and the boxes. */
const HEAD = 28;
const MARGIN = 24;
/** Boxes without arrows are in rows of so many. */
const COLUMNS = 4;

export function layoutOf(picture: Picture): Layout {
  const { graphlib, layout } = dagre();
  const graph = new graphlib.Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 2 * HEAD, ranksep: 56, edgesep: 20, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  const all = [...picture.boxes, ...picture.groups.flatMap(({ boxes }) => boxes)];
  for (const box of all) graph.setNode(box.id, sizeOf(box));
  picture.groups.forEach((group, index) => {
    graph.setNode(groupId(index), {});
    for (const { id } of group.boxes) graph.setParent(id, groupId(index));
  });
  picture.arrows.forEach(({ from, to, label }, index) => {
    graph.setEdge(from, to, { width: widthOf(label, 12), height: LINE_HEIGHT, labelpos: 'c', minlen: 1 }, `a${index}`);
  });
  for (const [from, to] of rows(picture)) graph.setEdge(from, to, {}, 'row');
  layout(graph);
  return read(graph, picture, all);
}

function read(graph: DagreGraph, picture: Picture, all: readonly Box[]): Layout {
  const rect = (id: string): Rect => {
    const { x, y, width, height } = graph.node(id);
    return { x: x - width / 2, y: y - height / 2, width, height };
  };
  const { width, height } = graph.graph();
  return {
    width,
    height,
    groups: picture.groups.map(({ name, boxes }) => ({ name, ...around(boxes.map(({ id }) => rect(id)), name) })),
    boxes: all.map((box) => ({ box, ...rect(box.id) })),
    arrows: picture.arrows.map((arrow, index) => {
      const edge = graph.edge(arrow.from, arrow.to, `a${index}`);
      return { arrow, points: edge.points, label: { x: edge.x, y: edge.y } };
    }),
  };
}

function around(rects: readonly Rect[], name: string): Rect {
  const left = Math.min(...rects.map(({ x }) => x)) - PADDING;
  const top = Math.min(...rects.map(({ y }) => y)) - HEAD;
  const right = Math.max(...rects.map(({ x, width }) => x + width)) + PADDING;
  const bottom = Math.max(...rects.map(({ y, height }) => y + height)) + PADDING;
  return { x: left, y: top, width: Math.max(right - left, widthOf(name, 12) + 2 * PADDING), height: bottom - top };
}

function groupId(index: number): string {
  return `group ${index}`;
}

/** Invisible edges that put boxes without arrows beside each other, where dagre would put all into one column. */
function rows({ groups, boxes, arrows }: Picture): [from: string, to: string][] {
  const wired = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  return [{ boxes }, ...groups].flatMap(({ boxes: inner }: Pick<Group, 'boxes'>) => {
    const alone = inner.filter(({ id }) => !wired.has(id)).map(({ id }) => id);
    return alone.slice(1).flatMap((id, index): [string, string][] => (
      (index + 1) % COLUMNS === 0 ? [] : [[alone[index], id]]));
  });
}

function sizeOf({ lines, kind }: Box): { width: number; height: number } {
  const [title, ...rest] = lines.map(shortened);
  const width = Math.max(widthOf(title, 14) * BOLD, ...rest.map((line) => widthOf(line, 12)));
  const slanted = kind === 'binding' || kind === 'topic' ? 2 * PADDING : 0;
  return { width: Math.ceil(width) + 2 * PADDING + slanted, height: lines.length * LINE_HEIGHT + PADDING };
}

const BOLD = 1.08;
/** In parts of the font size, as in Helvetica and the fonts of its size; wide enough for those that take its place. */
const WIDTHS: readonly (readonly [characters: RegExp, width: number])[] = [
  [/[ijlI.,:;'|!]/, 0.3], [/[frt\s()/[\]-]/, 0.36], [/[mwMW@%…]/, 0.95], [/[A-Z&]/, 0.74], [/[\x20-\x7e]/, 0.59],
];

function widthOf(text: string, fontSize: number): number {
  return [...text].reduce((sum, character) => (
    sum + (WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? 1.1) * fontSize), 0);
}

const MAX_LENGTH = 42;

/** Names can have 253 characters: their middle gives way. */
export function shortened(text: string): string {
  const half = Math.floor(MAX_LENGTH / 2);
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, half)}…${text.slice(1 - half)}`;
}
