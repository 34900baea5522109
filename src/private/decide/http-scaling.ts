/** How KEDA's HTTP add-on scales a function of engine `keda` (docs/spec M63 to M65). */
import type { NamesPlan } from './names';
import type { Outline } from './outline';
import type { RoutePlan } from './route';
import type { Json, JsonObject } from '../kubernetes/json';

export interface HttpScalingPlan {
  readonly hosts: string[];
  readonly pathPrefixes?: Json[];
  readonly pendingRequests: number;
  readonly scaledownPeriod: number;
  /** Before 0.9 the add-on named its target and its metric otherwise. */
  readonly before09: boolean;
}

const DEFAULT_PENDING_REQUESTS = 100;
const DEFAULT_SCALED_DOWN_SECONDS = 300;
const DEFAULT_ADD_ON_VERSION = '0.9';

export function decideHttpScaling(
  { engine, serving }: Outline, names: NamesPlan, route: RoutePlan | undefined, addOnVersion: string | undefined,
): HttpScalingPlan | undefined {
  if (engine !== 'keda') return undefined;
  const { targetPendingRequests, cooldownPeriod } = serving.scaling.httpScaledObject ?? {};
  return {
    hosts: route?.hostnames ?? [...(serving.http?.route?.hostnames ?? []), names.host],
    pathPrefixes: pathPrefixes(route?.rules ?? []),
    pendingRequests: targetPendingRequests ?? DEFAULT_PENDING_REQUESTS,
    scaledownPeriod: cooldownPeriod ?? DEFAULT_SCALED_DOWN_SECONDS,
    before09: isBefore09(addOnVersion ?? DEFAULT_ADD_ON_VERSION),
  };
}

/** A match without a path takes every path, so then nothing may be listed. */
function pathPrefixes(rules: JsonObject[]): Json[] | undefined {
  const paths = rules.flatMap((rule) => {
    const matches = Array.isArray(rule.matches) && rule.matches.length > 0 ? rule.matches : [{}];
    return matches.map((match) => (match as { path?: { value?: string } }).path?.value);
  });
  const known = paths.filter((path) => path !== undefined);
  return known.length === 0 || known.length < paths.length ? undefined : [...new Set(known)];
}

function isBefore09(version: string): boolean {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major === 0 && minor < 9;
}
