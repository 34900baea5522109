/** Components, references and triggers against what Dapr and KEDA say of theirs. */
import { forEachComponent, referredBlock } from './component-checks';
import { EXISTING } from './components';
import { credentialLike } from './credentials';
import type { Check, Unread } from './outline';
import {
  checkComponent, checkType, Component, isKnownSetting, operationsOf, Setting,
} from '../catalogue/check-component';
import { checkTrigger } from '../catalogue/check-trigger';
import type { ComponentRefModel, ComponentSpecModel, FunctionModel } from '../function/function-model';
import { notOneOf, Path, Problems, show } from '../problem/problem';

const TRIGGERS: Path = ['serving', 'scaleOptions', 'keda', 'triggers'];
const FIRST_VERSION = 'v1';

export const componentSettings: Check = (model, problems, unread) => {
  forEachComponent(model.serving, (spec, path, block, key) => {
    // One of the wrong block, or without a type, is reported already.
    if (!isType(spec.type) || !spec.type.startsWith(block === 'states' ? 'state.' : `${block}.`)) return;
    const settings = settingsOf(spec, path);
    const refersHere = (ref: ComponentRefModel) => ref.name === key && referredBlock(model, ref) === block;
    const component: Component = {
      type: spec.type,
      version: spec.version,
      settings,
      path: (field) => [...path, field],
      secretAdvice: 'keep it in a Secret and refer to it with secretKeyRef',
      unread: () => hasUnread(path, settings.length, unread),
      input: model.serving.dapr.some(refersHere),
      output: model.serving.outputs.some(refersHere),
    };
    checkComponent(component, problems);
    guessSecrets(component, problems);
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
    const known = type === undefined || operation === undefined ? undefined : operationsOf(type, version);
    if (operation === undefined || known === undefined) continue;
    if (known.some((each) => each.toLowerCase() === operation.toLowerCase())) continue;
    problems.error([...path, 'operation'], notOneOf(operation, known));
  }
};

/** What no scaler reads is reported elsewhere. */
export const triggerParameters: Check = ({ serving }, problems, unread) => {
  if (serving.http !== undefined) return;
  serving.scaling.triggers.forEach(({ type, metadata, authenticationRef }, index) => {
    const path = [...TRIGGERS, index];
    if (type === '' || unread([...path, 'type'])) return;
    const isUnread = (name: string) => unread([...path, 'metadata', name]) || unread([...path, 'metadata']);
    checkTrigger({ type, metadata, authenticated: authenticationRef !== undefined, isUnread }, path, problems);
  });
};

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
