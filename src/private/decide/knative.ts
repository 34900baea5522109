/** A revision of a Knative Service, and the feature flags that it needs (docs/spec M43 to M49). */
import { isReservedByKnative, knownFeatures, templateFeatures } from './knative-mask';
import type { Check, Outline } from './outline';
import { functionTemplate } from './sidecar';
import type { FunctionModel, RequestTimeoutsModel } from '../function/function-model';
import { integer, into, listOf, Read, word } from '../function/readers';
import { DAPR_ENABLED } from '../kubernetes/constants';
import { JsonObject, present, StringMap } from '../kubernetes/json';
import { dns1035Label } from '../kubernetes/syntax';
import { Path, Problems, show, typoOf } from '../problem/problem';

export interface KnativePlan {
  /** Of the revision. */
  readonly annotations: StringMap;
  /** Of the Knative Service itself. */
  readonly serviceAnnotations: StringMap;
  readonly concurrency?: number;
  readonly timeouts: ReturnType<typeof requestTimeoutsOf>;
  readonly traffic?: JsonObject[];
  /** Feature flags that must be on. */
  readonly features: string[];
  /** As the annotation gives it; "0" means no limit. */
  readonly maxScale?: string;
}

const PROGRESS_DEADLINE = 'serving.knative.dev/progress-deadline';
export const MIN_SCALE = 'autoscaling.knative.dev/min-scale';
export const MAX_SCALE = 'autoscaling.knative.dev/max-scale';
/** Spellings that Knative still reads. */
export const OLD_MIN_SCALE = 'autoscaling.knative.dev/minScale';
export const OLD_MAX_SCALE = 'autoscaling.knative.dev/maxScale';
const OLD_SPELLINGS: ReadonlyMap<string, string> = new Map([[OLD_MIN_SCALE, MIN_SCALE], [OLD_MAX_SCALE, MAX_SCALE]]);
/** What Knative reads on its Service: ingress, certificates, how fast traffic moves. */
const NETWORKING = 'networking.knative.dev/';
const ROLLOUT_DURATION = 'serving.knative.dev/rollout-duration';
const CONTAINER_CONCURRENCY = 'autoscaling.knative.dev/container-concurrency';
const FIELD_REF_FEATURE = 'kubernetes.podspec-fieldref';
const RUNTIME_CLASS_FEATURE = 'kubernetes.podspec-runtimeclassname';

/** A key of Knative's `config-features`; one of `kubernetes.` that is not a misspelling may be newer. */
const feature = into(word, (name, { path, problems }) => {
  const known = knownFeatures();
  if (known.includes(name)) return name;
  const whole = ['', 'kubernetes.', 'kubernetes.podspec-'].map((start) => (start + name).toLowerCase());
  const meant = whole.find((each) => known.includes(each)) ?? typoOf(name, known);
  if (meant === undefined && name.startsWith('kubernetes.')) return name;
  const hint = meant === undefined ? '' : `; did you mean ${show(meant)}?`;
  problems.warn(path, `${show(name)} is not a feature flag of Knative${hint}`);
  return name;
});

/** Settings of the platform that this follows. */
export const KNATIVE_SETTINGS = { knativeFeatures: into(listOf(feature), present) };
export type KnativeSettings = Read<typeof KNATIVE_SETTINGS>;

/** Whether variables may refer to fields of the pod: a stock Knative refuses that, which is behind a feature flag. */
export function allowsFieldRefs({ knativeFeatures = [] }: KnativeSettings): boolean {
  return knativeFeatures.includes(FIELD_REF_FEATURE);
}

/** Of a function that is a Knative Service; `pod` are the annotations of the pods. */
export function decideKnative(
  fn: Outline, pod: StringMap, platform: KnativeSettings, problems: Problems,
): KnativePlan {
  const { serving, port, wasmEdge } = fn;
  if (isReservedByKnative(port)) {
    const path = ['serving', 'triggers', 'http', 'port'];
    problems.error(path, `${port} belongs to Knative's own container in the same pod`);
  }
  const features = templateFeatures(functionTemplate(fn), port, problems);
  if (wasmEdge) features.add(RUNTIME_CLASS_FEATURE);
  if (allowsFieldRefs(platform)) features.add(FIELD_REF_FEATURE);
  const scale = scaleAnnotations(fn, problems);
  checkConcurrency(fn, problems);
  const all: StringMap = {
    ...(serving.timeoutSeconds !== undefined && { [PROGRESS_DEADLINE]: `${serving.timeoutSeconds}s` }),
    ...pod,
    ...scale,
    [DAPR_ENABLED]: pod[DAPR_ENABLED],
  };
  const current = Object.entries(all).filter(([key]) => !OLD_SPELLINGS.has(key));
  return {
    annotations: Object.fromEntries(current.filter(([key]) => !isOfService(key))),
    serviceAnnotations: Object.fromEntries(current.filter(([key]) => isOfService(key))),
    concurrency: scale[CONTAINER_CONCURRENCY] === undefined ? undefined : Number(scale[CONTAINER_CONCURRENCY]),
    timeouts: requestTimeoutsOf(fn),
    traffic: serving.traffic,
    features: [...features].sort(),
    maxScale: scale[MAX_SCALE],
  };
}

/**
 * Annotations of a Knative revision that come from scaling, over the user's own annotations.
 *
 * Differs: the operator ranks `scaleOptions.knative` below annotations and both below the replica counts. This library
 * follows OpenFunction's documentation: annotations, replica counts, `scaleOptions.knative`.
 */
function scaleAnnotations({ serving: { annotations, scaling } }: FunctionModel, problems: Problems): StringMap {
  const result = new Map<string, string>();
  const put = (place: Path, entries: Record<string, string | undefined>, isKeyed = false) => {
    // Old spellings first, so that a new one beside them wins whatever the order.
    const sorted = Object.entries(entries)
      .sort(([a], [b]) => Number(OLD_SPELLINGS.has(b)) - Number(OLD_SPELLINGS.has(a)));
    for (const [givenKey, value] of sorted) {
      if (value === undefined || givenKey === DAPR_ENABLED) continue; // the Dapr mode alone decides that one
      const key = OLD_SPELLINGS.get(givenKey) ?? givenKey;
      const before = result.get(key);
      if (before !== undefined && before !== value) {
        const path = ['serving', ...place, ...isKeyed ? [givenKey] : []];
        problems.warn(path, `${key} is ${show(value)} here and ${show(before)} elsewhere; ${show(value)} applies`);
      }
      result.set(key, value);
    }
  };
  put(['annotations'], annotations, true);
  put(['scaleOptions', 'minReplicas'], { [MIN_SCALE]: scaling.minReplicas?.toString() });
  put(['scaleOptions', 'maxReplicas'], { [MAX_SCALE]: scaling.maxReplicas?.toString() });
  put(['scaleOptions', 'knative'], scaling.knative, true);
  return Object.fromEntries(result);
}

/** Differs: the operator puts them on the revision, where nothing reads them. */
function isOfService(key: string): boolean {
  return key.startsWith(NETWORKING) || key === ROLLOUT_DURATION;
}

const MAX_CONCURRENCY = 1000;

/** At the place whose value wins. */
function checkConcurrency({ serving }: FunctionModel, problems: Problems): void {
  const { [CONTAINER_CONCURRENCY]: option } = serving.scaling.knative;
  const value = option ?? serving.annotations[CONTAINER_CONCURRENCY];
  if (value === undefined || (/^\d+$/.test(value) && Number(value) <= MAX_CONCURRENCY)) return;
  const path = option === undefined ? ['serving', 'annotations'] : ['serving', 'scaleOptions', 'knative'];
  problems.error([...path, CONTAINER_CONCURRENCY], `${show(value)} is not an integer from 0 to ${MAX_CONCURRENCY}`);
}

const WHOLE = 100;

export const traffic: Check = ({ serving: { traffic: targets }, workload }, problems) => {
  if (targets === undefined) return;
  if (workload !== 'KnativeService') {
    return problems.warn(['traffic'], `has no effect on a ${workload}; only a Knative Service splits its traffic`);
  }
  targets.forEach(({ percent, tag }, index) => {
    if (percent !== undefined && !(Number.isInteger(percent) && Number(percent) >= 0 && Number(percent) <= WHOLE)) {
      problems.error(['traffic', index, 'percent'], `${show(percent)} is not a whole number from 0 to ${WHOLE}`);
    }
    if (typeof tag !== 'string') return;
    const wrong = dns1035Label(tag);
    if (wrong !== undefined) {
      problems.error(['traffic', index, 'tag'], wrong);
    } else if (targets.findIndex((other) => other.tag === tag) < index) {
      problems.error(['traffic', index, 'tag'], `${show(tag)} is there twice; tags must differ`);
    }
  });
  const sum = targets.reduce((total, { percent }) => total + Number(percent ?? 0), 0);
  if (targets.length > 0 && sum !== WHOLE) {
    problems.error(['traffic'], `the shares add up to ${sum}; they must add up to ${WHOLE}`);
  }
};

/** Limit of a stock Knative, `max-revision-timeout-seconds`, and its own timeout. */
const MAX_SECONDS = 600;
const DEFAULT_SECONDS = 300;
const seconds = integer(1, 2 ** 31 - 1);

export const requestTimeouts: Check = ({ serving, engine }, problems) => {
  const { requestTimeouts: times = {}, coldStart } = serving;
  for (const [field, value] of Object.entries(times) as [keyof RequestTimeoutsModel, number][]) {
    const path = ['http', field];
    if (engine === 'knative' && field === 'readinessTimeout') {
      problems.warn(path, ONLY_KEDA);
    } else if (seconds(value, { path, problems }) !== undefined && engine === 'knative' && value > MAX_SECONDS) {
      problems.warn(path, `${value} s is above the ${MAX_SECONDS} s that a stock Knative allows`);
    }
  }
  if (coldStart !== undefined && engine !== 'keda') problems.warn(['http', 'coldStart'], ONLY_KEDA);
  const standard = engine === 'knative' ? DEFAULT_SECONDS : Infinity;
  const { requestTimeout = standard, responseStartTimeout = 0 } = times;
  if (responseStartTimeout > requestTimeout) {
    const message = `${responseStartTimeout} s is above the ${requestTimeout} s for the whole answer`;
    problems.error(['http', 'responseStartTimeout'], message);
  }
};
const ONLY_KEDA = 'has no effect on a Knative Service, whose requests wait; it goes with engine "keda"';

function requestTimeoutsOf({ serving: { requestTimeouts: given = {} } }: Outline): {
  readonly timeoutSeconds?: number;
  readonly responseStartTimeoutSeconds?: number;
} {
  const { requestTimeout, responseStartTimeout } = given;
  return { timeoutSeconds: requestTimeout, responseStartTimeoutSeconds: responseStartTimeout };
}
