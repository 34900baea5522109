/** Dapr components and references to them. */
import { EXISTING } from './components';
import { credentialLike } from './credentials';
import type { Check, Unread } from './outline';
import {
  checkComponent, checkType, Component, isKnownSetting, operationsOf, Setting,
} from '../catalogue/check-component';
import { warnOfRead } from '../catalogue/component-object';
import type {
  ComponentMetadataModel, ComponentRefModel, ComponentSpecModel, FunctionModel, ServingModel,
} from '../function/function-model';
import { checkForm, dns1123Name, isGoDuration, parseGoDuration } from '../kubernetes/syntax';
import { notOneOf, Path, Problems, show } from '../problem/problem';

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
    if (initTimeout === undefined) return;
    const at = [...path, 'initTimeout'];
    if (!isGoDuration(initTimeout)) {
      problems.error(at, `${show(initTimeout)} is not a duration such as "30s" or "1m30s"`);
    } else if (parseGoDuration(initTimeout) === 0) {
      problems.error(at, 'must be above 0');
    }
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

export const readNumbers: Check = ({ serving, source: { position, originalPath } }, problems) => {
  if (position?.word === undefined) return;
  forEachSetting(serving, ({ value }, path) => {
    if (typeof value !== 'number') return;
    const at = path('value');
    warnOfRead(value, at, problems, position.word, originalPath(at));
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
function referredBlock({ serving }: FunctionModel, { name, type }: ComponentRefModel): BlockField | undefined {
  return type === undefined ? BLOCK_FIELDS.find((field) => Object.hasOwn(serving[field], name)) : blockOf(type);
}

function blockOf(type: string): BlockField | undefined {
  return BLOCK_FIELDS.find((field) => type.startsWith(PREFIXES[field]) || `${type}.` === PREFIXES[field]);
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

const FIRST_VERSION = 'v1';

/** Components of which nothing is wrong: functions of one app have the same ones again and again. */
const RIGHT = new Set<string>();
const MAX_RIGHT = 1000;
const MAX_LENGTH = 2000;

export const componentSettings: Check = (model, problems, unread) => {
  forEachComponent(model.serving, (spec, path, block, key) => {
    // One of the wrong block, or without a type, is reported already.
    if (!isType(spec.type) || !spec.type.startsWith(block === 'states' ? 'state.' : `${block}.`)) return;
    const refersHere = (ref: ComponentRefModel) => ref.name === key && referredBlock(model, ref) === block;
    const [input, output] = [model.serving.dapr.some(refersHere), model.serving.outputs.some(refersHere)];
    const looks = JSON.stringify([spec.type, spec.version, input, output, spec.metadata]);
    if (RIGHT.has(looks)) return;
    const settings = settingsOf(spec, path);
    const component: Component = {
      type: spec.type,
      version: spec.version,
      settings,
      path: (field) => [...path, field],
      secretAdvice: 'keep it in a Secret and refer to it with secretKeyRef',
      unread: () => hasUnread(path, settings.length, unread),
      input,
      output,
    };
    const found = new Problems();
    checkComponent(component, found);
    guessSecrets(component, found);
    if (!found.isEmpty) problems.add(...found.all);
    else if (looks.length < MAX_LENGTH && RIGHT.size < MAX_RIGHT) RIGHT.add(looks);
  });
};

/** Of components that the function does not define, the type is all that is known here. */
export const referencedTypes: Check = (model, problems) => {
  const check = (refs: readonly ComponentRefModel[], role: 'input' | 'output') => {
    for (const ref of refs) {
      const { type, path, spec } = ref;
      if (type === undefined || !isType(type) || type.endsWith(EXISTING)) continue;
      if (spec !== undefined || ownSpec(model, ref) !== undefined) continue;
      checkType({ type, path: () => [...path, 'type'], [role]: true }, problems);
    }
  };
  check(model.serving.dapr, 'input');
  check(model.serving.outputs, 'output');
};

export const outputOperations: Check = (model, problems) => {
  for (const ref of model.serving.outputs) {
    const { operation, path } = ref;
    const { type, version = FIRST_VERSION } = ownSpec(model, ref) ?? ref.spec ?? { type: ref.type };
    const known = type === undefined ? undefined : operationsOf(type, version);
    const at = [...path, 'operation'];
    if (operation === undefined) {
      const isBinding = referredBlock(model, ref) === 'bindings' && type?.endsWith('.') !== true;
      if (isBinding && model.dapr.mode !== 'off') problems.warn(at, withoutOperation(known));
    } else if (known?.includes(operation) === false) {
      problems.error(at, notOneOf(operation, known));
    }
  }
};

/** The frameworks send what is written here, and nothing when it is not. */
function withoutOperation(known: readonly string[] = ['create']): string {
  return `is missing, and Dapr refuses a call without one; give ${known.map(show).join(' or ')}`;
}

/** Other forms are reported already. */
function isType(type: string): boolean {
  return /^(bindings|pubsub|state)\../.test(type);
}

function settingsOf({ metadata }: ComponentSpecModel, path: Path): Setting[] {
  return metadata.map(({ name, value, secretKeyRef, envRef }, index) => ({
    name,
    value,
    elsewhere: secretKeyRef !== undefined || envRef !== undefined,
    path: (field) => [...path, 'metadata', index, field],
  }));
}

function hasUnread(path: Path, length: number, unread: Unread): boolean {
  if (unread([...path, 'metadata'])) return true;
  for (let index = 0; index <= length; index++) {
    const places: Path[] = [[], ['name'], ['value'], ['secretKeyRef']];
    if (places.some((place) => unread([...path, 'metadata', index, ...place]))) return true;
  }
  return false;
}

/** The catalogue says which of the settings it knows are secret; others are judged by name and value. */
function guessSecrets({ type, version, settings, secretAdvice }: Component, problems: Problems): void {
  for (const { name, value, path } of settings) {
    const likeness = isKnownSetting(type, version, name) ? undefined : credentialLike(name, value);
    if (likeness === undefined) continue;
    problems.warn(path('value'), `of ${show(name)} looks like ${likeness}; ${secretAdvice}`);
  }
}

function ownSpec(model: FunctionModel, ref: ComponentRefModel): ComponentSpecModel | undefined {
  const block = referredBlock(model, ref);
  if (block === undefined || !Object.hasOwn(model.serving[block], ref.name)) return undefined;
  return model.serving[block][ref.name];
}
