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
  /** Warnings, a line each. */
  readonly warnings: string[];
}
