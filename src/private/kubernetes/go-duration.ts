/** Go's duration syntax (`300ms`, `1.5h`, `1h30m`), which Kubernetes, Dapr and KEDA read. */

const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600,
};
const WHOLE = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
/** A Go duration is an int64 of nanoseconds, some 292 years. */
const MAX_SECONDS = Number(2n ** 63n - 1n) / 1e9;

/** Seconds with their fraction, or `undefined` when the text is not one. */
export function parseGoDuration(duration: string): number | undefined {
  if (!WHOLE.test(duration)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of duration.matchAll(PART)) seconds += Number(amount) * SECONDS[unit];
  if (seconds > MAX_SECONDS) return undefined;
  return duration.startsWith('-') ? -seconds : seconds;
}

export function isGoDuration(duration: string): boolean {
  return parseGoDuration(duration) !== undefined;
}
