/** Services in front of the function's pods; Knative makes its own (docs/spec M52, M53, M62). */
import { compact, copy, Emitted, Maker, Manifest, object } from './manifest';
import type { FunctionPlan } from '../decide/plan';
import type { RoutePlan } from '../decide/route';
import { MANAGED_LABEL, PROXY_LABEL, SERVING_LABEL } from '../kubernetes/constants';
import type { Json, JsonObject } from '../kubernetes/json';
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
  return [{ role: 'route', id: 'Route', manifest, needs: ['workload', 'service', 'referenceGrant'] }];
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
