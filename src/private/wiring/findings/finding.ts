/** A wiring that is probably not what was meant, at one function, and what rules look at. */
import type { ResolvedRef } from '../../decide/components';
import type { Neighbours } from '../../decide/neighbours';
import type { FunctionPlan } from '../../decide/plan';
import type { Json } from '../../kubernetes/json';
import { isSlip, partsOf, Path } from '../../problem/problem';
import type { Edge, EdgeKind, Node, WholeWiring, WiredFunction } from '../graph';

/** Information is what can well be meant so: it is in the topology and its report, and becomes no problem. */
export type Level = 'information' | 'warning';

export type Rule =
  | 'topic-without-subscriber' | 'topic-without-publisher' | 'dead-letters-unread' | 'topic-misspelt'
  | 'topic-on-other-broker' | 'topic-in-one-app' | 'topic-refused' | 'topic-twice' | 'dead-letters-mixed'
  | 'dead-letter-cycle' | 'topic-cycle' | 'call-cycle' | 'consumer-group-shared' | 'queue-shared'
  | 'scaled-by-other-group' | 'scaled-by-other-topic' | 'scaled-by-other-broker' | 'call-to-unknown-app'
  | 'call-to-nowhere' | 'state-shared' | 'scope-misspelt' | 'component-misspelt' | 'route-shared' | 'schedule-twice'
  | 'call-refused' | 'route-to-nowhere' | 'scaled-twice' | 'replicas-beyond-partitions' | 'app-id-shared'
  | 'output-twice' | 'component-types-differ' | 'binding-one-way' | 'actor-stores' | 'payload-differs'
  | 'configuration-misspelt' | 'component-unused' | 'pods-closed' | 'selector-misspelt' | 'policy-unknown';

export interface Finding {
  readonly rule: Rule;
  readonly level: Level;
  readonly by: WiredFunction;
  readonly path: Path;
  /** One line, with the place of the other side where there is one. */
  readonly message: string;
  /** The object beside the functions that has it, such as `Component shop/events`. */
  readonly at?: string;
  /** The name to list in the platform settings' `knownNames` to silence it. */
  readonly name?: string;
}

export const NAME: Path = ['metadata', 'name'];
export const ROUTE: Path = ['serving', 'triggers', 'http', 'route'];

export type Find = (around: Around) => Finding[];

/** An edge that a function says of itself. */
export type OwnEdge = Edge & Required<Pick<Edge, 'by' | 'path'>>;

export function isOwn(edge: Edge): edge is OwnEdge {
  return edge.by !== undefined;
}

/** The graph, by what rules ask for. */
export class Around {
  public readonly nodes: ReadonlyMap<string, Node>;
  public readonly own: readonly OwnEdge[];
  public readonly topics: readonly Node[];
  private readonly into = new Map<string, Edge[]>();
  private readonly outOf = new Map<string, Edge[]>();

  public constructor(
    public readonly wiring: WholeWiring, public readonly functions: readonly WiredFunction[],
    public readonly neighbours: Neighbours,
  ) {
    this.nodes = new Map(wiring.nodes.map((node) => [node.id, node]));
    this.own = wiring.edges.filter(isOwn);
    this.topics = wiring.nodes.filter(({ kind }) => kind === 'topic');
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

  /** Whether functions say of themselves that they are wired in one of these ways. */
  public has(...kinds: readonly EdgeKind[]): boolean {
    return this.own.some(({ kind }) => kinds.includes(kind));
  }

  public some(isMeant: (plan: FunctionPlan) => boolean): boolean {
    return this.functions.some(({ plan }) => isMeant(plan));
  }
}

const NONE: readonly Edge[] = [];

type KnownRef = Pick<ResolvedRef, 'key' | 'componentType' | 'spec'>;

/** Most rules ask for that of most edges. */
const REFS = new WeakMap<OwnEdge, KnownRef>();

/** The component of an edge, as the function knows it. */
export function specOf(edge: OwnEdge): KnownRef {
  const known = REFS.get(edge) ?? findRef(edge);
  REFS.set(edge, known);
  return known;
}

function findRef({ by: { plan }, component = '' }: OwnEdge): KnownRef {
  const { triggers, outputs, inputs, states } = plan.components;
  const isMeant = ({ componentName }: ResolvedRef) => componentName === component;
  return triggers.find(isMeant) ?? outputs.find(isMeant) ?? inputs.find(isMeant) ?? Object.values(states).find(isMeant)
    ?? { key: component, componentType: '' };
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

/** Looks a name up among many without comparing it with each. */
export class Likeness {
  private readonly names: ReadonlySet<string>;
  /** By all parts but one, and the digits of that one. */
  private readonly byParts = new Map<string, string[]>();
  /** By length and digits of the whole, and by the number of parts. */
  private readonly byLength = new Map<string, Map<number, Named[]>>();
  private readonly bySense = new Map<string, string[]>();

  public constructor(names: Iterable<string>) {
    this.names = new Set(names);
    let order = 0;
    for (const name of this.names) {
      const parts = partsOf(name);
      parts.forEach((_, index) => add(this.byParts, partKey(parts, index), name));
      const whole = parts.join('');
      const sameLength = this.byLength.get(lengthKey(whole)) ?? new Map<number, Named[]>();
      this.byLength.set(lengthKey(whole), sameLength);
      add(sameLength, parts.length, { name, whole, order: order++ });
      for (const sense of sensesOf(name).filter((each) => each !== '')) add(this.bySense, sense, name);
    }
  }

  /** One that differs by a slip of one part; by case, separators, a plural or the order of words, if there is sense. */
  public meant(name: string): string | undefined {
    if (name.length > MAX_LENGTH) return undefined;
    const parts = partsOf(name);
    for (const [index, part] of parts.entries()) {
      const near = (this.byParts.get(partKey(parts, index)) ?? []).find((another) => (
        isSlip(part, partsOf(another)[index], part.length < LONG ? 1 : 2) && partsOf(another)[index] !== part));
      if (near !== undefined) return near;
    }
    return sensesOf(name).flatMap((sense) => this.bySense.get(sense) ?? []).find((another) => another !== name)
      ?? this.otherwiseParted(parts);
  }

  /** One that lacks one of these at its begin, or has it in addition. */
  public meantWith(name: string, prefixes: readonly string[]): string | undefined {
    return prefixes.flatMap((prefix) => SEPARATORS.flatMap((separator) => (
      name.startsWith(prefix + separator) ? name.slice(prefix.length + 1) : prefix + separator + name
    ))).find((another) => this.names.has(another));
  }

  private otherwiseParted(parts: readonly string[]): string | undefined {
    const whole = parts.join('');
    for (const length of [whole.length, whole.length - 1, whole.length + 1]) {
      const lists = [...this.byLength.get(lengthKey(whole, length)) ?? []].filter(([count]) => count !== parts.length);
      const near = lists.flatMap(([, list]) => list.find((another) => isSlip(whole, another.whole, 1)) ?? []);
      if (near.length > 0) return near.reduce((a, b) => (a.order < b.order ? a : b)).name;
    }
    return undefined;
  }
}

interface Named {
  readonly name: string;
  /** Without its separators. */
  readonly whole: string;
  readonly order: number;
}

const SEPARATORS = ['.', '-', '_', '/'];
const MAX_LENGTH = 100;
const LONG = 8;

function partKey(parts: readonly string[], index: number): string {
  return [index, digitsOf(parts[index]), ...parts.slice(0, index), '', ...parts.slice(index + 1)].join('.');
}

function lengthKey(whole: string, length = whole.length): string {
  return `${length} ${digitsOf(whole)}`;
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

/** But for a plural, case, separators or their order. */
export function isSameWords(one: string, another: string): boolean {
  return sensesOf(one)[1] === sensesOf(another)[1];
}

/** `orderPlaced`, `placed-orders` and `order.placed` are one to people. */
function sensesOf(name: string): string[] {
  const parted = name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  const words = parted.split(/[^a-z0-9]+/).filter((word) => word !== '');
  const plain = words.map((word) => word.replace(/([^s])s$/, '$1'));
  const sense = words.some((word) => DIRECTIONS.test(word)) ? plain : plain.sort();
  return [words.join(''), sense.join(' ')];
}

/** With one of these the order of words says what is meant. */
const DIRECTIONS = /^(to|from|into|for|by|via|\d+)$/;

export function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

export function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
