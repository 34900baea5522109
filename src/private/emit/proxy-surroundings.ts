/** What stands around the dapr-proxy's Deployment: Services, NetworkPolicy, PodDisruptionBudget, access to EndpointSlices. */
import { service } from './async';
import { compact, Emitted, Manifest, object, proxyLabels } from './manifest';
import type { FunctionPlan } from '../decide/plan';
import type { ProxyPlan } from '../decide/proxy';
import { PROXY_LABEL, SERVING_LABEL } from '../kubernetes/constants';
import type { Json, JsonObject } from '../kubernetes/json';

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
const DEFAULT_KEDA_NAMESPACE = 'keda';

export function proxySurroundings(plan: FunctionPlan, proxy: ProxyPlan): Emitted[] {
  const list: Emitted[] = [];
  if (plan.scaling.pendingEvents !== undefined) list.push({ role: 'proxyService', id: 'ProxyService', manifest: scalerService(plan, proxy) });
  if (proxy.peers) list.push({ role: 'proxyService', id: 'ProxyPeers', manifest: peersService(plan, proxy) });
  if (proxy.settings.networkPolicy) list.push({ role: 'networkPolicy', id: 'NetworkPolicy', manifest: networkPolicy(plan, proxy) });
  if (proxy.replicas > 1) list.push({ role: 'disruptionBudget', id: 'DisruptionBudget', manifest: disruptionBudget(plan) });
  if (proxy.settings.discovery === 'endpointslices') list.push(...endpointSliceAccess(plan, proxy.settings.serviceAccount));
  return list;
}

function port(name: string, number: number): JsonObject {
  return { name, port: number, protocol: 'TCP', targetPort: number };
}

function scalerService(plan: FunctionPlan, { adminPort, scalerPort }: ProxyPlan): Manifest {
  return service(plan, plan.names.proxy, {
    type: 'ClusterIP',
    ports: [
      port('admin', adminPort),
      ...(scalerPort === undefined ? [] : [{ ...port('scaler', scalerPort), appProtocol: 'kubernetes.io/h2c' }]),
    ],
    selector: { [PROXY_LABEL]: plan.name },
  }, proxyLabels(plan));
}

/** Replicas of the proxy find each other before they are ready, so that none answers KEDA for itself alone. */
function peersService(plan: FunctionPlan, { adminPort }: ProxyPlan): Manifest {
  return service(plan, plan.names.peers, {
    clusterIP: 'None',
    publishNotReadyAddresses: true,
    ports: [port('admin', adminPort)],
    selector: { [PROXY_LABEL]: plan.name },
  }, proxyLabels(plan));
}

function networkPolicy(plan: FunctionPlan, proxy: ProxyPlan): Manifest {
  const { platform, name } = plan;
  const { http, grpc, internal, metrics } = proxy.sidecarPorts;
  const keda = inNamespace(platform.kedaNamespace ?? DEFAULT_KEDA_NAMESPACE);
  const monitoring = platform.monitoringNamespace === undefined ? { namespaceSelector: {} } : inNamespace(platform.monitoringNamespace);
  const observers = platform.monitoringNamespace === undefined ? [monitoring] : [keda, monitoring];
  const ingress = [
    rule([{ podSelector: { matchLabels: { [SERVING_LABEL]: name } } }], [http, grpc]),
    rule([{ namespaceSelector: {} }], [internal]),
    rule(observers, [proxy.adminPort, metrics]),
    proxy.scalerPort === undefined ? undefined : rule([keda], [proxy.scalerPort]),
    proxy.peers ? rule([{ podSelector: { matchLabels: { [PROXY_LABEL]: name } } }], [proxy.adminPort]) : undefined,
  ];
  return object(plan, { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: plan.names.proxy, labels: proxyLabels(plan), wave: 'component' }, {
    spec: {
      podSelector: { matchLabels: { [PROXY_LABEL]: name } },
      policyTypes: ['Ingress'],
      ingress: ingress.filter((entry) => entry !== undefined),
    },
  });
}

function rule(from: Json[], ports: number[]): JsonObject {
  return { from, ports: ports.map((number) => ({ port: number, protocol: 'TCP' })) };
}

function inNamespace(name: string): JsonObject {
  return { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: name } } };
}

function disruptionBudget(plan: FunctionPlan): Manifest {
  return object(plan, { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: plan.names.proxy, labels: proxyLabels(plan), wave: 'workload' }, {
    spec: { maxUnavailable: 1, selector: { matchLabels: { [PROXY_LABEL]: plan.name } } },
  });
}

/** Only where the proxy watches EndpointSlices instead of asking DNS; an account of the user's gets the right to do so. */
function endpointSliceAccess(plan: FunctionPlan, account: string | undefined): Emitted[] {
  const { names, namespace } = plan;
  const named = (apiVersion: string, kind: string, rest: JsonObject): Manifest => object(
    plan, { apiVersion, kind, name: names.proxy, labels: proxyLabels(plan), wave: 'component' }, compact(rest),
  );
  const rbac = 'rbac.authorization.k8s.io';
  return [
    ...(account === undefined ? [{ role: 'access' as const, id: 'ServiceAccount', manifest: named('v1', 'ServiceAccount', { automountServiceAccountToken: false }) }] : []),
    {
      role: 'access',
      id: 'Role',
      manifest: named(`${rbac}/v1`, 'Role', { rules: [{ apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] }] }),
    },
    {
      role: 'access',
      id: 'RoleBinding',
      manifest: named(`${rbac}/v1`, 'RoleBinding', {
        roleRef: { apiGroup: rbac, kind: 'Role', name: names.proxy },
        subjects: [{ kind: 'ServiceAccount', name: account ?? names.proxy, namespace }],
      }),
    },
  ];
}
