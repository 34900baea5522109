/**
 * The one internal shape of a function: `core.openfunction.io/v1beta2`, checked for shape, still with optional fields.
 *
 * Whatever way a function came in (typed props, manifest, v1beta1), the rest of the library sees this. Values that count as
 * unset (`""`, `0` for a port) are already left out, and nothing in here is shared with the caller's objects.
 */
import type { DeliveryModel, PendingEventsModel, ProxyModel, ResiliencyModel } from './extras';
import type { JsonObject, StringMap } from '../kubernetes/json';
import type { Path, SourcePosition } from '../problem/problem';

export interface FunctionModel {
  readonly source: FunctionSource;
  readonly name: string;
  /** As given; the chart's counts otherwise. */
  readonly namespace?: string;
  readonly image: string;
  /** `latest` unless given. */
  readonly version: string;
  /** Name of a Secret with registry credentials. */
  readonly imageCredentials?: string;
  /** `workloadRuntime: WasmEdge`, or the Function's own annotation `module.wasm.image/variant`. */
  readonly wasmEdge: boolean;
  readonly serving: ServingModel;
  /** The function's own settings of its dapr-proxy, which win over the platform's. */
  readonly proxy?: ProxyModel;
}

/** Where a function came from, for messages. */
export interface FunctionSource {
  readonly apiVersion: 'v1beta1' | 'v1beta2';
  /** Turns a path of the v1beta2 shape into the path that the user wrote (v1beta1 has other places). */
  readonly originalPath: (path: Path) => Path;
  /** Position in the text, when there is one; of the nearest existing parent, when the path itself is not there. */
  readonly position?: (path: Path) => SourcePosition | undefined;
}

export interface ServingModel {
  /** Present for HTTP functions, also when it was only defaulted in. */
  readonly http?: HttpTriggerModel;
  readonly dapr: DaprTriggerModel[];
  /** `serving.triggers.inputs`: what a function reads besides its trigger. */
  readonly inputs: ComponentRefModel[];
  /** v1beta1 `knative` functions may have inputs that no event reaches; they count for the Dapr default. */
  readonly unreachedInputs: number;
  readonly outputs: OutputModel[];
  readonly bindings: Record<string, ComponentSpecModel>;
  readonly pubsub: Record<string, ComponentSpecModel>;
  /** `undefined` inside: a state that exists already. */
  readonly states: Record<string, ComponentSpecModel | undefined>;
  readonly scaling: ScalingModel;
  /** As given; unset means `Deployment`. */
  readonly workloadType?: WorkloadType;
  readonly hooks?: HooksModel;
  readonly tracing?: TracingModel;
  readonly template?: JsonObject;
  readonly params: StringMap;
  /** core/v1 EnvVars whose values come from elsewhere, of typed props. */
  readonly env?: JsonObject[];
  /** core/v1 EnvFromSources, of typed props. */
  readonly envFrom?: JsonObject[];
  /** Knative traffic targets, of typed props. */
  readonly traffic?: JsonObject[];
  readonly labels: StringMap;
  readonly annotations: StringMap;
  /** Seconds until the function must be ready, rounded up. */
  readonly timeoutSeconds?: number;
  /** Seconds that a function pod with a sidecar gets to finish what it has begun. */
  readonly drainTimeoutSeconds?: number;
}

export type WorkloadType = 'Deployment' | 'StatefulSet' | 'Job';
export type Engine = 'knative' | 'keda';

export interface HttpTriggerModel {
  readonly port?: number;
  readonly engine?: Engine;
  readonly route?: RouteModel;
}

export interface RouteModel {
  readonly gatewayRef?: { readonly name: string; readonly namespace?: string };
  readonly hostnames?: string[];
  /** gateway.networking.k8s.io/v1 HTTPRouteRules. */
  readonly rules?: JsonObject[];
}

/** A reference to a Dapr component by the user's name for it. */
export interface ComponentRefModel {
  /** Of the entry in the v1beta2 shape; the name stands under `name` below it. */
  readonly path: Path;
  readonly name: string;
  readonly type?: string;
  readonly topic?: string;
  /** Of a component that the same program defines beside the function. */
  readonly spec?: ComponentSpecModel;
}

export interface DaprTriggerModel extends ComponentRefModel {
  readonly inputName?: string;
  /** Of typed props. */
  readonly delivery?: DeliveryModel;
}

export interface OutputModel extends ComponentRefModel {
  readonly outputName?: string;
  readonly operation?: string;
  readonly metadata?: StringMap;
  /** Of typed props. */
  readonly resiliency?: ResiliencyModel;
}

/** dapr.io/v1alpha1 Component `spec`, as it is emitted, but for what counts as absent. */
export interface ComponentSpecModel {
  readonly type: string;
  readonly version: string;
  readonly ignoreErrors?: boolean;
  readonly initTimeout?: string;
  readonly metadata: ComponentMetadataModel[];
  /** `auth`, as given in the manifest beside the spec's own fields. */
  readonly auth?: { readonly secretStore: string };
}

export interface ComponentMetadataModel {
  readonly name: string;
  readonly value?: string | number | boolean | null;
  readonly secretKeyRef?: { readonly name?: string; readonly key?: string };
  readonly envRef?: string;
}

export interface ScalingModel {
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly knative: StringMap;
  /** A `keda` block was there, even an empty one. */
  readonly keda: boolean;
  readonly scaledObject?: ScaledObjectModel;
  readonly scaledJob?: ScaledJobModel;
  readonly httpScaledObject?: { readonly targetPendingRequests?: number; readonly cooldownPeriod?: number };
  readonly triggers: KedaTriggerModel[];
  readonly pendingEvents?: PendingEventsModel;
}

export interface ScaledObjectModel {
  readonly pollingInterval?: number;
  readonly cooldownPeriod?: number;
  readonly advanced?: JsonObject;
  readonly fallback?: JsonObject;
}

export interface ScaledJobModel {
  readonly restartPolicy?: string;
  readonly pollingInterval?: number;
  readonly successfulJobsHistoryLimit?: number;
  readonly failedJobsHistoryLimit?: number;
  readonly scalingStrategy?: JsonObject;
}

/** A KEDA trigger; passes through unchanged. */
export interface KedaTriggerModel {
  readonly type: string;
  readonly metadata: StringMap;
  readonly name?: string;
  readonly useCachedMetrics?: boolean;
  readonly metricType?: string;
  readonly authenticationRef?: { readonly name: string; readonly kind?: string };
}

export interface HooksModel {
  readonly pre: string[];
  readonly post: string[];
  readonly policy: 'Append' | 'Override';
}

/** Every field optional: the platform's settings fill the gaps. */
export interface TracingModel {
  readonly enabled?: boolean;
  readonly provider?: {
    readonly name?: string;
    readonly oapServer?: string;
    readonly exporter?: TracingExporterModel;
  };
  readonly tags?: StringMap;
  readonly baggage?: StringMap;
}

export interface TracingExporterModel {
  readonly name?: string;
  readonly endpoint?: string;
  readonly headers?: string;
  readonly compression?: string;
  readonly timeout?: string;
  readonly protocol?: string;
}
