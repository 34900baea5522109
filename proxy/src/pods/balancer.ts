/** Choosing a pod and the waiting times after its failures. Pure. */

/** What a pod is chosen by. */
export interface Candidate {
  readonly inFlight: number;
  readonly capacity: number;
  /** On the proxy's clock; 0 = not ejected. */
  readonly ejectedUntil: number;
}

const FIRST_RETRY_MS = 20;
const MAX_RETRY_MS = 500;
const FIRST_EJECTION_MS = 1000;
const MAX_EJECTION_MS = 30_000;
/** Spreads retries over half to all of their delay. */
const JITTER_FROM = 0.5;

/**
 * The less busy of two random picks with room. An ejected pod is picked only if none at all is healthy: a busy
 * healthy pod is worth waiting for.
 */
export function choose<T extends Candidate>(
  pods: readonly T[], now: number, random: () => number, avoid?: T,
): T | undefined {
  const first = pods[0];
  if (pods.length === 1 && first !== undefined) return first.inFlight < first.capacity ? first : undefined;
  const free = preferred(pods, now, avoid).filter((pod) => pod.inFlight < pod.capacity);
  if (free.length < 2) return free[0];
  const one = Math.floor(random() * free.length);
  const other = (one + 1 + Math.floor(random() * (free.length - 1))) % free.length;
  const a = free[one]!;
  const b = free[other]!;
  return a.inFlight <= b.inFlight ? a : b;
}

/** Whether or not it has room. */
export function leastBusy<T extends Candidate>(pods: readonly T[], now: number, avoid?: T): T | undefined {
  return [...preferred(pods, now, avoid)].sort((a, b) => a.inFlight - b.inFlight)[0];
}

function preferred<T extends Candidate>(pods: readonly T[], now: number, avoid?: T): readonly T[] {
  const healthy = pods.filter((pod) => pod.ejectedUntil <= now);
  const others = (healthy.length > 0 ? healthy : pods).filter((pod) => pod !== avoid);
  return others.length > 0 ? others : pods;
}

/** Wait before the next attempt after `failures` in a row, for a pod or an event: 20 ms doubling to 500 ms. */
export function retryDelayMs(failures: number, random: () => number): number {
  return withJitter(Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)), random);
}

/** How long a pod that once worked is left out after `failures` in a row: 1 s doubling to 30 s. */
export function ejectionMs(failures: number): number {
  return Math.min(MAX_EJECTION_MS, FIRST_EJECTION_MS * 2 ** (failures - 1));
}

function withJitter(ms: number, random: () => number): number {
  return ms * (JITTER_FROM + (1 - JITTER_FROM) * random());
}
