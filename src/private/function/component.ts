/**
 * Dapr components and references to them.
 *
 * States and outputs are flat in v1beta1 and nested in v1beta2. Both forms are read in both versions, that of the other
 * version with a warning.
 */
import {
  anyOf, below, boolean, into, listOf, mapOf, nullable, object, Place, ReadBy, Reader, stringMap, text, whole,
  withSchema, word, wrongType,
} from './readers';
import { Json, defined, isObject, nonEmpty } from '../kubernetes/json';
import { formatPath, Path } from '../problem/problem';

/** Any JSON scalar; Dapr takes `qos: 1` and `true` as they are. */
const scalar: Reader<string | number | boolean | null> = Object.assign(
  (value: Json, at: Place) => (
    typeof value === 'object' && value !== null ? wrongType('a string, a number, true or false', value, at) : value),
  { readsNull: true, schema: () => ({ type: ['string', 'number', 'boolean', 'null'] }) },
);

const secretKeyRef = into(object({
  name: [text, 'Name of the Secret.'],
  key: [text, 'Key in the Secret.'],
}), nonEmpty);
const setting = into(object({
  name: [word, 'Name of the setting.'],
  value: [scalar, 'Value of the setting.'],
  secretKeyRef: [secretKeyRef, 'Secret that holds the value.'],
  envRef: [text, 'Environment variable of the sidecar that holds the value.'],
}, { name: 'the name of the setting' }), ({ name = '', ...rest }) => ({ name, ...rest }));
export type ComponentMetadataModel = ReadBy<typeof setting>;

/** `spec` of a dapr.io/v1alpha1 Component, and the `auth` beside it. */
const component = into(object({
  type: [word, 'Type of the Dapr component, such as "pubsub.kafka".'],
  version: [word, 'Version of the component type, mostly "v1".'],
  ignoreErrors: [boolean, 'Whether the sidecar starts even if the component cannot be initialized.', 'false'],
  initTimeout: [text, 'Time that the component has to initialize, such as "30s".', 'that of Dapr'],
  metadata: [listOf(setting, { name: '' }), 'Settings of the component.'],
  auth: [whole(
    { secretStore: [word, 'Name of a Dapr secret store.', 'that of Kubernetes'] },
    { secretStore: 'the name of a Dapr secret store' },
  ), 'Where Dapr looks up Secrets of this component.'],
}, {
  type: 'a Dapr component type such as "bindings.kafka"',
  version: 'the version of the component type, mostly "v1"',
}), ({ ignoreErrors, ...rest }) => ({ ...UNREAD_COMPONENT, ...rest, ...(ignoreErrors === true && { ignoreErrors }) }));

export interface ComponentSpecModel {
  readonly type: string;
  readonly version: string;
  readonly ignoreErrors?: boolean;
  readonly initTimeout?: string;
  readonly metadata: ComponentMetadataModel[];
  readonly auth?: { readonly secretStore: string };
}

/** A component that cannot be read stays defined: references to it are right. */
const UNREAD_COMPONENT: ComponentSpecModel = { type: '', version: '', metadata: [] };
export const components = mapOf<ComponentSpecModel>(component, UNREAD_COMPONENT);

const nestedState = into(
  object({ spec: [component, 'The state store that the function defines.'] }), ({ spec }) => spec,
);

/** Nothing for a state that exists already. */
const state = withSchema<ComponentSpecModel>((value, at) => {
  if (value === null) return undefined;
  const flat = isFlat(value, at, !('spec' in Object(value)), Object.keys(Object(value)).length > 0, 'spec');
  if (flat) at.moves?.push([[...at.path, 'spec'], at.path]);
  return flat ? component(value, at) : nestedState(value, at);
}, (version) => nullable(anyOf(nestedState, component)(version)));
export const states = mapOf(state);

/** A reference to a Dapr component by the user's name for it. */
export interface ComponentRefModel {
  /** Of the entry, where v1beta2 has it; the name is at `name` below it. */
  readonly path: Path;
  readonly name: string;
  readonly type?: string;
  readonly topic?: string;
  /** Of a component that is defined beside the function. */
  readonly spec?: ComponentSpecModel;
  /** Typed props name a component itself, which then exists. */
  readonly bound?: boolean;
}

const reference = {
  name: [word, 'Name of the Dapr component: a key of serving.bindings or serving.pubsub, or an existing Component.'],
  type: [text, 'Type of the component; an existing one needs it.'],
  topic: [text, 'Topic of a pub/sub component.'],
} as const;
const TO_COMPONENT = 'Reference to a Dapr component.';
const needsName = { name: 'the name of a component' };
const needsDapr = { dapr: 'a reference to a component' };
const flatReference = object({
  name: [text, 'Name by which the function knows the component.', 'that of the component'],
  component: [word, 'Name of the Dapr component.'],
  topic: [text, 'Topic of a pub/sub component.'],
  params: [stringMap, 'Metadata of what is sent.'],
  operation: [text, 'Operation of a binding.'],
}, { component: 'the name of a component' });

/** v1beta1 names the component at `component`, a word that is soon written here too. */
function byName<T>(reader: Reader<T>): Reader<T> {
  return Object.assign((value: Json, at: Place) => {
    if (!isObject(value) || value.component === undefined || value.name !== undefined) return reader(value, at);
    const { component: name, ...rest } = value;
    const why = 'is what v1beta1 calls it; the name of the component is at "name" here';
    at.problems.error([...at.path, 'component'], why);
    return reader({ ...rest, name }, at);
  }, { schema: reader.schema });
}

/** An entry that cannot be read stays as nothing: it is an input all the same. */
function references<T extends { readonly name?: string }>(item: Reader<T>, pathOf: (index: number) => Path) {
  return into(listOf(item), (list) => list.map((entry, index) => (
    entry?.name === undefined ? undefined : { ...entry, name: entry.name, path: pathOf(index) })));
}

const daprTriggerPath = (index: number): Path => ['serving', 'triggers', 'dapr', index];
export const daprTriggers = references(byName(object({
  ...reference,
  inputName: [text, 'Name by which the function knows the input.', 'that of the component'],
}, needsName)), daprTriggerPath);

const extraInput = into(
  object({ dapr: [byName(object(reference, needsName)), TO_COMPONENT] }, needsDapr), ({ dapr }) => dapr,
);
export const extraInputs = references(extraInput, (index) => ['serving', 'triggers', 'inputs', index, 'dapr']);

/** `serving.inputs` of v1beta1. */
export const inputs = references(into(flatReference, ({ component: name, topic, name: inputName, ...unused }, at) => {
  for (const field of ['params', 'operation'] as const) {
    if (unused[field] !== undefined) at.problems.warn([...at.path, field], 'has no effect on an input');
  }
  return defined({ name, topic, inputName });
}), daprTriggerPath);

const daprOutput = object({
  ...reference,
  outputName: [text, 'Name by which the function knows the output.', 'that of the component'],
  operation: [text, 'Operation of a binding, such as "create".'],
  metadata: [stringMap, 'Metadata of what is sent.'],
}, needsName);
const nestedOutput = into(object({ dapr: [byName(daprOutput), TO_COMPONENT] }, needsDapr), ({ dapr }) => dapr);
type OutputRead = ReadBy<typeof nestedOutput>;

const output = withSchema<OutputRead>((value, at) => {
  const flat = isFlat(value, at, !('dapr' in Object(value)), 'component' in Object(value), 'dapr');
  if (!flat) return nestedOutput(value, at);
  const to = at.path;
  const from = [...to, 'dapr'];
  at.moves?.push([from, to], [[...from, 'name'], [...to, 'component']], [[...from, 'type'], [...to, 'component']],
    [[...from, 'outputName'], [...to, 'name']], [[...from, 'metadata'], [...to, 'params']]);
  const { component: name, topic, params: metadata, operation, name: outputName } = flatReference(value, at) ?? {};
  return defined({ name, topic, metadata, operation, outputName });
}, anyOf(nestedOutput, flatReference));
export const outputs = references(output, (index) => ['serving', 'outputs', index, 'dapr']);

/** Whether a value is written flat: in v1beta1 unless it has the nesting key, in v1beta2 only when it looks like it. */
function isFlat(value: Json, at: Place, withoutKey: boolean, looksFlat: boolean, key: string): boolean {
  const expected = at.version === 'v1beta1';
  if (!isObject(value)) return expected;
  const flat = withoutKey && (expected || looksFlat);
  if (flat !== expected && (!withoutKey || looksFlat)) {
    const written = flat ? 'v1beta1' : 'v1beta2';
    const place = formatPath(flat ? below(at, key).path : at.path);
    at.problems.warn(at.path, `is written as in ${written}; in ${at.version} its fields are at ${place}`);
  }
  return flat;
}
