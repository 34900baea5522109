/** Structs that users fill to describe a function; types only. */
import type { Duration } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-28';
import type { DaprMode, HookPolicy, HttpEngine, JobRestartPolicy, RetryBackoff, WorkloadKind } from './choices';
import type { IDaprComponent } from './dapr-component';
import type { DaprProxyProps } from './dapr-proxy-props';
import type { PlatformSettingsProps } from './platform-settings';

/** What every way to describe a function takes beside it. */
export interface FunctionOptions {
  /**
   * Namespace of a function that names none itself.
   *
   * @default - the chart's namespace, else `default` with a warning
   */
  readonly namespace?: string;

  /**
   * Scaling on events that wait in the dapr-proxy or are being handled.
   *
   * @default - on where KEDA scales a function whose events go through the proxy
   */
  readonly onPendingEvents?: PendingEventsScaling;

  /**
   * The dapr-proxy and its pod.
   *
   * @default - the platform settings'
   */
  readonly proxy?: DaprProxyProps;

  /**
   * Platform settings for this function alone; they win over those of its chart and app, field by field.
   *
   * @default - those of the chart and the app
   */
  readonly platform?: PlatformSettingsProps;
}

/** A function in typed props. */
export interface OpenFunctionAppProps extends FunctionOptions {
  /**
   * Name of the function and of its main objects.
   *
   * A DNS-1035 label of at most 63 characters (52 for a StatefulSet, less where Services with longer names are
   * derived); other values are rejected under `metadata.name`.
   *
   * @default - the id of the construct
   */
  readonly name?: string;

  /** Container image of the function. Rejected under `image` when empty. */
  readonly image: string;

  /**
   * Version of the function; becomes the label `app.kubernetes.io/version`.
   *
   * @default "latest"
   */
  readonly version?: string;

  /**
   * Secret with the credentials of the image's registry.
   *
   * @default - none
   */
  readonly imagePullSecret?: kplus.ISecret;

  /**
   * The function runs as WebAssembly under crun with WasmEdge.
   *
   * @default false
   */
  readonly wasmEdge?: boolean;

  /**
   * HTTP trigger. Not together with inputs that are events.
   *
   * @default - an HTTP trigger on port 8080, unless there are inputs
   */
  readonly http?: HttpTrigger;

  /**
   * What events the function receives, and which states it reads.
   *
   * Inputs of type `state.*` are read by the function; all others trigger it, which makes it asynchronous.
   *
   * @default - none
   */
  readonly inputs?: FunctionInput[];

  /**
   * Where the function sends data to.
   *
   * @default - none
   */
  readonly outputs?: FunctionOutput[];

  /**
   * State stores that exist already, or are shared, by the name under which the function uses them.
   *
   * @default - none
   */
  readonly states?: IDaprComponent[];

  /**
   * Components that belong to this function alone, with its app-id as their scope.
   *
   * @default - none
   */
  readonly components?: FunctionComponents;

  /**
   * How many replicas run, and what decides it.
   *
   * @default - what Knative or KEDA do by themselves, else one replica
   */
  readonly scaling?: FunctionScaling;

  /**
   * What runs an asynchronous function.
   *
   * @default WorkloadKind.DEPLOYMENT
   */
  readonly workload?: WorkloadKind;

  /**
   * Hooks that run before and after the function.
   *
   * @default - the platform's
   */
  readonly hooks?: FunctionHooks;

  /**
   * Tracing of the function; fills and overrides the platform's, field by field.
   *
   * @default - the platform's
   */
  readonly tracing?: FunctionTracing;

  /**
   * A core/v1 PodSpec. The container named `function` is the function's own; its image is always `image`.
   *
   * Unknown fields are rejected under `serving.template`.
   *
   * @default - one container
   * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec
   */
  readonly pod?: { [field: string]: any };

  /**
   * ServiceAccount of the function's pods.
   *
   * @default - the namespace's `default`
   */
  readonly serviceAccount?: kplus.IServiceAccount;

  /**
   * Environment variables, by name.
   *
   * @default - none
   */
  readonly env?: { [name: string]: string };

  /**
   * Environment variables whose values come from Secrets, by name.
   *
   * @default - none
   */
  readonly secretEnv?: { [name: string]: SecretKey };

  /**
   * Secrets of which every entry becomes an environment variable.
   *
   * @default - none
   */
  readonly envFromSecrets?: kplus.ISecret[];

  /**
   * ConfigMaps of which every entry becomes an environment variable.
   *
   * @default - none
   */
  readonly envFromConfigMaps?: kplus.IConfigMap[];

  /**
   * Labels of the workload, its pods and the proxy's pods.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the function's pods, and of the proxy's as far as they concern it.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Time in which the function must become ready.
   *
   * @default - Kubernetes' or Knative's own
   */
  readonly timeout?: Duration;

  /**
   * Whether and how the function uses Dapr: the two annotations of OpenFunction, typed.
   *
   * A contradiction to the annotation itself is rejected under `dapr`.
   *
   * @default - the shared proxy for a function with inputs, outputs or states, else no Dapr
   */
  readonly dapr?: DaprOptions;

  /**
   * Time that a pod with a sidecar of its own gets to finish what it has begun.
   *
   * @default - Dapr's own
   */
  readonly drainTimeout?: Duration;

  /**
   * Traffic targets of the Knative Service.
   *
   * @default - all traffic to the latest ready revision
   */
  readonly traffic?: TrafficTarget[];
}

/** One key of a Secret. */
export interface SecretKey {
  /** The Secret. */
  readonly secret: kplus.ISecret;
  /** Its key. */
  readonly key: string;
}

/** Whether and how a function uses Dapr. */
export interface DaprOptions {
  /**
   * Use Dapr at all; becomes `openfunction.io/enable-dapr`.
   *
   * @default - true for a function with inputs, outputs or states
   */
  readonly enabled?: boolean;
  /**
   * One sidecar for all pods, or one in each; becomes `openfunction.io/dapr-service-mode`. `DaprMode.OFF` is
   * `enabled: false`.
   *
   * @default DaprMode.STANDALONE
   */
  readonly mode?: DaprMode;
}

/** How a function is called over HTTP. */
export interface HttpTrigger {
  /**
   * Port on which the function container listens, 1 to 65535. Also becomes `dapr.io/app-port`.
   *
   * Other values are rejected under `serving.triggers.http.port`.
   *
   * @default 8080
   */
  readonly port?: number;
  /**
   * What serves the function.
   *
   * @default HttpEngine.KNATIVE
   */
  readonly engine?: HttpEngine;
  /**
   * How it is reached from outside: an HTTPRoute of the Gateway API.
   *
   * @default - a route where the platform settings have a gateway
   */
  readonly route?: HttpRouteOptions;
}

/** How an HTTP function is reached from outside. */
export interface HttpRouteOptions {
  /**
   * Host names, at most 15; the in-cluster name is always added.
   *
   * @default - from the gateway's host template
   */
  readonly hostnames?: string[];
  /**
   * gateway.networking.k8s.io/v1 HTTPRouteRules without `backendRefs`, at most 16.
   *
   * @default - one rule for the path of the gateway's template
   * @see https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
   */
  readonly rules?: any[];
  /**
   * Which gateway of the platform settings.
   *
   * @default - the default one
   */
  readonly gateway?: GatewayReference;
}

/** A gateway of the platform settings. */
export interface GatewayReference {
  /** Its name. */
  readonly name: string;
  /** Its namespace. */
  readonly namespace: string;
}

/** An event source of a function, or a state that it reads. */
export interface FunctionInput {
  /** The component that delivers the events. */
  readonly component: IDaprComponent;
  /**
   * Topic; required for pub/sub, without meaning elsewhere.
   *
   * @default - none
   */
  readonly topic?: string;
  /**
   * Name under which the function knows this input.
   *
   * @default - the component's name
   */
  readonly name?: string;
  /**
   * Topic that takes what the function drops or cannot handle. Needs the dapr-proxy.
   *
   * @default - none
   */
  readonly deadLetterTopic?: string;
  /**
   * Deliver several messages at once. The function must implement the bulk method.
   *
   * @default - one message at a time
   */
  readonly bulk?: BulkSubscribe;
  /**
   * Routing rules of the subscription, the first match counts. Needs the dapr-proxy.
   *
   * @default - none
   */
  readonly rules?: SubscriptionRule[];
  /**
   * Path for what no rule matches.
   *
   * @default - `/<topic>`
   */
  readonly defaultPath?: string;
  /**
   * HTTP path to which a binding delivers. Needs the dapr-proxy.
   *
   * @default - `/<component>`
   */
  readonly route?: string;
  /**
   * Metadata of the subscription.
   *
   * @default - none
   */
  readonly metadata?: { [key: string]: string };
  /**
   * Retries, timeout and circuit breaker for deliveries of this component.
   *
   * @default - in dapr-proxy mode a bounded retry of what could not be delivered
   */
  readonly resiliency?: Resiliency;
}

/** Several messages in one delivery. */
export interface BulkSubscribe {
  /**
   * Messages at most, 1 or more.
   *
   * @default - the component's own
   */
  readonly maxMessages?: number;
  /**
   * Time to wait for more.
   *
   * @default - the component's own
   */
  readonly maxAwait?: Duration;
}

/** Where messages that match go to. */
export interface SubscriptionRule {
  /** CEL expression over the CloudEvent, such as `event.type == "created"`. */
  readonly match: string;
  /** HTTP path. */
  readonly path: string;
}

/** A target of a function's data. */
export interface FunctionOutput {
  /** The component that takes the data. */
  readonly component: IDaprComponent;
  /**
   * Name under which the function knows this output. Needed for the second output on one component.
   *
   * @default - the component's name
   */
  readonly name?: string;
  /**
   * Topic; required for pub/sub.
   *
   * @default - none
   */
  readonly topic?: string;
  /**
   * Operation of a binding, such as `create`.
   *
   * @default - the framework's own
   */
  readonly operation?: string;
  /**
   * Metadata that goes with each call.
   *
   * @default - none
   */
  readonly metadata?: { [key: string]: string };
  /**
   * Retries, timeout and circuit breaker for calls of this component.
   *
   * @default - none
   */
  readonly resiliency?: Resiliency;
}

/** Dapr resiliency for one direction of one component. */
export interface Resiliency {
  /**
   * Time for one call.
   *
   * @default - none
   */
  readonly timeout?: Duration;
  /**
   * What is tried again, and how often.
   *
   * @default - nothing
   */
  readonly retry?: RetryPolicy;
  /**
   * When to stop trying for a while.
   *
   * @default - never
   */
  readonly circuitBreaker?: CircuitBreaker;
}

/** A Dapr retry policy. */
export interface RetryPolicy {
  /**
   * How the waiting time grows.
   *
   * @default RetryBackoff.CONSTANT
   */
  readonly backoff?: RetryBackoff;
  /**
   * Time between tries of a constant policy.
   *
   * @default Duration.seconds(5)
   */
  readonly interval?: Duration;
  /**
   * Longest time between tries of an exponential policy.
   *
   * @default Duration.minutes(1)
   */
  readonly maxInterval?: Duration;
  /**
   * Tries after the first; -1 is without end.
   *
   * @default -1
   */
  readonly maxRetries?: number;
}

/** A Dapr circuit breaker. */
export interface CircuitBreaker {
  /**
   * CEL expression over the counters, such as `consecutiveFailures > 5`.
   *
   * @default "consecutiveFailures > 5"
   */
  readonly trip?: string;
  /**
   * Calls let through while half open.
   *
   * @default 1
   */
  readonly maxRequests?: number;
  /**
   * Time for which the breaker stays open.
   *
   * @default Duration.seconds(60)
   */
  readonly timeout?: Duration;
}

/** Components that belong to one function. */
export interface FunctionComponents {
  /**
   * Bindings by name.
   *
   * @default - none
   */
  readonly bindings?: { [name: string]: ComponentOptions };
  /**
   * Pub/sub components by name.
   *
   * @default - none
   */
  readonly pubsub?: { [name: string]: ComponentOptions };
  /**
   * State stores by name.
   *
   * @default - none
   */
  readonly states?: { [name: string]: ComponentOptions };
}

/** What a Dapr component is. */
export interface ComponentOptions {
  /** Type such as `bindings.kafka`. */
  readonly componentType: string;
  /**
   * Version of the component's implementation.
   *
   * @default "v1"
   */
  readonly version?: string;
  /**
   * Settings by name; strings, numbers and booleans.
   *
   * @default - none
   */
  readonly metadata?: { [name: string]: any };
  /**
   * Settings whose values come from Secrets, by name.
   *
   * @default - none
   */
  readonly secrets?: { [name: string]: SecretKey };
  /**
   * Secret store component that resolves the secrets.
   *
   * @default - Kubernetes
   */
  readonly secretStore?: string;
  /**
   * Let Dapr start although this component does not.
   *
   * @default false
   */
  readonly ignoreErrors?: boolean;
  /**
   * Time in which the component must start.
   *
   * @default - Dapr's own
   */
  readonly initTimeout?: Duration;
}

/** How many replicas run, and what decides it. */
export interface FunctionScaling {
  /**
   * Replicas at least, 0 or more.
   *
   * @default - Knative's or KEDA's own
   */
  readonly minReplicas?: number;
  /**
   * Replicas at most, not below `minReplicas`.
   *
   * @default - Knative's or KEDA's own
   */
  readonly maxReplicas?: number;
  /**
   * Annotations of the Knative autoscaler by key.
   *
   * @default - none
   * @see https://knative.dev/docs/serving/autoscaling/
   */
  readonly knative?: { [key: string]: string };
  /**
   * KEDA triggers of an asynchronous function.
   *
   * @default - none
   */
  readonly triggers?: KedaTrigger[];
  /**
   * Scaling on events that wait in the dapr-proxy or are being handled.
   *
   * @default - on beside other triggers where events go through the proxy
   */
  readonly onPendingEvents?: PendingEventsScaling;
  /**
   * Time between KEDA's looks at the triggers.
   *
   * @default - 10 s with pending events, else KEDA's own 30 s
   */
  readonly pollingInterval?: Duration;
  /**
   * Time without events after which the function goes to zero.
   *
   * @default - KEDA's own 300 s
   */
  readonly cooldownPeriod?: Duration;
  /**
   * KEDA's `advanced` block: HPA behaviour and scaling modifiers.
   *
   * @default - none
   */
  readonly advanced?: { [field: string]: any };
  /**
   * Replicas while triggers cannot be read.
   *
   * @default - none
   */
  readonly fallback?: ScalingFallback;
  /**
   * Options of a Job that KEDA starts.
   *
   * @default - KEDA's own
   */
  readonly job?: ScaledJobOptions;
  /**
   * Pending requests per replica of an HTTP function with engine KEDA.
   *
   * @default 100
   */
  readonly targetPendingRequests?: number;
}

/** Scaling on events that wait in the dapr-proxy or are being handled. */
export interface PendingEventsScaling {
  /**
   * Off switch.
   *
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Events per replica, 1 or more.
   *
   * @default 1
   */
  readonly targetPerReplica?: number;
  /**
   * The function wakes above this many events, 0 or more.
   *
   * @default 0
   */
  readonly activation?: number;
}

/** A KEDA trigger; passes through unchanged. */
export interface KedaTrigger {
  /** Type such as `kafka`. */
  readonly triggerType: string;
  /** Settings by name. */
  readonly metadata: { [name: string]: string };
  /**
   * Name, for scaling modifiers.
   *
   * @default - none
   */
  readonly name?: string;
  /**
   * Serve the HPA from KEDA's cache.
   *
   * @default false
   */
  readonly useCachedMetrics?: boolean;
  /**
   * `AverageValue`, `Value` or `Utilization`.
   *
   * @default - KEDA's own
   */
  readonly metricType?: string;
  /**
   * Name of a TriggerAuthentication.
   *
   * @default - none
   */
  readonly authentication?: string;
  /**
   * Kind of the authentication object.
   *
   * @default "TriggerAuthentication"
   */
  readonly authenticationKind?: string;
}

/** Replicas while triggers cannot be read. */
export interface ScalingFallback {
  /** Failed readings in a row, 1 or more. */
  readonly failureThreshold: number;
  /** Replicas then, 0 or more. */
  readonly replicas: number;
}

/** Options of a Job that KEDA starts. */
export interface ScaledJobOptions {
  /**
   * What happens to containers that fail.
   *
   * @default JobRestartPolicy.ON_FAILURE
   */
  readonly restartPolicy?: JobRestartPolicy;
  /**
   * Finished Jobs to keep.
   *
   * @default - KEDA's own 100
   */
  readonly successfulJobsHistoryLimit?: number;
  /**
   * Failed Jobs to keep.
   *
   * @default - KEDA's own 100
   */
  readonly failedJobsHistoryLimit?: number;
  /**
   * KEDA's `scalingStrategy` block.
   *
   * @default - KEDA's own
   */
  readonly scalingStrategy?: { [field: string]: any };
}

/** Hooks that run before and after a function. */
export interface FunctionHooks {
  /**
   * Before, in this order.
   *
   * @default - none
   */
  readonly pre?: string[];
  /**
   * After, in this order.
   *
   * @default - none
   */
  readonly post?: string[];
  /**
   * How they go with the platform's.
   *
   * @default HookPolicy.APPEND
   */
  readonly policy?: HookPolicy;
}

/** Tracing of functions. */
export interface FunctionTracing {
  /**
   * Trace at all.
   *
   * @default - true where a provider is given
   */
  readonly enabled?: boolean;
  /**
   * `skywalking` or `opentelemetry`.
   *
   * @default - the platform's
   */
  readonly provider?: string;
  /**
   * Address of SkyWalking's OAP server.
   *
   * @default - the platform's
   */
  readonly oapServer?: string;
  /**
   * Where OpenTelemetry sends spans to.
   *
   * @default - the platform's
   */
  readonly exporter?: TracingExporter;
  /**
   * Tags of each span.
   *
   * @default - the platform's
   */
  readonly tags?: { [key: string]: string };
  /**
   * Baggage of each trace.
   *
   * @default - the platform's
   */
  readonly baggage?: { [key: string]: string };
}

/** Where OpenTelemetry sends spans to. */
export interface TracingExporter {
  /**
   * Kind of exporter, such as `otlp`.
   *
   * @default - none
   */
  readonly name?: string;
  /**
   * Address.
   *
   * @default - none
   */
  readonly endpoint?: string;
  /**
   * Headers, as the exporter takes them.
   *
   * @default - none
   */
  readonly headers?: string;
  /**
   * Compression, as the exporter takes it.
   *
   * @default - none
   */
  readonly compression?: string;
  /**
   * Timeout, as the exporter takes it.
   *
   * @default - none
   */
  readonly timeout?: string;
  /**
   * Protocol, as the exporter takes it.
   *
   * @default - none
   */
  readonly protocol?: string;
}

/** A share of a Knative Service's traffic. */
export interface TrafficTarget {
  /**
   * Revision; the latest ready one unless given.
   *
   * @default - the latest ready revision
   */
  readonly revisionName?: string;
  /**
   * Share, 0 to 100; all shares add up to 100.
   *
   * @default - none, for a tag alone
   */
  readonly percent?: number;
  /**
   * Tag, which gives the revision a URL of its own.
   *
   * @default - none
   */
  readonly tag?: string;
}
