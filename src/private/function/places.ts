/**
 * Which of two places applies where the versions differ (docs/spec M5 to M10), and the way back for messages.
 *
 * The same code serves both versions, since stray fields of the other one are read too.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ServingRead, SpecRead } from './fields';
import type { HttpTriggerModel, ServingModel } from './function-model';
import type { ApiVersion, Move, Place } from './readers';
import type { ScalingModel } from './scaling';
import { present } from '../kubernetes/json';
import { formatPath, Path, Problems } from '../problem/problem';

export function originalPaths(moves: readonly Move[]): (path: Path) => Path {
  return (path) => {
    let best: Move | undefined;
    for (const move of moves) {
      if (move[0].length > (best?.[0].length ?? 0) && startsWith(path, move[0])) best = move;
    }
    return best === undefined ? path : moved(path, best);
  };
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.every((key, index) => path[index] === key || (key === '*' && typeof path[index] === 'number'));
}

function moved(path: Path, [from, to]: Move): Path {
  const carried = path.slice(0, from.length).filter((_, index) => from[index] === '*');
  return [...to.map((key) => (key === '*' ? carried.shift() ?? key : key)), ...path.slice(from.length)];
}

/** Where the moves go, and what version the manifest is of. */
export type At = Required<Place>;
type Triggers = Pick<ServingModel, 'http' | 'dapr' | 'unreachedInputs'>;

export function placeTriggers(spec: SpecRead, serving: ServingRead, { version, problems, moves }: At): Triggers {
  const { triggers, runtime } = serving;
  // Given in both places, the list of the manifest's own version is taken.
  const inputs = version === 'v1beta2' && triggers?.dapr !== undefined ? undefined : serving.inputs;
  if (inputs !== undefined) moves.push(...INPUT_PATHS);
  else if (triggers?.dapr !== undefined) moves.push([DAPR, DAPR]);
  if (version === 'v1beta1') moves.push(...V1BETA1_PATHS);
  const typed = inputs?.map((input) => input && { ...input, type: typeIn(serving, input.name) });
  const events = typed ?? triggers?.dapr ?? [];
  if (isAsync(serving, version)) {
    reportUnusedHttp(spec, serving, version, problems);
    // Differs: the operator makes an HTTP function of it.
    const place = version === 'v1beta1' ? ['serving', 'inputs'] : DAPR;
    if (events.length === 0) problems.warn(place, 'is empty, so nothing triggers this async function');
    return { dapr: present(events), unreachedInputs: 0 };
  }
  const http = httpTrigger(spec, triggers?.http, version, moves);
  // A manifest of v1beta2 with both kinds of trigger contradicts itself, which is a rule's to say.
  if (triggers?.dapr !== undefined && version === 'v1beta2') return { http, dapr: present(events), unreachedInputs: 0 };
  const known = runtime !== undefined || version === 'v1beta2';
  if (events.length > 0 && known) {
    const why = 'no event reaches a "knative" function; its inputs only decide whether it uses Dapr';
    problems.warn(['serving', 'inputs'], why);
  }
  return { http, dapr: [], unreachedInputs: events.length };
}

/** v1beta1 looks a component up in bindings, then in pubsub. A type that belongs elsewhere has its problem there. */
function typeIn({ bindings, pubsub }: ServingRead, name: string): string | undefined {
  const [binding, topic] = [bindings?.[name]?.type, pubsub?.[name]?.type];
  if (binding?.startsWith('bindings.') === true) return binding;
  return topic?.startsWith('pubsub.') === true ? topic : undefined;
}

/** A runtime that could not be read is guessed, so that the rest is checked too. */
function isAsync({ runtime, triggers, inputs }: ServingRead, version: ApiVersion): boolean {
  if (version === 'v1beta1' && runtime !== undefined) return runtime === 'async';
  if (version === 'v1beta1') return (inputs?.length ?? 0) > 0;
  if (triggers?.http !== undefined) return false;
  return (triggers?.dapr ?? (runtime === 'knative' ? [] : inputs) ?? []).length > 0 || runtime === 'async';
}

/** Given in both places, the field of the manifest's own version is taken. */
function httpTrigger(
  spec: SpecRead, given: HttpTriggerModel | undefined, version: ApiVersion, moves: Move[],
): HttpTriggerModel {
  const pick = <F extends 'port' | 'route'>(field: F): HttpTriggerModel[F] => {
    const place: Path = ['serving', 'triggers', 'http', field];
    const old = spec[field] !== undefined;
    const now = given?.[field] !== undefined;
    const above = version === 'v1beta1' ? old || !now : old && !now;
    moves.push([place, above ? [field] : place]);
    return above ? spec[field] : given?.[field];
  };
  return { engine: given?.engine, port: pick('port'), route: pick('route') };
}

function reportUnusedHttp(spec: SpecRead, { triggers }: ServingRead, version: ApiVersion, problems: Problems): void {
  const unused = 'has no effect on an async function';
  const listens = `${unused}; its annotation dapr.io/app-port says where it listens`;
  if (spec.port !== undefined) problems.warn(['port'], listens);
  if (spec.route !== undefined) problems.warn(['route'], unused);
  if (version === 'v1beta1' && triggers?.http !== undefined) problems.warn(['serving', 'triggers', 'http'], unused);
}

const OPTIONS: Path = ['serving', 'scaleOptions'];
const MIN_REPLICAS: Path = [...OPTIONS, 'minReplicas'];
const MAX_REPLICAS: Path = [...OPTIONS, 'maxReplicas'];
const WORKLOAD_TYPE: Path = ['serving', 'workloadType'];
const KEDA_TRIGGERS: Path = [...OPTIONS, 'keda', 'triggers'];
const MIN_OF_OBJECT: Path = [...OPTIONS, 'keda', 'scaledObject', 'minReplicaCount'];
const MAX_OF_OBJECT: Path = [...OPTIONS, 'keda', 'scaledObject', 'maxReplicaCount'];
const MAX_OF_JOB: Path = [...OPTIONS, 'keda', 'scaledJob', 'maxReplicaCount'];
const TYPE_OF_OBJECT: Path = [...OPTIONS, 'keda', 'scaledObject', 'workloadType'];
const JOB: Path = [...OPTIONS, 'keda', 'scaledJob'];
const TRIGGERS: Path = ['serving', 'triggers'];

type Scaling = Pick<ServingModel, 'scaling' | 'workloadType'>;

/** v1beta1 has replica counts and the workload in KEDA's blocks, and KEDA's triggers at `serving.triggers`. */
export function placeScaling(serving: ServingRead, { version, moves, problems }: At): Scaling {
  const { scaleOptions = {}, workloadType } = serving;
  const { keda, knative = {} } = scaleOptions;
  const {
    workloadType: workload, minReplicaCount: min, maxReplicaCount: max, ...scaledObject
  } = keda?.scaledObject ?? {};
  const { maxReplicaCount: maxOfJob, ...scaledJob } = keda?.scaledJob ?? {};
  /** Given in both places, that of the manifest's own version is taken. */
  const pick = <T>(inPlace: T | undefined, target: Path, old: T | undefined, place: Path): T | undefined => {
    const here = inPlace !== undefined && version === 'v1beta2';
    if (inPlace !== undefined && old !== undefined && !isDeepStrictEqual(inPlace, old)) {
      problems.warn(here ? place : target, `differs from ${formatPath(here ? target : place)}, which is used`);
    }
    if (old === undefined || here) return inPlace;
    moves.push([target, place]);
    return old;
  };
  const job = version === 'v1beta1' && keda?.scaledJob !== undefined;
  const scaling: ScalingModel = {
    minReplicas: pick(scaleOptions.minReplicas, MIN_REPLICAS, min, MIN_OF_OBJECT),
    maxReplicas: maxOfJob === undefined
      ? pick(scaleOptions.maxReplicas, MAX_REPLICAS, max, MAX_OF_OBJECT)
      : pick(scaleOptions.maxReplicas, MAX_REPLICAS, maxOfJob, MAX_OF_JOB),
    knative,
    keda: keda !== undefined,
    scaledObject: keda?.scaledObject && scaledObject,
    scaledJob: keda?.scaledJob && scaledJob,
    httpScaledObject: keda?.httpScaledObject,
    triggers: pick(keda?.triggers, KEDA_TRIGGERS, serving.triggers?.keda, TRIGGERS) ?? [],
  };
  const kind = job
    ? pick(workloadType, WORKLOAD_TYPE, 'Job', JOB)
    : pick(workloadType, WORKLOAD_TYPE, workload, TYPE_OF_OBJECT);
  return { scaling, workloadType: kind };
}

const DAPR: Path = ['serving', 'triggers', 'dapr'];

/** Where v1beta1 says, or would say, what triggers a function. */
const V1BETA1_PATHS: Move[] = [
  [['serving', 'triggers'], ['serving', 'runtime']],
  [['serving', 'triggers', 'inputs'], ['serving', 'triggers', 'inputs']],
  [DAPR, ['serving', 'inputs']],
  [['serving', 'triggers', 'http'], ['serving', 'runtime']],
  [['serving', 'triggers', 'http', 'engine'], ['serving', 'runtime']],
];

const INPUT_PATHS: Move[] = [
  [['serving', 'triggers', 'dapr', '*'], ['serving', 'inputs', '*']],
  [['serving', 'triggers', 'dapr', '*', 'name'], ['serving', 'inputs', '*', 'component']],
  [['serving', 'triggers', 'dapr', '*', 'type'], ['serving', 'inputs', '*', 'component']],
  [['serving', 'triggers', 'dapr', '*', 'inputName'], ['serving', 'inputs', '*', 'name']],
];
