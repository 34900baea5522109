/** Closed choices of the public API. */

/**
 * How a function uses Dapr.
 *
 * @see https://openfunction.dev/docs/concepts/dapr_proxy/
 */
export enum DaprMode {
  /** Neither a sidecar nor the proxy. */
  OFF = 'off',
  /** All pods of the function share one sidecar, which stands beside the dapr-proxy. */
  STANDALONE = 'standalone',
  /** Dapr is injected into each pod of the function. */
  SIDECAR = 'sidecar',
}

/** What serves an HTTP function. */
export enum HttpEngine {
  /** A Knative Service. */
  KNATIVE = 'knative',
  /** A Deployment that the HTTP add-on of KEDA wakes and scales. */
  KEDA = 'keda',
}

/** What runs an asynchronous function. */
export enum WorkloadKind {
  /** Interchangeable pods. */
  DEPLOYMENT = 'Deployment',
  /** Pods with stable names. */
  STATEFUL_SET = 'StatefulSet',
  /** Pods that run to completion; with a KEDA trigger, one Job per batch of events. */
  JOB = 'Job',
}

/** How the hooks of a function go with those of the platform. */
export enum HookPolicy {
  /** The platform's around the function's. */
  APPEND = 'Append',
  /** The function's alone. */
  OVERRIDE = 'Override',
}

/** What happens to the containers of a Job that fail. */
export enum JobRestartPolicy {
  /** They are started again in the same pod. */
  ON_FAILURE = 'OnFailure',
  /** A new pod takes their place. */
  NEVER = 'Never',
}

/** How the dapr-proxy learns which pods a function has. */
export enum ProxyDiscovery {
  /** DNS of the function's headless Service; needs no rights. */
  DNS = 'dns',
  /** A watch on EndpointSlices: faster, with a ServiceAccount, a Role and a RoleBinding. */
  ENDPOINT_SLICES = 'endpointslices',
}

/** Amount of what the dapr-proxy logs. */
export enum ProxyLogLevel {
  /** Every event. */
  DEBUG = 'debug',
  /** What happens to the proxy and its pods. */
  INFO = 'info',
  /** What may need attention. */
  WARN = 'warn',
  /** Failures only. */
  ERROR = 'error',
}

/** How the waiting time grows between tries of a Dapr retry policy. */
export enum RetryBackoff {
  /** It stays the same. */
  CONSTANT = 'constant',
  /** It grows exponentially. */
  EXPONENTIAL = 'exponential',
}
