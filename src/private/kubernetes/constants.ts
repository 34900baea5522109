/** Names that OpenFunction, Knative, Dapr and KEDA read, each in one place. */

export const API_GROUP = 'core.openfunction.io';

export const MANAGED_LABEL = 'openfunction.io/managed';
export const SERVING_LABEL = 'openfunction.io/serving';
export const PROXY_LABEL = 'openfunction.io/proxy';
export const PROXY_VERSION_LABEL = 'openfunction.io/proxy-version';
export const VERSION_LABEL = 'app.kubernetes.io/version';

export const ENABLE_DAPR = 'openfunction.io/enable-dapr';
export const DAPR_SERVICE_MODE = 'openfunction.io/dapr-service-mode';
export const PENDING_EVENTS = 'openfunction.io/pending-events';
export const POD_SECURITY = 'openfunction.io/pod-security';

export const DAPR_ENABLED = 'dapr.io/enabled';
export const DAPR_APP_ID = 'dapr.io/app-id';
export const DAPR_APP_PORT = 'dapr.io/app-port';
export const DAPR_APP_PROTOCOL = 'dapr.io/app-protocol';
export const DAPR_CONFIG = 'dapr.io/config';
export const DAPR_METRICS_PORT = 'dapr.io/metrics-port';

export const WASM_VARIANT = 'module.wasm.image/variant';
export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/** Volumes of the proxy's pod. */
export const PROXY_BUNDLE_VOLUME = 'bundle';
export const PROXY_TOKEN_VOLUME = 'kube-api-access';

export const FUNCTION_CONTAINER = 'function';
export const FUNCTION_PORT_NAME = 'function-port';
export const DEFAULT_PORT = 8080;
export const DEFAULT_CLUSTER_DOMAIN = 'cluster.local';

/** Ports that daprd listens on inside the pod: API HTTP, public API, API gRPC, internal gRPC. */
export const DAPR_PORTS = [3500, 3501, 50001, 50002];
/** Dapr's metrics port, and the one given to it beside Knative's queue-proxy, which takes 9090. */
export const DAPR_DEFAULT_METRICS_PORT = 9090;
export const DAPR_KNATIVE_METRICS_PORT = 19090;

/** Of the hash that ends the name of a Job without a scaler. */
export const JOB_HASH_LENGTH = 8;

/** Linux allows 128 KiB for one environment variable; the rest is for what Kubernetes adds. */
export const MAX_VARIABLE_BYTES = 100 * 1024;
