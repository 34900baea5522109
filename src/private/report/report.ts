/** What was decided for a function, read off its plan. */
import type { ApiObject } from 'cdk8s';
import type { FunctionReport, ReportedPodSecurity } from '../../function-report';
import { AUTOSCALER_CLASS, HPA, INITIAL_SCALE, KPA, OLD_INITIAL_SCALE } from '../decide/annotations';
import type { FunctionPlan } from '../decide/plan';
import type { Role } from '../emit/manifest';
import { isObject, JsonObject } from '../kubernetes/json';
import { levelOf, securityBreaches } from '../kubernetes/pod-security';
import { formatPath, formatProblem, Problem } from '../problem/problem';

interface Part {
  readonly role: Role;
  readonly apiObject: ApiObject;
}

export function reportOf(plan: FunctionPlan, parts: readonly Part[], warnings: readonly Problem[]): FunctionReport {
  const reported = parts.map(({ role, apiObject: { apiVersion, kind, metadata, name } }) => (
    { apiVersion, kind, namespace: metadata.namespace ?? plan.namespace, name, role }
  ));
  const apis = reported.map(({ apiVersion, kind }) => apiOf(apiVersion, kind)).filter((api) => api !== undefined);
  const reachable = plan.proxy?.reach?.replicas;
  return {
    name: plan.name,
    namespace: plan.namespace,
    daprMode: plan.dapr.mode,
    daprReason: plan.dapr.reason,
    objects: reported,
    requiredApis: [...new Set(apis)].sort(),
    knativeFeatures: plan.knative?.features ?? [],
    prerequisites: prerequisites(plan),
    podSecurity: podSecurity(parts),
    sidecars: sidecars(plan),
    pendingEvents: pendingEvents(plan),
    ...(reachable !== undefined && { pendingEventsReplicas: reachable }),
    notes: [...plan.reasons, ...plan.proxy?.facts ?? []],
    warnings: warnings.map(formatProblem),
  };
}

const BUILT_IN = ['apps', 'batch', 'policy', 'networking.k8s.io', 'rbac.authorization.k8s.io', 'coordination.k8s.io'];

/** Only what a plain cluster lacks. */
function apiOf(apiVersion: string, kind: string): string | undefined {
  const [group, version] = apiVersion.split('/');
  return version === undefined || BUILT_IN.includes(group) ? undefined : `${kind}.${group}`;
}

/** Of the autoscaler, which a stock Knative Serving does not bring or allow. */
function knativeNeeds(annotations: Readonly<Record<string, string>>): string[] {
  const list: string[] = [];
  const { [INITIAL_SCALE]: scale = annotations[OLD_INITIAL_SCALE], [AUTOSCALER_CLASS]: autoscaler = KPA } = annotations;
  if (scale !== undefined && Number(scale) === 0) {
    list.push('allow-zero-initial-scale: "true" in Knative\'s ConfigMap config-autoscaler, for an initial scale of 0');
  }
  if (autoscaler === HPA) list.push('Knative\'s autoscaler-hpa, which its core installation does not hold');
  else if (autoscaler !== KPA) list.push(`an autoscaler of class ${autoscaler} for Knative`);
  return list;
}

function prerequisites(plan: FunctionPlan): string[] {
  const { dapr, proxy, tokens, route, namespace, components } = plan;
  const list: string[] = knativeNeeds(plan.knative?.annotations ?? {});
  const { nativeSidecar } = plan.pod;
  if (dapr.mode !== 'off') list.push(`Dapr ${nativeSidecar ? '1.18' : '1.16'} or later with its sidecar injector`);
  if (nativeSidecar) list.push('Kubernetes 1.29 or later, for native sidecars');
  if (plan.httpScaling?.interceptor !== undefined) {
    const since = plan.httpScaling.interceptor.coldStart?.placeholder === undefined ? '0.14' : '0.15';
    list.push(`the HTTP add-on of KEDA ${since} or later, for InterceptorRoutes`);
  }
  if (plan.pod.preStopSeconds !== undefined) {
    list.push('Kubernetes 1.30 or later, for the sleep before a pod stops');
  }
  if (proxy !== undefined && proxy.networkPolicies.proxy !== undefined && tokens.api === undefined) {
    list.push('a network plugin that enforces NetworkPolicies, or an API token: '
      + 'otherwise every pod can use the Dapr API of this function');
  }
  if (dapr.mode !== 'off' && plan.pod.hardened) {
    list.push('sidecarDropALLCapabilities: true of dapr_sidecar_injector in Dapr\'s Helm chart, where a namespace '
      + 'enforces the restricted pod security level');
  }
  if (proxy?.networkPolicies.pods !== undefined) {
    list.push('a network plugin that enforces NetworkPolicies, to keep others away from the pods of this function');
  }
  if (plan.access !== undefined && plan.access.policies.length > 0) {
    list.push('mTLS between sidecars, as Dapr has it by default: by it a sidecar knows its callers');
  }
  if (route !== undefined && route.backend.namespace !== namespace) {
    list.push(`a ReferenceGrant in namespace ${route.backend.namespace} `
      + `that lets HTTPRoutes of ${namespace} use the Service ${route.backend.name}`);
  }
  const { triggers, inputs, outputs, states } = components;
  for (const ref of [...triggers, ...inputs, ...outputs, ...Object.values(states)]) {
    if (ref.spec === undefined) list.push(`the Dapr component ${ref.componentName} in namespace ${namespace}`);
  }
  return [...new Set(list)];
}

/** As users have patched them. */
function podSecurity(parts: readonly Part[]): ReportedPodSecurity[] {
  return parts.flatMap(({ role, apiObject }) => {
    const spec = role === 'workload' || role === 'proxy' ? podSpecOf(apiObject.toJson() as JsonObject) : undefined;
    if (spec === undefined) return [];
    const all = securityBreaches(spec);
    const level = levelOf(all);
    const next = all.filter((breach) => level === 'baseline' || breach.level === 'baseline');
    return [{ role, level, breaches: next.map(({ path, message }) => `${formatPath(path)}: ${message}`) }];
  });
}

/** Of a workload of whatever kind; a ScaledJob has its template one level deeper. */
function podSpecOf({ spec }: JsonObject): JsonObject | undefined {
  const { jobTargetRef, template } = isObject(spec) ? spec : {};
  const found = isObject(jobTargetRef) ? jobTargetRef.template : template;
  return isObject(found) && isObject(found.spec) ? found.spec : undefined;
}

function sidecars(plan: FunctionPlan): string {
  const { dapr, proxy, proxyReplicas } = plan;
  const most = mostReplicas(plan);
  if (dapr.mode === 'off') return 'none';
  if (proxy !== undefined) return `${proxy.replicas} beside the proxy; with a sidecar in each pod: ${most}`;
  return `${most}; beside a shared proxy: ${proxyReplicas}`;
}

const KEDA_MAX_REPLICAS = 100;

function mostReplicas({ knative, scaling }: FunctionPlan): string {
  if (knative === undefined) {
    return String(scaling.scaler === 'none' ? scaling.replicas : scaling.maxReplicas ?? KEDA_MAX_REPLICAS);
  }
  const { maxScale = '0' } = knative;
  return maxScale === '0' ? 'one per replica' : maxScale;
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
