/** Credentials of KEDA triggers, and what functions know of them; types only. */
import type { IConstruct } from 'constructs';
import type { SecretKey } from './component-options';

/** Props of a `TriggerAuthentication`. */
export interface TriggerAuthenticationProps {
  /**
   * Parameters of the scaler whose values come from Secrets of the same namespace, by name; at least one. Which
   * parameters there are depends on the scaler: `username` and `password` of `kafka`, for example.
   *
   * @see https://keda.sh/docs/latest/scalers/
   */
  readonly secrets: { [parameter: string]: SecretKey };
  /**
   * Name of the `TriggerAuthentication` object, a DNS-1123 name of at most 253 characters.
   *
   * @default - the id of the construct
   */
  readonly name?: string;
  /**
   * Namespace of the `TriggerAuthentication` object. Functions of other namespaces cannot use it.
   *
   * @default - the chart's, else `default`
   */
  readonly namespace?: string;
}

/** Credentials that KEDA triggers can use, wherever they are defined. */
export interface ITriggerAuthentication extends IConstruct {
  /** Name of the object with the credentials. */
  readonly name: string;
  /** Kind of that object: `TriggerAuthentication` or `ClusterTriggerAuthentication`. */
  readonly kind: string;
  /**
   * Namespace of the object; functions of other namespaces are rejected.
   *
   * @default - unknown, or none for the whole cluster; not checked
   */
  readonly namespace?: string;
}
