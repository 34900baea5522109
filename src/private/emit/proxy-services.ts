/** Services of the dapr-proxy: for KEDA, and among its replicas. */
import { Emitted, Maker, object } from './manifest';
import { PROXY_LABEL } from '../kubernetes/constants';
import type { JsonObject } from '../kubernetes/json';

export const proxyServices: Maker = (plan) => {
  const { proxy, names: { services: { scaler, peers } } } = plan;
  if (proxy === undefined) return [];
  const admin = port('admin', proxy.ports.admin);
  const service = (id: string, name: string, spec: JsonObject): Emitted => ({
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
      : [{ ...port('scaler', proxy.ports.scaler), appProtocol: 'kubernetes.io/h2c' }];
    list.push(service('ProxyService', scaler, { type: 'ClusterIP', ports: [admin, ...pushed] }));
  }
  // Replicas find each other before they are ready, so that none answers KEDA for itself alone.
  if (peers !== undefined) {
    list.push(service('ProxyPeers', peers, { clusterIP: 'None', publishNotReadyAddresses: true, ports: [admin] }));
  }
  return list;
};

function port(name: string, number: number): JsonObject {
  return { name, port: number, protocol: 'TCP', targetPort: number };
}
