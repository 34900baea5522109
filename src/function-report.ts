/** What was decided for a function, and what its objects need of the cluster. */

/** A Kubernetes object of a function. */
export interface ReportedObject {
  /** Group and version. */
  readonly apiVersion: string;
  /** Kind. */
  readonly kind: string;
  /** Namespace. */
  readonly namespace: string;
  /** Name. */
  readonly name: string;
  /**
   * The part it plays for the function: `component`, `resiliency`, `service`, `workload`, `scaler`, `proxy`, `proxyService`,
   * `networkPolicy`, `disruptionBudget`, `access` or `route`.
   */
  readonly role: string;
}

/** What was decided for a function, and what its objects need of the cluster. */
export interface FunctionReport {
  /** Name of the function. */
  readonly name: string;
  /** Its namespace. */
  readonly namespace: string;
  /** The Dapr mode: `off`, `standalone` or `sidecar`. */
  readonly daprMode: string;
  /** The rule that decided the mode. */
  readonly daprReason: string;
  /** All objects, in the order in which they are emitted. */
  readonly objects: ReportedObject[];
  /** Kinds of API that the cluster must know, as `Kind.group`. */
  readonly requiredApis: string[];
  /** Knative feature flags that must be on, by key of `config-features`. */
  readonly knativeFeatures: string[];
  /** Further things that the cluster must have, a sentence each. */
  readonly prerequisites: string[];
  /** Dapr sidecars at maximum scale in the mode decided. */
  readonly sidecars: string;
  /** How far the function scales on events that wait in the dapr-proxy or are being handled, and why; `off` where it does not. */
  readonly pendingEvents: string;
  /**
   * Replicas to which pending events alone can scale: the events that all components hand over at once, by the events per replica.
   *
   * @default - none where the function does not scale on them, or where a component does not say how many it hands over
   */
  readonly pendingEventsReplicas?: number;
  /** Warnings, a line each. */
  readonly warnings: string[];
}
