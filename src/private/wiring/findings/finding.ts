/** A wiring that is probably not what was meant, at one function, and what rules look at. */
import type { ResolvedRef } from '../../decide/components';
import type { Neighbours } from '../../decide/neighbours';
import type { Path } from '../../problem/problem';
import type { Edge, Node, WiredFunction, Wiring } from '../graph';

/** Information is what can well be meant so: it is in the topology and its report, and becomes no problem. */
export type Level = 'information' | 'warning';

export type Rule =
  | 'topic-without-subscriber' | 'topic-without-publisher' | 'dead-letters-unread' | 'topic-misspelt'
  | 'topic-on-other-broker' | 'consumer-group-shared' | 'scaled-by-other-group' | 'call-to-unknown-app'
  | 'call-to-nowhere' | 'topic-cycle' | 'state-shared' | 'scope-misspelt';

export interface Finding {
  readonly rule: Rule;
  readonly level: Level;
  readonly by: WiredFunction;
  readonly path: Path;
  /** One line, with the place of the other side where there is one. */
  readonly message: string;
  /** What platform settings can list as known. */
  readonly name?: string;
}

export type Find = (around: Around) => Finding[];

/** An edge that a function says of itself. */
export type OwnEdge = Edge & Required<Pick<Edge, 'by' | 'path'>>;

/** The graph, by what rules ask for. */
export class Around {
  public readonly nodes: ReadonlyMap<string, Node>;
  public readonly own: readonly OwnEdge[];
  private readonly into = new Map<string, Edge[]>();
  private readonly outOf = new Map<string, Edge[]>();

  public constructor(
    public readonly wiring: Wiring, public readonly functions: readonly WiredFunction[],
    public readonly neighbours: Neighbours,
  ) {
    this.nodes = new Map(wiring.nodes.map((node) => [node.id, node]));
    this.own = wiring.edges.filter((edge): edge is OwnEdge => edge.by !== undefined);
    for (const edge of wiring.edges) {
      add(this.into, edge.to, edge);
      add(this.outOf, edge.from, edge);
    }
  }

  public to(id: string): readonly Edge[] {
    return this.into.get(id) ?? NONE;
  }

  public from(id: string): readonly Edge[] {
    return this.outOf.get(id) ?? NONE;
  }

  public get topics(): Node[] {
    return this.wiring.nodes.filter(({ kind }) => kind === 'topic');
  }
}

const NONE: readonly Edge[] = [];

type KnownRef = Pick<ResolvedRef, 'key' | 'componentType' | 'spec'>;

/** The component of an edge, as the function knows it. */
export function specOf({ by: { plan }, component = '' }: OwnEdge): KnownRef {
  const { triggers, outputs, inputs, states } = plan.components;
  const ref = [...triggers, ...outputs, ...inputs, ...Object.values(states)]
    .find(({ componentName }) => componentName === component);
  return ref ?? { key: component, componentType: '' };
}

export function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** `function shop/mails (app/shop/mails inputs[0].topic)` */
export function other({ plan: { namespace, name }, place }: WiredFunction, path: Path): string {
  return `function ${namespace}/${name} (${place(path)})`;
}
