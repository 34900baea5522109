/**
 * A function as the rest of the library sees it, whatever way it came in (typed props, manifest, v1beta1).
 *
 * Most of it is what the readers of the fields yield. What is unset (`""`, `0` for a port) is left out, and nothing in
 * here is shared with the caller's objects.
 */
import type { ComponentRefModel, ComponentSpecModel, daprTriggers, extraInputs, outputs } from './component';
import type { HttpTriggerModel, ServingRead, SpecRead } from './fields';
import type { ProxyModel } from './proxy-settings';
import type { ApiVersion } from './readers';
import type { ScalingModel } from './scaling';
import type { JsonObject, StringMap } from '../kubernetes/json';
import type { SecurityLevel } from '../kubernetes/pod-security';
import type { Path, Position } from '../problem/problem';

export type { ComponentRefModel, ComponentSpecModel, ComponentMetadataModel } from './component';
export type { HttpTriggerModel, RouteModel } from './fields';
export type { HooksModel, TracingModel } from './hooks';
export type { KedaTriggerModel, ScalingModel } from './scaling';

export interface FunctionModel extends Pick<SpecRead, 'imageCredentials'> {
  readonly source: FunctionSource;
  readonly name: string;
  /** As given; else that of the chart is taken. */
  readonly namespace?: string;
  readonly image: string;
  /** `latest` unless given. */
  readonly version: string;
  /** `workloadRuntime: WasmEdge`, or the Function's own annotation `module.wasm.image/variant`. */
  readonly wasmEdge: boolean;
  /** The Function's own annotations that are for who applies its objects. */
  readonly deployAnnotations?: StringMap;
  readonly serving: ServingModel;
  /** The function's own settings of its dapr-proxy, which win over the platform's. */
  readonly proxy?: ProxyModel;
  /** From an option: the level that its pods must pass. */
  readonly podSecurity?: SecurityLevel;
}

/** Where a function came from, for messages. */
export interface FunctionSource {
  readonly apiVersion: ApiVersion;
  /** Of a path in the model, the path that the user wrote: v1beta1 has other places. */
  readonly originalPath: (path: Path) => Path;
  /** Position in the text, when there is one; of the nearest existing parent, when the path itself is not there. */
  readonly position?: Position;
}

/** Fields that come from several places, and those that are there even when nobody gave them. */
type Placed = 'runtime' | 'inputs' | 'triggers' | 'scaleOptions' | 'outputs' | 'timeout';
type Always = 'bindings' | 'pubsub' | 'states' | 'params' | 'labels' | 'annotations';

export interface ServingModel extends Omit<ServingRead, Placed | Always>, Required<Pick<ServingRead, Always>> {
  /** Present for HTTP functions, also when it was only defaulted in. */
  readonly http?: HttpTriggerModel;
  readonly dapr: readonly DaprTriggerModel[];
  /** `serving.triggers.inputs`: what a function reads besides its trigger. */
  readonly inputs: readonly ExtraInputModel[];
  /** v1beta1 `knative` functions may have inputs that no event reaches; they matter for the Dapr default. */
  readonly unreachedInputs: number;
  readonly outputs: readonly OutputModel[];
  readonly scaling: ScalingModel;
  /** Of states that exist already, where known: the type, and the spec of those defined beside the function. */
  readonly knownStates?: Record<string, { readonly type: string; readonly spec?: ComponentSpecModel } | undefined>;
  /** Names of credentials of triggers that typed props say to exist. */
  readonly knownAuthentications?: readonly string[];
  /** Seconds until the function must be ready, rounded up. */
  readonly timeoutSeconds?: number;
  /** The rest is from typed props: what the function speaks, for the ports of Services and revisions, too. */
  readonly appProtocol?: string;
  readonly requestTimeouts?: RequestTimeoutsModel;
  /** Of engine `keda`, as the props have it. */
  readonly coldStart?: JsonObject;
  readonly objectAnnotations?: ObjectAnnotationsModel;
  /** Knative traffic targets. */
  readonly traffic?: JsonObject[];
  /** Seconds that a function pod with a sidecar gets to finish what it has begun. */
  readonly drainTimeoutSeconds?: number;
  /** From a typed prop. */
  readonly nativeSidecar?: boolean;
}

export type WorkloadType = NonNullable<ServingModel['workloadType']>;
type ItemOf<R> = R extends { (...given: never[]): readonly (infer T)[] | undefined } ? NonNullable<T> : never;

export type ExtraInputModel = ComponentRefModel & ItemOf<typeof extraInputs>;
export type DaprTriggerModel = ComponentRefModel & ItemOf<typeof daprTriggers> & {
  /** From typed props. */
  readonly delivery?: DeliveryModel;
};
export type OutputModel = ComponentRefModel & ItemOf<typeof outputs> & {
  /** From typed props. */
  readonly resiliency?: ResiliencyModel;
};

/** How the proxy asks for the events of one trigger. */
export interface DeliveryModel {
  /** Among the inputs as the user gave them, states included. */
  readonly index: number;
  readonly deadLetterTopic?: string;
  readonly bulk?: { readonly maxMessages?: number; readonly maxAwaitMs?: number };
  readonly rules?: { readonly match: string; readonly path: string }[];
  readonly defaultPath?: string;
  /** HTTP route of a binding. */
  readonly route?: string;
  readonly metadata?: StringMap;
  readonly resiliency?: ResiliencyModel;
}

/** Of requests, in seconds. */
export interface RequestTimeoutsModel {
  readonly requestTimeout?: number;
  readonly responseStartTimeout?: number;
  /** Of engine `keda`. */
  readonly readinessTimeout?: number;
}

/** Annotations by the part that an object plays. */
export interface ObjectAnnotationsModel {
  readonly workload?: StringMap;
  readonly scaler?: StringMap;
  readonly route?: StringMap;
  readonly service?: StringMap;
}

/** Dapr resiliency for one direction of one component. */
export interface ResiliencyModel {
  readonly timeout?: string;
  readonly retry?: JsonObject;
  readonly circuitBreaker?: JsonObject;
}
