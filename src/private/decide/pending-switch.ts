/**
 * Whether a function scales on its pending events: a bound or a trigger turns it on, one setting turns it off
 * (docs/spec M58, M59).
 */
import type { Check, Outline } from './outline';
import type { PendingEventsModel } from '../function/scaling';
import { PENDING_EVENTS } from '../kubernetes/constants';
import { Path, Problems, show } from '../problem/problem';

export interface PendingEventsPlan {
  readonly targetPerReplica: number;
  readonly activation: number;
  /** KEDA's webhook accepts a fallback only with a trigger that itself says `metricType: AverageValue`. */
  readonly averageValue: boolean;
}

const ANNOTATION: Path = ['serving', 'annotations', PENDING_EVENTS];
const SWITCH: Readonly<Record<string, boolean>> = { on: true, off: false };

export const pendingEventsAnnotation: Check = ({ serving: { annotations } }, problems) => {
  const value = annotations[PENDING_EVENTS];
  if (value !== undefined && !Object.hasOwn(SWITCH, value)) problems.notOneOf(ANNOTATION, value, Object.keys(SWITCH));
};

/** The nearest of option, annotation and platform decides. */
function switchOf({ serving: { scaling, annotations } }: Outline, platform: PendingEventsModel): boolean | undefined {
  return scaling.pendingEvents?.enabled ?? SWITCH[annotations[PENDING_EVENTS]] ?? platform.enabled;
}

export function decidePendingEvents(
  fn: Outline, platform: PendingEventsModel, problems: Problems,
): PendingEventsPlan | undefined {
  const { serving: { scaling, dapr: events }, dapr: { mode }, engine } = fn;
  const enabled = switchOf(fn, platform);
  if (enabled === false) return undefined;
  const asking = askingPath(fn);
  if (engine !== undefined) {
    if (asking) {
      problems.warn(
        asking,
        'scaling on pending events has no effect on an HTTP function, which its own requests scale',
      );
    }
    return undefined;
  }
  if (mode !== 'standalone') {
    if (asking) {
      const why = `needs the dapr-proxy, which sees them; this function's Dapr mode is ${show(mode)}`;
      problems.error(asking, `scaling on pending events ${why}`);
    }
    return undefined;
  }
  const { minReplicas, maxReplicas, triggers, pendingEvents } = scaling;
  const bounded = minReplicas !== undefined || maxReplicas !== undefined;
  // Without events a function that only has bounds would sleep for ever.
  const byItself = triggers.length > 0 || (events.length > 0 && (bounded || enabled === true));
  if (!asking && !byItself) return undefined;
  const { targetPerReplica = 1, activation = 0 } = { ...platform, ...pendingEvents };
  return { targetPerReplica, activation, averageValue: scaling.scaledObject?.fallback !== undefined };
}

/** Where the function itself asks for it. */
function askingPath({ serving: { scaling, annotations } }: Outline): Path | undefined {
  if (scaling.pendingEvents !== undefined) return ['pendingEvents'];
  return SWITCH[annotations[PENDING_EVENTS]] ? ANNOTATION : undefined;
}

/** Why the options of a scaler have no effect. */
export function whyNoScaler(fn: Outline, platform: PendingEventsModel): string {
  if (fn.dapr.mode !== 'standalone' || fn.serving.dapr.length === 0) {
    return 'has no effect without KEDA triggers, which alone make a scaler';
  }
  if (switchOf(fn, platform) === false) {
    return 'has no effect without KEDA triggers, since scaling on pending events is off';
  }
  return 'has no effect without replica bounds or KEDA triggers, which make a scaler';
}
