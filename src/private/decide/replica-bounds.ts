/** Replica bounds, wherever they are said (docs/spec M44, M45, M119). */
import type { Check, Unread } from './check';
import type { FunctionModel } from '../function/function-model';
import type { StringMap } from '../kubernetes/json';
import { Path, show } from '../problem/problem';

/** OpenFunction's default, used for this check only. */
const DEFAULT_MAX = 10;
/** The second spelling is old; Knative reads it still. */
const SCALE_KEYS = {
  min: ['autoscaling.knative.dev/min-scale', 'autoscaling.knative.dev/minScale'],
  max: ['autoscaling.knative.dev/max-scale', 'autoscaling.knative.dev/maxScale'],
} as const;
const OPTIONS: Path = ['serving', 'scaleOptions'];
const MAXIMA: readonly Path[] = [
  [...OPTIONS, 'maxReplicas'], [...OPTIONS, 'keda', 'scaledObject', 'maxReplicaCount'], [...OPTIONS, 'keda', 'scaledJob', 'maxReplicaCount'],
];
/** Knative reads an int32. */
const MAX_SCALE_VALUE = 2 ** 31 - 1;

interface Bound {
  readonly value: number;
  readonly path: Path;
  /** Knative takes a maximum of 0 in an annotation for "no limit". */
  readonly annotation: boolean;
}

export const scaleAnnotations: Check = (model, problems) => {
  if (!isKnative(model)) return;
  for (const [map, path] of annotationMaps(model)) {
    for (const key of [...SCALE_KEYS.min, ...SCALE_KEYS.max]) {
      if (Object.hasOwn(map, key) && !isCount(map[key])) problems.error([...path, key], `${show(map[key])} is no number of replicas; give "0" to "${MAX_SCALE_VALUE}"`);
    }
  }
};

export const minWithinMax: Check = (model, problems, unread) => {
  const min = bound(model, 'min');
  if (min === undefined || min.value === 0) return;
  const max = bound(model, 'max');
  if (max === undefined && isMaximumGiven(model, unread)) return;
  if (max?.annotation === true && max.value === 0) return;
  if (min.value <= (max?.value ?? DEFAULT_MAX)) return;
  problems.error(min.path, max === undefined
    ? `${min.value} is above the default maximum of ${DEFAULT_MAX}; give a maximum too`
    : `${min.value} is above the maximum of ${max.value}`);
};

/** Given, though not as a number: then no default counts. */
function isMaximumGiven(model: FunctionModel, unread: Unread): boolean {
  const annotated = isKnative(model) && annotationMaps(model).some(([map]) => SCALE_KEYS.max.some((key) => Object.hasOwn(map, key)));
  return annotated || MAXIMA.some((path) => unread(path));
}

/** KEDA would never start the function. */
export const maxUnderKeda: Check = ({ serving }, problems) => {
  const { maxReplicas, keda, triggers } = serving.scaling;
  const underKeda = serving.http === undefined ? keda || triggers.length > 0 : serving.http.engine === 'keda';
  if (maxReplicas === 0 && underKeda) problems.error([...OPTIONS, 'maxReplicas'], '0 would never let the function run under KEDA; give 1 or more');
};

/** The bound that counts: `scaleOptions.knative` over replica counts over annotations. */
function bound(model: FunctionModel, end: 'min' | 'max'): Bound | undefined {
  const { scaling } = model.serving;
  const field = end === 'min' ? 'minReplicas' : 'maxReplicas';
  const count = scaling[field];
  const ofField = count === undefined ? undefined : { value: count, path: [...OPTIONS, field], annotation: false };
  if (!isKnative(model)) return ofField;
  const { knative } = scaling;
  const { annotations } = model.serving;
  return annotationBound(knative, [...OPTIONS, 'knative'], end) ?? ofField ?? annotationBound(annotations, ['serving', 'annotations'], end);
}

function annotationBound(map: StringMap, path: Path, end: 'min' | 'max'): Bound | undefined {
  const key = SCALE_KEYS[end].find((each) => Object.hasOwn(map, each) && isCount(map[each]));
  return key === undefined ? undefined : { value: Number(map[key]), path: [...path, key], annotation: true };
}

function isCount(value: string): boolean {
  return /^\d{1,10}$/.test(value) && Number(value) <= MAX_SCALE_VALUE;
}

function annotationMaps({ serving }: FunctionModel): [StringMap, Path][] {
  return [[serving.scaling.knative, [...OPTIONS, 'knative']], [serving.annotations, ['serving', 'annotations']]];
}

function isKnative({ serving }: FunctionModel): boolean {
  return serving.http !== undefined && serving.http.engine !== 'keda';
}
