/**
 * Shape of Dapr components and of references to them.
 *
 * States and outputs are flat in v1beta1 and nested in v1beta2; either form is read in both versions, the foreign one with
 * a warning, and comes out as v1beta2. `flat` says how it was written, since paths of later problems depend on it.
 */
import { below, boolean, listOf, mapOf, object, Place, ReadBy, Reader, stringMap, text, word, wrongType } from './shape';
import { Json, isObject } from '../kubernetes/json';
import { formatPath } from '../problem/problem';

/** Any JSON scalar; Dapr takes `qos: 1` and `true` as they are. */
const scalar: Reader<string | number | boolean | null> = Object.assign(
  (value: Json, at: Place) => (typeof value === 'object' && value !== null ? wrongType('a string, a number, true or false', value, at) : value),
  { readsNull: true },
);

const component = object({
  type: word,
  version: word,
  ignoreErrors: boolean,
  initTimeout: text,
  metadata: listOf(object({
    name: word,
    value: scalar,
    secretKeyRef: object({ name: text, key: text }),
    envRef: text,
  }, { name: 'the name of the setting' })),
  auth: object({ secretStore: word }, { secretStore: 'the name of a Dapr secret store' }),
}, { type: 'a Dapr component type such as "bindings.kafka"', version: 'the version of the component type, mostly "v1"' });
export type ComponentShape = ReadBy<typeof component>;

export const components = mapOf(component);

export interface StateShape {
  readonly spec?: ComponentShape;
  readonly flat: boolean;
}

const nestedState = object({ spec: component });
const state: Reader<StateShape> = Object.assign((value: Json, at: Place): StateShape | undefined => {
  if (value === null) return { flat: false };
  const flat = isFlat(value, at, !('spec' in Object(value)), Object.keys(Object(value)).length > 0, 'spec');
  return flat ? { spec: component(value, at), flat } : { spec: nestedState(value, at)?.spec, flat };
}, { readsNull: true });

export const states = mapOf(state);

const reference = { name: word, type: text, topic: text };
const needsName = { name: 'the name of a component' };
const needsComponent = { component: 'the name of a component' };

export const daprTrigger = object({ ...reference, inputName: text }, needsName);
export type TriggerShape = ReadBy<typeof daprTrigger>;

const needsDapr = { dapr: 'a reference to a component' };

export const extraInput = object({ dapr: object(reference, needsName) }, needsDapr);

const flatReference = object({ name: text, component: word, topic: text, params: stringMap, operation: text }, needsComponent);

/** `serving.inputs` of v1beta1. */
export const input: Reader<TriggerShape> = (value, at) => {
  const read = flatReference(value, at);
  if (read === undefined) return undefined;
  for (const field of ['params', 'operation'] as const) {
    if (read[field] !== undefined) at.problems.warn([...at.path, field], 'has no effect on an input');
  }
  return { name: read.component, topic: read.topic, inputName: read.name };
};

const daprOutput = object({ ...reference, outputName: text, operation: text, metadata: stringMap }, needsName);
const nestedOutput = object({ dapr: daprOutput }, needsDapr);

export interface OutputShape {
  readonly dapr?: ReadBy<typeof daprOutput>;
  readonly flat: boolean;
}

export const output: Reader<OutputShape> = (value, at) => {
  const flat = isFlat(value, at, !('dapr' in Object(value)), 'component' in Object(value), 'dapr');
  if (!flat) return { dapr: nestedOutput(value, at)?.dapr, flat };
  const read = flatReference(value, at);
  return { dapr: read && { name: read.component, topic: read.topic, metadata: read.params, operation: read.operation, outputName: read.name }, flat };
};

/** Whether a value has v1beta1's flat form: in v1beta1 unless it has the nesting key, in v1beta2 only when it looks it. */
function isFlat(value: Json, at: Place, withoutKey: boolean, looksFlat: boolean, key: string): boolean {
  const expected = at.version === 'v1beta1';
  if (!isObject(value)) return expected;
  const flat = withoutKey && (expected || looksFlat);
  if (flat !== expected && (!withoutKey || looksFlat)) {
    const place = flat ? below(at, key).path : at.path;
    at.problems.warn(at.path, `is written as in ${flat ? 'v1beta1' : 'v1beta2'}; in ${at.version} its fields stand at ${formatPath(place)}`);
  }
  return flat;
}
