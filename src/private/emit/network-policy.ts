/** NetworkPolicy of the dapr-proxy: who may use the sidecar's API and the proxy's own ports. */
import { Maker, object } from './manifest';
import { PROXY_LABEL, SERVING_LABEL } from '../kubernetes/constants';
import type { Json, JsonObject } from '../kubernetes/json';

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
const ANY_NAMESPACE = { namespaceSelector: {} };

export const networkPolicy: Maker = (plan) => {
  const { proxy, name, names } = plan;
  if (proxy?.networkPolicy === undefined) return [];
  const { sidecarPorts: { http, grpc, internal, metrics }, ports, networkPolicy: callers } = proxy;
  const { kedaNamespace, monitoringNamespace } = callers;
  const keda = inNamespace(kedaNamespace);
  const observers = monitoringNamespace === undefined ? [ANY_NAMESPACE] : [keda, inNamespace(monitoringNamespace)];
  const replicas = { podSelector: { matchLabels: { [PROXY_LABEL]: name } } };
  const ingress = [
    rule([{ podSelector: { matchLabels: { [SERVING_LABEL]: name } } }], [http, grpc]),
    rule([ANY_NAMESPACE], [internal]),
    rule(observers, [ports.admin, metrics]),
    ...(ports.scaler === undefined ? [] : [rule([keda], [ports.scaler])]),
    ...(names.services.peers === undefined ? [] : [rule([replicas], [ports.admin])]),
  ];
  const labels = plan.labels.proxy;
  const parts = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: names.proxy, labels };
  const manifest = object(plan, parts, {
    spec: { podSelector: { matchLabels: { [PROXY_LABEL]: name } }, policyTypes: ['Ingress'], ingress },
  });
  return [{ role: 'networkPolicy', id: 'NetworkPolicy', manifest }];
};

function rule(from: Json[], ports: number[]): JsonObject {
  return { from, ports: ports.map((number) => ({ port: number, protocol: 'TCP' })) };
}

function inNamespace(name: string): JsonObject {
  return { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: name } } };
}
