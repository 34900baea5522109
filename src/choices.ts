/** Closed choices of the public API. */

/**
 * How a function uses Dapr.
 *
 * @see https://openfunction.dev/docs/concepts/dapr_proxy/
 */
export enum DaprMode {
  /** Neither a sidecar nor the proxy. */
  OFF = 'off',
  /** All pods of the function share one sidecar, which runs beside the dapr-proxy. */
  STANDALONE = 'standalone',
  /** Dapr is injected into each pod of the function. */
  SIDECAR = 'sidecar',
}

/** What a function speaks on its port. */
export enum AppProtocol {
  /** gRPC without TLS. */
  GRPC = 'grpc',
  /** HTTP/1.1 without TLS. */
  HTTP = 'http',
  /** HTTP/2 without TLS. */
  H2C = 'h2c',
}

/** What scales a Knative function. */
export enum KnativeAutoscaler {
  /** Knative's own, which can scale to zero. */
  KPA = 'kpa.autoscaling.knative.dev',
  /** The HorizontalPodAutoscaler of Kubernetes. */
  HPA = 'hpa.autoscaling.knative.dev',
}

/** What a Knative function is scaled on. */
export enum KnativeMetric {
  /** Requests at once; KPA only. */
  CONCURRENCY = 'concurrency',
  /** Requests per second; KPA only. */
  RPS = 'rps',
  /** CPU, in percent of the request; HPA only. */
  CPU = 'cpu',
  /** Memory, in MiB; HPA only. */
  MEMORY = 'memory',
}

/** Scheme of an HTTP probe. */
export enum ProbeScheme {
  /** HTTP without TLS. */
  HTTP = 'HTTP',
  /** HTTP over TLS, whose certificate Kubernetes does not verify. */
  HTTPS = 'HTTPS',
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
  /** Pods that are interchangeable; the usual choice. */
  DEPLOYMENT = 'Deployment',
  /** Pods with stable names. */
  STATEFUL_SET = 'StatefulSet',
  /** Pods that run to completion; with a KEDA trigger, one Job per batch of events. */
  JOB = 'Job',
}

/** How hooks of a function combine with those of the platform. */
export enum HookPolicy {
  /** Runs the platform's hooks around those of the function. */
  APPEND = 'Append',
  /** Runs the hooks of the function only. */
  OVERRIDE = 'Override',
}

/**
 * What happens when a container of a Job fails.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#handling-pod-and-container-failures
 */
export enum JobRestartPolicy {
  /** The container restarts in the same pod. */
  ON_FAILURE = 'OnFailure',
  /** A new pod replaces the failed one. */
  NEVER = 'Never',
}

/** How grave a problem is. */
export enum ProblemSeverity {
  /** Nothing is written. */
  ERROR = 'error',
  /** Said once at synthesis. */
  WARNING = 'warning',
}

/** What collects the traces of functions. */
export enum TracingProvider {
  /** Apache SkyWalking, by the address of its OAP server. */
  SKYWALKING = 'skywalking',
  /** OpenTelemetry, by an exporter of spans. */
  OPENTELEMETRY = 'opentelemetry',
}

/**
 * How the HPA takes the metric of a KEDA trigger.
 *
 * @see https://keda.sh/docs/latest/reference/scaledobject-spec/#triggers
 */
export enum KedaMetricType {
  /** The value over all replicas, divided by their number. */
  AVERAGE_VALUE = 'AverageValue',
  /** The value as it is. */
  VALUE = 'Value',
  /** The share of what the pods request, for CPU and memory. */
  UTILIZATION = 'Utilization',
}

/** How the dapr-proxy learns which pods a function has. */
export enum ProxyDiscovery {
  /** DNS of the function's headless Service; needs no rights. */
  DNS = 'dns',
  /** A watch on EndpointSlices: faster, with a ServiceAccount, a Role and a RoleBinding. */
  ENDPOINT_SLICES = 'endpointslices',
}

/** Lowest severity of the log lines that the dapr-proxy writes. */
export enum ProxyLogLevel {
  /** Also every event. */
  DEBUG = 'debug',
  /** Also state changes of the proxy and the pods. */
  INFO = 'info',
  /** Also what may need attention. */
  WARN = 'warn',
  /** Only failures: of events, of pods and of the proxy itself. */
  ERROR = 'error',
}

/**
 * How the time between retries of a Dapr retry policy grows.
 *
 * @see https://docs.dapr.io/operations/resiliency/policies/retries/
 */
export enum RetryBackoff {
  /** The same time between all retries. */
  CONSTANT = 'constant',
  /** Grows exponentially from retry to retry. */
  EXPONENTIAL = 'exponential',
}

/**
 * Levels of Kubernetes' Pod Security Standards that pods of functions must pass.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export enum PodSecurity {
  /** Pods are as the function says. */
  PRIVILEGED = 'privileged',
  /** Rejects what the level does not allow, such as host namespaces and `hostPath` volumes. */
  BASELINE = 'baseline',
  /**
   * Adds what the level wants where the function says nothing (no root, no new privileges, no capabilities, the default
   * seccomp profile, no token of a service account that nobody asked for), and rejects what it does not allow. An image
   * whose user is root, or a user without a number, does not start.
   */
  RESTRICTED = 'restricted',
}

/** What a node of a topology is. */
export enum TopologyNodeKind {
  /** An OpenFunction function. */
  FUNCTION = 'function',
  /** A topic of a broker, or a queue that a binding reads from or writes to. */
  TOPIC = 'topic',
  /** A pub/sub component. */
  PUBSUB = 'pubsub',
  /** A binding component. */
  BINDING = 'binding',
  /** A state component. */
  STATE = 'state',
  /** A host name under which a function is reached from outside. */
  HOST = 'host',
  /** The app-id of something that is not a function here. */
  APP_ID = 'appId',
  /** A Deployment or its like that is not a function. */
  WORKLOAD = 'workload',
  /** Whoever calls hosts. */
  OUTSIDE = 'outside',
}

/** What an edge of a topology says. */
export enum TopologyEdgeKind {
  /** A function or an app publishes to a topic. */
  PUBLISHES = 'publishes',
  /** A function or an app gets the events of a topic. */
  SUBSCRIBES = 'subscribes',
  /** A binding triggers a function, or a function invokes a binding. */
  BINDS = 'binds',
  /** A function keeps state in a store. */
  STATE = 'state',
  /** A request goes to a function or an app. */
  CALLS = 'calls',
  /** Events that a function could not handle go to a topic. */
  DEAD_LETTERS = 'deadLetters',
}

/** How certain it is that a finding about the wiring of functions is a mistake. */
export enum TopologyFindingLevel {
  /** It may well be meant so; nothing is printed. */
  INFORMATION = 'information',
  /** Most likely a mistake: a warning of the function, too. */
  WARNING = 'warning',
}

/** What happens to an event at one subscription. */
export enum EventOutcome {
  /** The function gets it. */
  DELIVERED = 'delivered',
  /** No rule takes it: it becomes a dead letter if there is a topic for them, else it is dropped. */
  SKIPPED = 'skipped',
  /** A rule cannot be evaluated: it becomes a dead letter if there is a topic for them, else the broker repeats it. */
  FAILED = 'failed',
  /** A rule cannot be evaluated here. */
  UNKNOWN = 'unknown',
}
