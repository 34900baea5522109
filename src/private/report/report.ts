/** What was decided for a function, read off its plan, its objects and the wiring. */
import { prerequisites, requiredApis, targetsOf } from './needs';
import { podSpecOf, ReportedPart, resourcesOf } from './resources';
import { wiredOf } from './wired';
import type { FunctionReport, ReportedPodSecurity } from '../../function-report';
import type { FunctionPlan } from '../decide/plan';
import { levelOf, securityBreaches } from '../kubernetes/pod-security';
import { formatPath, formatProblem, Problem } from '../problem/problem';
import type { Wiring } from '../wiring/graph';
import { detailsOf, replicasOf } from '../wiring/wire';

export interface Reported {
  readonly plan: FunctionPlan;
  readonly parts: readonly ReportedPart[];
  readonly warnings: readonly Problem[];
  readonly information: readonly Problem[];
  readonly wiring: Wiring;
}

export function reportOf({ plan, parts, warnings, information, wiring }: Reported): FunctionReport {
  const objects = parts.map(({ role, apiObject: { apiVersion, kind, metadata, name } }) => (
    { apiVersion, kind, namespace: metadata.namespace ?? plan.namespace, name, role }
  ));
  const apis = requiredApis(objects);
  const reachable = plan.proxy?.reach?.replicas;
  return {
    name: plan.name,
    namespace: plan.namespace,
    ...detailsOf({ plan }),
    daprReason: plan.dapr.reason,
    ...wiredOf(plan, wiring),
    resources: resourcesOf(plan, parts),
    objects,
    targets: targetsOf(plan, apis),
    requiredApis: apis,
    knativeFeatures: plan.knative?.features ?? [],
    prerequisites: prerequisites(plan),
    podSecurity: podSecurity(parts),
    sidecars: sidecars(plan),
    pendingEvents: pendingEvents(plan),
    ...(reachable !== undefined && { pendingEventsReplicas: reachable }),
    notes: [
      ...plan.reasons,
      ...plan.proxy?.facts ?? [],
      ...information.map(({ path, message }) => `${formatPath(path)}: ${message}`),
    ],
    warnings: warnings.map(formatProblem),
  };
}

/** As users have patched them. */
function podSecurity(parts: readonly ReportedPart[]): ReportedPodSecurity[] {
  return parts.flatMap(({ role, apiObject }) => {
    const spec = role === 'workload' || role === 'proxy' ? podSpecOf(apiObject) : undefined;
    if (spec === undefined) return [];
    const all = securityBreaches(spec);
    const level = levelOf(all);
    const next = all.filter((breach) => level === 'baseline' || breach.level === 'baseline');
    return [{ role, level, breaches: next.map(({ path, message }) => `${formatPath(path)}: ${message}`) }];
  });
}

const ALONE = '(while it is away, no event comes in and no pod can publish; of two replicas, the other one goes on)';

function sidecars(plan: FunctionPlan): string {
  const { dapr, proxy, plannedProxy } = plan;
  const { max: most = 'one per replica' } = replicasOf(plan);
  if (dapr.mode === 'off') return 'none';
  if (proxy !== undefined) {
    const cost = proxy.replicas === 1 ? ` ${ALONE}` : '';
    return `${proxy.replicas} beside the proxy${cost}; with a sidecar in each pod: ${most}`;
  }
  return `${most}; beside a shared proxy: ${plannedProxy.replicas}`;
}

function pendingEvents({ proxy, scaling }: FunctionPlan): string {
  if (proxy?.reach === undefined) return 'off';
  const { eventsAtOnce, replicas, byPartitions } = proxy.reach;
  const each = `${scaling.pendingEvents?.targetPerReplica ?? 1} for each replica`;
  if (replicas !== undefined) {
    return `at most ${replicas} replicas: the components hand over ${eventsAtOnce} events at once, ${each}`;
  }
  const partitions = byPartitions ? ' (Kafka: one for each partition)' : '';
  return `as far as the components hand over events at once, ${each}; how many is not known here${partitions}`;
}
