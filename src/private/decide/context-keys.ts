/**
 * Keys of the inputs and outputs of a function in `FUNC_CONTEXT` and `FUNC_CONTEXT_V1BETA2` (docs/spec M76, M77).
 *
 * Differs: where two entries want one key, the operator keeps the last entry and loses the others.
 */
import type { ComponentsPlan, ResolvedOutput, ResolvedRef, ResolvedTrigger } from './components';
import { Path, Problems, show } from '../problem/problem';

export type Keyed<T> = [string, T][];

/** Names of inputs and outputs as the two context variables show them. */
export interface ContextKeys {
  readonly triggers: Keyed<ResolvedTrigger>;
  readonly inputs: Keyed<ResolvedRef>;
  readonly outputs: Keyed<ResolvedOutput>;
  readonly outputsByComponent: Keyed<ResolvedOutput>;
}

export function keysOf({ triggers, inputs, outputs }: ComponentsPlan, problems: Problems): ContextKeys {
  return {
    triggers: keyTriggers(triggers, (index) => ['serving', 'triggers', 'dapr', index], problems),
    inputs: keyInputs(inputs, (index) => ['serving', 'triggers', 'inputs', index], problems),
    outputs: keyOutputs(withoutStates(outputs, problems), problems),
    outputsByComponent: keyOutputsByComponent(outputs, problems),
  };
}

/** One framework refuses to start when an output of its context is a state store. */
function withoutStates(outputs: ResolvedOutput[], problems: Problems): ResolvedOutput[] {
  return outputs.filter((output) => {
    if (output.block !== 'state') return true;
    problems.warn([...output.path, 'name'], `${show(output.key)} is a state, `
      + 'which FUNC_CONTEXT cannot show as an output; FUNC_CONTEXT_V1BETA2 has it');
    return false;
  });
}

/** Dapr triggers by own name, else component, else `<component>-<topic>`. */
function keyTriggers(
  triggers: ResolvedTrigger[], at: (index: number) => Path, problems: Problems,
): Keyed<ResolvedTrigger> {
  const own = new Set<string>();
  triggers.forEach(({ inputName }, index) => {
    if (inputName === undefined) return;
    if (own.has(inputName)) {
      const problem = `${show(inputName)} is the name of another input; each name may be given once`;
      problems.error([...at(index), 'inputName'], problem);
    }
    own.add(inputName);
  });
  const taken = new Set(own);
  return triggers.map((trigger, index) => [trigger.inputName ?? freeKey(taken, trigger, at(index), problems), trigger]);
}

/** Extra inputs by component, else `<component>-<topic>`. */
function keyInputs(inputs: ResolvedRef[], at: (index: number) => Path, problems: Problems): Keyed<ResolvedRef> {
  const taken = new Set<string>();
  return inputs.map((input, index) => [freeKey(taken, input, at(index), problems), input]);
}

function freeKey(taken: Set<string>, ref: ResolvedRef, path: Path, problems: Problems): string {
  const candidates = ref.topic === undefined ? [ref.key] : [ref.key, `${ref.key}-${ref.topic}`];
  const key = candidates.find((candidate) => !taken.has(candidate));
  if (key === undefined) {
    const last = show(candidates[candidates.length - 1]);
    problems.error(path, `the name ${last} is taken by another input; give this one a name of its own`);
  }
  taken.add(key ?? ref.key);
  return key ?? ref.key;
}

/** Outputs by own name, else component: what frameworks of v1beta1 look up. */
function keyOutputs(outputs: ResolvedOutput[], problems: Problems): Keyed<ResolvedOutput> {
  const taken = new Set<string>();
  return outputs.map((output) => [claim(taken, output.outputName ?? output.key, output, problems), output]);
}

/**
 * Outputs by component: what frameworks of v1beta2 look up. Those that share a component have their own names, as in
 * the older context; where such a name is another component's, the component's name goes ahead of it.
 */
function keyOutputsByComponent(outputs: ResolvedOutput[], problems: Problems): Keyed<ResolvedOutput> {
  const taken = new Set<string>();
  const keys = new Map<ResolvedOutput, string>();
  const isPlain = (output: ResolvedOutput) => ownName(output) === output.key
    || !outputs.some((other) => other !== output && other.key === output.key);
  for (const output of outputs.filter(isPlain)) keys.set(output, claim(taken, output.key, output, problems));
  for (const output of outputs.filter((each) => !isPlain(each))) {
    const name = ownName(output);
    keys.set(output, claim(taken, taken.has(name) ? `${output.key}-${name}` : name, output, problems));
  }
  return outputs.map((output) => [keys.get(output) ?? output.key, output]);
}

function ownName({ outputName = '', key }: ResolvedOutput): string {
  return outputName === '' ? key : outputName;
}

function claim(taken: Set<string>, key: string, { path }: ResolvedOutput, problems: Problems): string {
  if (taken.has(key)) {
    problems.error(path, `the name ${show(key)} is taken by another output; `
      + 'give each output on one component a name of its own');
  }
  taken.add(key);
  return key;
}
