/** Values of `autoscaling.knative.dev/*`, as Knative's webhook takes them (docs/spec M44, M119). */
import type { Check, Outline } from './outline';
import { parseGoDuration } from '../kubernetes/go-duration';
import type { StringMap } from '../kubernetes/json';
import { didYouMean, nearest, notOneOf, Path, show } from '../problem/problem';

const PREFIX = 'autoscaling.knative.dev/';
export const KPA = `kpa.${PREFIX.slice(0, -1)}`;
export const HPA = `hpa.${PREFIX.slice(0, -1)}`;
const HOUR = 3600;
/** Knative refuses 0 here unless its ConfigMap `config-autoscaler` says otherwise. */
export const INITIAL_SCALE = `${PREFIX}initial-scale`;
/** As Knative still reads it. */
export const OLD_INITIAL_SCALE = `${PREFIX}initialScale`;
export const AUTOSCALER_CLASS = `${PREFIX}class`;

type Value = (value: string, all: StringMap) => string | undefined;

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const within = (min: number, max: number): Value => (value) => {
  const isInside = NUMBER.test(value) && Number(value) >= min && Number(value) <= max;
  return isInside ? undefined : `${show(value)} is outside ${min}..${max}`;
};
const atLeast = (min: number): Value => (value) =>
  (NUMBER.test(value) && Number(value) >= min ? undefined : `${show(value)} is not a number of ${min} or more`);
const count = (min: number): Value => (value) => {
  const isCount = /^\+?\d+$/.test(value) && Number(value) >= min;
  return isCount ? undefined : `${show(value)} is not a number of replicas of ${min} or more`;
};

const duration = (min: number, max: number, whole: boolean): Value => (value) => {
  const seconds = parseGoDuration(value);
  if (seconds === undefined) return `${show(value)} is not a duration such as "60s" or "1m30s"`;
  if (seconds < min || seconds > max) return `${show(value)} is outside ${min}s..${max / HOUR}h`;
  return whole && !Number.isInteger(seconds) ? `${show(value)} has parts of a second` : undefined;
};

const burst: Value = (value) => (NUMBER.test(value) && (Number(value) >= 0 || Number(value) === -1)
  ? undefined : `${show(value)} is not a number of 0 or more, or -1`);

/** Classes of other autoscalers end differently. */
const classValue: Value = (value) => {
  const isWrong = value.endsWith(PREFIX.slice(0, -1)) && value !== KPA && value !== HPA;
  return isWrong ? notOneOf(value, [KPA, HPA]) : undefined;
};

/** Other autoscalers have metrics of their own. */
const metric: Value = (value, all) => {
  const autoscaler = all[`${PREFIX}class`] ?? KPA;
  const metrics = ['concurrency', 'rps'];
  return autoscaler === KPA && !metrics.includes(value) ? notOneOf(value, metrics) : undefined;
};

const algorithm: Value = (value, all) => {
  const algorithms = ['linear', 'weightedExponential', 'weighted-exponential'];
  const isWrong = all[`${PREFIX}class`] === KPA && value !== '' && !algorithms.includes(value);
  return isWrong ? notOneOf(value, algorithms) : undefined;
};

const none: Value = () => undefined;

/** By name after the prefix; the bounds and the concurrency are checked with what else says them. */
const VALUES: Readonly<Record<string, Value>> = {
  'class': classValue,
  'min-scale': none,
  'max-scale': none,
  'container-concurrency': none,
  'initial-scale': count(0),
  'activation-scale': count(2),
  'metric': metric,
  'metric-aggregation-algorithm': algorithm,
  'target': atLeast(0.01),
  'target-utilization-percentage': within(1, 100),
  'target-burst-capacity': burst,
  'panic-window-percentage': within(1, 100),
  'panic-threshold-percentage': within(110, 1000),
  'window': duration(6, HOUR, true),
  'scale-down-delay': duration(0, HOUR, true),
  'scale-to-zero-pod-retention-period': duration(0, HOUR, false),
};
const NAMES = Object.keys(VALUES);

export const knativeAnnotations: Check = (fn, problems) => {
  if (fn.workload !== 'KnativeService') return;
  const all = { ...fn.serving.annotations, ...fn.serving.scaling.knative };
  for (const [map, path, block] of maps(fn)) {
    for (const [key, value] of Object.entries(map)) {
      const at = [...path, key];
      const name = known(key);
      if (name !== undefined) {
        const wrong = VALUES[name](value, all);
        if (wrong !== undefined) problems.error(at, wrong);
      } else if (key.startsWith(PREFIX)) {
        const hint = didYouMean(key, NAMES.map((each) => PREFIX + each));
        problems.warn(at, `is not an annotation that Knative's autoscaler reads${hint}`);
      } else if (block && !key.includes('/')) {
        const near = nearest(key, NAMES);
        const hint = near === undefined ? '' : `; did you mean ${show(PREFIX + near)}?`;
        problems.warn(at, `has no effect: annotations of Knative's autoscaler begin with ${show(PREFIX)}${hint}`);
      }
    }
  }
};

/** The older spelling is in camel case. */
function known(key: string): string | undefined {
  if (!key.startsWith(PREFIX)) return undefined;
  const name = key.slice(PREFIX.length).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return Object.hasOwn(VALUES, name) ? name : undefined;
}

function maps({ serving }: Outline): Array<[map: StringMap, path: Path, block: boolean]> {
  return [
    [serving.scaling.knative, ['serving', 'scaleOptions', 'knative'], true],
    [serving.annotations, ['serving', 'annotations'], false],
  ];
}
