/** Dapr components and references to them. */
import type { Check } from './outline';
import type {
  ComponentMetadataModel, ComponentRefModel, ComponentSpecModel, FunctionModel, ServingModel,
} from '../function/function-model';
import { isGoDuration } from '../kubernetes/go-duration';
import { checkForm, dns1123Name } from '../kubernetes/syntax';
import { Path, show } from '../problem/problem';

const PREFIXES = { bindings: 'bindings.', pubsub: 'pubsub.', states: 'state.' } as const;
type BlockField = keyof typeof PREFIXES;
const BLOCK_FIELDS = Object.keys(PREFIXES) as BlockField[];

/** A component's type belongs in the block that its first word names. */
export const componentTypes: Check = ({ serving }, problems) => {
  forEachComponent(serving, (spec, path, block) => {
    const prefix = PREFIXES[block];
    if (spec.type !== '' && !(spec.type.startsWith(prefix) && spec.type.length > prefix.length)) {
      const right = BLOCK_FIELDS.find((field) => spec.type.startsWith(PREFIXES[field]));
      const hint = right === undefined || right === block ? '' : `; this one belongs to serving.${right}`;
      problems.error([...path, 'type'], `${show(spec.type)} must begin with ${show(prefix)} here${hint}`);
    }
  });
};

export const initTimeouts: Check = ({ serving }, problems) => {
  forEachComponent(serving, ({ initTimeout }, path) => {
    if (initTimeout === undefined || isGoDuration(initTimeout)) return;
    problems.error([...path, 'initTimeout'], `${show(initTimeout)} is not a duration such as "30s" or "1m30s"`);
  });
};

export const secretReferences: Check = ({ serving }, problems) => {
  forEachSetting(serving, ({ secretKeyRef, value }, path) => {
    if (secretKeyRef === undefined) return;
    // Without a key Dapr takes the name of the Secret for it.
    if (secretKeyRef.name === undefined) {
      problems.error(path('secretKeyRef', 'name'), 'is missing; give the name of a Secret');
    }
    if (value !== undefined) problems.warn(path('value'), 'has no effect beside secretKeyRef, which Dapr prefers');
  });
};

export const referenceTypes: Check = (model, problems) => {
  for (const { path, type } of referencesOf(model)) {
    if (type !== undefined && (blockOf(type) === undefined || type.endsWith('.'))) {
      problems.error([...path, 'type'], `${show(type)} must begin with "bindings.", "pubsub." or "state."`);
    }
  }
};

export const topics: Check = (model, problems) => {
  for (const ref of referencesOf(model)) {
    const { name, path, topic } = ref;
    if (topic === undefined && referredBlock(model, ref) === 'pubsub') {
      problems.error([...path, 'topic'], `is missing; ${show(name)} is a pub/sub component, so give a topic of it`);
    }
  }
};

export const stateTopics: Check = (model, problems) => {
  const { inputs, outputs } = model.serving;
  for (const ref of [...inputs, ...outputs]) {
    if (ref.topic !== undefined && referredBlock(model, ref) === 'states') {
      problems.warn([...ref.path, 'topic'], 'has no meaning for a state');
    }
  }
};

export const stateTriggers: Check = (model, problems) => {
  for (const ref of model.serving.dapr) {
    if (referredBlock(model, ref) === 'states') {
      problems.warn([...ref.path, 'name'], `${show(ref.name)} is a state, which sends no events`);
    }
  }
};

export const componentKeys: Check = ({ serving }, problems) => {
  for (const block of ['bindings', 'pubsub', 'states'] as const) {
    for (const key of Object.keys(serving[block])) checkForm(['serving', block, key], key, dns1123Name, problems);
  }
};

/** A key of a Resiliency that cdk8s cannot emit. */
const NO_KEY = 'constructor';

export const referenceNames: Check = (model, problems) => {
  const { bindings, pubsub, states } = model.serving;
  const isOwn = (name: string) => (
    [bindings, pubsub, states].some((block) => Object.hasOwn(block, name) && block[name] !== undefined));
  for (const { path, name } of referencesOf(model)) {
    const at = [...path, 'name'];
    checkForm(at, name, dns1123Name, problems);
    if (name === NO_KEY && !isOwn(name)) {
      problems.error(at, `${show(name)} cannot be the name of an existing component: cdk8s cannot emit it as a key`);
    }
  }
};

function referencesOf({ serving }: FunctionModel): ComponentRefModel[] {
  return [...serving.dapr, ...serving.inputs, ...serving.outputs];
}

/** By its type where given, else by the first block that defines the name. */
export function referredBlock({ serving }: FunctionModel, { name, type }: ComponentRefModel): BlockField | undefined {
  return type === undefined ? BLOCK_FIELDS.find((field) => Object.hasOwn(serving[field], name)) : blockOf(type);
}

function blockOf(type: string): BlockField | undefined {
  return BLOCK_FIELDS.find((field) => `${type}.`.startsWith(PREFIXES[field]));
}

export function forEachComponent(
  serving: ServingModel, visit: (spec: ComponentSpecModel, path: Path, block: BlockField, key: string) => void,
): void {
  for (const block of BLOCK_FIELDS) {
    const components: Record<string, ComponentSpecModel | undefined> = serving[block];
    for (const key of Object.keys(components)) {
      const spec = components[key];
      if (spec === undefined) continue;
      visit(spec, block === 'states' ? ['serving', block, key, 'spec'] : ['serving', block, key], block, key);
    }
  }
}

/** The path is made when a problem needs it: most settings have none. */
function forEachSetting(
  serving: ServingModel, visit: (setting: ComponentMetadataModel, path: (...below: Path) => Path) => void,
): void {
  forEachComponent(serving, (spec, path) => {
    spec.metadata.forEach((setting, index) => visit(setting, (...below) => [...path, 'metadata', index, ...below]));
  });
}
