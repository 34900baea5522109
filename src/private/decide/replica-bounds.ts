/** Replica bounds, wherever they are given (docs/spec M44, M45, M119). */
import { MAX_SCALE, MIN_SCALE, OLD_MAX_SCALE, OLD_MIN_SCALE } from './knative';
import type { Check, Outline, Unread } from './outline';
import type { StringMap } from '../kubernetes/json';
import { Path, show } from '../problem/problem';

/** OpenFunction's default, used for this check only. */
const DEFAULT_MAX = 10;
const SCALE_KEYS = { min: [MIN_SCALE, OLD_MIN_SCALE], max: [MAX_SCALE, OLD_MAX_SCALE] } as const;
const OPTIONS: Path = ['serving', 'scaleOptions'];
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
function bound({ serving, workload }: Outline, end: 'min' | 'max'): Bound | undefined {
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
