/** Where the value of an environment variable comes from; types only. */

/**
 * Value of an environment variable: that of a Secret, a ConfigMap, a field of the pod or a resource of a container.
 *
 * `EnvValue` of any cdk8s-plus is one; its statics make it, such as `EnvValue.fromSecretValue({ secret, key })`.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/
 */
export interface IEnvValue {
  /**
   * The value as text, which takes the place of `valueFrom`.
   *
   * @default - from `valueFrom`; empty without it
   */
  readonly value?: unknown;
  /**
   * A core/v1 EnvVarSource. Unknown fields are rejected, with the nearest known name.
   *
   * @default - none
   */
  readonly valueFrom?: unknown;
}
