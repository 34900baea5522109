/**
 * v1beta1 → the shape of v1beta2 (docs/spec M5 to M10).
 *
 * The same code places stray fields of the other version, which both are read as. Output: what a v1beta2 function would
 * have said, and the way back from its paths to what the user wrote.
 */
import type { StateShape, TriggerShape } from './component-shape';
import type { HttpShape, ServingShape, SpecShape } from './function-shape';
import { originalPaths, Rewrite } from './original-path';
import type { ScaleOptionsShape } from './scaling-shape';
import type { ApiVersion } from './shape';
import type { Path, Problems } from '../problem/problem';

export interface Upgraded {
  readonly http?: HttpShape;
  readonly dapr: (TriggerShape | undefined)[];
  readonly unreachedInputs: number;
  readonly scaleOptions?: ScaleOptionsShape;
  readonly workloadType?: ServingShape['workloadType'];
  readonly originalPath: (path: Path) => Path;
}

/** `elsewhere` are rewrites of parts that come from other places still, such as annotations. */
export function upgrade(
  spec: SpecShape, serving: ServingShape, version: ApiVersion, elsewhere: readonly Rewrite[], problems: Problems,
): Upgraded {
  const rewrites: Rewrite[] = [];
  const triggers = upgradeTriggers(spec, serving, version, problems, rewrites);
  const scaling = upgradeScaling(serving, version, rewrites);
  // Made now: the way back lives as long as the function does, and what was read need not.
  rewrites.push(...flatPaths(serving));
  return { ...triggers, ...scaling, originalPath: originalPaths([...elsewhere, ...rewrites]) };
}

type Triggers = Pick<Upgraded, 'http' | 'dapr' | 'unreachedInputs'>;

function upgradeTriggers(spec: SpecShape, serving: ServingShape, version: ApiVersion, problems: Problems, rewrites: Rewrite[]): Triggers {
  const { triggers, runtime } = serving;
  // Of a list given in both places, that of the manifest's own version counts.
  const inputs = version === 'v1beta2' && triggers?.dapr !== undefined ? undefined : serving.inputs;
  if (inputs !== undefined) rewrites.push(...INPUT_PATHS);
  else if (triggers?.dapr !== undefined) rewrites.push([DAPR, DAPR]);
  if (version === 'v1beta1') rewrites.push(...V1BETA1_PATHS);
  const events = inputs?.map((input) => input && { ...input, type: typeIn(serving, input.name) }) ?? triggers?.dapr ?? [];
  if (isAsync(serving, version)) {
    reportUnusedHttp(spec, serving, version, problems);
    // Differs: the operator makes an HTTP function of it.
    if (events.length === 0) problems.warn(version === 'v1beta1' ? ['serving', 'inputs'] : ['serving', 'triggers', 'dapr'], 'is empty, so nothing triggers this async function');
    return { dapr: events, unreachedInputs: 0 };
  }
  const http = httpTrigger(spec, triggers?.http, version, rewrites);
  // A manifest of v1beta2 with both kinds of trigger contradicts itself, which is a rule's to say.
  if (triggers?.dapr !== undefined && version === 'v1beta2') return { http, dapr: events, unreachedInputs: 0 };
  const known = runtime !== undefined || version === 'v1beta2';
  if (events.length > 0 && known) problems.warn(['serving', 'inputs'], 'no event reaches a "knative" function; its inputs only count for whether it uses Dapr');
  return { http, dapr: [], unreachedInputs: events.length };
}

/** v1beta1 looks a component up in bindings, then in pubsub. A type that belongs elsewhere has its problem there. */
function typeIn({ bindings, pubsub }: ServingShape, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return [bindings?.[name]?.type, pubsub?.[name]?.type].find((type, index) => type?.startsWith(index === 0 ? 'bindings.' : 'pubsub.'));
}

/** A runtime that could not be read is guessed, so that the rest is checked too. */
function isAsync({ runtime, triggers, inputs }: ServingShape, version: ApiVersion): boolean {
  if (version === 'v1beta1' && runtime !== undefined) return runtime === 'async';
  if (version === 'v1beta1') return (inputs?.length ?? 0) > 0;
  if (triggers?.http !== undefined) return false;
  return (triggers?.dapr ?? (runtime === 'knative' ? [] : inputs) ?? []).length > 0 || runtime === 'async';
}

/** Of a field given in both places, that of the manifest's own version counts. */
function httpTrigger(spec: SpecShape, given: HttpShape | undefined, version: ApiVersion, rewrites: Rewrite[]): HttpShape {
  const pick = <F extends 'port' | 'route'>(field: F): HttpShape[F] => {
    const place: Path = ['serving', 'triggers', 'http', field];
    const old = spec[field] !== undefined;
    const now = given?.[field] !== undefined;
    const above = version === 'v1beta1' ? old || !now : old && !now;
    rewrites.push([place, above ? [field] : place]);
    return above ? spec[field] : given?.[field];
  };
  return { engine: given?.engine, port: pick('port'), route: pick('route') };
}

function reportUnusedHttp(spec: SpecShape, { triggers }: ServingShape, version: ApiVersion, problems: Problems): void {
  for (const field of ['port', 'route'] as const) {
    if (spec[field] !== undefined) problems.warn([field], `has no effect on an async function${field === 'port' ? ', which listens on 8080' : ''}`);
  }
  if (version === 'v1beta1' && triggers?.http !== undefined) problems.warn(['serving', 'triggers', 'http'], 'has no effect on an async function');
}

type Scaling = Pick<Upgraded, 'scaleOptions' | 'workloadType'>;
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

function upgradeScaling({ scaleOptions, workloadType, triggers }: ServingShape, version: ApiVersion, rewrites: Rewrite[]): Scaling {
  if (scaleOptions === undefined && triggers?.keda === undefined) return { workloadType };
  const keda = scaleOptions?.keda;
  const { scaledObject, scaledJob } = keda ?? {};
  const job = version === 'v1beta1' && scaledJob !== undefined ? 'Job' as const : undefined;
  /** Places of v1beta1 rank above what stands in its place of v1beta2 only in a manifest of v1beta1. */
  const pick = <T>(inPlace: T | undefined, target: Path, old: T | undefined, place: Path): T | undefined => {
    if (old === undefined || (inPlace !== undefined && version === 'v1beta2')) return inPlace;
    rewrites.push([target, place]);
    return old;
  };
  const minReplicas = pick(scaleOptions?.minReplicas, MIN_REPLICAS, scaledObject?.minReplicaCount, MIN_OF_OBJECT);
  const maxReplicas = scaledJob?.maxReplicaCount === undefined
    ? pick(scaleOptions?.maxReplicas, MAX_REPLICAS, scaledObject?.maxReplicaCount, MAX_OF_OBJECT)
    : pick(scaleOptions?.maxReplicas, MAX_REPLICAS, scaledJob.maxReplicaCount, MAX_OF_JOB);
  const kind = job === undefined
    ? pick(workloadType, WORKLOAD_TYPE, scaledObject?.workloadType, TYPE_OF_OBJECT)
    : pick(workloadType, WORKLOAD_TYPE, job, JOB);
  const kedaTriggers = pick(keda?.triggers, KEDA_TRIGGERS, triggers?.keda, TRIGGERS);
  return {
    workloadType: kind,
    scaleOptions: {
      ...scaleOptions,
      minReplicas,
      maxReplicas,
      ...(kedaTriggers !== undefined || keda !== undefined ? { keda: { ...keda, triggers: kedaTriggers } } : {}),
    },
  };
}

const DAPR: Path = ['serving', 'triggers', 'dapr'];

/** Where v1beta1 says, or would say, what triggers a function. */
const V1BETA1_PATHS: Rewrite[] = [
  [['serving', 'triggers'], ['serving', 'runtime']],
  [['serving', 'triggers', 'inputs'], ['serving', 'triggers', 'inputs']],
  [DAPR, ['serving', 'inputs']],
  [['serving', 'triggers', 'http'], ['serving', 'runtime']],
  [['serving', 'triggers', 'http', 'engine'], ['serving', 'runtime']],
];

const INPUT_PATHS: Rewrite[] = [
  [['serving', 'triggers', 'dapr', '*'], ['serving', 'inputs', '*']],
  [['serving', 'triggers', 'dapr', '*', 'name'], ['serving', 'inputs', '*', 'component']],
  [['serving', 'triggers', 'dapr', '*', 'type'], ['serving', 'inputs', '*', 'component']],
  [['serving', 'triggers', 'dapr', '*', 'inputName'], ['serving', 'inputs', '*', 'name']],
];

/** Outputs and states that were written flat. */
function flatPaths({ outputs, states }: ServingShape): Rewrite[] {
  const rewrites: Rewrite[] = [];
  outputs?.forEach((output, index) => {
    if (output?.flat !== true) return;
    const to: Path = ['serving', 'outputs', index];
    const from = [...to, 'dapr'];
    rewrites.push([from, to], [[...from, 'name'], [...to, 'component']], [[...from, 'type'], [...to, 'component']],
      [[...from, 'outputName'], [...to, 'name']], [[...from, 'metadata'], [...to, 'params']]);
  });
  for (const [name, state] of Object.entries<StateShape | undefined>(states ?? {})) {
    if (state?.flat === true) rewrites.push([['serving', 'states', name, 'spec'], ['serving', 'states', name]]);
  }
  return rewrites;
}
