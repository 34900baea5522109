/**
 * Keys under which the inputs and outputs of a function stand in `FUNC_CONTEXT` and `FUNC_CONTEXT_V1BETA2`
 * (function-semantics.md, sections 4 and 5).
 *
 * Differs: where two entries want one key, the operator keeps the last entry and loses the others.
 */
import type { ResolvedOutput, ResolvedRef, ResolvedTrigger } from './components';
import { Path, Problems, show } from '../problem';

export type Keyed<T> = [string, T][];

/** Dapr triggers by own name, else component, else `<component>-<topic>`. */
export function keyTriggers(triggers: ResolvedTrigger[], at: (index: number) => Path, problems: Problems): Keyed<ResolvedTrigger> {
  const own = new Set<string>();
  triggers.forEach(({ inputName }, index) => {
    if (inputName === undefined) return;
    if (own.has(inputName)) problems.error([...at(index), 'inputName'], `${show(inputName)} is the name of another input; each name may be given once`);
    own.add(inputName);
  });
  const taken = new Set(own);
  return triggers.map((trigger, index) => [trigger.inputName ?? freeKey(taken, trigger, at(index), problems), trigger]);
}

/** Extra inputs by component, else `<component>-<topic>`. */
export function keyInputs(inputs: ResolvedRef[], at: (index: number) => Path, problems: Problems): Keyed<ResolvedRef> {
  const taken = new Set<string>();
  return inputs.map((input, index) => [freeKey(taken, input, at(index), problems), input]);
}

function freeKey(taken: Set<string>, ref: ResolvedRef, path: Path, problems: Problems): string {
  const candidates = ref.topic === undefined ? [ref.key] : [ref.key, `${ref.key}-${ref.topic}`];
  const key = candidates.find((candidate) => !taken.has(candidate));
  if (key === undefined) problems.error(path, `the name ${show(candidates[candidates.length - 1])} is taken by another input; give this one a name of its own`);
  taken.add(key ?? ref.key);
  return key ?? ref.key;
}

/** Outputs by own name, else component: what frameworks of v1beta1 look up. */
export function keyOutputs(outputs: ResolvedOutput[], problems: Problems): Keyed<ResolvedOutput> {
  const seen = new Set<string>();
  return outputs.map((output) => {
    const key = output.outputName ?? output.key;
    if (seen.has(key)) {
      problems.error(output.path, `the name ${show(key)} is taken by another output; give each output on one component a name of its own`);
    }
    seen.add(key);
    return [key, output];
  });
}

/** Outputs by component, else own name: what frameworks of v1beta2 look up. */
export function keyOutputsByComponent(outputs: ResolvedOutput[]): Keyed<ResolvedOutput> {
  const taken = new Set<string>();
  return outputs.map((output) => {
    const key = taken.has(output.key) ? output.outputName ?? output.key : output.key;
    taken.add(key);
    return [key, output];
  });
}
