/** HTTP trigger of a function; types only. */
import type { Duration } from 'cdk8s';
import type { HttpEngine } from './choices';

/** HTTP trigger of a function. */
export interface HttpTrigger {
  /**
   * What serves the function.
   *
   * @default HttpEngine.KNATIVE
   */
  readonly engine?: HttpEngine;
  /**
   * Time within which Knative wants the whole answer to a request, in whole seconds, 1 or more; above the 600 s that a
   * stock Knative allows, a warning. Becomes `timeoutSeconds` of the revision.
   *
   * @default - Knative's default, 300 s
   * @see https://knative.dev/docs/serving/configuration/config-defaults/
   */
  readonly requestTimeout?: Duration;
  /**
   * Time within which Knative wants the answer to begin, in whole seconds, 1 or more and not above `requestTimeout`.
   * Becomes `responseStartTimeoutSeconds` of the revision.
   *
   * @default - Knative's default, that of `requestTimeout`
   */
  readonly responseStartTimeout?: Duration;
  /**
   * HTTPRoute of the Gateway API, through which the function can be reached from outside the cluster.
   *
   * @default - a route if the platform settings have a gateway, else none
   */
  readonly route?: HttpRouteOptions;
}

/** HTTPRoute of an HTTP function. */
export interface HttpRouteOptions {
  /**
   * Host names, at most 15. The in-cluster name is always added.
   *
   * @default - one name, from the gateway's `hostTemplate`
   */
  readonly hostnames?: string[];
  /**
   * gateway.networking.k8s.io/v1 HTTPRouteRules without `backendRefs`, at most 16.
   *
   * @default - one rule, for the path from the gateway's `pathTemplate`
   * @see https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
   */
  readonly rules?: unknown[];
  /**
   * Gateway of the platform settings that the route attaches to.
   *
   * @default - the default gateway
   */
  readonly gateway?: GatewayReference;
}

/** Reference to a gateway of the platform settings. */
export interface GatewayReference {
  /** Name of the gateway. */
  readonly name: string;
  /** Namespace of the gateway. */
  readonly namespace: string;
}

/**
 * A share of the traffic of a Knative Service.
 *
 * @see https://knative.dev/docs/serving/traffic-management/
 */
export interface TrafficTarget {
  /**
   * Name of the revision.
   *
   * @default - the latest ready revision
   */
  readonly revisionName?: string;
  /**
   * Share in percent, 0 to 100. The shares of all targets must add up to 100.
   *
   * @default - none; the target is only reached by its tag
   */
  readonly percent?: number;
  /**
   * Tag, which gives the revision its own URL. Tags of a function must differ.
   *
   * @default - none
   */
  readonly tag?: string;
}
