/** What a Dapr component is, whoever owns it; types only. */
import type { Duration } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-28';

/** One key of a Secret. */
export interface SecretKey {
  /** The Secret. */
  readonly secret: kplus.ISecret;
  /** Its key. */
  readonly key: string;
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
  readonly metadata?: { [name: string]: unknown };
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
