/** What is behind an OpenFunctionApp: its input, its plan, and the objects that follow it. */
import { isDeepStrictEqual } from 'node:util';
import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { bindAuthentications, bindComponents, Dependency, dependOn, share } from './consumers';
import { asWritten, Intake, Read } from './intake';
import { FollowingObject, isDraft, orderChildren } from './objects';
import {
  chartProblems, listenForNeighbours, mergeSettings, neighbourhoodOf, ResolvedSettings, settingsFor,
} from './surroundings';
import { nameProblems, register, Said } from './synthesis';
import type { InvokeGrant } from '../../privileges';
import { CallerModel, Callers, NO_CALLERS } from '../decide/access-policies';
import type { Outline } from '../decide/outline';
import { decide, FunctionPlan, Role } from '../decide/plan';
import { callerOf, checkCaller } from '../decide/privileges';
import { mayRefer } from '../decide/references';
import type { Emitted } from '../emit/manifest';
import { emit, needsOf } from '../emit/objects';
import {
  byPath, dropErrorsAtKnownPaths, failOn, formatPath, formatProblem, Path, Problem, Problems, ProblemsError, show,
  withoutKnown,
} from '../problem/problem';
import { grow, Growth, NO_GROWTH } from '../props/growth';
import { checkGrantNames } from '../props/known-props';
import type { Reported } from '../report/report';
import type { ReportedPart } from '../report/resources';
import type { ProxyImageModel } from '../settings/proxy-image';
import type { Finding } from '../wiring/findings/finding';
import { problemsOf } from '../wiring/findings/findings';

const DEFAULT_NAMESPACE = 'default';

const NOTHING_SAID: Said = { problems: [], strict: false, isFunction: true };

/** An intake from which a model could be read. */
type ReadIntake = Intake & { readonly model: Outline };

export class FunctionBody {
  public plan: FunctionPlan;
  /** In the order in which they are emitted. */
  public objects: { role: Role; following: FollowingObject }[] = [];
  private problems: readonly Problem[] = [];
  private shared: readonly Emitted[] = [];
  private sharedObjects: readonly ReportedPart[] = [];
  private dependencies: readonly Dependency[] = [];
  private settings: ResolvedSettings;
  private growth = NO_GROWTH;
  private input: ReadIntake;
  /** The input, with what is known of the components that it names. */
  private known: Outline;
  private readonly chart: Chart;
  private granted: readonly CallerModel[] = [];
  /** Whom variables show to call it. */
  private seen = NO_CALLERS;
  /** What was said last, and why: cdk8s validates the app once for each chart, and once more. */
  private last?: { problems: readonly Problem[]; findings: readonly Finding[]; conflicts: string; said: Said };

  public constructor(
    private readonly scope: Construct,
    private readonly read: Read,
    private readonly ownSettings: ResolvedSettings,
    private readonly defaultImage: () => ProxyImageModel,
  ) {
    this.input = this.readWith(this.growth);
    this.chart = Chart.of(scope);
    if (!isDraft(scope)) dependOn(scope, () => this.dependencies);
    this.settings = this.currentSettings();
    this.known = this.input.model;
    this.plan = this.decide();
    this.emit();
    listenForNeighbours(scope, {
      beside: (neighbours) => { if (mayRefer(this.known, neighbours)) this.refresh(); },
      calledBy: (callers) => this.calledBy(callers),
    });
  }

  /** Settings above have changed, so everything is decided again. */
  public refresh(): void {
    this.settings = this.currentSettings();
    this.plan = this.decide();
    this.emit();
  }

  private calledBy(callers: Callers): void {
    if (isDeepStrictEqual(callers, this.seen)) return;
    this.seen = callers;
    this.refresh();
  }

  /** A grant says more precisely what its app may call. */
  private get allCallers(): Callers {
    const isGranted = ({ appId, namespace }: CallerModel) => (
      this.granted.some((each) => each.appId === appId && each.namespace === namespace));
    return { apps: [...this.granted, ...this.seen.apps.filter((each) => !isGranted(each))], pods: this.seen.pods };
  }

  public admit(appId: string, grant: InvokeGrant): void {
    const where = `${this.scope.node.path} grantInvoke(${show(appId)})`;
    failOn(where, checkGrantNames(grant));
    const caller = callerOf(appId, { namespace: this.plan.namespace, ...grant });
    failOn(where, checkCaller(caller, this.granted));
    this.granted = [...this.granted, caller];
    this.refresh();
  }

  /** Names of the function's own components. */
  public get ownComponents(): string[] {
    return Object.keys(this.growth.components);
  }

  /** Something is added: the objects follow, or everything stays as it was. */
  public grow(added: Partial<Growth>): void {
    const { input: before } = this;
    const growth = grow(this.growth, added);
    this.input = this.readWith(growth);
    try {
      this.refresh();
    } catch (error) {
      this.input = before;
      this.refresh();
      throw error;
    }
    this.growth = growth;
  }

  private readWith(growth: Growth): ReadIntake {
    const { model, ...intake } = this.read(growth);
    if (model === undefined) throw new ProblemsError([{ where: this.scope.node.path, problems: intake.problems }]);
    return { ...intake, model };
  }

  public get warnings(): Problem[] {
    const own = this.problems.filter(({ severity }) => severity === 'warning');
    return this.withWiring(own, 'warning');
  }

  /** Errors that show only when the platform's settings and all functions are complete. */
  public get lateErrors(): Problem[] {
    const own = this.problems.filter(({ severity, platform }) => severity === 'error' && platform === true);
    return this.withWiring(own, 'error');
  }

  /** Findings that may well be intended. */
  public get information(): Problem[] {
    return this.withWiring([], 'information');
  }

  /** With what other functions show, which may come later. */
  private withWiring(own: Problem[], severity: 'warning' | 'error' | 'information'): Problem[] {
    const { closedTopics, knownNames } = this.settings.platform;
    const findings = neighbourhoodOf(this.scope).findingsAt(this.scope);
    if (findings.length === 0) return own;
    const found = problemsOf(findings, closedTopics === true).filter((problem) => problem.severity === severity);
    if (found.length === 0) return own;
    return [...own, ...withoutKnown(asWritten(found, this.input.model), knownNames)].sort(byPath);
  }

  private placeOf(path: Path): string {
    const [{ position, path: written }] = asWritten([{ severity: 'warning', path, message: '' }], this.input.model);
    return position === undefined ? `${this.scope.node.path} ${formatPath(written)}`
      : `${position.file}:${position.line}:${position.column}`;
  }

  /** What a report is made of, with the objects that it shares with other functions. */
  public get reported(): Reported {
    const own = this.objects.map(({ role, following: { apiObject } }) => ({ role, apiObject }));
    const { wiring } = neighbourhoodOf(this.scope).wired();
    const { plan, warnings, information } = this;
    return { plan, parts: [...own, ...this.sharedObjects], warnings, information, wiring };
  }

  /** Names that others claim, too. */
  public get conflicts(): string[] {
    return register(this.scope).conflicts(this.scope);
  }

  public byRole(role: Role): ApiObject[] {
    return this.objects.filter((object) => object.role === role).map(({ following }) => following.apiObject);
  }

  /** At synthesis, which alone can know for sure. */
  public get said(): Said {
    const { conflicts, problems: own, last } = this;
    const findings = neighbourhoodOf(this.scope).findingsAt(this.scope);
    if (conflicts.length + own.length + findings.length === 0) return NOTHING_SAID;
    const named = conflicts.join();
    if (last?.problems === own && last.findings === findings && last.conflicts === named) return last.said;
    const problems = [...this.lateErrors, ...this.warnings, ...asWritten(nameProblems(conflicts), this.input.model)];
    const said = { problems, strict: this.settings.strict === true, isFunction: true };
    this.last = { problems: own, findings, conflicts: named, said };
    return said;
  }

  private currentSettings(): ResolvedSettings {
    return mergeSettings(settingsFor(this.scope), this.ownSettings);
  }

  private decide(): FunctionPlan {
    const { model, namespace: asked } = this.input;
    const problems = new Problems();
    const given = model.namespace ?? asked ?? this.chart.namespace;
    if (given === undefined) {
      const message = 'is not given by the function, the options or the chart; "default" is taken';
      problems.warn(['metadata', 'namespace'], message);
    }
    failOn(this.scope.node.path, chartProblems(this.chart, given));
    const { settings, settings: { platform } } = this;
    const image = () => settings.image ?? this.defaultImage();
    const { neighbours } = neighbourhoodOf(this.scope);
    const place = { namespace: given ?? DEFAULT_NAMESPACE, platform, image, neighbours, callers: this.allCallers };
    const { uses, authentications = [] } = this.input;
    const withComponents = bindComponents(this.scope, uses, model, place.namespace, problems);
    const bound = bindAuthentications(authentications, withComponents, place.namespace, problems);
    this.dependencies = bound.dependencies;
    this.known = bound.model;
    const plan = decide(bound.model, place, problems);
    neighbourhoodOf(this.scope).setPlan(this.scope, plan, (path) => this.placeOf(path));
    if (this.input.problems.length === 0 && problems.isEmpty) {
      this.problems = [];
      return plan;
    }
    const found = dropErrorsAtKnownPaths(asWritten(problems.all, model), this.input.problems);
    const { dapr, outputs } = bound.model.serving;
    // Components that are defined here say by themselves that Dapr does not know their type.
    const said = [...dapr, ...outputs].flatMap(({ spec }) => (spec === undefined ? [] : [spec.type]));
    const known = [...this.settings.platform.knownNames ?? [], ...said];
    const all = withoutKnown([...this.input.problems, ...found], known);
    this.problems = distinct(all).sort(byPath);
    const errors = this.problems.filter((each) => each.severity === 'error' && each.platform !== true);
    if (errors.length > 0) throw new ProblemsError([{ where: this.scope.node.path, problems: errors }]);
    return plan;
  }

  private emit(): void {
    const emitted = emit(this.plan);
    const own = emitted.filter(({ sharedBy }) => sharedBy === undefined);
    if (this.objects.length === 0) this.objects = own.map((each) => this.make(each));
    else this.follow(own);
    this.share(emitted);
    this.claim();
  }

  private make(emitted: Emitted): { role: Role; following: FollowingObject } {
    return { role: emitted.role, following: new FollowingObject(this.scope, emitted, this) };
  }

  /** Settings have changed: objects stay, come and go. */
  private follow(wanted: readonly Emitted[]): void {
    const before = new Map(this.objects.map((object) => [object.following.id, object]));
    this.objects = wanted.map((emitted) => {
      const known = before.get(emitted.id);
      before.delete(emitted.id);
      if (known !== undefined && known.following.fits(emitted.manifest)) {
        known.following.update(emitted.manifest);
        return known;
      }
      if (known !== undefined) this.scope.node.tryRemoveChild(emitted.id);
      return this.make(emitted);
    });
    for (const id of before.keys()) this.scope.node.tryRemoveChild(id);
    orderChildren(this.scope, wanted.map(({ id }) => id));
  }

  private share(emitted: readonly Emitted[]): void {
    const needed = emitted.filter(({ sharedBy }) => sharedBy !== undefined);
    if (needed.length === 0 && this.shared.length === 0) return;
    const objects = share(this.scope, needed, this.shared);
    needed.forEach(({ role }, index) => {
      // The object may be in another chart, whose order is its own.
      if (Chart.of(objects[index]) !== this.chart || isDraft(this.scope)) return;
      const dependents = emitted.filter((each) => needsOf(each.role).includes(role));
      for (const { role: after } of dependents) this.byRole(after)[0].node.addDependency(objects[index]);
    });
    this.shared = needed;
    this.sharedObjects = needed.map(({ role }, index) => ({ role, apiObject: objects[index] }));
  }

  private claim(): void {
    const { name, namespace, names, dapr } = this.plan;
    const claims = [`function ${namespace}/${name}`];
    if (dapr.mode !== 'off') claims.push(`app-id ${names.appId} in namespace ${namespace}`);
    for (const { following: { header: { kind, metadata } } } of this.objects) {
      claims.push(`${kind} ${metadata.namespace}/${metadata.name}`);
    }
    register(this.scope).claim(this.scope, claims);
  }
}

function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const text = formatProblem(problem);
    return !seen.has(text) && seen.add(text);
  });
}
