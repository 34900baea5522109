/** The prop `scaling.knativeAutoscaling` → annotations of the revision, which are checked like any others. */
import { KnativeAutoscaler, KnativeMetric } from '../../choices';
import type { FunctionScaling } from '../../function-scaling';
import type { KnativeAutoscaling } from '../../knative-autoscaling';
import type { Move } from '../function/readers';
import { defined, StringMap } from '../kubernetes/json';
import { Problems, show } from '../problem/problem';

const PREFIX = 'autoscaling.knative.dev/';

/** The annotation of each field. */
const KEYS: { readonly [F in keyof KnativeAutoscaling]-?: string } = {
  autoscaler: 'class',
  metric: 'metric',
  target: 'target',
  targetUtilization: 'target-utilization-percentage',
  containerConcurrency: 'container-concurrency',
  window: 'window',
  scaleDownDelay: 'scale-down-delay',
  scaleToZeroPodRetention: 'scale-to-zero-pod-retention-period',
  initialScale: 'initial-scale',
  activationScale: 'activation-scale',
};

const WORDS: Readonly<Record<string, readonly string[] | undefined>> = {
  autoscaler: Object.values(KnativeAutoscaler), metric: Object.values(KnativeMetric),
};

/** With the annotations that are given beside it. */
export function knativeOf({ knative, knativeAutoscaling }: FunctionScaling, problems: Problems): StringMap | undefined {
  const fields = Object.entries(defined({ ...knativeAutoscaling }));
  const typed: StringMap = ofHpa(knativeAutoscaling) ? { [`${PREFIX}class`]: KnativeAutoscaler.HPA } : {};
  for (const [field, value] of fields) {
    const [key, text] = [keyOf(field), textOf(value)];
    const path = ['scaling', 'knativeAutoscaling', field];
    const allowed = WORDS[field];
    if (allowed?.includes(text) === false) problems.notOneOf(path, value, allowed);
    const given = knative?.[key];
    if (given !== undefined && given !== text) {
      const message = `${show(text)} contradicts ${key} of scaling.knative, which is ${show(given)}`;
      problems.error(path, message);
    }
    typed[key] = text;
  }
  return knative === undefined && Object.keys(typed).length === 0 ? undefined : { ...typed, ...knative };
}

/** Back to the words of the props. */
export function knativeMoves({ knativeAutoscaling }: FunctionScaling): Move[] {
  return Object.keys(defined({ ...knativeAutoscaling })).map((field): Move => [
    ['serving', 'scaleOptions', 'knative', keyOf(field)], ['scaling', 'knativeAutoscaling', field],
  ]);
}

function keyOf(field: string): string {
  return PREFIX + (KEYS[field as 'metric'] as string | undefined ?? field);
}

/** The KPA measures neither. */
function ofHpa(given: KnativeAutoscaling | undefined): boolean {
  return given?.metric === 'cpu' || given?.metric === 'memory';
}

function textOf(value: Exclude<KnativeAutoscaling[keyof KnativeAutoscaling], undefined>): string {
  return typeof value === 'object' ? `${value.toSeconds({ integral: false })}s` : String(value);
}
