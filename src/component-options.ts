/** Options of a Dapr component, shared or not; types only. */
import type { Duration } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-28';

/**
 * One key of a Kubernetes Secret in the namespace of the component or function that uses it.
 *
 * In TypeScript, `SecretValue` of any cdk8s-plus is one.
 */
export interface SecretKey {
  /** The Secret; only its name is used. */
  readonly secret: kplus.ISecret;
  /** Key in the data of the Secret: letters, digits, `-`, `_` and `.`; other keys are rejected. */
  readonly key: string;
}

/**
 * Options of a Dapr component.
 *
 * @see https://docs.dapr.io/reference/resource-specs/component-schema/
 */
export interface ComponentOptions {
  /**
   * Full type, such as `bindings.kafka`. Types other than `bindings.*`, `pubsub.*` and `state.*` are rejected.
   *
   * @see https://docs.dapr.io/reference/components-reference/
   */
  readonly componentType: string;
  /**
   * Version of the component's implementation, such as `v2`. One that Dapr does not have for the type is rejected.
   *
   * @default "v1"
   */
  readonly version?: string;
  /**
   * Metadata of the component, by name; becomes a list, sorted by name. Values are strings, numbers and booleans;
   * others are rejected, and so are values that Dapr refuses. A name that Dapr does not know is a warning.
   *
   * @default - none
   */
  readonly metadata?: { [name: string]: unknown };
  /**
   * Metadata whose values come from Secrets, by name; becomes `secretKeyRef`, sorted by name. A name that `metadata`
   * has too is rejected.
   *
   * @default - none
   */
  readonly secrets?: { [name: string]: SecretKey };
  /**
   * Name of the secret store component that resolves `secrets`; rejected when empty.
   *
   * @default - Dapr's store for Kubernetes Secrets
   * @see https://docs.dapr.io/operations/components/component-secrets/
   */
  readonly secretStore?: string;
  /**
   * Let Dapr start even if this component fails to initialize.
   *
   * @default false
   */
  readonly ignoreErrors?: boolean;
  /**
   * Time within which the component must initialize, above 0.
   *
   * @default - Dapr's default, 5 s
   */
  readonly initTimeout?: Duration;
}
