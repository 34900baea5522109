/** The dapr-proxy of a function: its Deployment with the only Dapr sidecar (docs/spec M98 to M116). */
import { compact, Manifest, object, proxyLabels } from './manifest';
import { contextVariables, podNameField, tokenAnnotations } from './pod';
import type { ContainerSize } from '../../dapr-proxy-props';
import type { FunctionPlan } from '../decide/plan';
import type { ProxyPlan } from '../decide/proxy';
import { HEALTH_PATH, PROXY_HEALTH_PATH } from '../decide/proxy-risks';
import { tokenVariable } from '../decide/tokens';
import {
  DAPR_APP_ID, DAPR_APP_PORT, DAPR_APP_PROTOCOL, DAPR_ENABLED, FUNCTION_PORT_NAME, PROXY_LABEL, PROXY_VERSION_LABEL,
} from '../kubernetes/constants';
import type { JsonObject, StringMap } from '../kubernetes/json';
import type { ProxyImageModel } from '../settings/platform-model';

const CONTAINER = 'dapr-proxy';
const ADMIN_PORT_NAME = 'admin';
const SCALER_PORT_NAME = 'scaler';
const PROBE_PORT_NAME = 'probe';
const BUNDLE_VOLUME = 'bundle';
const BUNDLE_FOLDER = '/opt/dapr-proxy';
/** The user `nonroot` of distroless images. */
const NON_ROOT_USER = 65532;
/** Annotations that mean nothing on a pod which neither Knative nor a WebAssembly runtime starts. */
const FOREIGN_PREFIXES = [
  'autoscaling.knative.dev/', 'serving.knative.dev/', 'queue.sidecar.serving.knative.dev/', 'features.knative.dev/', 'module.wasm.image/',
];

export function proxyDeployment(plan: FunctionPlan, proxy: ProxyPlan, image: ProxyImageModel): Manifest {
  const version = image.kind === 'inline' ? image.bundle.version : image.version;
  const labels = { ...proxyLabels(plan), ...(version !== undefined && { [PROXY_VERSION_LABEL]: version }) };
  return object(plan, { apiVersion: 'apps/v1', kind: 'Deployment', name: plan.names.proxy, labels, wave: 'workload' }, {
    spec: compact({
      replicas: proxy.replicas,
      selector: { matchLabels: { [PROXY_LABEL]: plan.name } },
      template: {
        metadata: { annotations: proxyAnnotations(plan, proxy), labels: { ...labels, ...plan.model.serving.labels } },
        spec: proxyPod(plan, proxy, image),
      },
    }),
  });
}

function proxyAnnotations({ names, port, model, tokens }: FunctionPlan, { appProtocol, health, settings, drain }: ProxyPlan): StringMap {
  const own = Object.entries(model.serving.annotations).filter(([key]) => !FOREIGN_PREFIXES.some((prefix) => key.startsWith(prefix)));
  return {
    [DAPR_APP_ID]: names.appId,
    'dapr.io/log-as-json': 'true',
    [DAPR_APP_PROTOCOL]: appProtocol,
    [DAPR_APP_PORT]: String(port),
    // Function pods reach the sidecar over the network.
    'dapr.io/sidecar-listen-addresses': '[::],0.0.0.0',
    'dapr.io/enable-app-health-check': 'true',
    [HEALTH_PATH]: PROXY_HEALTH_PATH,
    ...health,
    'dapr.io/block-shutdown-duration': `${drain.blockSeconds}s`,
    'dapr.io/graceful-shutdown-seconds': String(drain.gracefulSeconds),
    ...(!settings.serviceAccountToken && { 'dapr.io/disable-builtin-k8s-secret-store': 'true' }),
    ...tokenAnnotations(tokens),
    ...sidecarResources(settings.sidecarResources),
    ...Object.fromEntries(own),
    [DAPR_ENABLED]: 'true',
  };
}

function sidecarResources({ cpuRequest, cpuLimit, memoryRequest, memoryLimit }: ContainerSize): StringMap {
  const annotations: StringMap = {};
  if (cpuRequest !== undefined) annotations['dapr.io/sidecar-cpu-request'] = cpuRequest;
  if (cpuLimit !== undefined) annotations['dapr.io/sidecar-cpu-limit'] = cpuLimit;
  if (memoryRequest !== undefined) annotations['dapr.io/sidecar-memory-request'] = memoryRequest;
  if (memoryLimit !== undefined) annotations['dapr.io/sidecar-memory-limit'] = memoryLimit;
  return annotations;
}

function containerResources({ cpuRequest, cpuLimit, memoryRequest, memoryLimit }: ContainerSize): JsonObject {
  return { requests: compact({ cpu: cpuRequest, memory: memoryRequest }), limits: compact({ cpu: cpuLimit, memory: memoryLimit }) };
}

function proxyPod(plan: FunctionPlan, proxy: ProxyPlan, image: ProxyImageModel): JsonObject {
  const { settings, drain } = proxy;
  const watches = settings.discovery === 'endpointslices';
  const volumes: JsonObject[] = [];
  if (image.kind === 'inline') volumes.push({ name: BUNDLE_VOLUME, configMap: { name: image.bundle.configMapName } });
  if (watches) volumes.push(tokenVolume());
  return compact({
    serviceAccountName: settings.serviceAccount ?? (watches ? plan.names.proxy : undefined),
    automountServiceAccountToken: settings.serviceAccountToken,
    terminationGracePeriodSeconds: drain.gracePeriodSeconds,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    imagePullSecrets: settings.imagePullSecrets?.map((name) => ({ name })),
    containers: [proxyContainer(plan, proxy, image)],
    volumes: volumes.length === 0 ? undefined : volumes,
  });
}

function environment(plan: FunctionPlan, { appProtocol, env }: ProxyPlan): JsonObject[] {
  const variables: JsonObject[] = [{ name: 'APP_PROTOCOL', value: appProtocol }];
  variables.push(...contextVariables(plan));
  variables.push(podNameField(), { name: 'POD_NAMESPACE', value: plan.namespace });
  variables.push(...tokenVariable('APP_API_TOKEN', plan.tokens.app));
  for (const name of Object.keys(env)) {
    const value = env[name];
    if (value !== undefined) variables.push({ name, value });
  }
  return variables;
}

function proxyContainer(plan: FunctionPlan, proxy: ProxyPlan, image: ProxyImageModel): JsonObject {
  const { settings, adminPort, scalerPort, probePort } = proxy;
  const mounts: JsonObject[] = [];
  if (image.kind === 'inline') mounts.push({ name: BUNDLE_VOLUME, mountPath: BUNDLE_FOLDER, readOnly: true });
  if (settings.discovery === 'endpointslices') mounts.push({ name: TOKEN_VOLUME, mountPath: TOKEN_FOLDER, readOnly: true });
  return compact({
    name: CONTAINER,
    image: image.kind === 'inline' ? image.nodeImage : image.reference,
    imagePullPolicy: 'IfNotPresent',
    command: image.kind === 'inline' ? ['node', `${BUNDLE_FOLDER}/${image.bundle.fileName}`] : undefined,
    ports: [
      { name: FUNCTION_PORT_NAME, containerPort: plan.port, protocol: 'TCP' },
      { name: ADMIN_PORT_NAME, containerPort: adminPort, protocol: 'TCP' },
      ...(scalerPort === undefined ? [] : [{ name: SCALER_PORT_NAME, containerPort: scalerPort, protocol: 'TCP' }]),
      { name: PROBE_PORT_NAME, containerPort: probePort, protocol: 'TCP' },
    ],
    env: environment(plan, proxy),
    resources: containerResources(settings.resources),
    readinessProbe: { httpGet: { path: '/readyz', port: PROBE_PORT_NAME } },
    livenessProbe: { httpGet: { path: '/healthz', port: PROBE_PORT_NAME } },
    securityContext: {
      runAsUser: NON_ROOT_USER,
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: mounts.length === 0 ? undefined : mounts,
  });
}

const TOKEN_VOLUME = 'kube-api-access';
const TOKEN_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_SECONDS = 3607; // what Kubernetes itself asks for

/** In the proxy's container only: the sidecar must not be able to use it. */
function tokenVolume(): JsonObject {
  return {
    name: TOKEN_VOLUME,
    projected: {
      sources: [
        { serviceAccountToken: { path: 'token', expirationSeconds: TOKEN_SECONDS } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      ],
    },
  };
}
