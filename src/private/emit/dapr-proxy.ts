/** The dapr-proxy of a function: its Deployment with the only Dapr sidecar (docs/spec M98 to M116). */
import { compact, copy, Maker, object } from './manifest';
import type { FunctionPlan } from '../decide/plan';
import type { ProxyPlan } from '../decide/proxy';
import {
  FUNCTION_PORT_NAME, PROXY_BUNDLE_VOLUME, PROXY_LABEL, PROXY_TOKEN_VOLUME, PROXY_VERSION_LABEL,
} from '../kubernetes/constants';
import { JsonObject, nonEmpty } from '../kubernetes/json';

const CONTAINER = 'dapr-proxy';
const ADMIN_PORT_NAME = 'admin';
const SCALER_PORT_NAME = 'scaler';
const PROBE_PORT_NAME = 'probe';
const BUNDLE_FOLDER = '/opt/dapr-proxy';
/** User and group `nonroot` of distroless images. */
const NON_ROOT = 65532;

export const daprProxy: Maker = (plan) => {
  const { proxy, name, names } = plan;
  if (proxy === undefined) return [];
  const { image } = proxy;
  const version = image.kind === 'inline' ? image.bundle.version : image.version;
  const labels = { ...plan.labels.proxy, ...(version !== undefined && { [PROXY_VERSION_LABEL]: version }) };
  const manifest = object(plan, { apiVersion: 'apps/v1', kind: 'Deployment', name: names.proxy, labels }, {
    spec: {
      replicas: proxy.replicas,
      selector: { matchLabels: { [PROXY_LABEL]: name } },
      template: {
        metadata: { annotations: { ...proxy.annotations }, labels: { ...labels, ...proxy.podLabels } },
        spec: podSpec(plan, proxy),
      },
    },
  });
  const needs = ['component', 'resiliency', 'proxyService', 'networkPolicy', 'access', 'bundle'] as const;
  return [{ role: 'proxy', id: 'Proxy', manifest, needs }];
};

function podSpec(plan: FunctionPlan, proxy: ProxyPlan): JsonObject {
  const { image, endpointSlices } = proxy;
  const bundle = image.kind === 'inline'
    ? [{ name: PROXY_BUNDLE_VOLUME, configMap: { name: image.bundle.configMapName } }]
    : [];
  const token = endpointSlices === undefined ? [] : [tokenVolume()];
  return compact({
    ...copy(proxy.scheduling),
    serviceAccountName: proxy.serviceAccount,
    automountServiceAccountToken: proxy.serviceAccountToken,
    terminationGracePeriodSeconds: proxy.gracePeriodSeconds,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    imagePullSecrets: proxy.imagePullSecrets?.map((name) => ({ name })),
    topologySpreadConstraints: proxy.replicas > 1 ? SPREAD_OVER.map((key) => spread(key, plan.name)) : undefined,
    containers: [container(plan, proxy)],
    volumes: nonEmpty([...bundle, ...token, ...copy(proxy.volumes)]),
  });
}

function container(plan: FunctionPlan, { image, ports, env, resources, endpointSlices }: ProxyPlan): JsonObject {
  const inline = image.kind === 'inline';
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = resources;
  const bundle = inline ? [{ name: PROXY_BUNDLE_VOLUME, mountPath: BUNDLE_FOLDER, readOnly: true }] : [];
  const token = endpointSlices === undefined ? []
    : [{ name: PROXY_TOKEN_VOLUME, mountPath: TOKEN_FOLDER, readOnly: true }];
  return compact({
    name: CONTAINER,
    image: inline ? image.nodeImage : image.reference,
    imagePullPolicy: 'IfNotPresent',
    command: inline ? ['node', `${BUNDLE_FOLDER}/${image.bundle.fileName}`] : undefined,
    ports: [
      { name: FUNCTION_PORT_NAME, containerPort: plan.port, protocol: 'TCP' },
      { name: ADMIN_PORT_NAME, containerPort: ports.admin, protocol: 'TCP' },
      ...(ports.scaler === undefined ? [] : [{ name: SCALER_PORT_NAME, containerPort: ports.scaler, protocol: 'TCP' }]),
      { name: PROBE_PORT_NAME, containerPort: ports.probe, protocol: 'TCP' },
    ],
    env: copy(env),
    resources: {
      requests: compact({ cpu: cpuRequest, memory: memoryRequest }),
      limits: compact({ cpu: cpuLimit, memory: memoryLimit }),
    },
    readinessProbe: { httpGet: { path: '/readyz', port: PROBE_PORT_NAME } },
    livenessProbe: { httpGet: { path: '/healthz', port: PROBE_PORT_NAME } },
    securityContext: {
      runAsUser: NON_ROOT,
      runAsGroup: NON_ROOT,
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: nonEmpty([...bundle, ...token]),
  });
}

/** A node or zone that is lost should not take all proxies with it; a cluster with one node runs them all the same. */
const SPREAD_OVER = ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'];

function spread(topologyKey: string, name: string): JsonObject {
  const labelSelector = { matchLabels: { [PROXY_LABEL]: name } };
  return { maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector };
}

const TOKEN_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_SECONDS = 3607; // what Kubernetes itself asks for

/** In the proxy's container only: the sidecar must not be able to use it. */
function tokenVolume(): JsonObject {
  return {
    name: PROXY_TOKEN_VOLUME,
    projected: {
      sources: [
        { serviceAccountToken: { path: 'token', expirationSeconds: TOKEN_SECONDS } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      ],
    },
  };
}
