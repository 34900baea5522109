/**
 * What is around a function in a construct tree: settings above it, functions and other objects beside it.
 *
 * Kept at the constructs under global symbols, since two copies of this package may be loaded.
 */
import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { rootOf } from './objects';
import type { PlatformSettingsProps } from '../../platform-settings-props';
import { Callers, NO_CALLERS } from '../decide/access-policies';
import { Neighbour, neighbourIn, neighbourOf, Neighbours, NO_NEIGHBOURS } from '../decide/neighbours';
import type { FunctionPlan } from '../decide/plan';
import { PlatformModel, platformOf } from '../decide/platform';
import { TopicUse, topicUses } from '../decide/shared-component';
import { isObject, JsonObject } from '../kubernetes/json';
import { dns1123Label, labelValue, qualifiedName } from '../kubernetes/syntax';
import { failOn, Path, Problem, ProblemGroup, Problems, ProblemsError, show } from '../problem/problem';
import { merge } from '../settings/proxy';
import type { ProxyImageModel } from '../settings/proxy-image';
import { callersOf } from '../wiring/calls';
import { add, Finding } from '../wiring/findings/finding';
import { findingsOf } from '../wiring/findings/findings';
import { functionId, WholeWiring, WiredFunction } from '../wiring/graph';
import { wire } from '../wiring/wire';

const SETTINGS = Symbol.for('cdk8s-openfunction.settings');
const SETTINGS_LISTENER = Symbol.for('cdk8s-openfunction.settings-listener');

/** Everything that settings say, as the core takes it. */
export interface ResolvedSettings {
  readonly platform: PlatformModel;
  readonly image?: ProxyImageModel;
  readonly strict?: boolean;
}

/** The settings of one construct. */
export class SettingsHolder {
  private resolved: ResolvedSettings = { platform: {} };

  public set(where: string, props: PlatformSettingsProps): void {
    this.merge(readSettings(where, props));
  }

  /** Settings that did not come as typed props. */
  public merge(settings: ResolvedSettings): void {
    this.resolved = mergeSettings(this.resolved, settings);
  }

  /** What was here before settings that do not go with the functions below. */
  public restore(settings: ResolvedSettings): void {
    this.resolved = settings;
  }

  public get value(): ResolvedSettings {
    return this.resolved;
  }
}

export function readSettings(where: string, props: PlatformSettingsProps): ResolvedSettings {
  const { platform, problems } = platformOf(isObject(props as unknown) ? props : {});
  if (!isObject(props as unknown)) {
    problems.push({ severity: 'error', path: [], message: `must be an object, got ${show(props)}` });
  }
  // A program has no reason to keep what has no effect.
  const all = problems.map((problem) => ({ ...problem, severity: 'error' as const }));
  failOn(`${where === '' ? 'app' : where} (platform settings)`, all);
  return { platform, image: props.proxyImage?._model(), strict: props.strict };
}

/** Settings of one construct, made on first use. */
export function settingsAt(scope: IConstruct): SettingsHolder {
  const holding = scope as IConstruct & { [SETTINGS]?: SettingsHolder };
  holding[SETTINGS] ??= new SettingsHolder();
  return holding[SETTINGS];
}

/** All settings that apply to a construct, the nearest winning. */
export function settingsFor(construct: IConstruct): ResolvedSettings {
  const own = (construct as IConstruct & { [SETTINGS]?: SettingsHolder })[SETTINGS]?.value ?? NO_SETTINGS;
  const { scope } = construct.node;
  return scope === undefined ? own : mergeSettings(settingsFor(scope), own);
}

/** Where nothing is set. */
export const NO_SETTINGS: ResolvedSettings = { platform: {} };

export function mergeSettings(outer: ResolvedSettings, inner: ResolvedSettings): ResolvedSettings {
  if (inner === NO_SETTINGS) return outer;
  if (outer === NO_SETTINGS) return inner;
  return {
    platform: merge(outer.platform, inner.platform),
    image: inner.image ?? outer.image,
    strict: inner.strict ?? outer.strict,
  };
}

/** Called when settings above a construct change. */
export function listenForSettings(construct: IConstruct, refresh: () => void): void {
  (construct as IConstruct & { [SETTINGS_LISTENER]?: () => void })[SETTINGS_LISTENER] = refresh;
}

/** All functions below decide anew; the problems of all of them come in one error. */
export function notifySettings(scope: IConstruct): void {
  attemptAll(scope.node.findAll(), (construct) => (
    (construct as IConstruct & { [SETTINGS_LISTENER]?: () => void })[SETTINGS_LISTENER]?.()));
}

export function attemptAll<T>(constructs: readonly T[], attempt: (construct: T) => void): void {
  const groups: ProblemGroup[] = [];
  for (const construct of constructs) {
    try {
      attempt(construct);
    } catch (error) {
      if (!(error instanceof ProblemsError)) throw error;
      groups.push(...error.groups);
    }
  }
  if (groups.length > 0) throw new ProblemsError(groups);
}

/** Names are made of it, so nothing that is known only later can take its place. */
const NOT_TEXT = 'of the chart must be a string: names are made of it, so it cannot be a Lazy';

/** What a function has of its chart: the namespace, unless it has one of its own, and labels of all its objects. */
export function chartProblems({ namespace, labels }: Chart, taken: unknown): Problem[] {
  const problems = new Problems();
  const check = (path: Path, wrong?: string) => {
    if (wrong !== undefined) problems.error(path, `of the chart: ${wrong}`);
  };
  if (taken !== undefined && typeof taken !== 'string') problems.error(['namespace'], NOT_TEXT);
  else if (taken !== undefined && taken === namespace) check(['namespace'], dns1123Label(taken));
  for (const [key, value] of Object.entries<unknown>(labels)) {
    check(['labels', key], qualifiedName(key));
    if (typeof value === 'string') check(['labels', key], labelValue(value));
    // What is known only later is an object.
    else if (typeof value !== 'object') check(['labels', key], `must be a string, got ${show(value)}`);
  }
  return problems.all;
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

const NO_FINDINGS: readonly Finding[] = [];

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

  /** Replaces the plan of a function. */
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
    const charts = new Map<Chart, string>();
    const functions = new Map<IConstruct, WiredFunction>();
    for (const [scope, { plan, place }] of this.functions) {
      if (!isAttached(scope)) continue;
      const at = Chart.of(scope);
      const chart = charts.get(at) ?? at.node.path;
      charts.set(at, chart);
      functions.set(scope, { id: functionId(plan), plan, place, chart });
    }
    this.wiring = { functions, wiring: wire([...functions.values()], this.neighbours) };
    return this.wiring;
  }

  /** What is probably not meant in the wiring of a function. */
  public findingsAt(scope: IConstruct): readonly Finding[] {
    if (this.isIncomplete) return NO_FINDINGS;
    const own = this.wired().functions.get(scope);
    return (own && this.findingsByFunction().get(own)) ?? NO_FINDINGS;
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
    if (![...this.functions.values()].some(({ plan }) => isGuarded(plan))) return;
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
  const root = rootOf(construct) as IConstruct & { [NEIGHBOURHOOD]?: Neighbourhood };
  root[NEIGHBOURHOOD] ??= new Neighbourhood();
  return root[NEIGHBOURHOOD];
}
