/** A function binds the components that it uses: they learn its app-id, and it learns what they are. */
import { Chart } from 'cdk8s';
import { Construct, Dependable, IConstruct, IDependable } from 'constructs';
import { markUsed } from './consumer-set';
import type { ComponentUse } from './intake';
import { appIdOf } from '../decide/names';
import type { ComponentRefModel, ComponentSpecModel, FunctionModel, ServingModel } from '../function/function-model';
import { Problems, show } from '../problem/problem';
import { boundSpec } from '../props/component-spec';

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
