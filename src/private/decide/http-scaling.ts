/** How KEDA's HTTP add-on scales a function of engine `keda` (docs/spec M63 to M65). */
import { interceptorPaths } from './interceptor-paths';
import type { NamesPlan } from './names';
import type { Outline } from './outline';
import type { RoutePlan } from './route';

export interface HttpScalingPlan {
  readonly hosts: string[];
  readonly pathPrefixes?: string[];
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
  const asked = route?.hostnames ?? [...(serving.http?.route?.hostnames ?? []), names.host];
  const sent = interceptorPaths(route?.rules ?? []);
  return {
    hosts: [...new Set([...asked, ...sent.hosts])],
    pathPrefixes: sent.prefixes,
    pendingRequests: targetPendingRequests ?? DEFAULT_PENDING_REQUESTS,
    scaledownPeriod: cooldownPeriod ?? DEFAULT_SCALED_DOWN_SECONDS,
    before09: isBefore09(addOnVersion ?? DEFAULT_ADD_ON_VERSION),
  };
}

function isBefore09(version: string): boolean {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major === 0 && minor < 9;
}
