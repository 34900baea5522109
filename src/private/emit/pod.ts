/** The pod template of a function, whatever workload holds it (docs/spec M25 to M42). */
import { copy, workloadLabels } from './manifest';
import type { FunctionPlan } from '../decide/plan';
import { API_TOKEN_SECRET, APP_TOKEN_SECRET } from '../decide/tokens';
import {
  DAPR_APP_ID, DAPR_APP_PORT, DAPR_APP_PROTOCOL, DAPR_ENABLED, DAPR_KNATIVE_METRICS_PORT, DAPR_METRICS_PORT,
  FUNCTION_CONTAINER, FUNCTION_PORT_NAME, WASM_VARIANT,
} from '../kubernetes/constants';
import type { Json, JsonObject, StringMap } from '../kubernetes/json';

const WASM_RUNTIME_CLASS = 'openfunction-crun';
const WASM_DEFAULT_VARIANT = 'compat-smart';
/** Seconds in which DNS forgets a pod that is about to stop. */
const PRE_STOP_SECONDS = 5;
/** A shorter grace period leaves the function too little after the sleep. */
const MIN_GRACE_SECONDS = 2 * PRE_STOP_SECONDS;

export function podTemplate(plan: FunctionPlan): JsonObject {
  const annotations = podAnnotations(plan);
  return { metadata: { annotations, labels: workloadLabels(plan) }, spec: podSpec(plan, annotations[DAPR_APP_PROTOCOL]) };
}

export function podAnnotations(plan: FunctionPlan): StringMap {
  const { model, workload, dapr } = plan;
  return {
    [DAPR_APP_ID]: plan.names.appId,
    'dapr.io/log-as-json': 'true',
    [DAPR_APP_PROTOCOL]: 'grpc',
    [DAPR_APP_PORT]: String(plan.port),
    ...(workload === 'KnativeService' && { [DAPR_METRICS_PORT]: String(DAPR_KNATIVE_METRICS_PORT) }),
    ...(model.wasmEdge && { [WASM_VARIANT]: WASM_DEFAULT_VARIANT }),
    ...(dapr.mode === 'sidecar' && sidecarAnnotations(plan)),
    ...model.serving.annotations,
    [DAPR_ENABLED]: dapr.mode === 'sidecar' ? 'true' : 'false',
  };
}

function sidecarAnnotations({ tokens, sidecarDrain }: FunctionPlan): StringMap {
  return {
    ...tokenAnnotations(tokens),
    ...(sidecarDrain !== undefined && {
      'dapr.io/block-shutdown-duration': `${sidecarDrain.blockSeconds}s`,
      'dapr.io/graceful-shutdown-seconds': String(sidecarDrain.gracefulSeconds),
    }),
  };
}

function podSpec(plan: FunctionPlan, appProtocol: string): JsonObject {
  const { model, workload, sidecarDrain } = plan;
  const spec: JsonObject = copy(model.serving.template ?? {});
  const containers = (spec.containers ?? []) as JsonObject[];
  const index = containers.findIndex((container) => container.name === FUNCTION_CONTAINER);
  const container = index < 0 ? { name: FUNCTION_CONTAINER, imagePullPolicy: 'IfNotPresent' } : containers[index];
  const complete = functionContainer(plan, container, appProtocol, gracePeriod(spec));
  spec.containers = index < 0 ? [...containers, complete] : containers.map((other, at) => (at === index ? complete : other));
  addPullSecret(spec, model.imageCredentials);
  if (model.wasmEdge) spec.runtimeClassName ??= WASM_RUNTIME_CLASS;
  if (sidecarDrain !== undefined && workload !== 'KnativeService') spec.terminationGracePeriodSeconds ??= sidecarDrain.gracePeriodSeconds;
  return spec;
}

function gracePeriod(spec: JsonObject): number | undefined {
  return typeof spec.terminationGracePeriodSeconds === 'number' ? spec.terminationGracePeriodSeconds : undefined;
}

function addPullSecret(spec: JsonObject, name: string | undefined): void {
  if (name === undefined) return;
  const secrets = (spec.imagePullSecrets ?? []) as JsonObject[];
  spec.imagePullSecrets = secrets.some((secret) => secret.name === name) ? secrets : [...secrets, { name }];
}

function functionContainer(plan: FunctionPlan, template: JsonObject, appProtocol: string, graceSeconds: number | undefined): JsonObject {
  const { model } = plan;
  const { envFrom: own = [] } = model.serving;
  const container: JsonObject = {
    ...template,
    image: model.image,
    env: environment(plan, appProtocol),
    ports: ports(plan, (template.ports ?? []) as JsonObject[]),
  };
  const envFrom = [...((template.envFrom ?? []) as Json[]), ...own];
  if (envFrom.length > 0) container.envFrom = copy(envFrom);
  if (plan.proxy === undefined || plan.workload === 'KnativeService') return container;
  if (!plan.http) container.readinessProbe ??= { tcpSocket: { port: plan.port } };
  if (graceSeconds === undefined || graceSeconds >= MIN_GRACE_SECONDS) {
    const { preStop, ...rest } = (container.lifecycle ?? {}) as JsonObject;
    container.lifecycle = { preStop: preStop ?? { sleep: { seconds: PRE_STOP_SECONDS } }, ...rest };
  }
  return container;
}

function ports(plan: FunctionPlan, given: JsonObject[]): JsonObject[] {
  if (given.some((port) => port.containerPort === plan.port)) return given;
  const port: JsonObject = plan.workload === 'KnativeService'
    ? { containerPort: plan.port }
    : { name: FUNCTION_PORT_NAME, containerPort: plan.port, protocol: 'TCP' };
  return [...given, port];
}

function environment(plan: FunctionPlan, appProtocol: string): JsonObject[] {
  const { names, namespace, userEnv, proxy } = plan;
  const env: JsonObject[] = copy(userEnv.before);
  env.push({ name: 'APP_PROTOCOL', value: appProtocol });
  if (plan.tracing !== undefined) env.push(...tracingVariables(plan));
  env.push(...contextVariables(plan), podName(plan), { name: 'POD_NAMESPACE', value: namespace });
  if (proxy !== undefined) {
    const host = `${names.daprService}.${namespace}.svc.${plan.clusterDomain}`;
    env.push({ name: 'DAPR_HOST', value: host }, { name: 'DAPR_SIDECAR_IP', value: host });
  }
  env.push(...userEnv.tokens);
  for (const entry of userEnv.after) env.push({ ...entry });
  return env;
}

export function contextVariables({ funcContext }: FunctionPlan): JsonObject[] {
  return [{ name: 'FUNC_CONTEXT', value: funcContext.v1beta1 }, { name: 'FUNC_CONTEXT_V1BETA2', value: funcContext.v1beta2 }];
}

export function podNameField(): JsonObject {
  return { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } };
}

/** Differs: a stock Knative refuses fieldRef, which stands behind a feature flag there. */
function podName({ workload, platform, name }: FunctionPlan): JsonObject {
  const allowed = workload !== 'KnativeService' || platform.knativeFeatures?.includes('kubernetes.podspec-fieldref') === true;
  return allowed ? podNameField() : { name: 'POD_NAME', value: name };
}

function tracingVariables({ tracing, name, namespace }: FunctionPlan): JsonObject[] {
  const { name: provider, oapServer } = tracing?.provider ?? {};
  if (provider !== 'skywalking' || oapServer === undefined) return [];
  return Object.entries({
    SW_AGENT_COLLECTOR_BACKEND_SERVICES: oapServer,
    SW_AGENT_NAME: name,
    SW_AGENT_NAMESPACE: namespace,
    SW_AGENT_KEEP_TRACING: 'true',
  }).map(([variable, value]) => ({ name: variable, value }));
}

export function tokenAnnotations({ api, app }: FunctionPlan['tokens']): StringMap {
  return { ...(api !== undefined && { [API_TOKEN_SECRET]: api.secret }), ...(app !== undefined && { [APP_TOKEN_SECRET]: app.secret }) };
}
