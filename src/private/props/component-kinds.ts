/** The three kinds of Dapr component that a function uses, and what takes which. */
import { failOn, Problems, show } from '../problem/problem';
import { checkProps } from '../settings/known-props';

export type ComponentKind = 'bindings' | 'pubsub' | 'state';

/** What to write instead, by the kind that the component has. */
const FITTING: Readonly<Record<string, Readonly<Record<ComponentKind, string>>>> = {
  FunctionInput: {
    pubsub: 'FunctionInput.fromTopic',
    bindings: 'FunctionInput.fromBinding',
    state: 'FunctionInput.fromState',
  },
  FunctionOutput: { pubsub: 'FunctionOutput.toTopic', bindings: 'FunctionOutput.toBinding', state: '"states"' },
};

export function kindOf({ componentType }: { readonly componentType: string }): ComponentKind | undefined {
  const [kind] = componentType.split('.');
  return kind === 'bindings' || kind === 'pubsub' || kind === 'state' ? kind : undefined;
}

/** `factory` is the static that was called; a component of another kind is an error that names the static that fits. */
export function checkKind(
  factory: string, component: { readonly componentName: string; readonly componentType: string }, wanted: ComponentKind,
): void {
  failOn(factory, checkProps({ component }, { component: 'component!' }).misshapen);
  const given = kindOf(component);
  if (given === wanted) return;
  const { componentName, componentType } = component;
  const instead = given === undefined ? '' : `; use ${FITTING[factory.split('.')[0]][given]}`;
  const message = `${show(componentName)} has the type ${show(componentType)}, not "${wanted}.…"${instead}`;
  failOn(factory, [{ severity: 'error', path: ['component'], message }]);
}

/** A state has no factory that could check it. */
export function checkStates(
  states: readonly { readonly componentName: string; readonly componentType: string }[] = [], problems: Problems,
): void {
  states.forEach((state, index) => {
    const { componentName, componentType } = state;
    if (kindOf(state) === 'state') return;
    problems.error(['states', index], `${show(componentName)} has the type ${show(componentType)}, not "state.…"`);
  });
}
