/** Report of a function; types only. */

/** A Kubernetes object of a function. */
export interface ReportedObject {
  /** API group and version, such as `apps/v1`. */
  readonly apiVersion: string;
  /** Kind, such as `Deployment`. */
  readonly kind: string;
  /** Namespace of the object. */
  readonly namespace: string;
  /** Name of the object. */
  readonly name: string;
  /**
   * Role of the object: `component`, `resiliency`, `service`, `workload`, `scaler`, `proxy`, `proxyService`,
   * `networkPolicy`, `functionNetworkPolicy`, `disruptionBudget`, `access`, `interceptorRoute`
   * or `route`.
   */
  readonly role: string;
}

/** What pods pass of Kubernetes' Pod Security Standards, without the sidecars that others add to them. */
export interface ReportedPodSecurity {
  /** Role of the object whose pods they are: `workload` or `proxy`. */
  readonly role: string;
  /** The highest level that the pods pass: `privileged`, `baseline` or `restricted`. */
  readonly level: string;
  /** What keeps them from the next higher level, one line each: the field of the pod's spec and why. */
  readonly breaches: string[];
}

/** What was decided for a function, and what its objects need from the cluster. */
export interface FunctionReport {
  /** Name of the function. */
  readonly name: string;
  /** Namespace of the function. */
  readonly namespace: string;
  /** The Dapr mode: `off`, `standalone` or `sidecar`. */
  readonly daprMode: string;
  /** Why the function has this mode. */
  readonly daprReason: string;
  /** All objects, in the order of the output. */
  readonly objects: ReportedObject[];
  /** Custom resources that the cluster must have, as `Kind.group`. */
  readonly requiredApis: string[];
  /** Knative feature flags that must be enabled, as keys of `config-features`. */
  readonly knativeFeatures: string[];
  /** Further prerequisites in the cluster, one sentence each. */
  readonly prerequisites: string[];
  /** Pod security levels of the function's pods and the dapr-proxy's. */
  readonly podSecurity: ReportedPodSecurity[];
  /** Number of Dapr sidecars at maximum scale, in words. */
  readonly sidecars: string;
  /** Whether and how the function scales on events that wait or are being handled, and why; `off` if it does not. */
  readonly pendingEvents: string;
  /**
   * Replicas that scaling on pending events can reach: the number of events that all components deliver at the same
   * time, divided by the target per replica.
   *
   * @default - none if the function does not scale on them, or if the number for a component is unknown
   */
  readonly pendingEventsReplicas?: number;
  /** What is worth knowing of how the function behaves and needs no change, one sentence each. */
  readonly notes: string[];
  /** Warnings, one line each. */
  readonly warnings: string[];
}
