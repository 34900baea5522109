/** The pod template of a function, whatever workload holds it (docs/spec M25 to M42). */
import { compact, copy } from './manifest';
import type { FunctionPlan } from '../decide/plan';
import { FUNCTION_CONTAINER } from '../kubernetes/constants';
import type { Json, JsonObject } from '../kubernetes/json';
import { withSecurity } from '../kubernetes/pod-security';

export interface PodTemplate extends JsonObject {
  metadata: JsonObject;
  spec: JsonObject;
}

export function podTemplate(plan: FunctionPlan): PodTemplate {
  const { pod: { annotations }, labels } = plan;
  return { metadata: { annotations: { ...annotations }, labels: { ...labels.workload } }, spec: podSpec(plan) };
}

function podSpec(plan: FunctionPlan): JsonObject {
  const { pod: { template, pullSecret, runtimeClass, gracePeriodSeconds, restartPolicy, security } } = plan;
  const { containers: given, imagePullSecrets, ...spec } = copy(template);
  const containers = listOf(given);
  const index = containers.findIndex((container) => container.name === FUNCTION_CONTAINER);
  const base = containers[index] ?? { name: FUNCTION_CONTAINER, imagePullPolicy: 'IfNotPresent' };
  const own = functionContainer(plan, base);
  const complete = compact({
    ...spec,
    containers: index < 0 ? [...containers, own] : containers.map((other, at) => (at === index ? own : other)),
    imagePullSecrets: pullSecret === undefined ? imagePullSecrets : [...listOf(imagePullSecrets), { name: pullSecret }],
    runtimeClassName: runtimeClass ?? spec.runtimeClassName,
    terminationGracePeriodSeconds: gracePeriodSeconds ?? spec.terminationGracePeriodSeconds,
    restartPolicy: restartPolicy ?? spec.restartPolicy,
  });
  return security === undefined ? complete : withSecurity(complete, security);
}

function functionContainer({ pod, port }: FunctionPlan, template: JsonObject): JsonObject {
  return compact({
    ...template,
    image: pod.image,
    env: copy(pod.env),
    ports: pod.port === undefined ? template.ports : [...listOf(template.ports), { ...pod.port }],
    envFrom: pod.envFrom.length === 0 ? undefined : copy(pod.envFrom),
    readinessProbe: pod.readinessProbe ? { tcpSocket: { port } } : template.readinessProbe,
    lifecycle: pod.preStopSeconds === undefined
      ? template.lifecycle
      : { ...(template.lifecycle as JsonObject | undefined), preStop: { sleep: { seconds: pod.preStopSeconds } } },
  });
}

function listOf(value: Json | undefined): JsonObject[] {
  return (value ?? []) as JsonObject[];
}
