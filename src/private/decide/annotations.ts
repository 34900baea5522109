/** Labels and annotations: Kubernetes' own rules for them, and Knative's (docs/spec M12 to M16, M46a). */
import { bound } from './keda-checks';
import type { KnativePlan } from './knative';
import type { Check, Outline } from './outline';
import type { RoutePlan } from './route';
import type { ScalingPlan } from './scaling';
import type { FunctionModel, ObjectAnnotationsModel } from '../function/function-model';
import {
  DAPR_SERVICE_MODE, ENABLE_DAPR, MANAGED_LABEL, PENDING_EVENTS, POD_SECURITY, PROXY_LABEL, SERVING_LABEL,
  VERSION_LABEL,
} from '../kubernetes/constants';
import type { StringMap } from '../kubernetes/json';
import {
  LABEL_LENGTH, labelValue, parseGoDuration, parseQuantity, qualifiedName, QUANTITY_FORM,
} from '../kubernetes/syntax';
import { didYouMean, nearest, notOneOf, Path, Problems, show } from '../problem/problem';

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
  if (seconds < min && max === Infinity) return `${show(value)} is negative`;
  if (seconds < min || seconds > max) return `${show(value)} is outside ${min}s..${max / HOUR}h`;
  return whole && !Number.isInteger(seconds) ? `${show(value)} has parts of a second` : undefined;
};

const burst: Value = (value) => (NUMBER.test(value) && (Number(value) >= 0 || Number(value) === -1)
  ? undefined : `${show(value)} is not a number of 0 or more, or -1`);

/** Classes of other autoscalers end differently, and are domain names too. */
const classValue: Value = (value) => {
  const isForeign = value.includes('.') && !value.endsWith(PREFIX.slice(0, -1));
  const isWrong = !isForeign && value !== KPA && value !== HPA;
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

const quantity: Value = (value) => (
  parseQuantity(value) === undefined ? `${show(value)} is not ${QUANTITY_FORM}` : undefined);
const QUEUE = 'queue.sidecar.serving.knative.dev/';
/** Other keys that Knative's webhook validates. */
const OTHERS: ReadonlyMap<string, Value> = new Map([
  ...['rollout-duration', 'progress-deadline'].map((name): [string, Value] => (
    [`serving.knative.dev/${name}`, duration(0, Infinity, true)])),
  [`${QUEUE}resource-percentage`, within(0.1, 100)],
  ...['cpu', 'memory', 'ephemeral-storage'].flatMap((resource) =>
    ['request', 'limit'].map((end): [string, Value] => [`${QUEUE}${resource}-resource-${end}`, quantity])),
]);

const SERVING = 'serving.knative.dev/';
/** What a user may give, and what Knative also reads or writes itself. */
const SERVING_NAMES = ['progress-deadline', 'rollout-duration', 'no-gc'];
const SERVING_OTHERS = ['rolloutDuration', 'lastPinned', 'creator', 'lastModifier', 'routes', 'routingStateModified'];
const QUEUE_NAMES = [...OTHERS.keys()].filter((key) => key.startsWith(QUEUE)).map((key) => key.slice(QUEUE.length));
const QUEUE_OTHERS = ['resourcePercentage'];

/** Only what is near a name is reported: a newer Knative has more of them. */
function misspelt(key: string): string | undefined {
  const prefix = [QUEUE, SERVING].find((each) => key.startsWith(each));
  if (prefix === undefined) return undefined;
  const [names, others] = prefix === QUEUE ? [QUEUE_NAMES, QUEUE_OTHERS] : [SERVING_NAMES, SERVING_OTHERS];
  const name = key.slice(prefix.length);
  const near = [...names, ...others].includes(name) ? undefined : nearest(name, names);
  return near === undefined ? undefined : prefix + near;
}

export const knativeAnnotations: Check = (fn, problems) => {
  if (fn.workload !== 'KnativeService') return;
  const all = { ...fn.serving.annotations, ...fn.serving.scaling.knative };
  for (const [map, path, block] of maps(fn)) {
    for (const [key, value] of Object.entries(map)) {
      const at = [...path, key];
      const name = known(key);
      const read = name === undefined ? OTHERS.get(key) : VALUES[name];
      if (read !== undefined) {
        const wrong = read(value, all);
        if (wrong !== undefined) problems.error(at, wrong);
      } else if (key.startsWith(PREFIX)) {
        const hint = didYouMean(key, NAMES.map((each) => PREFIX + each));
        problems.warn(at, `is not an annotation that Knative's autoscaler reads${hint}`);
      } else if (block && !key.includes('/')) {
        const near = nearest(key, NAMES);
        const hint = near === undefined ? '' : `; did you mean ${show(PREFIX + near)}?`;
        problems.warn(at, `has no effect: annotations of Knative's autoscaler begin with ${show(PREFIX)}${hint}`);
      } else {
        const near = misspelt(key);
        if (near === undefined) continue;
        problems.warnOfName(at, key, `is not an annotation that Knative reads; did you mean ${show(near)}?`);
      }
    }
  }
};

/** Knative gives its HPA no minimum then, for which Kubernetes takes 1. */
export const minimumOfHpa: Check = (fn, problems) => {
  if (fn.workload !== 'KnativeService') return;
  const { path, value } = bound(fn, 'min') ?? {};
  if (path === undefined || value !== 0 || !maps(fn).some(([map]) => map[`${PREFIX}class`] === HPA)) return;
  problems.warn(path, '0 has no effect: the HPA keeps one replica; only the KPA scales to zero');
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

const KINDS = ['workload', 'scaler', 'route', 'service'] as const;
const PAUSED = 'autoscaling.keda.sh/paused';
const AUTOSCALING = 'autoscaling.knative.dev/';

export const objectAnnotations: Check = ({ serving, workload }, problems) => {
  const given = serving.objectAnnotations;
  if (given === undefined) return;
  for (const kind of KINDS) checkAnnotationKeys(given[kind] ?? {}, ['objectAnnotations', kind], problems);
  for (const key of workload === 'KnativeService' ? Object.keys(given.workload ?? {}) : []) {
    if (!key.startsWith(AUTOSCALING)) continue;
    problems.error(['objectAnnotations', 'workload', key], 'is read on revisions only; give it in annotations');
  }
};

interface Decided {
  readonly knative?: KnativePlan;
  readonly scaling: ScalingPlan;
  readonly route?: RoutePlan;
  readonly hasService: boolean;
}

export function decideObjectAnnotations(
  { serving: { objectAnnotations: given = {} } }: Outline, { knative, scaling, route, hasService }: Decided,
  problems: Problems,
): ObjectAnnotationsModel {
  const scaledJob = scaling.scaler === 'ScaledJob';
  const missing = {
    scaler: scaling.scaler === 'none' ? 'scaler' : undefined,
    route: route === undefined ? 'HTTPRoute' : undefined,
    service: hasService ? undefined : 'Service of its own',
  };
  for (const [kind, what] of Object.entries(missing)) {
    if (what === undefined || given[kind as 'scaler'] === undefined) continue;
    problems.warn(['objectAnnotations', kind], `has no effect: the function has no ${what}`);
  }
  const paused: StringMap = scaling.extras.scaler?.paused === true ? { [PAUSED]: 'true' } : {};
  const scaler = Object.assign(paused, given.scaler);
  const workload = Object.assign({}, knative?.serviceAnnotations, given.workload, scaledJob ? scaler : undefined);
  return { ...given, workload, scaler };
}

export interface LabelsPlan {
  /** Of what belongs to the function. */
  readonly function: StringMap;
  /** Of the workload and its pods; the user's own labels win. */
  readonly workload: StringMap;
  /** Of what belongs to its proxy. */
  readonly proxy: StringMap;
}

export function decideLabels({ name, version, serving }: FunctionModel): LabelsPlan {
  const own = { [MANAGED_LABEL]: 'true', [SERVING_LABEL]: name };
  return {
    function: own,
    workload: { ...own, [VERSION_LABEL]: versionLabel(version), ...serving.labels },
    proxy: { [MANAGED_LABEL]: 'true', [PROXY_LABEL]: name },
  };
}

/** A version as a label takes it: other characters become `_`, and both ends are letters or digits. */
function versionLabel(version: string): string {
  if (labelValue(version) === undefined) return version;
  return version.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, LABEL_LENGTH).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

/** Kubernetes' limit for the annotations of one object, keys and values together. */
const MAX_ANNOTATION_BYTES = 256 * 1024;

/** Knative refuses any other value. */
function visibility(key: string, value: string): string | undefined {
  const values = ['cluster-local'];
  return key === 'networking.knative.dev/visibility' && !values.includes(value) ? notOneOf(value, values) : undefined;
}

export const labels: Check = ({ serving, workload }, problems) => {
  for (const [key, value] of Object.entries(serving.labels)) {
    const path = ['serving', 'labels', key];
    const knative = workload === 'KnativeService' ? visibility(key, value) : undefined;
    const problem = qualifiedName(key) ?? labelValue(value) ?? knative;
    if (problem !== undefined) problems.error(path, problem);
  }
};

/** These two labels tell a function's pods from its proxy's. */
export const selectorLabels: Check = ({ name, serving }, problems) => {
  for (const key of [SERVING_LABEL, PROXY_LABEL]) {
    const value = serving.labels[key];
    // With the function's own name it is left out of the model, since proxy pods must not have it.
    const harmless = key === SERVING_LABEL && value === name;
    if (value === undefined || harmless) continue;
    const path = ['serving', 'labels', key];
    problems.error(path, `selects the pods of ${show(name)}, so it cannot be set; leave it out`);
  }
};

const OPENFUNCTION = 'openfunction.io/';
const OWN_KEYS = [ENABLE_DAPR, DAPR_SERVICE_MODE, PENDING_EVENTS, POD_SECURITY];

export const annotationKeys: Check = ({ serving }, problems) => {
  checkAnnotationKeys(serving.annotations, ['serving', 'annotations'], problems);
  for (const key of Object.keys(serving.annotations)) {
    const near = key.startsWith(OPENFUNCTION) && !OWN_KEYS.includes(key) ? nearest(key, OWN_KEYS) : undefined;
    if (near === undefined) continue;
    const message = `is not an annotation that is read here; did you mean ${show(near)}?`;
    problems.warnOfName(['serving', 'annotations', key], key, message);
  }
  checkAnnotationKeys(serving.scaling.knative, ['serving', 'scaleOptions', 'knative'], problems);
};

function checkAnnotationKeys(annotations: StringMap, path: Path, problems: Problems): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    // Kubernetes ignores case here.
    const problem = qualifiedName(key.toLowerCase());
    if (problem !== undefined) problems.error([...path, key], problem);
  }
  if (bytes > MAX_ANNOTATION_BYTES) problems.error(path, `has ${bytes} bytes, ${MAX_ANNOTATION_BYTES} are allowed`);
}

/** The version becomes a label; what a label forbids is replaced there, but not its length. */
export const versionLength: Check = ({ version }, problems) => {
  if (version.length <= LABEL_LENGTH) return;
  const tooLong = `${show(version)} has ${version.length} characters, ${LABEL_LENGTH} are allowed`;
  problems.error(['version'], `${tooLong}, since it becomes a label`);
};
