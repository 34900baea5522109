/** What the objects of a function need from the cluster, with the versions that they are written for. */
import { AUTOSCALER_CLASS, HPA, INITIAL_SCALE, KPA, OLD_INITIAL_SCALE } from '../decide/annotations';
import { brokerOf } from '../decide/brokers';
import type { FunctionPlan } from '../decide/plan';
import { forEachField } from '../kubernetes/pod-schema';
import { TargetName, titleOf } from '../settings/targets';

const BUILT_IN = ['apps', 'batch', 'policy', 'networking.k8s.io', 'rbac.authorization.k8s.io', 'coordination.k8s.io'];

/** Sorted, and each once. */
export function requiredApis(objects: readonly { readonly apiVersion: string; readonly kind: string }[]): string[] {
  const apis = objects.map(({ apiVersion, kind }) => apiOf(apiVersion, kind)).filter((api) => api !== undefined);
  return [...new Set(apis)].sort();
}

/** Only what a plain cluster lacks. */
function apiOf(apiVersion: string, kind: string): string | undefined {
  const [group, version] = apiVersion.split('/');
  return version === undefined || BUILT_IN.includes(group) ? undefined : `${kind}.${group}`;
}

/** Whose API it is. */
const PROVIDERS: readonly (readonly [group: string, target: TargetName])[] = [
  ['dapr.io', 'dapr'],
  ['keda.sh', 'keda'],
  ['http.keda.sh', 'kedaHttp'],
  ['serving.knative.dev', 'knative'],
  ['gateway.networking.k8s.io', 'gatewayApi'],
];

/** Of what the function needs. */
export function targetsOf({ dapr, targets }: FunctionPlan, apis: readonly string[]): string[] {
  const groups = apis.map((api) => api.slice(api.indexOf('.') + 1));
  const needed = PROVIDERS.filter(([group, target]) => (
    groups.includes(group) || (target === 'dapr' && dapr.mode !== 'off')));
  return ['kubernetes' as const, ...needed.map(([, target]) => target)].map((name) => titleOf(targets, name));
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

const EXPERIMENTAL = 'the experimental channel of the Gateway API';
const gate = (name: string) => `the feature gate ${name} of Kubernetes, which is off by default`;

/** Fields that an API server of the newest target drops without a word, unless this is there. */
const SWITCHED: Readonly<Record<string, string>> = {
  'Lifecycle.stopSignal': gate('ContainerStopSignals'),
  'PodSpec.workloadRef': gate('GenericWorkload'),
  'VolumeProjection.podCertificate': gate('PodCertificateRequest'),
  'VolumeProjection.clusterTrustBundle': gate('ClusterTrustBundleProjection'),
  'HTTPRouteRule.retry': EXPERIMENTAL,
  'HTTPRouteRule.sessionPersistence': EXPERIMENTAL,
  'HTTPRouteFilter.externalAuth': EXPERIMENTAL,
};

function switches({ pod, route }: FunctionPlan): string[] {
  const list: string[] = [];
  const visit = (field: string) => {
    const needed = Object.hasOwn(SWITCHED, field) ? SWITCHED[field] : undefined;
    if (needed !== undefined) list.push(`${needed}, for ${field.slice(field.indexOf('.') + 1)}`);
  };
  forEachField(pod.spec, 'PodSpec', [], visit);
  forEachField(route?.rules, '[]HTTPRouteRule', [], visit);
  return list;
}

export function prerequisites(plan: FunctionPlan): string[] {
  const { dapr, proxy, tokens, route, namespace, components } = plan;
  const list: string[] = [...knativeNeeds(plan.knative?.annotations ?? {}), ...switches(plan)];
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
  if (proxy?.callers !== undefined && tokens.api === undefined) {
    list.push('a network plugin that enforces NetworkPolicies, or an API token: '
      + 'otherwise every pod can use the Dapr API of this function');
  }
  if (dapr.mode !== 'off' && plan.pod.hardened) {
    list.push('sidecarDropALLCapabilities: true of dapr_sidecar_injector in Dapr\'s Helm chart, where a namespace '
      + 'enforces the restricted pod security level');
  }
  if (plan.podCallers !== undefined) {
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
  for (const trigger of triggers) {
    const { rights } = brokerOf(trigger);
    const account = proxy ? `ServiceAccount ${proxy.serviceAccount ?? 'default'}` : 'the account of its pods';
    if (rights !== undefined) list.push(`a role by which ${account} may ${rights}, for ${trigger.componentName}`);
  }
  for (const ref of [...triggers, ...inputs, ...outputs, ...Object.values(states)]) {
    if (ref.spec === undefined) list.push(`the Dapr component ${ref.componentName} in namespace ${namespace}`);
  }
  return [...new Set(list)];
}
