/** Services, network policies and Dapr's access control of a function. */
import type { Emitted, Maker } from './manifest';
import type { CallerModel, PodCaller } from '../decide/access-policies';
import type { FunctionPlan, Role } from '../decide/plan';
import type { PodCallers, ProxyCallers } from '../decide/privileges';
import type { RoutePlan } from '../decide/route';
import { DAPR_APP_ID, MANAGED_LABEL, PROXY_LABEL, SERVING_LABEL } from '../kubernetes/constants';
import { compact, copy, Json, JsonObject, Manifest, object, StringMap } from '../kubernetes/json';
import { serviceHost } from '../kubernetes/syntax';

const ADD_ON_PORT = 80;

export const services: Maker = (plan) => [...behindProxy(plan), ...behindAddOn(plan)];

function behindProxy(plan: FunctionPlan): Emitted[] {
  const { clusterIp } = plan.names.services;
  if (clusterIp === undefined) return [];
  const ports = [ofFunction(plan, plan.port)];
  return [
    // Differs: the operator gives an address to app protocol http, which pins connections to old pods.
    { role: 'service', id: 'Service', manifest: ofPods(plan, plan.name, { clusterIP: 'None', ports }) },
    { role: 'service', id: 'AnyPodService', manifest: ofPods(plan, clusterIp, { type: 'ClusterIP', ports }) },
  ];
}

function behindAddOn(plan: FunctionPlan): Emitted[] {
  const { gatewayService, names: { services: { workload } } } = plan;
  if (workload === undefined) return [];
  const ports = [ofFunction(plan, ADD_ON_PORT)];
  const manifest = ofPods(plan, workload, { type: 'ClusterIP', ports });
  const list: Emitted[] = [{ role: 'service', id: 'WorkloadService', manifest }];
  if (gatewayService !== undefined) {
    list.push({
      role: 'service',
      id: 'Service',
      manifest: service(plan, plan.name, {
        type: 'ExternalName',
        externalName: serviceHost(gatewayService.name, gatewayService.namespace, plan.clusterDomain),
        ports: [port(ADD_ON_PORT, gatewayService.port)],
      }),
    });
  }
  return list;
}

function ofFunction({ port: target, appProtocol }: FunctionPlan, number: number): JsonObject {
  return compact({ ...port(number, target), appProtocol });
}

function port(number: number, targetPort: number): JsonObject {
  return { name: 'http', port: number, protocol: 'TCP', targetPort };
}

function ofPods(plan: FunctionPlan, name: string, spec: JsonObject): Manifest {
  return service(plan, name, { ...spec, selector: { [SERVING_LABEL]: plan.name } });
}

function service(plan: FunctionPlan, name: string, spec: JsonObject): Manifest {
  return object(plan, { apiVersion: 'v1', kind: 'Service', name, labels: plan.labels.function }, { spec });
}

export const proxyServices: Maker = (plan) => {
  const { proxy, names: { services: { scaler, peers } } } = plan;
  if (proxy === undefined) return [];
  const admin = namedPort('admin', proxy.ports.admin);
  const shared = (id: string, name: string, spec: JsonObject): Emitted => ({
    role: 'proxyService',
    id,
    manifest: object(plan, { apiVersion: 'v1', kind: 'Service', name, labels: plan.labels.proxy }, {
      spec: { ...spec, selector: { [PROXY_LABEL]: plan.name } },
    }),
  });
  const list: Emitted[] = [];
  if (scaler !== undefined) {
    const pushed = proxy.ports.scaler === undefined
      ? []
      : [{ ...namedPort('scaler', proxy.ports.scaler), appProtocol: 'kubernetes.io/h2c' }];
    list.push(shared('ProxyService', scaler, { type: 'ClusterIP', ports: [admin, ...pushed] }));
  }
  // Replicas find each other before they are ready, so that none answers KEDA for itself alone.
  if (peers !== undefined) {
    list.push(shared('ProxyPeers', peers, { clusterIP: 'None', publishNotReadyAddresses: true, ports: [admin] }));
  }
  return list;
};

function namedPort(name: string, number: number): JsonObject {
  return { name, port: number, protocol: 'TCP', targetPort: number };
}

const GROUP = 'gateway.networking.k8s.io';

export const httpRoute: Maker = (plan) => {
  const { route } = plan;
  if (route === undefined) return [];
  const labels = { ...plan.labels.function, [route.labelKey]: route.labelValue };
  const manifest = object(plan, { apiVersion: `${GROUP}/v1`, kind: 'HTTPRoute', name: plan.name, labels }, {
    spec: {
      // Defaults of the API server are written out, so that a sync sees no difference.
      parentRefs: [{ group: GROUP, kind: 'Gateway', ...route.parent }],
      hostnames: [...route.hostnames],
      rules: route.rules.map((rule) => completeRule(rule, route)),
    },
  });
  return [{ role: 'route', id: 'Route', manifest }];
};

function completeRule(rule: JsonObject, route: RoutePlan): JsonObject {
  const { backendRefs: _replaced, filters: given, ...rest } = copy(rule);
  const filters = (given ?? []) as JsonObject[];
  // A redirect answers by itself: the API refuses a backend or a rewrite beside it.
  if (filters.some((filter) => filter.type === 'RequestRedirect')) return compact({ ...rest, filters: given });
  const complete = rewriteHost(filters, route.rewriteHostname);
  return compact({
    ...rest,
    filters: complete.length === 0 ? undefined : complete,
    backendRefs: [{ group: '', kind: 'Service', ...route.backend, weight: 1 }],
  });
}

/** One URLRewrite per rule: ours is merged into the user's. */
function rewriteHost(filters: JsonObject[], hostname: string | undefined): Json[] {
  if (hostname === undefined) return filters;
  const merge = (filter: JsonObject): JsonObject => (filter.type === 'URLRewrite'
    ? { ...filter, urlRewrite: { ...(filter.urlRewrite as JsonObject), hostname } }
    : filter);
  return filters.some((filter) => filter.type === 'URLRewrite')
    ? filters.map(merge)
    : [...filters, { type: 'URLRewrite', urlRewrite: { hostname } }];
}

/** Of the backend's namespace; lists every Service that functions of this namespace route to. */
export const referenceGrant: Maker = ({ route, namespace: from }) => {
  if (route?.emitGrant !== true) return [];
  const { namespace, name } = route.backend;
  const manifest = {
    apiVersion: `${GROUP}/v1beta1`,
    kind: 'ReferenceGrant',
    metadata: { name: `openfunction-${from}`, namespace, labels: { [MANAGED_LABEL]: 'true' } },
    spec: { from: [{ group: GROUP, kind: 'HTTPRoute', namespace: from }], to: [{ group: '', kind: 'Service', name }] },
  };
  return [{ role: 'referenceGrant', id: `grant-${namespace}-${manifest.metadata.name}`, manifest, sharedBy: 'app' }];
};

export const configuration: Maker = (plan) => {
  const { access, proxy, labels } = plan;
  if (access === undefined) return [];
  const own = proxy === undefined ? labels.function : labels.proxy;
  const parts = { apiVersion: 'dapr.io/v1alpha1', kind: 'Configuration', name: access.name, labels: own };
  const policies = access.policies.map(({ operations, ...app }) => compact({
    ...app,
    operations: operations?.map(({ name, verbs }) => ({ name, httpVerb: [...verbs], action: 'allow' })),
  }));
  const manifest = object(plan, parts, {
    spec: { accessControl: { defaultAction: 'deny', trustDomain: 'public', policies } },
  });
  return [{ role: 'configuration', id: 'Configuration', manifest }];
};

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
const ANY_NAMESPACE = { namespaceSelector: {} };

export const networkPolicy: Maker = (plan) => {
  const { proxy, name, names, labels } = plan;
  if (proxy?.callers === undefined) return [];
  const { sidecarPorts: { http, grpc, internal, metrics }, ports } = proxy;
  const { kedaNamespace, monitoringNamespace, apps } = proxy.callers;
  const keda = inNamespace(kedaNamespace);
  const observers = monitoringNamespace === undefined ? [ANY_NAMESPACE] : [keda, inNamespace(monitoringNamespace)];
  const ingress = [
    allow([{ podSelector: { matchLabels: { [SERVING_LABEL]: name } } }], [http, grpc]),
    ...invocations(apps, internal),
    allow(observers, [ports.admin, metrics]),
    ...(ports.scaler === undefined ? [] : [allow([keda], [ports.scaler])]),
    ...(names.services.peers === undefined ? [] : [allow([proxies(name)], [ports.admin])]),
  ];
  return [policy(plan, { role: 'networkPolicy', id: 'NetworkPolicy', name: names.proxy, labels: labels.proxy }, {
    podSelector: { matchLabels: { [PROXY_LABEL]: name } }, policyTypes: ['Ingress'], ingress,
  })];
};

/** The kubelet's probes come from the pod's own node, which no policy can shut out. */
export const functionNetworkPolicy: Maker = (plan) => {
  const { podCallers, name, labels } = plan;
  if (podCallers === undefined) return [];
  const { fromProxy, fromNamespaces, fromPods, sidecar } = podCallers;
  const ingress = [
    ...(fromProxy.length === 0 ? [] : [allow([proxies(name)], fromProxy)]),
    ...(fromPods.length === 0 ? [] : [allow(fromPods.map(podsOf), [plan.port])]),
    ...fromNamespaces.map((from) => allow([inNamespace(from.name)], from.ports)),
    ...(sidecar === undefined ? [] : ownSidecar(sidecar)),
  ];
  return [policy(plan, { role: 'functionNetworkPolicy', id: 'FunctionNetworkPolicy', name, labels: labels.function }, {
    // Without a rule nobody gets in; the API server drops an empty list, which each sync would bring back.
    podSelector: { matchLabels: { [SERVING_LABEL]: name } },
    policyTypes: ['Ingress'],
    ...(ingress.length > 0 && { ingress }),
  })];
};

interface Parts {
  readonly role: Role;
  readonly id: string;
  readonly name: string;
  readonly labels: StringMap;
}

function policy(plan: FunctionPlan, { role, id, ...named }: Parts, spec: JsonObject): Emitted {
  const parts = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...named };
  return { role, id, manifest: object(plan, parts, { spec }) };
}

function allow(from: JsonObject[], ports: readonly number[]): JsonObject {
  return { from, ports: ports.map((number) => ({ port: number, protocol: 'TCP' })) };
}

function podsOf({ namespace, labels }: PodCaller): JsonObject {
  return { ...inNamespace(namespace), podSelector: { matchLabels: { ...labels } } };
}

function proxies(name: string): JsonObject {
  return { podSelector: { matchLabels: { [PROXY_LABEL]: name } } };
}

function ownSidecar({ ports, apps, monitoringNamespace }: NonNullable<PodCallers['sidecar']>): JsonObject[] {
  const observers = monitoringNamespace === undefined ? ANY_NAMESPACE : inNamespace(monitoringNamespace);
  return [...invocations(apps, ports.internal), allow([observers], [ports.metrics])];
}

function invocations(apps: ProxyCallers['apps'], internal: number): JsonObject[] {
  if (apps?.length === 0) return [];
  return [allow(apps === undefined ? [ANY_NAMESPACE] : sidecarsOf(apps), [internal])];
}

/** By the label that Dapr's injector gives to pods with a sidecar. */
function sidecarsOf(apps: readonly Pick<CallerModel, 'appId' | 'namespace'>[]): JsonObject[] {
  return apps.map(({ appId, namespace }) => (
    { ...inNamespace(namespace), podSelector: { matchLabels: { [DAPR_APP_ID]: appId } } }));
}

function inNamespace(name: string): JsonObject {
  return { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: name } } };
}
