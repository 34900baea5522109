/**
 * Who claims which name in a construct tree: two functions, app-ids or objects of one name are an error at synthesis.
 *
 * Kept at the root of the tree under a global symbol, since two copies of this package may be loaded.
 */
import { ApiObject, Chart, YamlOutputType } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { attemptAll } from './settings-tree';
import { Callers, NO_CALLERS } from '../decide/access-policies';
import { Neighbour, neighbourIn, neighbourOf, Neighbours, NO_NEIGHBOURS } from '../decide/neighbours';
import type { FunctionPlan } from '../decide/plan';
import { TopicUse, topicUses } from '../decide/shared-component';
import type { JsonObject } from '../kubernetes/json';
import type { Path, Problem } from '../problem/problem';
import { callersOf } from '../wiring/calls';
import { add, Finding } from '../wiring/findings/finding';
import { findingsOf } from '../wiring/findings/findings';
import type { WholeWiring, WiredFunction } from '../wiring/graph';
import { wire } from '../wiring/wire';

const KEY = Symbol.for('cdk8s-openfunction.registry');

export class Registry {
  private readonly owners = new Map<string, Set<IConstruct>>();
  private readonly claims = new Map<IConstruct, string[]>();
  /** Names that several have claimed, now or once: mostly none. */
  private readonly contested = new Set<string>();

  /** Replaces what the owner claimed before. */
  public claim(owner: IConstruct, names: string[]): void {
    for (const name of this.claims.get(owner) ?? []) this.disown(name, owner);
    for (const name of names) {
      const owners = this.owners.get(name);
      if (owners === undefined) this.owners.set(name, new Set([owner]));
      else if (owners.add(owner).size > 1) this.contested.add(name);
    }
    this.claims.set(owner, names);
  }

  /** Names that somebody else claims too. */
  public conflicts(owner: IConstruct): string[] {
    const conflicts: string[] = [];
    for (const name of this.contested.size === 0 ? [] : new Set(this.claims.get(owner))) {
      const others = firstOf(this.owners.get(name) ?? [], (other) => other !== owner && isAttached(other));
      if (others.length === 0) continue;
      const paths = others.slice(0, MAX_NAMED).map((other) => other.node.path).sort().join(', ');
      const more = others.length > MAX_NAMED ? ' and others' : '';
      conflicts.push(`${name} is claimed by ${paths}${more} too; names must differ`);
    }
    return conflicts;
  }

  /** What only the whole tree shows. */
  public problemsOf(root: IConstruct): Problem[] {
    return nameProblems([...this.foreignConflicts(root), ...lostFiles(root)]);
  }

  /** A program's other objects, such as those of cdk8s-plus, with the name of one of a function's or a component's. */
  private foreignConflicts(root: IConstruct): string[] {
    const found: string[] = [];
    const visit = (construct: IConstruct): void => {
      if (this.claims.has(construct)) return; // it and what is below it have claimed their names
      if (ApiObject.isApiObject(construct)) {
        const { kind, metadata: { namespace, name } } = construct;
        for (const owner of this.owners.get(`${kind} ${namespace}/${name}`) ?? []) {
          if (!isAttached(owner) || !owns(owner, construct)) continue;
          const paths = `${owner.node.path} and ${construct.node.path}`;
          found.push(`${kind} ${namespace}/${name} is claimed by ${paths}; names must differ`);
        }
      }
      construct.node.children.forEach(visit);
    };
    visit(root);
    return found;
  }

  private disown(name: string, owner: IConstruct): void {
    const owners = this.owners.get(name);
    owners?.delete(owner);
    if (owners?.size === 0) this.owners.delete(name);
  }
}

/** Each of many owners would name all others. */
const MAX_NAMED = 5;

/** Those that are named, and one more if there is one. */
function firstOf(owners: Iterable<IConstruct>, isMeant: (owner: IConstruct) => boolean): IConstruct[] {
  const found: IConstruct[] = [];
  for (const owner of owners) {
    if (isMeant(owner)) found.push(owner);
    if (found.length > MAX_NAMED) break;
  }
  return found;
}

/**
 * Whether a cluster would take one of the owner's objects for the same one. Objects that pass through are told apart
 * from functions elsewhere.
 */
function owns(owner: IConstruct, { kind, apiGroup, metadata }: ApiObject): boolean {
  return !ApiObject.isApiObject(owner) && owner.node.findAll().some((own) => ApiObject.isApiObject(own)
    && own.kind === kind && own.metadata.name === metadata.name && own.metadata.namespace === metadata.namespace
    // Knative makes a Service of core/v1 for each of its own.
    && (own.apiGroup === apiGroup || kind === 'Service'));
}

/** cdk8s names the files by kind and name alone, and writes the last of several objects. */
function lostFiles(root: IConstruct): string[] {
  const { yamlOutputType: type } = root as { yamlOutputType?: YamlOutputType };
  const inFolders = type === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE;
  if (type !== YamlOutputType.FILE_PER_RESOURCE && !inFolders) return [];
  const first = new Map<string, ApiObject>();
  return root.node.findAll().flatMap((construct) => {
    if (!ApiObject.isApiObject(construct)) return [];
    const { kind, name, metadata: { namespace } } = construct;
    const file = `${inFolders ? Chart.of(construct).node.path : ''} ${kind}.${name}`;
    const other = first.get(file);
    if (other === undefined) first.set(file, construct);
    if (other === undefined || other.metadata.namespace === namespace) return [];
    return [`${kind} ${namespace}/${name} and ${kind} ${other.metadata.namespace}/${name} would be written to one file `
      + 'by this yamlOutputType; take another output type, or another name'];
  });
}

/** Of an object whose name another one has. */
export function nameProblems(messages: readonly string[], path: Path = ['metadata', 'name']): Problem[] {
  return messages.map((message) => ({ severity: 'error', path, message }));
}

export function register(construct: IConstruct): Registry {
  const root = construct.node.root as IConstruct & { [KEY]?: Registry };
  root[KEY] ??= new Registry();
  return root[KEY];
}

export function isAttached(construct: IConstruct): boolean {
  const { scope, id } = construct.node;
  return scope === undefined || (scope.node.tryFindChild(id) === construct && isAttached(scope));
}

const NEIGHBOURHOOD = Symbol.for('cdk8s-openfunction.neighbourhood');

interface Wired {
  readonly functions: ReadonlyMap<IConstruct, WiredFunction>;
  readonly wiring: WholeWiring;
}

export class Neighbourhood {
  public neighbours = NO_NEIGHBOURS;
  /** Functions that could not be read may have what others seem to lack. */
  public isIncomplete = false;
  private readonly given: Neighbour[] = [];
  private readonly known = new Set<string>();

  private readonly functions = new Map<IConstruct, Pick<WiredFunction, 'plan' | 'place'>>();
  private wiring?: Wired;
  private found?: Map<WiredFunction, Finding[]>;
  /** Functions whose callers are known; one more or less may change them. */
  private admitted = 0;

  /** What was decided for a function, in place of what was before. */
  public setPlan(scope: IConstruct, plan: FunctionPlan, place: WiredFunction['place']): void {
    this.functions.set(scope, { plan, place });
    this.forget();
  }

  public topicsOf(scope: IConstruct): readonly TopicUse[] {
    const { plan } = this.functions.get(scope) ?? {};
    return plan === undefined ? [] : topicUses(plan.namespace, plan.components);
  }

  /** All functions of the tree and what they are wired with; others may come later, so this is asked at the end. */
  public wired(): Wired {
    if (this.wiring !== undefined) return this.wiring;
    const functions = new Map([...this.functions].filter(([scope]) => isAttached(scope)).map(
      ([scope, { plan, place }]): [IConstruct, WiredFunction] => (
        [scope, { plan, place, where: scope.node.path, chart: Chart.of(scope).node.path }])));
    this.wiring = { functions, wiring: wire([...functions.values()], this.neighbours) };
    return this.wiring;
  }

  /** What is probably not meant in the wiring of a function. */
  public findingsAt(scope: IConstruct): readonly Finding[] {
    if (this.isIncomplete) return [];
    const own = this.wired().functions.get(scope);
    return (own && this.findingsByFunction().get(own)) ?? [];
  }

  /** Of all functions, sorted by them. */
  public get findings(): readonly Finding[] {
    return [...this.findingsByFunction().values()].flat();
  }

  private findingsByFunction(): ReadonlyMap<WiredFunction, Finding[]> {
    if (this.found !== undefined) return this.found;
    const { functions, wiring } = this.wired();
    this.found = new Map();
    for (const one of findingsOf(wiring, [...functions.values()], this.neighbours)) add(this.found, one.by, one);
    return this.found;
  }

  /** It is made again when somebody asks. */
  public forget(): void {
    this.wiring = undefined;
    this.found = undefined;
    this.admitted = 0;
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
    if (this.remember([...found, ...this.given])) {
      attemptAll(functions, (construct) => construct[LISTENER]?.beside(this.neighbours));
    }
    this.admitCallers();
  }

  /** Functions that admit known callers alone learn who they are. */
  private admitCallers(): void {
    const attached = [...this.functions].filter(([scope]) => isAttached(scope));
    if (this.admitted === attached.length || !attached.some(([, { plan }]) => isGuarded(plan))) return;
    const callers = callersOf(attached.map(([, { plan }]) => plan), this.neighbours);
    attemptAll(attached, ([scope, { plan }]) => (
      (scope as Listening)[LISTENER]?.calledBy(callers.get(plan) ?? NO_CALLERS)));
    this.admitted = attached.length;
  }

  private remember(all: readonly Neighbour[]): boolean {
    const distinct = new Map(all.map((each) => [keyOf(each), each]));
    const isNew = distinct.size !== this.known.size || [...distinct.keys()].some((key) => !this.known.has(key));
    if (!isNew) return false;
    this.known.clear();
    for (const key of distinct.keys()) this.known.add(key);
    this.forget();
    this.neighbours = new Neighbours([...distinct.values()]);
    return true;
  }
}

function isGuarded({ access, podCallers }: FunctionPlan): boolean {
  return access !== undefined || podCallers !== undefined;
}

type Listening = IConstruct & { [LISTENER]?: Listener };
interface Listener {
  /** Something new is beside the function. */
  readonly beside: (neighbours: Neighbours) => void;
  /** These call the function. */
  readonly calledBy: (callers: Callers) => void;
}
const LISTENER = Symbol.for('cdk8s-openfunction.neighbour-listener');

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
  const root = construct.node.root as IConstruct & { [NEIGHBOURHOOD]?: Neighbourhood };
  root[NEIGHBOURHOOD] ??= new Neighbourhood();
  return root[NEIGHBOURHOOD];
}
