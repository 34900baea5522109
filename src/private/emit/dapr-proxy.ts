/** Dapr objects of a function: components, Resiliency, and the proxy with what surrounds it (docs/spec M98 to M116). */
import type { Emitted, Maker } from './manifest';
import type { ComponentPlan } from '../decide/components';
import type { FunctionPlan } from '../decide/plan';
import type { ProxyPlan } from '../decide/proxy';
import {
  FUNCTION_PORT_NAME, MANAGED_LABEL, PROXY_BUNDLE_VOLUME, PROXY_LABEL, PROXY_TOKEN_VOLUME, PROXY_VERSION_LABEL,
} from '../kubernetes/constants';
import { compact, copy, JsonObject, nonEmpty, object } from '../kubernetes/json';

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
  return [{ role: 'proxy', id: 'Proxy', manifest }];
};

function podSpec(plan: FunctionPlan, proxy: ProxyPlan): JsonObject {
  const { image, kubernetesApi } = proxy;
  const bundle = image.kind === 'inline'
    ? [{ name: PROXY_BUNDLE_VOLUME, configMap: { name: image.bundle.configMapName } }]
    : [];
  const token = kubernetesApi === undefined ? [] : [tokenVolume()];
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

function container(plan: FunctionPlan, { image, ports, env, resources, kubernetesApi }: ProxyPlan): JsonObject {
  const inline = image.kind === 'inline';
  const bundle = inline ? [{ name: PROXY_BUNDLE_VOLUME, mountPath: BUNDLE_FOLDER, readOnly: true }] : [];
  const token = kubernetesApi === undefined ? []
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
      requests: compact({
        'cpu': resources.cpuRequest,
        'memory': resources.memoryRequest,
        'ephemeral-storage': resources.ephemeralStorageRequest,
      }),
      limits: compact({
        'cpu': resources.cpuLimit,
        'memory': resources.memoryLimit,
        'ephemeral-storage': resources.ephemeralStorageLimit,
      }),
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

const RBAC = 'rbac.authorization.k8s.io';
const LEASES = 'coordination.k8s.io';
const WATCH = ['get', 'list', 'watch'];
const WATCH_SLICES = { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: WATCH };

/** An empty Lease beside it: the proxy then needs no right to create one. */
export const kubernetesAccess: Maker = (plan) => {
  const { names, namespace, proxy } = plan;
  if (proxy?.kubernetesApi === undefined) return [];
  const { ownAccount, endpointSlices, lease } = proxy.kubernetesApi;
  const make = (apiVersion: string, kind: string, rest: JsonObject): Emitted => ({
    role: 'access',
    id: kind,
    manifest: object(plan, { apiVersion, kind, name: names.proxy, labels: plan.labels.proxy }, rest),
  });
  const rules = [
    ...(endpointSlices ? [WATCH_SLICES] : []),
    ...(lease === undefined ? []
      : [{ apiGroups: [LEASES], resources: ['leases'], resourceNames: [lease], verbs: ['get', 'patch'] }]),
  ];
  return [
    ...(ownAccount ? [make('v1', 'ServiceAccount', { automountServiceAccountToken: false })] : []),
    ...(lease === undefined ? [] : [make(`${LEASES}/v1`, 'Lease', {})]),
    make(`${RBAC}/v1`, 'Role', { rules }),
    make(`${RBAC}/v1`, 'RoleBinding', {
      roleRef: { apiGroup: RBAC, kind: 'Role', name: names.proxy },
      subjects: [{ kind: 'ServiceAccount', name: proxy.serviceAccount ?? names.proxy, namespace }],
    }),
  ];
};

export const disruptionBudget: Maker = (plan) => {
  if (plan.proxy === undefined || plan.proxy.replicas < 2) return [];
  const { names, labels, name } = plan;
  const parts = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: names.proxy, labels: labels.proxy };
  const manifest = object(plan, parts, {
    spec: { maxUnavailable: 1, selector: { matchLabels: { [PROXY_LABEL]: name } } },
  });
  return [{ role: 'disruptionBudget', id: 'DisruptionBudget', manifest }];
};

/** Several deployments may hold this object for one namespace, so none of them may remove it with its own. */
const SHARED_WITH_OTHERS = {
  'argocd.argoproj.io/sync-options': 'Prune=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
};

export const bundle: Maker = ({ proxy, namespace }) => {
  if (proxy?.image.kind !== 'inline') return [];
  const { configMapName: name, fileName, version, text } = proxy.image.bundle;
  const manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace,
      labels: { [MANAGED_LABEL]: 'true', [PROXY_VERSION_LABEL]: version },
      annotations: { ...SHARED_WITH_OTHERS },
    },
    immutable: true,
    data: { [fileName]: text },
  };
  return [{ role: 'bundle', id: `${name}-${namespace}`, manifest, sharedBy: 'chart' }];
};

export const components: Maker = (plan) => plan.components.components.map(({ block, key, name, spec }) => ({
  role: 'component',
  id: `${block}-${key}`,
  manifest: object(plan, { apiVersion: 'dapr.io/v1alpha1', kind: 'Component', name, labels: plan.labels.function }, {
    ...(spec.auth !== undefined && { auth: { ...spec.auth } }),
    scopes: [plan.names.appId],
    spec: componentSpec(spec),
  }),
}));

export function componentSpec(spec: ComponentPlan['spec']): JsonObject {
  const { type, version, ignoreErrors, initTimeout, metadata } = spec;
  const entries = metadata.map((entry) => compact({
    ...entry,
    secretKeyRef: entry.secretKeyRef && { ...entry.secretKeyRef },
  }));
  return compact({ type, version, ignoreErrors, initTimeout, metadata: entries });
}

export const resiliency: Maker = (plan) => {
  const { resiliency: policy, proxy, labels: { function: own, proxy: ofProxy } } = plan;
  if (policy === undefined) return [];
  const { name, policies, targets } = policy;
  const labels = proxy === undefined ? own : ofProxy;
  const manifest = object(plan, { apiVersion: 'dapr.io/v1alpha1', kind: 'Resiliency', name, labels }, {
    scopes: [plan.names.appId],
    spec: { policies: copy(policies), targets: { components: copy(targets) } },
  });
  return [{ role: 'resiliency', id: 'Resiliency', manifest }];
};
