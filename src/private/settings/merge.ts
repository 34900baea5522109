/** Settings of two places in one: the nearer wins. */
import { PROXY_SETTINGS } from '../function/proxy-settings';

const CONTAINERS = Object.entries(PROXY_SETTINGS)
  .filter(([, { kind }]) => kind === 'container')
  .map(([field]) => field);

/** Blocks whose own fields are merged; every other field is replaced as a whole. */
export const MERGED: ReadonlySet<string> = new Set([
  'tracing', 'provider', 'exporter', 'tags', 'baggage', 'gateways', 'proxy', 'pendingEvents', ...CONTAINERS,
]);

export function merge<T extends object>(outer: T, inner: T): T {
  const result: { [key: string]: unknown } = { ...(outer as { [key: string]: unknown }) };
  for (const [key, value] of Object.entries(inner)) {
    if (value === undefined) continue;
    const before = result[key];
    result[key] = MERGED.has(key) && typeof before === 'object' && before !== null
      ? merge(before, value as object)
      : value;
  }
  return result as T;
}
