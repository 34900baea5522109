/** What functions of a construct tree share: components that they use, and objects that each of them needs. */
import { ApiObject, Chart, Lazy } from 'cdk8s';
import { Construct, Dependable, IConstruct, IDependable } from 'constructs';
import type { AuthenticationUse, ComponentUse } from './intake';
import { rootOf } from './objects';
import type { ComponentOptions } from '../../component-options';
import type { DaprComponentBinding, DaprComponentConsumer, IDaprComponent } from '../../i-dapr-component';
import { appIdOf } from '../decide/names';
import { checkOwnComponent } from '../decide/shared-component';
import type { Emitted } from '../emit/manifest';
import type { ComponentRefModel, ComponentSpecModel, FunctionModel, ServingModel } from '../function/function-model';
import { isObject, Json, JsonObject, Manifest } from '../kubernetes/json';
import { failOn, Problems, show } from '../problem/problem';
import { boundSpec } from '../props/components';
import { checkProps } from '../settings/known-props';

/** A component on which the function's objects depend. */
export interface Dependency {
  readonly name: string;
  readonly construct: IConstruct;
}

/**
 * Components come before the workloads that use them. They are looked up at synthesis, and sorted, so that the order
 * in which they were added makes no difference. Only within one chart: charts may use each other's components.
 */
export function dependOn(scope: Construct, dependencies: () => readonly Dependency[]): void {
  const components: IDependable = {};
  Dependable.implement(components, {
    get dependencyRoots() {
      return dependencies()
        .filter(({ construct }) => Chart.of(construct) === Chart.of(scope))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
        .map(({ construct }) => construct);
    },
  });
  scope.node.addDependency(components);
}

export interface Bound<T> {
  readonly model: T;
  readonly dependencies: readonly Dependency[];
}

export function bindComponents<T extends FunctionModel>(
  scope: Construct, uses: readonly ComponentUse[], model: T, namespace: string, problems: Problems,
): Bound<T> {
  markUsed(scope, uses.map(({ component }) => component));
  if (uses.length === 0) return { model, dependencies: [] };
  const consumer = { construct: scope, appId: appIdOf(model, namespace), namespace };
  const dependencies: Dependency[] = [];
  const specs = new Map<string, ComponentSpecModel | undefined>();
  const knownStates: NonNullable<ServingModel['knownStates']> = {};
  for (const { path, component } of uses) {
    const { componentName } = component;
    const binding = component.bindConsumer(consumer);
    if (binding.namespace !== undefined && binding.namespace !== namespace) {
      problems.error(path, `${show(componentName)} is in namespace ${show(binding.namespace)}, `
        + `which Dapr does not look into for a function in ${show(namespace)}`);
    }
    const spec = boundSpec(binding.spec);
    specs.set(componentName, spec);
    if (path[0] === 'states') knownStates[componentName] = { type: spec?.type ?? component.componentType, spec };
    if (binding.dependency !== undefined) dependencies.push({ name: componentName, construct: binding.dependency });
  }
  const known = <R extends ComponentRefModel>(ref: R): R => (
    specs.has(ref.name) ? { ...ref, spec: specs.get(ref.name), bound: true } : ref);
  const { dapr, inputs, outputs } = model.serving;
  const lists = { dapr: dapr.map(known), inputs: inputs.map(known), outputs: outputs.map(known) };
  const serving = { ...model.serving, ...lists, knownStates };
  return { model: { ...model, serving }, dependencies };
}

/** KEDA looks for a TriggerAuthentication in the namespace of the scaler, which is that of the function. */
export function bindAuthentications<T extends FunctionModel>(
  uses: readonly AuthenticationUse[], { model, dependencies }: Bound<T>, namespace: string, problems: Problems,
): Bound<T> {
  if (uses.length === 0) return { model, dependencies };
  for (const { path, authentication: { name, namespace: other } } of uses) {
    if (other === undefined || other === namespace) continue;
    problems.error(path, `${show(name)} is in namespace ${show(other)}, `
      + `which KEDA does not look into for a function in ${show(namespace)}`);
  }
  const knownAuthentications = uses.map(({ authentication: { name } }) => name);
  // What exists elsewhere emits nothing, and may be in no chart.
  const emitted = uses.filter(({ authentication: { node } }) => node.findAll().some(ApiObject.isApiObject));
  const constructs = emitted.map(({ authentication }) => ({ name: authentication.name, construct: authentication }));
  return {
    model: { ...model, serving: { ...model.serving, knownAuthentications } },
    dependencies: [...dependencies, ...constructs],
  };
}

const USED = Symbol.for('cdk8s-openfunction.used-components');
type Consumer = IConstruct & { [USED]?: ReadonlySet<IConstruct['node']> };

/** Remembers which components a function uses now: an addition that fails may have bound others meanwhile. */
export function markUsed(consumer: IConstruct, components: readonly IConstruct[]): void {
  (consumer as Consumer)[USED] = new Set(components.map(({ node }) => node));
}

export class ConsumerSet {
  private readonly appIdOf = new Map<IConstruct, string>();

  public constructor(private readonly component: IConstruct) {}

  public add({ construct, appId }: DaprComponentConsumer): void {
    this.appIdOf.set(construct, appId);
  }

  /** Of the functions that use it and are still in the tree: one whose constructor failed has left it. */
  public get all(): [consumer: IConstruct, appId: string][] {
    const { node } = this.component;
    const uses = (consumer: Consumer) => consumer[USED]?.has(node) !== false;
    return [...this.appIdOf].filter(([consumer]) => isInTree(consumer) && uses(consumer));
  }
}

function isInTree({ node }: IConstruct): boolean {
  return node.scope === undefined || node.scope.node.tryFindChild(node.id)?.node === node;
}

/** Plain JavaScript may leave out what TypeScript requires. */
export function checkAddition(owner: Construct, method: string, name: string, what: Record<string, unknown>): void {
  const needed = Object.fromEntries(Object.keys(what).map((each) => [each, 'any!' as const]));
  const { misshapen } = checkProps({ name, ...what }, { name: 'text!', ...needed });
  failOn(`${owner.node.path} ${method}(${show(name)})`, misshapen);
}

/** Throws where a function cannot have such a component of its own, beside those that it has. */
export function checkAdded(
  owner: Construct, name: string, options: ComponentOptions, known: readonly string[] = [],
): void {
  checkAddition(owner, 'addComponent', name, { options });
  failOn(`${owner.node.path} addComponent(${show(name)})`, checkOwnComponent(name, options, known));
}

export class OwnComponent extends Construct implements IDaprComponent {
  public constructor(
    private readonly owner: Construct, public readonly componentName: string, public readonly componentType: string,
  ) {
    super(owner, `own-${componentName}`);
  }

  public bindConsumer({ construct, namespace }: DaprComponentConsumer): DaprComponentBinding {
    if (construct.node !== this.owner.node) {
      const message = `belongs to ${show(this.owner.node.path)} alone; define a DaprComponent to share it`;
      failOn(construct.node.path, [{ severity: 'error', path: [this.componentName], message }]);
    }
    return { namespace };
  }
}

interface Shared {
  readonly object: ApiObject;
  /** By function, what it needs the object to be. */
  readonly manifests: Map<Construct, Manifest>;
}

/** From now on a function needs `needed`, and no longer `before`. Returns the objects, in the order of `needed`. */
export function share(scope: Construct, needed: readonly Emitted[], before: readonly Emitted[]): ApiObject[] {
  const objects = needed.map((emitted) => {
    const known = sharedIn(homeOf(scope, emitted));
    const shared = known.get(emitted.id) ?? make(Chart.of(scope), emitted);
    known.set(emitted.id, shared);
    shared.manifests.set(scope, emitted.manifest);
    return shared.object;
  });
  for (const emitted of before) {
    const known = sharedIn(homeOf(scope, emitted));
    const shared = known.get(emitted.id);
    if (shared === undefined || needed.some(({ id }) => id === emitted.id)) continue;
    shared.manifests.delete(scope);
    if (shared.manifests.size > 0) continue;
    shared.object.node.scope?.node.tryRemoveChild(shared.object.node.id);
    known.delete(emitted.id);
  }
  return objects;
}

/** The construct at which an object is known: its chart, or the root where one serves all charts. */
function homeOf(scope: Construct, { sharedBy }: Emitted): IConstruct {
  return sharedBy === 'app' ? rootOf(scope) : Chart.of(scope);
}

const KEY = Symbol.for('cdk8s-openfunction.shared');

/** Under a global symbol, since two copies of this package may be loaded. */
function sharedIn(home: IConstruct & { [KEY]?: Map<string, Shared> }): Map<string, Shared> {
  home[KEY] ??= new Map();
  return home[KEY];
}

/** In the chart of the first function that needs it. */
function make(chart: Chart, { id, manifest }: Emitted): Shared {
  const manifests = new Map<Construct, Manifest>();
  const lazySpec = () => Lazy.any({ produce: () => united([...manifests.values()]) }) as unknown;
  const spec = manifest.spec === undefined ? {} : { spec: lazySpec() };
  return { manifests, object: new ApiObject(chart, id, { ...manifest, ...spec }) };
}

/** Lists hold what any of the functions has there, in one order whatever theirs. */
function united(manifests: readonly Manifest[]): JsonObject {
  const all = new Map<string, Map<string, Json>>();
  for (const { spec } of manifests) {
    for (const [field, list] of isObject(spec) ? Object.entries(spec) : []) {
      const known = all.get(field) ?? new Map<string, Json>();
      all.set(field, known);
      for (const item of list as Json[]) known.set(JSON.stringify(item), item);
    }
  }
  return Object.fromEntries([...all].map(([field, items]) => {
    const sorted = [...items].sort(([a], [b]) => (a < b ? -1 : 1));
    return [field, sorted.map(([, item]) => item)];
  }));
}
