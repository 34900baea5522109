/**
 * The fields of a whole `Function`: those of v1beta1 and v1beta2 together, each with the version that has it.
 *
 * A field of the other version is read where it maps one to one (`places.ts`), with a warning that names its place.
 */
import { components, daprTriggers, extraInputs, inputs, outputs, states } from './component';
import { hooks, tracing } from './hooks';
import {
  anyOf, Doc, documented, ignored, integer, into, jsonObject, listOf, object, oneOf, onlyIn, ReadBy, Reader, schemaOf,
  simple, string, stringMap, text, whole, withSchema, word, wordsSchema, wrongType,
} from './readers';
import { kedaTriggers, scaleOptions } from './scaling';
import { ENABLE_DAPR, DAPR_SERVICE_MODE, PENDING_EVENTS, POD_SECURITY } from '../kubernetes/constants';
import { isObject } from '../kubernetes/json';
import { imageReference, parseGoDuration } from '../kubernetes/syntax';
import { show } from '../problem/problem';

const MAX_PORT = 65535;

/** 0 is the same as unset. */
const port = withSchema<number>(
  (value, at) => (value === 0 ? undefined : integer(1, MAX_PORT)(value, at)), integer(0, MAX_PORT).schema,
);

const route = object({
  gatewayRef: [whole({
    name: [word, 'Name of the Gateway.'],
    namespace: [text, 'Namespace of the Gateway.'],
  }, { name: 'the name of a Gateway' }), 'Gateway that the route attaches to.', 'that of the platform settings'],
  hostnames: [listOf(word, ''), 'Host names of the route.', 'name, namespace and domain of the gateway'],
  rules: [
    listOf(jsonObject, {}), 'Rules of the route, as gateway.networking.k8s.io/v1 has them.', 'one, to the function',
  ],
});
const ROUTE = 'HTTPRoute of the Gateway API for the function.';
const PORT = ['Port on which the function listens; 0 means unset.', '8080'] as const;
export type RouteModel = ReadBy<typeof route>;

const knownEngine = strictlyOneOf(['knative', 'keda']);

/** v1beta1 cannot say it, and functions of v1beta1 expect Knative. */
const engine = withSchema<'knative' | 'keda'>((value, at) => {
  const read = knownEngine(value, at);
  if (at.version !== 'v1beta1') return read;
  at.problems.warn(at.path, 'is a field of v1beta2; v1beta1 has no such field, so the engine is "knative"');
  return undefined;
}, knownEngine.schema);

const http = object({
  port: [port, ...PORT],
  engine: [engine, 'What runs the function: Knative, or a Deployment with the KEDA HTTP add-on.', 'knative'],
  route: [route, ROUTE],
});
export type HttpTriggerModel = ReadBy<typeof http>;

const objectTriggers = object({
  http: [http, 'The function answers requests.'],
  dapr: [daprTriggers, 'Topics and bindings whose events trigger the function.'],
  inputs: [extraInputs, 'What the function reads besides its trigger.'],
});
type TriggersRead = ReadBy<typeof objectTriggers> & { readonly keda?: ReadBy<typeof kedaTriggers> };
const listedTriggers: Reader<TriggersRead> = into(kedaTriggers, (keda) => ({ keda }));

/** `serving.triggers`: a list of KEDA triggers in v1beta1, an object with what triggers the function in v1beta2. */
const triggers = withSchema<TriggersRead>((value, at) => {
  const list = Array.isArray(value);
  if (isObject(value) && Array.isArray(value.dapr) && value.dapr.length === 0 && !isObject(value.http)) {
    const message = 'is empty, so requests trigger the function; give an event, or leave it out';
    at.problems.warn([...at.path, 'dapr'], message);
  }
  if (list === (at.version === 'v1beta1')) return (list ? listedTriggers : objectTriggers)(value, at);
  if (list) {
    const place = 'serving.scaleOptions.keda.triggers';
    const isKedas = value.some((item) => isObject(item) && item.type !== undefined);
    if (isKedas) at.problems.warn(at.path, `is a list of KEDA triggers as in v1beta1; in v1beta2 they are at ${place}`);
    return listedTriggers(value, at);
  }
  if (!isObject(value)) return wrongType('a list', value, at);
  for (const [key, place] of Object.entries(PLACES_OF_TRIGGERS)) {
    if (key in value) at.problems.warn([...at.path, key], `is a field of v1beta2; in v1beta1 ${place}`);
  }
  return objectTriggers(value, at);
}, anyOf(objectTriggers, listedTriggers));
const PLACES_OF_TRIGGERS = {
  http: 'it is serving.runtime: knative with port and route',
  dapr: 'it is serving.inputs',
  inputs: 'there is no such field',
};

/** An int32 of seconds in a Deployment. */
const MAX_TIMEOUT_SECONDS = 2 ** 31 - 1;

/** Seconds, rounded up. */
const timeout = simple<number>('string', (value, at) => {
  const duration = string(value, at);
  if (duration === undefined || duration === '') return undefined;
  const seconds = parseGoDuration(duration);
  if (seconds !== undefined && seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS) return Math.ceil(seconds);
  const problem = seconds === undefined ? 'is not a duration such as "300ms", "90s", "1.5h" or "1h30m"'
    : seconds > 0 ? `must not be longer than ${MAX_TIMEOUT_SECONDS}s` : 'must be longer than 0s';
  at.problems.error(at.path, `${show(duration)} ${problem}`);
  return undefined;
});

const DECIDING_ANNOTATIONS: Readonly<Record<string, { readonly advice: string; readonly doc: Doc }>> = {
  [ENABLE_DAPR]: {
    advice: 'an annotation is a string, so quote it: "$"',
    doc: [
      'Whether the function uses Dapr: "true" or "false".', '"true" if it has Dapr triggers, inputs, outputs or states',
    ],
  },
  [DAPR_SERVICE_MODE]: {
    advice: 'write "standalone" or "sidecar"',
    doc: [
      'Where the sidecar is: "standalone" is one beside a shared proxy, "sidecar" one in every pod.', '"standalone"',
    ],
  },
  [PENDING_EVENTS]: {
    advice: 'write "on" or "off", in quotes',
    doc: ['Scaling on events that wait in the proxy: "on" or "off".', '"on" with replica bounds or KEDA triggers'],
  },
  [POD_SECURITY]: {
    advice: 'write "restricted", "baseline" or "privileged"',
    doc: [
      'Pod security level that the pods must pass: "privileged", "baseline" or "restricted".',
      'that of the platform settings',
    ],
  },
};

/** A boolean where a deciding annotation wants a string is the commonest mistake, so it has a message of its own. */
const servingAnnotations = withSchema<Record<string, string>>((value, at) => {
  if (!isObject(value)) return wrongType('an object', value, at);
  const others = { ...value };
  for (const [key, { advice }] of Object.entries(DECIDING_ANNOTATIONS)) {
    const given = others[key];
    if (typeof given !== 'boolean') continue;
    delete others[key];
    at.problems.error([...at.path, key], `is the boolean ${given}; ${advice.replace('$', String(given))}`);
  }
  return stringMap(others, at);
}, () => ({
  ...schemaOf(stringMap),
  properties: Object.fromEntries(Object.entries(DECIDING_ANNOTATIONS).map(([key, { doc }]) => (
    [key, documented({ type: 'string' }, doc)]))),
}));

const workloadType = oneOf(['Deployment', 'StatefulSet', 'Job']);

const ofV1beta1 = {
  runtime: onlyIn('v1beta1', strictlyOneOf(['knative', 'async']), ['serving', 'triggers']),
  inputs: onlyIn('v1beta1', inputs, ['serving', 'triggers', 'dapr']),
};
const ofV1beta2 = {
  hooks: onlyIn('v1beta2', hooks, ['metadata', 'annotations', 'plugins']),
  tracing: onlyIn('v1beta2', tracing, ['metadata', 'annotations', 'plugins.tracing']),
  workloadType: onlyIn('v1beta2', workloadType, ['serving', 'scaleOptions', 'keda', 'scaledObject', 'workloadType']),
};

const servingFields = {
  runtime: [ofV1beta1.runtime, 'Kind of the function: "knative" for requests, "async" for events.'],
  inputs: [ofV1beta1.inputs, 'What triggers an asynchronous function.'],
  triggers: [triggers, 'What triggers the function: requests or events.'],
  scaleOptions: [scaleOptions, 'Bounds and rules of scaling.'],
  outputs: [outputs, 'Topics and bindings that the function sends to.'],
  bindings: [components, 'Dapr bindings of this function alone, by name.'],
  pubsub: [components, 'Dapr pub/sub components of this function alone, by name.'],
  states: [states, 'Dapr state stores, by name; one without a type exists already.'],
  params: [stringMap, 'Environment variables of the function.'],
  labels: [stringMap, 'Labels of the pods and of the workload.'],
  annotations: [servingAnnotations, 'Annotations of the pods; some decide what the function becomes.'],
  template: [jsonObject, 'PodSpec that the function completes; its container is called "function".'],
  timeout: [timeout, 'Time until the function must be ready, such as "90s" or "1h30m".'],
  hooks: [ofV1beta2.hooks, 'Plugins that the functions framework runs.'],
  tracing: [ofV1beta2.tracing, 'Tracing of the function.', 'that of the platform settings, field by field'],
  workloadType: [ofV1beta2.workloadType, 'Kind of the workload of an asynchronous function.', 'Deployment'],
} as const;
const fields = object(servingFields);
export type ServingRead = ReadBy<typeof fields>;

/** Typed props say these at another name, or in their own way. */
const NAMED_OTHERWISE = [
  'runtime', 'inputs', 'triggers', 'scaleOptions', 'bindings', 'pubsub', 'params', 'template', 'workloadType',
] as const satisfies (keyof ServingRead)[];
/** The others are props of the same name. */
export type SameNamed = Exclude<keyof ServingRead, (typeof NAMED_OTHERWISE)[number]>;
export const SAME_NAMED = Object.keys(servingFields)
  .filter((name) => !NAMED_OTHERWISE.some((other) => other === name)) as SameNamed[];

const serving = withSchema<ServingRead>((value, at) => {
  if (at.version === 'v1beta1' && isObject(value) && (value.runtime ?? null) === null) {
    at.problems.error([...at.path, 'runtime'], 'is missing; give "knative" or "async"');
  }
  return fields(value, at);
}, (version) => ({ ...schemaOf(fields, version), ...(version === 'v1beta1' && { required: ['runtime'] }) }));

/** In any case of its letters. */
const workloadRuntime = simple<'OCIContainer' | 'WasmEdge'>('string', (value, at) => {
  const known = ['OCIContainer', 'WasmEdge'] as const;
  const lower = typeof value === 'string' ? value.toLowerCase() : undefined;
  const meant = known.find((each) => each.toLowerCase() === lower);
  return meant ?? oneOf(known)(value, at);
});

export const image = withSchema<string>((value, at) => {
  const read = word(value, at);
  const wrong = read === undefined || read === '' ? undefined : imageReference(read);
  if (wrong !== undefined) at.problems.error(at.path, wrong);
  return read;
}, word.schema);

const pullSecret = object(
  { name: [word, 'Name of the Secret.'] }, { name: 'the name of a Secret with registry credentials' },
);

export const spec = object({
  image: [image, 'Image of the function. It must exist: builds are not part of this.'],
  version: [text, 'Version of the function, for labels.', 'latest'],
  imageCredentials: [into(pullSecret, ({ name }) => name), 'Secret with credentials of the image registry.'],
  workloadRuntime: [workloadRuntime, '"OCIContainer" or "WasmEdge".', 'OCIContainer'],
  build: [Object.assign(() => true, {}) as Reader<boolean>, 'Ignored: the image must exist.'],
  port: [onlyIn('v1beta1', port, ['serving', 'triggers', 'http', 'port']), ...PORT],
  route: [onlyIn('v1beta1', route, ['serving', 'triggers', 'http', 'route']), ROUTE],
  serving: [serving, 'How the function runs.'],
}, { image: 'the image of the function' });
export type SpecRead = ReadBy<typeof spec>;

export const BY_SERVER = ['Set by the server; ignored.'] as const;
export const SERVER_FIELDS = [
  'generateName', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp',
  'deletionGracePeriodSeconds', 'finalizers', 'ownerReferences', 'managedFields', 'selfLink', 'clusterName',
];
const byServer = [ignored, ...BY_SERVER] as const;
export const metadata = object({
  name: [word, 'Name of the function, and of most of its objects.'],
  namespace: [text, 'Namespace of the function.', 'that of the command line or of the chart'],
  labels: [stringMap, 'Labels of the Function; its objects do not get them.'],
  annotations: [stringMap, 'Annotations of the Function; "plugins" and "plugins.tracing" are hooks and tracing.'],
  ...Object.fromEntries(SERVER_FIELDS.map((field) => [field, byServer])) as Record<'uid', typeof byServer>,
}, { name: 'the name of the function' });
export type MetadataRead = ReadBy<typeof metadata>;

/** An empty word is as wrong as an unknown one. */
function strictlyOneOf<const T extends string>(allowed: readonly T[]): Reader<T> {
  const lenient = oneOf(allowed);
  const read: Reader<T> = (value, at) => {
    if (value === '') at.problems.notOneOf(at.path, value, allowed);
    return lenient(value, at);
  };
  return withSchema(read, () => wordsSchema(allowed));
}
