/** Annotations of a function's objects themselves, not of its pods (docs/spec M27a, M46a). */
import type { KnativePlan } from './knative';
import { checkAnnotationKeys } from './labels';
import type { Check, Outline } from './outline';
import type { RoutePlan } from './route';
import type { ScalingPlan } from './scaling';
import type { ObjectAnnotationsModel } from '../function/function-model';
import type { StringMap } from '../kubernetes/json';
import type { Problems } from '../problem/problem';

const KINDS = ['workload', 'scaler', 'route', 'service'] as const;
const PAUSED = 'autoscaling.keda.sh/paused';
const AUTOSCALING = 'autoscaling.knative.dev/';

export const objectAnnotations: Check = ({ serving, workload }, problems) => {
  const given = serving.objectAnnotations ?? {};
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
  const scaler: StringMap = { ...(scaling.extras.scaler?.paused === true && { [PAUSED]: 'true' }), ...given.scaler };
  const workload: StringMap = { ...knative?.serviceAnnotations, ...given.workload, ...(scaledJob && scaler) };
  return { ...given, workload, scaler };
}
