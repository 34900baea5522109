/**
 * Dapr components of a function, and what each reference to a component means (docs/spec M67, M70 to M72).
 *
 * A reference names the component as the user did. One that the function defines gets the emitted name
 * `<fn>-<block>-<name>`; any other is a component that exists already and keeps its name.
 */
import type {
  ComponentRefModel, ComponentSpecModel, DaprTriggerModel, FunctionModel, OutputModel, ServingModel,
} from '../function/function-model';
import { Path, Problems, show } from '../problem/problem';

export type Block = 'bindings' | 'pubsub' | 'state';
type Role = 'trigger' | 'input' | 'output';

/** A component object to emit. */
export interface ComponentPlan {
  readonly key: string;
  readonly block: Block;
  readonly name: string;
  readonly spec: ComponentSpecModel;
}

/** A reference with everything that a runtime needs to know of it. */
export interface ResolvedRef {
  /** The user's name for the component. */
  readonly key: string;
  /** The name of the Dapr component. */
  readonly componentName: string;
  /** Full type such as `bindings.kafka`; `<block>.existing` where only the block is known. */
  readonly componentType: string;
  readonly block: Block;
  readonly topic?: string;
  /** Of the component, when the function defines it or it is a shared one of the same program. */
  readonly spec?: ComponentSpecModel;
}

export interface ResolvedTrigger extends ResolvedRef, Pick<DaprTriggerModel, 'inputName' | 'delivery' | 'path'> {}
export interface ResolvedOutput
  extends ResolvedRef, Pick<OutputModel, 'outputName' | 'operation' | 'metadata' | 'path' | 'resiliency'> {}

/** A type that says only the block. */
export const EXISTING = '.existing';

export interface ComponentsPlan {
  readonly components: ComponentPlan[];
  readonly triggers: ResolvedTrigger[];
  readonly inputs: ResolvedRef[];
  readonly outputs: ResolvedOutput[];
  /** By the user's name. */
  readonly states: Record<string, ResolvedRef>;
}

const BLOCKS: readonly Block[] = ['bindings', 'pubsub', 'state'];

export function decideComponents(model: FunctionModel, problems: Problems): ComponentsPlan {
  const { serving } = model;
  const resolve = (ref: ComponentRefModel, role: Role) => resolveRef(model, ref, role, problems);
  return {
    components: ownComponents(model),
    triggers: serving.dapr.map((trigger) => {
      const { inputName, delivery, path } = trigger;
      return Object.assign(resolve(trigger, 'trigger'), { inputName, delivery, path });
    }),
    inputs: serving.inputs.map((input) => resolve(input, 'input')),
    outputs: serving.outputs.map((output) => {
      const { outputName, operation, metadata, path, resiliency } = output;
      return Object.assign(resolve(output, 'output'), { outputName, operation, metadata, path, resiliency });
    }),
    states: Object.fromEntries(Object.keys(serving.states).sort().map((key) => [key, stateRef(model, key)])),
  };
}

function emittedName(fn: string, block: Block, key: string): string {
  return `${fn}-${block}-${key}`;
}

function specsOf(serving: ServingModel, block: Block): Record<string, ComponentSpecModel | undefined> {
  return block === 'state' ? serving.states : serving[block];
}

function ownComponents({ name, serving }: FunctionModel): ComponentPlan[] {
  const plans: ComponentPlan[] = [];
  for (const block of BLOCKS) {
    const specs = specsOf(serving, block);
    for (const key of Object.keys(specs).sort()) {
      const spec = specs[key];
      if (spec !== undefined) plans.push({ key, block, name: emittedName(name, block, key), spec });
    }
  }
  return plans;
}

function stateRef({ name, serving }: FunctionModel, key: string): ResolvedRef {
  const spec = serving.states[key];
  const known = serving.knownStates?.[key];
  return spec === undefined
    ? { key, componentName: key, componentType: known?.type ?? 'state.existing', block: 'state', spec: known?.spec }
    : { key, componentName: emittedName(name, 'state', key), componentType: spec.type, block: 'state', spec };
}

function resolveRef(model: FunctionModel, ref: ComponentRefModel, role: Role, problems: Problems): ResolvedRef {
  const { name, serving } = model;
  const defining = BLOCKS.filter((block) => Object.hasOwn(specsOf(serving, block), ref.name));
  const asked = blockOf(ref.type);
  const block = asked === undefined ? defining[0] : defining.find((candidate) => candidate === asked);
  const { name: key, topic } = ref;
  if (block === undefined) {
    if (asked !== undefined && defining.length > 0) reportOtherBlock(ref, asked, defining, problems);
    return { key, topic, componentName: key, ...existingRef(ref, role, problems), spec: ref.spec };
  }
  const spec = specsOf(serving, block)[key];
  if (spec === undefined) {
    const type = serving.knownStates?.[key]?.type ?? ref.type ?? 'state.existing';
    return { key, topic, componentName: key, componentType: type, block, spec: serving.knownStates?.[key]?.spec };
  }
  if (ref.type !== undefined && ref.type !== block) warnOfOtherType(ref, spec.type, problems);
  return { key, topic, componentName: emittedName(name, block, key), componentType: spec.type, block, spec };
}

function reportOtherBlock(ref: ComponentRefModel, asked: Block, defining: Block[], problems: Problems): void {
  const place = (block: Block) => `serving.${block === 'state' ? 'states' : block}`;
  const others = `${defining.map(place).join(' and ')} ${defining.length > 1 ? 'do' : 'does'}`;
  problems.error([...ref.path, 'type'], `${show(ref.type)} asks for ${place(asked)}, `
    + `which does not define ${show(ref.name)}; ${others}`);
}

function existingRef(
  ref: ComponentRefModel, role: Role, problems: Problems,
): Pick<ResolvedRef, 'componentType' | 'block'> {
  const given = blockOf(ref.type);
  const actual = blockOf(ref.spec?.type);
  if (ref.spec !== undefined && actual !== undefined) {
    if (ref.type !== undefined && ref.type !== `${actual}${EXISTING}`) warnOfOtherType(ref, ref.spec.type, problems);
    return { componentType: ref.spec.type, block: actual };
  }
  if (ref.type !== undefined && given !== undefined) return { componentType: ref.type, block: given };
  const withoutTopic: [Block, string] = role === 'input'
    ? ['state', 'it is an extra input'] : ['bindings', 'it has no topic'];
  const [block, why]: [Block, string] = ref.topic === undefined ? withoutTopic : ['pubsub', 'it has a topic'];
  problems.warn([...ref.path, 'name'], `${show(ref.name)} is not defined by the function, `
    + `so it refers to an existing component, taken as ${block}, since ${why}; say so with "type"`);
  return { componentType: `${block}${EXISTING}`, block };
}

function warnOfOtherType(ref: ComponentRefModel, actual: string, problems: Problems): void {
  if (ref.type === actual) return;
  const problem = `${show(ref.type)} differs from the component's own type ${show(actual)}, which applies`;
  problems.warn([...ref.path, 'type'], problem);
}

export function blockOf(type: string | undefined): Block | undefined {
  if (type === undefined) return undefined;
  return BLOCKS.find((block) => type.startsWith(block) && (type.length === block.length || type[block.length] === '.'));
}

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
    triggers: keyTriggers(triggers, problems),
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
function keyTriggers(triggers: ResolvedTrigger[], problems: Problems): Keyed<ResolvedTrigger> {
  const own = new Set<string>();
  const topics = new Set<string>();
  triggers.forEach(({ inputName, path, key, topic }) => {
    if (topic !== undefined && topics.has(`${key} ${topic}`)) {
      const message = `${show(topic)} of ${show(key)} is an input already, and Dapr delivers it once`;
      problems.warn([...path, 'topic'], message);
    }
    topics.add(`${key} ${topic ?? ''}`);
    if (inputName === undefined) return;
    if (own.has(inputName)) {
      const problem = `${show(inputName)} is the name of another input; each name may be given once`;
      problems.error([...path, 'inputName'], problem);
    }
    own.add(inputName);
  });
  const taken = new Set(own);
  return triggers.map((trigger) => (
    [trigger.inputName ?? freeKey(taken, trigger, trigger.path, problems), trigger]));
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
