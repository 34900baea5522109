/** The part of dagre that is used. Its types belong to an ES module, which CommonJS cannot import. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface DagreGraph {
  setGraph(label: Label): void;
  graph(): Laid;
  setDefaultEdgeLabel(label: () => Label): void;
  setNode(id: string, label: Label): void;
  node(id: string): Laid;
  setParent(id: string, parent: string): void;
  setEdge(from: string, to: string, label: Label, name: string): void;
  edge(from: string, to: string, name: string): Laid & { readonly points: Point[] };
}

type Label = Readonly<Record<string, string | number>>;

/** By its middle. */
interface Laid extends Point {
  readonly width: number;
  readonly height: number;
}

interface Dagre {
  readonly graphlib: { readonly Graph: new (options: { compound: boolean; multigraph: boolean }) => DagreGraph };
  readonly layout: (graph: DagreGraph) => void;
}

/** Loaded when it is needed: programs that draw nothing do not wait for it. */
export function dagre(): Dagre {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('@dagrejs/dagre') as Dagre;
}
