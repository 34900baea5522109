/** What is added to a function after it was made. */
import { componentMoves, isState } from './components';
import type { ComponentOptions } from '../../component-options';
import type { IEnvValue } from '../../env-value';
import type { FunctionInput } from '../../function-input';
import type { FunctionOutput } from '../../function-output';
import type { OpenFunctionAppProps } from '../../function-props';
import type { IDaprComponent } from '../../i-dapr-component';
import type { ComponentRefModel, FunctionModel } from '../function/function-model';
import { originalPaths } from '../function/places';
import type { Move } from '../function/readers';
import { isObject, Json } from '../kubernetes/json';
import type { Path } from '../problem/problem';

/** Props with the function's own components, which only exist as additions. */
export interface GrownProps extends OpenFunctionAppProps {
  readonly components?: { readonly [name: string]: ComponentOptions };
}

export interface Growth {
  readonly inputs: readonly FunctionInput[];
  readonly outputs: readonly FunctionOutput[];
  readonly states: readonly IDaprComponent[];
  readonly env: { readonly [name: string]: string };
  readonly envVariables: { readonly [name: string]: IEnvValue };
  readonly components: { readonly [name: string]: ComponentOptions };
}

export const NO_GROWTH: Growth = { inputs: [], outputs: [], states: [], env: {}, envVariables: {}, components: {} };

export function grow(before: Growth, added: Partial<Growth>): Growth {
  return {
    inputs: [...before.inputs, ...added.inputs ?? []],
    outputs: [...before.outputs, ...added.outputs ?? []],
    states: [...before.states, ...added.states ?? []],
    env: { ...before.env, ...added.env },
    envVariables: { ...before.envVariables, ...added.envVariables },
    components: { ...before.components, ...added.components },
  };
}

/** The props that would have made the same function at once. */
export function grownProps(props: OpenFunctionAppProps, growth: Growth): GrownProps {
  const { inputs, outputs, states, env, envVariables, components } = growth;
  return {
    ...props,
    inputs: joined(props.inputs, inputs),
    outputs: joined(props.outputs, outputs),
    states: joined(props.states, states),
    env: merged(props.env, env),
    envVariables: merged(props.envVariables, envVariables),
    components,
  };
}

/** What is neither a list nor an object is a problem of the props, told later. */
function joined<T>(given: T[] | undefined, added: readonly T[]): T[] {
  return given === undefined || Array.isArray(given) ? [...given ?? [], ...added] : given;
}

function merged<T>(given: { [name: string]: T } | undefined, added: { readonly [name: string]: T }): typeof given {
  return given === undefined || isObject(given as Json) ? { ...given, ...added } : given;
}

/**
 * A function of a manifest with what was added to it. `explicitHttp` is whether the manifest itself asks for requests.
 */
export function withGrowth(
  model: FunctionModel, added: FunctionModel, growth: Growth, explicitHttp: boolean,
): FunctionModel {
  const { serving, source } = model;
  const { dapr, inputs, outputs, bindings, pubsub, states, params } = added.serving;
  const defaulted = !explicitHttp && dapr.length > 0;
  const [events, reads] = [false, true].map((state) => (
    growth.inputs.flatMap((input, index) => (isState(input) === state ? [index] : []))));
  return {
    ...model,
    source: { ...source, originalPath: movedBy(additionMoves(growth), source.originalPath) },
    serving: {
      ...serving,
      http: defaulted ? undefined : serving.http,
      dapr: [...serving.dapr, ...at('inputs', dapr, events)],
      inputs: [...serving.inputs, ...at('inputs', inputs, reads)],
      outputs: [...serving.outputs, ...at('outputs', outputs, outputs.map((_, index) => index))],
      bindings: { ...serving.bindings, ...bindings },
      pubsub: { ...serving.pubsub, ...pubsub },
      states: { ...serving.states, ...states },
      params: { ...serving.params, ...params },
    },
  };
}

/** With paths in the words of what was added. */
function at<T extends ComponentRefModel>(field: string, refs: readonly T[], indexes: readonly number[]): T[] {
  return refs.map((ref, index) => ({ ...ref, path: [field, indexes[index]] }));
}

const OF_ENTRIES = ['inputs', 'outputs'].flatMap((field): Move[] => [
  [[field, '*', 'name'], [field, '*', 'component']],
  [[field, '*', 'type'], [field, '*', 'component']],
  [[field, '*', field === 'inputs' ? 'inputName' : 'outputName'], [field, '*', 'name']],
]);

function additionMoves({ states, components }: Growth): Move[] {
  return [...OF_ENTRIES, ...stateMoves(states), ...componentMoves(components)];
}

/** States are a map in a manifest. */
export function stateMoves(states: readonly IDaprComponent[]): Move[] {
  return states.map(({ componentName }, index): Move => [['serving', 'states', componentName], ['states', index]]);
}

/** By these moves, and where none fits as before. */
export function movedBy(moves: readonly Move[], before: (path: Path) => Path): (path: Path) => Path {
  const moved = originalPaths(moves);
  return (path) => {
    const after = moved(path);
    return after === path ? before(path) : after;
  };
}

/** v1beta1 says by its runtime whether requests trigger a function, v1beta2 by a trigger. */
export function hasHttpTrigger(manifest: unknown): boolean {
  const field = (value: Json | undefined, key: string) => (isObject(value) ? value[key] : undefined);
  if (String(field(manifest as Json, 'apiVersion')).endsWith('/v1beta1')) return true;
  const serving = field(field(manifest as Json, 'spec'), 'serving');
  return field(field(serving, 'triggers'), 'http') !== undefined;
}
