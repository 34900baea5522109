/** NetworkPolicies of the proxy's pods and of the function's (docs/spec M110, M110a). */
import { Emitted, Maker, object, Role } from './manifest';
import type { CallerModel } from '../decide/access-policies';
import type { PodCallers, ProxyCallers } from '../decide/network-policies';
import type { FunctionPlan } from '../decide/plan';
import { DAPR_APP_ID, PROXY_LABEL, SERVING_LABEL } from '../kubernetes/constants';
import type { JsonObject, StringMap } from '../kubernetes/json';

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
    rule([{ podSelector: { matchLabels: { [SERVING_LABEL]: name } } }], [http, grpc]),
    ...invocations(apps, internal),
    rule(observers, [ports.admin, metrics]),
    ...(ports.scaler === undefined ? [] : [rule([keda], [ports.scaler])]),
    ...(names.services.peers === undefined ? [] : [rule([proxies(name)], [ports.admin])]),
  ];
  return [policy(plan, { role: 'networkPolicy', id: 'NetworkPolicy', name: names.proxy, labels: labels.proxy }, {
    podSelector: { matchLabels: { [PROXY_LABEL]: name } }, policyTypes: ['Ingress'], ingress,
  })];
};

/** The kubelet's probes come from the pod's own node, which no policy can shut out. */
export const functionNetworkPolicy: Maker = (plan) => {
  const { podCallers, name, labels } = plan;
  if (podCallers === undefined) return [];
  const { fromProxy, fromNamespaces, sidecar } = podCallers;
  const ingress = [
    ...(fromProxy.length === 0 ? [] : [rule([proxies(name)], fromProxy)]),
    ...fromNamespaces.map((from) => rule([inNamespace(from.name)], from.ports)),
    ...(sidecar === undefined ? [] : ownSidecar(sidecar)),
  ];
  return [policy(plan, { role: 'functionNetworkPolicy', id: 'FunctionNetworkPolicy', name, labels: labels.function }, {
    podSelector: { matchLabels: { [SERVING_LABEL]: name } }, policyTypes: ['Ingress'], ingress,
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

function rule(from: JsonObject[], ports: readonly number[]): JsonObject {
  return { from, ports: ports.map((number) => ({ port: number, protocol: 'TCP' })) };
}

function proxies(name: string): JsonObject {
  return { podSelector: { matchLabels: { [PROXY_LABEL]: name } } };
}

function ownSidecar({ ports, apps, monitoringNamespace }: NonNullable<PodCallers['sidecar']>): JsonObject[] {
  const observers = monitoringNamespace === undefined ? ANY_NAMESPACE : inNamespace(monitoringNamespace);
  return [...invocations(apps, ports.internal), rule([observers], [ports.metrics])];
}

function invocations(apps: ProxyCallers['apps'], port: number): JsonObject[] {
  if (apps?.length === 0) return [];
  return [rule(apps === undefined ? [ANY_NAMESPACE] : sidecarsOf(apps), [port])];
}

/** By the label that Dapr's injector gives to pods with a sidecar. */
function sidecarsOf(apps: readonly Pick<CallerModel, 'appId' | 'namespace'>[]): JsonObject[] {
  return apps.map(({ appId, namespace }) => (
    { ...inNamespace(namespace), podSelector: { matchLabels: { [DAPR_APP_ID]: appId } } }));
}

function inNamespace(name: string): JsonObject {
  return { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: name } } };
}
