/** Typed props to what a manifest would say, so that every way in is read, checked and decided by the same code. */
import type { Duration } from 'cdk8s';
import {
  checkRetries, componentMoves, componentSpecOf, goDuration, isHttp, isState, reference, triggers,
} from './components';
import { GrownProps, stateMoves } from './growth';
import { checkStates, kindOf } from './known-options';
import { CONTAINER_FIELDS, resourceMoves, templateOf } from './pod';
import { knativeMoves, scalingOf } from './scaling-from-props';
import { AppProtocol, DaprMode } from '../../choices';
import type { ComponentOptions } from '../../component-options';
import type { OpenFunctionAppProps } from '../../function-props';
import { SAME_NAMED } from '../function/fields';
import { tracingOf } from '../function/hooks';
import { originalPaths } from '../function/places';
import { integer, Move, object, oneOf, Reader, stringMap } from '../function/readers';
import type { ScalingExtrasModel } from '../function/scaling';
import {
  DAPR_APP_PORT, DAPR_APP_PROTOCOL, DAPR_SERVICE_MODE, ENABLE_DAPR, FUNCTION_CONTAINER,
} from '../kubernetes/constants';
import { defined, isObject, Json, JsonObject, nonEmpty, objectsIn, StringMap } from '../kubernetes/json';
import { Path, Problem, Problems, show } from '../problem/problem';

export interface FromProps {
  /** A `core.openfunction.io/v1beta2` Function. */
  readonly manifest: object;
  /** Without what cannot be read. */
  readonly props: GrownProps;
  readonly scalingExtras?: ScalingExtrasModel;
  readonly problems: Problem[];
}

const MAX_PORT = 65_535;
const objectAnnotations = object({ workload: stringMap, scaler: stringMap, route: stringMap, service: stringMap });

export function fromProps(name: string, given: GrownProps): FromProps {
  const problems = new Problems();
  const props = {
    ...given,
    port: read(given.port, 'port', integer(1, MAX_PORT), problems),
    objectAnnotations: read(given.objectAnnotations as JsonObject, 'objectAnnotations', objectAnnotations, problems),
    appProtocol: read(given.appProtocol, 'appProtocol', oneOf(Object.values(AppProtocol)), problems),
    dapr: read(given.dapr, 'dapr', oneOf(Object.values(DaprMode)), problems),
  };
  checkRetries(props, problems);
  checkStates(props.states, problems);
  const scaling = props.scaling && scalingOf(props.scaling, props, problems);
  const manifest = {
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: defined({ name, namespace: props.namespace }),
    spec: defined({
      image: props.image,
      version: props.version,
      imageCredentials: props.imagePullSecret && { name: props.imagePullSecret.name },
      workloadRuntime: props.wasmEdge === true ? 'WasmEdge' : undefined,
      serving: defined({
        ...Object.fromEntries(SAME_NAMED.map((field) => [field, props[field]])),
        triggers: triggers(props),
        outputs: props.outputs?.map(({ _output: { component, name: outputName, topic, operation, metadata } }) => ({
          dapr: defined({ ...reference(component), topic, outputName, operation, metadata }),
        })),
        bindings: nonEmpty(ownSpecs(props, 'bindings')),
        pubsub: nonEmpty(ownSpecs(props, 'pubsub')),
        states: states(props),
        workloadType: props.workload,
        scaleOptions: scaling?.options,
        hooks: props.hooks && defined({ ...props.hooks }),
        tracing: props.tracing && tracingOf(props.tracing),
        template: templateOf(props, problems),
        params: props.env,
        annotations: annotationsOf(props, problems),
        timeout: props.timeout && seconds(props.timeout),
      }),
    }),
  };
  return { manifest, props, scalingExtras: scaling?.extras, problems: problems.all };
}

function states(props: GrownProps): object | undefined {
  const existing = (props.states ?? []).map(({ componentName }) => [componentName, {}]);
  const own = Object.entries(ownSpecs(props, 'state')).map(([name, spec]) => [name, { spec }]);
  return nonEmpty(Object.fromEntries([...existing, ...own]) as object);
}

/** The function's own components of a kind, by name. */
function ownSpecs({ components = {} }: GrownProps, kind: string): Record<string, object> {
  const own = Object.entries(components).filter(([, options]) => kindOf(options) === kind);
  return Object.fromEntries(own.map(([name, options]) => [name, specJson(options)]));
}

/** As a manifest writes it: `auth` is a field of the component, which a Function's spec has no place for. */
function specJson(options: ComponentOptions): object {
  const { auth, ...spec } = componentSpecOf(options);
  return defined({ ...spec, auth });
}

/** One that is not valid is reported in the words of the props, and left out. */
function read<T>(value: Json | undefined, prop: string, reader: Reader<T>, problems: Problems): T | undefined {
  return value === undefined || value === null ? undefined : reader(value, { path: [prop], problems });
}

function seconds(duration: Duration): string {
  return goDuration(duration.toMilliseconds());
}

type Said = Readonly<Record<string, string | undefined>>;

function annotationsOf(props: OpenFunctionAppProps, problems: Problems): StringMap | undefined {
  const { annotations: given, dapr, port, appProtocol } = props;
  const meant: readonly (readonly [prop: string, value: unknown, said: Said])[] = [
    ['dapr', dapr, daprOf(dapr)],
    ['appProtocol', appProtocol, { [DAPR_APP_PROTOCOL]: appProtocol }],
    ['port', port, isHttp(props) ? {} : { [DAPR_APP_PORT]: port === undefined ? undefined : String(port) }],
  ];
  const all = meant.map(([prop, value, said]) => {
    for (const [key, text] of Object.entries(said)) {
      const other = given?.[key];
      if (text === undefined || other === undefined || other === text) continue;
      problems.error([prop], `${show(value)} contradicts the annotation ${key}, which is ${show(other)}`);
    }
    return defined(said);
  });
  const added = Object.assign({}, ...all) as StringMap;
  return given === undefined && Object.keys(added).length === 0 ? undefined : { ...given, ...added };
}

/** The two annotations of OpenFunction. */
function daprOf(mode: DaprMode | undefined): Said {
  if (mode === undefined) return {};
  const off = mode === DaprMode.OFF;
  return { [ENABLE_DAPR]: String(!off), ...(!off && { [DAPR_SERVICE_MODE]: mode }) };
}

const KEDA = ['serving', 'scaleOptions', 'keda'];

/** The longest that fits applies; `*` is an index, which is carried over. */
const MOVES: readonly Move[] = [
  [['metadata', 'name'], ['name']],
  [['metadata', 'namespace'], ['namespace']],
  [['imageCredentials', 'name'], ['imagePullSecret']],
  [['workloadRuntime'], ['wasmEdge']],
  [['serving', 'triggers'], ['http']],
  [['serving', 'triggers', 'http', 'port'], ['port']],
  [['serving', 'triggers', 'http', 'route', 'gatewayRef'], ['http', 'route', 'gateway']],
  [['serving', 'triggers', 'http'], ['http']],
  [['serving', 'triggers', 'dapr'], ['inputs']],
  [['serving', 'outputs', '*', 'dapr'], ['outputs', '*']],
  [['serving', 'outputs', '*', 'dapr', 'name'], ['outputs', '*', 'component']],
  [['serving', 'outputs', '*', 'dapr', 'type'], ['outputs', '*', 'component']],
  [['serving', 'outputs', '*', 'dapr', 'outputName'], ['outputs', '*', 'name']],
  [['serving', 'outputs'], ['outputs']],
  [['serving', 'workloadType'], ['workload']],
  [['serving', 'scaleOptions'], ['scaling']],
  [KEDA, ['scaling']],
  [[...KEDA, 'scaledObject'], ['scaling']],
  [[...KEDA, 'httpScaledObject'], ['scaling']],
  [[...KEDA, 'scaledJob'], ['scaling', 'job']],
  [[...KEDA, 'scaledJob', 'pollingInterval'], ['scaling', 'pollingInterval']],
  [[...KEDA, 'triggers', '*', 'type'], ['scaling', 'triggers', '*', 'triggerType']],
  [[...KEDA, 'triggers', '*', 'authenticationRef'], ['scaling', 'triggers', '*', 'authentication']],
  [['serving', 'tracing', 'provider', 'name'], ['tracing', 'provider']],
  [['serving', 'tracing', 'provider'], ['tracing']],
  [['serving', 'tracing'], ['tracing']],
  [['serving', 'template'], ['pod']],
  [['serving', 'params'], ['env']],
  ...SAME_NAMED.map((field): Move => [['serving', field], [field]]),
];

const DAPR_MOVES = [ENABLE_DAPR, DAPR_SERVICE_MODE].map((key): Move => [['serving', 'annotations', key], ['dapr']]);

const ACCOUNT_MOVE: Move = [['serving', 'template', 'serviceAccountName'], ['serviceAccount']];

function namesAccount(pod: unknown): boolean {
  return isObject(pod as Json) && (pod as JsonObject).serviceAccountName !== undefined;
}

export function propPaths(props: GrownProps): (path: Path) => Path {
  const { inputs = [], port } = props;
  const moves = [...MOVES];
  if (port !== undefined && !isHttp(props)) moves.push([['serving', 'annotations', DAPR_APP_PORT], ['port']]);
  moves.push(...containerMoves(props));
  if (props.scaling) moves.push(...knativeMoves(props.scaling));
  if (props.states) moves.push(...stateMoves(props.states));
  moves.push(...componentMoves(props.components));
  if (props.dapr !== undefined) moves.push(...DAPR_MOVES);
  if (props.serviceAccount !== undefined && !namesAccount(props.pod)) moves.push(ACCOUNT_MOVE);
  const next = { dapr: 0, inputs: 0 };
  inputs.forEach((input, index) => {
    const list = isState(input) ? 'inputs' : 'dapr';
    const from = ['serving', 'triggers', list, next[list]++, ...(list === 'inputs' ? ['dapr'] : [])];
    const to = ['inputs', index];
    moves.push([from, to], [[...from, 'inputName'], [...to, 'name']]);
    for (const field of ['name', 'type']) moves.push([[...from, field], [...to, 'component']]);
  });
  return originalPaths(moves);
}

/** Fields of the function's container that have props of their own. */
function containerMoves(props: GrownProps): Move[] {
  const containers = objectsIn(isObject(props.pod) ? props.pod.containers as Json : undefined);
  const own = containers.find(([{ name }]) => name === FUNCTION_CONTAINER)?.[1] ?? containers.length;
  const place = ['serving', 'template', 'containers', own];
  const fields = Object.entries(CONTAINER_FIELDS).flatMap(([prop, field]): Move[] => (
    props[prop as keyof typeof CONTAINER_FIELDS] === undefined ? [] : [[[...place, field], [prop]]]
  ));
  return [...fields, ...resourceMoves(place, props.resources ?? {})];
}
