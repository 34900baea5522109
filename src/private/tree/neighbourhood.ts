/**
 * What is defined beside the functions of a construct tree: manifests that pass through, and other constructs' objects.
 *
 * Kept at the root under a global symbol, since two copies of this package may be loaded.
 */
import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isAttached } from './attached';
import { attemptAll } from './settings-tree';
import { Neighbour, neighbourIn, neighbourOf, Neighbours, NO_NEIGHBOURS } from '../decide/neighbours';
import { Topics, TopicUse } from '../decide/topics';
import type { JsonObject } from '../kubernetes/json';
import { Problem, Problems } from '../problem/problem';

const KEY = Symbol.for('cdk8s-openfunction.neighbourhood');

export class Neighbourhood {
  public neighbours = NO_NEIGHBOURS;
  private readonly given: Neighbour[] = [];
  private readonly known = new Set<string>();

  private readonly uses = new Map<IConstruct, readonly TopicUse[]>();
  private topics?: Topics;

  /** What a function does with topics, in place of what it did before. */
  public setTopics(scope: IConstruct, uses: readonly TopicUse[]): void {
    this.uses.set(scope, uses);
    this.topics = undefined;
  }

  /** Others may come after the function, so this is asked at the end. */
  public checkTopics(scope: IConstruct): Problem[] {
    const own = this.uses.get(scope) ?? [];
    const problems = new Problems();
    if (own.length > 0) {
      const all = () => [...this.uses].flatMap(([each, uses]) => (isAttached(each) ? uses : []));
      this.topics ??= new Topics(all(), this.neighbours);
      this.topics.check(own, problems);
    }
    return problems.all;
  }

  /** Manifests that become objects of the tree later, or never. */
  public add(manifests: readonly unknown[]): void {
    this.given.push(...manifests.flatMap(neighbourIn));
    this.remember(this.given);
  }

  /** At synthesis, when all objects are there: functions that may refer to a new one decide again. */
  public scan(root: IConstruct): void {
    const found: Neighbour[] = [];
    const functions: Listening[] = [];
    const visit = (construct: Listening): void => {
      if (construct[LISTENER] !== undefined) {
        functions.push(construct);
        return;
      }
      if (ApiObject.isApiObject(construct)) found.push(...neighbourAt(construct));
      construct.node.children.forEach(visit);
    };
    visit(root);
    if (!this.remember([...found, ...this.given])) return;
    attemptAll(functions, (construct) => construct[LISTENER]?.(this.neighbours));
  }

  private remember(all: readonly Neighbour[]): boolean {
    const distinct = new Map(all.map((each) => [keyOf(each), each]));
    const isNew = distinct.size !== this.known.size || [...distinct.keys()].some((key) => !this.known.has(key));
    if (!isNew) return false;
    this.known.clear();
    for (const key of distinct.keys()) this.known.add(key);
    this.topics = undefined;
    this.neighbours = new Neighbours([...distinct.values()]);
    return true;
  }
}

type Listening = IConstruct & { [LISTENER]?: Listener };
type Listener = (neighbours: Neighbours) => void;
const LISTENER = Symbol.for('cdk8s-openfunction.neighbour-listener');

/** Called when something new stands beside a function. */
export function listenForNeighbours(construct: IConstruct, listener: Listener): void {
  (construct as Listening)[LISTENER] = listener;
}

function keyOf({ kind, namespace, name }: Neighbour): string {
  return `${kind} ${namespace ?? ''}/${name}`;
}

function neighbourAt(object: ApiObject): Neighbour[] {
  const { apiVersion, kind, metadata: { name, namespace } } = object;
  return neighbourOf({ apiVersion, kind, name, namespace }, () => object.toJson() as JsonObject);
}

export function neighbourhoodOf(construct: IConstruct): Neighbourhood {
  const root = construct.node.root as IConstruct & { [KEY]?: Neighbourhood };
  root[KEY] ??= new Neighbourhood();
  return root[KEY];
}
