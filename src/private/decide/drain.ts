/** How pods stop: what their sidecar still does after SIGTERM, and the sleep before it. */
import type { DaprMode, Outline } from './outline';
import type { StringMap } from '../kubernetes/json';
import { parseGoDuration } from '../kubernetes/syntax';
import { Problems, show } from '../problem/problem';

/** Dapr spends block and graceful time one after the other; the proxy drains meanwhile. */
export interface DrainPlan {
  readonly timeoutSeconds: number;
  readonly blockSeconds: number;
  readonly gracefulSeconds: number;
  readonly gracePeriodSeconds: number;
}

/** The sidecar's API stays up this long after SIGTERM, so that handlers can still publish. */
const MAX_BLOCK_SECONDS = 5;
const SPARE_SECONDS = 5;
const BLOCK_SHUTDOWN = 'dapr.io/block-shutdown-duration';
const GRACEFUL_SHUTDOWN = 'dapr.io/graceful-shutdown-seconds';

/** The grace period covers what the user's own annotations ask of Dapr, too. */
export function decideDrain(timeoutSeconds: number, annotations: StringMap, native = false): DrainPlan {
  // A native sidecar hears of the stop only when the other containers have ended.
  const blockSeconds = native ? 0 : Math.min(MAX_BLOCK_SECONDS, Math.floor(timeoutSeconds / 2));
  const gracefulSeconds = timeoutSeconds - blockSeconds;
  const block = Math.max(0, Math.ceil(parseGoDuration(annotations[BLOCK_SHUTDOWN] ?? '') ?? blockSeconds));
  const asked = annotations[GRACEFUL_SHUTDOWN] ?? '';
  const graceful = /^\d{1,6}$/.test(asked) ? Number(asked) : gracefulSeconds;
  const gracePeriodSeconds = timeoutSeconds + block + graceful + SPARE_SECONDS;
  return { timeoutSeconds, blockSeconds, gracefulSeconds, gracePeriodSeconds };
}

export function drainAnnotations({ blockSeconds, gracefulSeconds }: DrainPlan): StringMap {
  return { [BLOCK_SHUTDOWN]: `${blockSeconds}s`, [GRACEFUL_SHUTDOWN]: String(gracefulSeconds) };
}

/** Of function pods with a sidecar of their own, when a drain timeout is asked for. */
export function decideSidecarDrain(
  { serving, dapr }: Outline, native: boolean, problems: Problems,
): DrainPlan | undefined {
  const { drainTimeoutSeconds, annotations, template } = serving;
  if (drainTimeoutSeconds === undefined) return undefined;
  if (dapr.mode !== 'sidecar') {
    warnOfNoSidecar(dapr.mode, problems);
    return undefined;
  }
  const plan = decideDrain(drainTimeoutSeconds, annotations, native);
  const given = template?.terminationGracePeriodSeconds;
  if (typeof given === 'number' && given < plan.gracePeriodSeconds) {
    const path = ['serving', 'template', 'terminationGracePeriodSeconds'];
    problems.warn(path, `${given} is less than the ${plan.gracePeriodSeconds} s that the drain timeout takes`);
  }
  return plan;
}

function warnOfNoSidecar(mode: DaprMode, problems: Problems): void {
  const proxy = mode === 'standalone' ? '; the proxy\'s own is proxy.drainTimeout' : '';
  problems.warn(['drainTimeout'], `has no effect on a function whose Dapr mode is ${show(mode)}, `
    + `since its pods have no sidecar${proxy}`);
}

/** Seconds in which DNS forgets a pod that is about to stop. */
const PRE_STOP_SECONDS = 5;
/** A shorter grace period leaves the function too little after the sleep. */
const MIN_GRACE_SECONDS = 2 * PRE_STOP_SECONDS;

/** Sleep of a pod to which the proxy may still send an event. */
export function preStopSeconds(graceSeconds: unknown): number | undefined {
  return typeof graceSeconds === 'number' && graceSeconds < MIN_GRACE_SECONDS ? undefined : PRE_STOP_SECONDS;
}
