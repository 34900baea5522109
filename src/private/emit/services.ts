/** Services in front of the function's pods; Knative makes its own (docs/spec M52, M53, M62). */
import { compact, Emitted, Maker, Manifest, object } from './manifest';
import type { FunctionPlan } from '../decide/plan';
import { SERVING_LABEL } from '../kubernetes/constants';
import type { JsonObject } from '../kubernetes/json';
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
