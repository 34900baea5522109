/** Props of a function; types only. */
import type { Duration } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-28';
import type { AppProtocol, DaprMode, WorkloadKind } from './choices';
import type { SecretKey } from './component-options';
import type { ContainerResources } from './container-resources';
import type { IEnvValue } from './env-value';
import type { FunctionHooks, FunctionTracing } from './function-hooks';
import type { FunctionInput } from './function-input';
import type { FunctionOptions, ObjectAnnotations } from './function-options';
import type { FunctionOutput } from './function-output';
import type { FunctionProbe } from './function-probe';
import type { FunctionScaling } from './function-scaling';
import type { HttpTrigger, TrafficTarget } from './http-trigger';
import type { IDaprComponent } from './i-dapr-component';

/** Props of a function. */
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
   * Secret with credentials for the registry of `image`; becomes `imagePullSecrets`.
   *
   * @default - none
   */
  readonly imagePullSecret?: kplus.ISecret;
  /**
   * Whether the function runs as WebAssembly, under crun with WasmEdge.
   *
   * @default false
   */
  readonly wasmEdge?: boolean;
  /**
   * Port on which the function's container listens, 1 to 65,535; other values are rejected under `port`.
   *
   * It is passed to the function in `FUNC_CONTEXT` and becomes the annotation `dapr.io/app-port`. With Dapr, its own
   * ports 3500, 3501, 50001, 50002 and that of its metrics are rejected.
   *
   * @default 8080
   */
  readonly port?: number;
  /**
   * What the function speaks on its port. Becomes the annotation `dapr.io/app-protocol`, the variable `APP_PROTOCOL`
   * and the protocol of the port in the function's Service; on Knative, of the container's port.
   *
   * An annotation that contradicts it is rejected under `appProtocol`.
   *
   * @default - for Dapr gRPC, but HTTP where an HTTP function has a sidecar or the dapr-proxy; none for ports
   */
  readonly appProtocol?: AppProtocol;
  /**
   * Command of the function's container, in place of the entrypoint of its image, each argument as an element of its
   * own; no shell is involved. Rejected under `command` if `pod` has another one.
   *
   * @default - that of `pod`, else the entrypoint of the image
   */
  readonly command?: string[];
  /**
   * Arguments of the command. Rejected under `args` if `pod` has others.
   *
   * @default - those of `pod`, else those of the image
   */
  readonly args?: string[];
  /**
   * Probe whose failure restarts the function's container. Rejected under `liveness` if `pod` has another one.
   *
   * @default - that of `pod`, else none
   */
  readonly liveness?: FunctionProbe;
  /**
   * Probe whose failure keeps requests and events from the pod. Rejected under `readiness` if `pod` has another one.
   *
   * @default - that of `pod`, else Knative's own, or a TCP probe behind the dapr-proxy
   */
  readonly readiness?: FunctionProbe;
  /**
   * Probe that holds back the other two until it succeeds. Rejected under `startup` if `pod` has another one.
   *
   * @default - that of `pod`, else none
   */
  readonly startup?: FunctionProbe;
  /**
   * HTTP trigger. Rejected together with inputs that are topics or bindings.
   *
   * @default - an HTTP trigger, unless inputs trigger the function
   */
  readonly http?: HttpTrigger;
  /**
   * Topics, bindings and states that the function receives or reads.
   *
   * Topics and bindings trigger the function, which makes it asynchronous; states are read by it.
   *
   * @default - none
   */
  readonly inputs?: FunctionInput[];
  /**
   * Topics and bindings that the function sends data to.
   *
   * @default - none
   */
  readonly outputs?: FunctionOutput[];
  /**
   * State stores that the function uses under their component names.
   *
   * @default - none
   */
  readonly states?: IDaprComponent[];
  /**
   * Number of replicas, and what they are scaled on.
   *
   * @default - the defaults of Knative or KEDA, else one replica
   */
  readonly scaling?: FunctionScaling;
  /**
   * Kind of workload that runs an asynchronous function.
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
   * Tracing of the function; overrides the platform's, field by field.
   *
   * @default - the platform's
   */
  readonly tracing?: FunctionTracing;
  /**
   * A core/v1 PodSpec: plain data, or `k8s.PodSpec` of any cdk8s-plus with its `Quantity` and `IntOrString`. The
   * container named `function` runs the function; its image is always `image`.
   *
   * Unknown fields and values of another type are rejected under `pod`, with the nearest known name.
   *
   * @default - a pod with the container `function` only
   * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec
   */
  readonly pod?: unknown;
  /**
   * Requests and limits of the function's container, as cdk8s-plus has them.
   *
   * Rejected under `resources`: a limit below its request, an amount below 0, and an amount that contradicts `pod`.
   *
   * @default - those of `pod`, else none
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
   */
  readonly resources?: ContainerResources;
  /**
   * ServiceAccount of the function's pods and of the proxy's pod, whose sidecar talks to brokers and clouds; `proxy`
   * can give that one another. Rejected under `pod.serviceAccountName` if `pod` names another one.
   *
   * @default - `default` of the namespace
   */
  readonly serviceAccount?: kplus.IServiceAccount;
  /**
   * Environment variables, by name, emitted sorted by name. Those that the library or Knative sets are rejected.
   *
   * @default - none
   */
  readonly env?: { [name: string]: string };
  /**
   * Environment variables whose values come from Secrets, ConfigMaps, fields of the pod or resources, by name; each is
   * an `EnvValue` of any cdk8s-plus.
   *
   * A Knative Service takes fields and resources only with the feature flag `kubernetes.podspec-fieldref`. A name that
   * `env` or `pod` has with another value is rejected.
   *
   * @default - none
   */
  readonly envVariables?: { [name: string]: IEnvValue | kplus.EnvValue };
  /**
   * Environment variables whose values come from Secrets, by name; short for `envVariables`.
   *
   * @default - none
   */
  readonly secretEnv?: { [name: string]: SecretKey };
  /**
   * Secrets whose entries all become environment variables.
   *
   * @default - none
   */
  readonly envFromSecrets?: kplus.ISecret[];
  /**
   * ConfigMaps whose entries all become environment variables.
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
   * Annotations of the function's pods; those that concern the sidecar also apply to the proxy's pods.
   *
   * On Knative, `networking.knative.dev/*` and `serving.knative.dev/rollout-duration` go to the Knative Service, where
   * Knative reads them.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
  /**
   * Annotations of the objects themselves: workload, scaler, route and Services.
   *
   * @default - none
   */
  readonly objectAnnotations?: ObjectAnnotations;
  /**
   * Time within which the function must become ready, above 0; becomes the progress deadline of its workload, rounded
   * up to whole seconds.
   *
   * @default - the default of Kubernetes or Knative
   */
  readonly timeout?: Duration;
  /**
   * Whether and how the function uses Dapr. Becomes the annotations `openfunction.io/enable-dapr` and
   * `openfunction.io/dapr-service-mode`; an annotation that contradicts it is rejected under `dapr`.
   *
   * @default - the shared proxy (`DaprMode.STANDALONE`) for a function with inputs, outputs or states, else no Dapr
   * @see https://github.com/cdk8s-openfunction/cdk8s-openfunction/blob/main/docs/concepts/dapr-mode.md
   */
  readonly dapr?: DaprMode;
  /**
   * Time for a pod with its own sidecar to finish events in flight when it stops, 0 or more, rounded up to whole
   * seconds. A warning without a sidecar; the proxy's is `proxy.drainTimeout`.
   *
   * @default - Dapr's default
   */
  readonly drainTimeout?: Duration;
  /**
   * Whether a sidecar of the function's pods is a native one of Kubernetes, which starts before the function and ends
   * after it. Becomes `dapr.io/enable-native-sidecar`. Rejected for targets below Dapr 1.18 or Kubernetes 1.29; a
   * warning without a sidecar.
   *
   * @default - true for Jobs where the targets allow it, which end by it; else what Dapr's installation says
   */
  readonly nativeSidecar?: boolean;
  /**
   * Traffic targets of the Knative Service.
   *
   * @default - all traffic to the latest ready revision
   * @see https://knative.dev/docs/serving/traffic-management/
   */
  readonly traffic?: TrafficTarget[];
}
