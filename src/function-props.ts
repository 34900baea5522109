/** A function in typed props; types only. */
import type { Duration } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-28';
import type { DaprMode, WorkloadKind } from './choices';
import type { SecretKey } from './component-options';
import type { DaprProxyProps } from './dapr-proxy-props';
import type { FunctionHooks, FunctionTracing } from './function-hooks';
import type { FunctionInput } from './function-input';
import type { FunctionOutput } from './function-output';
import type { FunctionScaling, PendingEventsScaling } from './function-scaling';
import type { HttpTrigger, TrafficTarget } from './http-trigger';
import type { IDaprComponent } from './i-dapr-component';
import type { PlatformSettingsProps } from './platform-settings-props';

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
  readonly pod?: { [field: string]: unknown };

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
   * Whether and how the function uses Dapr. Becomes the annotations `openfunction.io/enable-dapr` and
   * `openfunction.io/dapr-service-mode`; one of them that says otherwise is rejected under `dapr`.
   *
   * @default - the shared proxy (`DaprMode.STANDALONE`) for a function with inputs, outputs or states, else no Dapr
   * @see docs/concepts/dapr-mode.md
   */
  readonly dapr?: DaprMode;

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
