/** KEDA's blocks: which go together, and what KEDA and the autoscaler behind it accept. */
import { MAX_SCALE, MIN_SCALE, OLD_MAX_SCALE, OLD_MIN_SCALE } from './knative';
import type { Check, Outline, Unread } from './outline';
import type { FunctionModel } from '../function/function-model';
import { isObject, Json, JsonObject, objectsIn, StringMap } from '../kubernetes/json';
import { Path, Problems, show } from '../problem/problem';
import { reaches, TargetsModel, titleOf } from '../settings/targets';

const OPTIONS: Path = ['serving', 'scaleOptions'];
const KEDA: Path = [...OPTIONS, 'keda'];

const BLOCKS = ['scaledJob', 'scaledObject', 'httpScaledObject'] as const;
const MAX_STABILIZATION_SECONDS = 3600;
const MAX_PERIOD_SECONDS = 1800;

export const oneKedaBlock: Check = ({ serving }, problems) => {
  const given = BLOCKS.filter((block) => serving.scaling[block] !== undefined);
  if (given.length > 1) problems.error(KEDA, `${given.map(show).join(' and ')} exclude each other; give one of them`);
};

export const blockFitsWorkload: Check = ({ source, serving }, problems, unread) => {
  const { scaledJob, scaledObject } = serving.scaling;
  if (scaledJob !== undefined && scaledObject !== undefined) return;
  if (unread(['serving', 'workloadType'])) return;
  const job = serving.workloadType === 'Job';
  // v1beta1 has no workload type for jobs: there the block itself makes one.
  if (scaledJob !== undefined && !job && source.apiVersion === 'v1beta2') {
    const workload = serving.workloadType ?? 'Deployment';
    problems.error(
      [...KEDA, 'scaledJob'],
      `scales a Job, and the workload is a ${workload}; give serving.workloadType: Job`,
    );
  }
  if (scaledObject !== undefined && job) {
    problems.error([...KEDA, 'scaledObject'], 'cannot scale a Job; give scaledJob instead');
  }
};

/** KEDA refuses another one. */
export const idleReplicas: Check = ({ serving: { scaling } }, problems) => {
  const idle = scaling.extras?.scaler?.idleReplicas;
  const { minReplicas = 0 } = scaling;
  if (idle === undefined || idle < minReplicas) return;
  problems.error(['scaling', 'idleReplicas'], `${idle} is not below minReplicas, which is ${minReplicas}`);
};

export const customStrategy: Check = ({ serving }, problems) => {
  const { scalingStrategy } = serving.scaling.scaledJob ?? {};
  if (scalingStrategy?.strategy !== 'custom') return;
  const needed = {
    customScalingQueueLengthDeduction: 'a number of 0 or more',
    customScalingRunningJobPercentage: 'a fraction such as "0.5"',
  };
  for (const field of Object.keys(needed) as (keyof typeof needed)[]) {
    if (scalingStrategy[field] !== undefined) continue;
    const path = [...KEDA, 'scaledJob', 'scalingStrategy', field];
    problems.error(path, `is missing; strategy "custom" needs ${needed[field]}`);
  }
};

export const triggerNames: Check = ({ serving }, problems) => {
  const seen = new Set<string>();
  serving.scaling.triggers.forEach(({ name }, index) => {
    if (name === undefined) return;
    const path = [...KEDA, 'triggers', index, 'name'];
    if (seen.has(name)) problems.error(path, `${show(name)} is the name of another trigger`);
    seen.add(name);
  });
};

export const autoscalerBehavior: Check = ({ serving }, problems) => {
  const config = serving.scaling.scaledObject?.advanced?.horizontalPodAutoscalerConfig;
  const behavior = isObject(config) ? config.behavior : undefined;
  if (!isObject(behavior)) return;
  const path = [...KEDA, 'scaledObject', 'advanced', 'horizontalPodAutoscalerConfig', 'behavior'];
  for (const direction of ['scaleUp', 'scaleDown']) {
    const rules = behavior[direction];
    if (isObject(rules)) checkScalingRules(rules, [...path, direction], problems);
  }
};

function checkScalingRules(rules: JsonObject, path: Path, problems: Problems): void {
  const windowPath = [...path, 'stabilizationWindowSeconds'];
  within(rules.stabilizationWindowSeconds, 0, MAX_STABILIZATION_SECONDS, windowPath, problems);
  among(rules.selectPolicy, ['Max', 'Min', 'Disabled'], [...path, 'selectPolicy'], problems);
  const policies = Array.isArray(rules.policies) ? rules.policies : [];
  policies.forEach((policy, index) => {
    if (!isObject(policy)) return;
    const at = [...path, 'policies', index];
    for (const field of ['type', 'value', 'periodSeconds']) {
      if (policy[field] === undefined || policy[field] === null) {
        problems.error([...at, field], 'is missing; a scaling policy needs "type", "value" and "periodSeconds"');
      }
    }
    among(policy.type, ['Pods', 'Percent'], [...at, 'type'], problems);
    within(policy.value, 1, 2 ** 31 - 1, [...at, 'value'], problems);
    within(policy.periodSeconds, 1, MAX_PERIOD_SECONDS, [...at, 'periodSeconds'], problems);
  });
}

/** Values of another type pass: the schema checks types. */
function within(value: Json | undefined, min: number, max: number, path: Path, problems: Problems): void {
  if (typeof value === 'number' && (value < min || value > max)) {
    problems.error(path, `${value} is outside ${min}..${max}`);
  }
}

function among(value: Json | undefined, allowed: string[], path: Path, problems: Problems): void {
  if (typeof value === 'string' && !allowed.includes(value)) problems.notOneOf(path, value, allowed);
}

/** OpenFunction's default, used for this check only. */
const DEFAULT_MAX = 10;
const SCALE_KEYS = { min: [MIN_SCALE, OLD_MIN_SCALE], max: [MAX_SCALE, OLD_MAX_SCALE] } as const;
const MAXIMA: readonly Path[] = [
  [...OPTIONS, 'maxReplicas'],
  [...OPTIONS, 'keda', 'scaledObject', 'maxReplicaCount'],
  [...OPTIONS, 'keda', 'scaledJob', 'maxReplicaCount'],
];
/** Knative reads an int32. */
const MAX_SCALE_VALUE = 2 ** 31 - 1;

interface Bound {
  readonly value: number;
  readonly path: Path;
  /** Knative takes a maximum of 0 in an annotation for "no limit". */
  readonly annotation: boolean;
}

export const scaleAnnotations: Check = (fn, problems) => {
  if (fn.workload !== 'KnativeService') return;
  for (const [map, path] of annotationMaps(fn)) {
    for (const key of [...SCALE_KEYS.min, ...SCALE_KEYS.max]) {
      if (!Object.hasOwn(map, key) || isCount(map[key])) continue;
      const message = `${show(map[key])} is not a number of replicas; give "0" to "${MAX_SCALE_VALUE}"`;
      problems.error([...path, key], message);
    }
  }
};

export const minWithinMax: Check = (fn, problems, unread) => {
  const min = bound(fn, 'min');
  if (min === undefined || min.value === 0) return;
  const max = bound(fn, 'max');
  if (max === undefined && isMaximumGiven(fn, unread)) return;
  if (max?.annotation === true && max.value === 0) return;
  if (min.value <= (max?.value ?? DEFAULT_MAX)) return;
  problems.error(min.path, max === undefined
    ? `${min.value} is above the default maximum of ${DEFAULT_MAX}; give a maximum too`
    : `${min.value} is above the maximum of ${max.value}`);
};

/** Given, though not as a number: then no default applies. */
function isMaximumGiven(fn: Outline, unread: Unread): boolean {
  const hasMaximum = (map: StringMap) => SCALE_KEYS.max.some((key) => Object.hasOwn(map, key));
  const annotated = fn.workload === 'KnativeService' && annotationMaps(fn).some(([map]) => hasMaximum(map));
  return annotated || MAXIMA.some((path) => unread(path));
}

/** KEDA would never start the function. */
export const maxUnderKeda: Check = ({ serving, engine, dapr }, problems) => {
  const { maxReplicas, keda, triggers } = serving.scaling;
  const onPendingEvents = dapr.mode === 'standalone' && serving.dapr.length > 0;
  const underKeda = engine === undefined ? keda || triggers.length > 0 || onPendingEvents : engine === 'keda';
  if (maxReplicas === 0 && underKeda) {
    problems.error([...OPTIONS, 'maxReplicas'], '0 would never let the function run under KEDA; give 1 or more');
  }
};

/** The bound that applies: `scaleOptions.knative` over replica counts over annotations. */
export function bound({ serving, workload }: Outline, end: 'min' | 'max'): Bound | undefined {
  const { scaling, annotations } = serving;
  const field = end === 'min' ? 'minReplicas' : 'maxReplicas';
  const count = scaling[field];
  const ofField = count === undefined ? undefined : { value: count, path: [...OPTIONS, field], annotation: false };
  if (workload !== 'KnativeService') return ofField;
  const { knative } = scaling;
  return annotationBound(knative, [...OPTIONS, 'knative'], end)
    ?? ofField
    ?? annotationBound(annotations, ['serving', 'annotations'], end);
}

function annotationBound(map: StringMap, path: Path, end: 'min' | 'max'): Bound | undefined {
  const key = SCALE_KEYS[end].find((each) => Object.hasOwn(map, each) && isCount(map[each]));
  return key === undefined ? undefined : { value: Number(map[key]), path: [...path, key], annotation: true };
}

function isCount(value: string): boolean {
  return /^\d{1,10}$/.test(value) && Number(value) <= MAX_SCALE_VALUE;
}

function annotationMaps({ serving }: Outline): [StringMap, Path][] {
  return [[serving.scaling.knative, [...OPTIONS, 'knative']], [serving.annotations, ['serving', 'annotations']]];
}

const RESOURCES = ['cpu', 'memory'];
const NO_CACHE = [...RESOURCES, 'cron'];

interface Scaled {
  /** The user's triggers are the only ones; the proxy adds none. */
  readonly alone: boolean;
  readonly targets: TargetsModel | undefined;
}

export function checkScaledObject(model: FunctionModel, { alone, targets }: Scaled, problems: Problems): void {
  if (alone) {
    checkFallback(model, targets, problems);
    checkZero(model, problems);
  }
  checkRequests(model, targets, problems);
  model.serving.scaling.triggers.forEach(({ type, useCachedMetrics }, index) => {
    if (useCachedMetrics !== true || !NO_CACHE.includes(type)) return;
    const path = [...KEDA, 'triggers', index, 'useCachedMetrics'];
    problems.error(path, `is not supported by the ${type} scaler; leave it out`);
  });
}

const SAY_TARGET = 'with a later one, say so in "targets" of the platform settings';

/** Since 2.18 a metric of any type can fall back; before, modifiers or a trigger must give an average. */
function checkFallback(
  { serving: { scaling: { scaledObject, triggers } } }: FunctionModel, targets: TargetsModel | undefined,
  problems: Problems,
): void {
  if (scaledObject?.fallback === undefined) return;
  const average = !reaches(targets, 'keda', '2.18');
  const modifiers = scaledObject.advanced?.scalingModifiers;
  // Which KEDA there is may not be known: the oldest that is supported refuses what the newest takes.
  const isOpen = targets?.keda === undefined;
  if (isObject(modifiers) && Object.keys(modifiers).length > 0) {
    if (modifiers.metricType !== 'Value') return;
    const at = [...KEDA, 'scaledObject', 'advanced', 'scalingModifiers', 'metricType'];
    const message = 'must be "AverageValue" for a fallback';
    if (average) problems.error(at, `${message}; ${titleOf(targets, 'keda')} refuses "Value"`);
    else if (isOpen) problems.warn(at, `${message} before KEDA 2.18; ${SAY_TARGET}`);
    return;
  }
  const path = [...KEDA, 'scaledObject', 'fallback'];
  const others = triggers.filter(({ type }) => !RESOURCES.includes(type));
  if (others.length === 0) {
    problems.error(path, 'needs a trigger other than cpu and memory');
  } else if (others.every(({ metricType }) => metricType !== undefined && metricType !== 'AverageValue')) {
    const message = 'needs a trigger other than cpu and memory with "metricType: AverageValue"';
    if (average) problems.error(path, `${message} for ${titleOf(targets, 'keda')}`);
    else if (isOpen) problems.warn(path, `${message} before KEDA 2.18; ${SAY_TARGET}`);
  } else if (!reaches(targets, 'keda', '2.17.1') && others.every(({ metricType }) => metricType === undefined)) {
    problems.warn(
      path,
      'is refused by KEDA 2.17.0 unless a trigger other than cpu and memory says "metricType: AverageValue"',
    );
  }
}

function checkZero({ serving: { scaling: { minReplicas = 0, triggers } } }: FunctionModel, problems: Problems): void {
  if (minReplicas > 0 || triggers.length === 0 || !triggers.every(({ type }) => RESOURCES.includes(type))) return;
  const types = [...new Set(triggers.map(({ type }) => type))].sort().join(' and ');
  problems.error(
    [...OPTIONS, 'minReplicas'],
    `${types} alone cannot scale from zero; give 1 or more, or another trigger`,
  );
}

/** A LimitRange of the namespace can give what is missing. Since 2.21 KEDA reads what the pod as a whole asks for. */
function checkRequests(
  { serving: { scaling, template } }: FunctionModel, targets: TargetsModel | undefined, problems: Problems,
): void {
  const pod = template !== undefined && reaches(targets, 'keda', '2.21') ? template : {};
  const containers = objectsIn(template?.containers).map(([container]) => container);
  const own = containers.some(({ name }) => name === FUNCTION) ? containers : [{ name: FUNCTION }, ...containers];
  scaling.triggers.forEach(({ type, metadata: { containerName = '' } }, index) => {
    if (!RESOURCES.includes(type) || (containerName === '' && asksFor(pod, type))) return;
    const judged = own.filter(({ name }) => containerName === '' || name === containerName);
    const without = judged.find((container) => !asksFor(container, type));
    if (without === undefined) return;
    problems.warn([...KEDA, 'triggers', index], `needs a ${type} request of the container ${show(without.name)}; `
      + 'KEDA refuses the trigger unless a LimitRange of the namespace gives one');
  });
}

const FUNCTION = 'function';

function asksFor({ resources }: JsonObject, type: string): boolean {
  if (!isObject(resources)) return false;
  const nothing: unknown[] = [undefined, null, 0, '0'];
  return [resources.requests, resources.limits]
    .some((amounts) => isObject(amounts) && !nothing.includes(amounts[type]));
}
