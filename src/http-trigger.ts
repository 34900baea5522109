/** HTTP trigger of a function; types only. */
import type { Duration } from 'cdk8s';
import type { HttpEngine } from './choices';

/** HTTP trigger of a function. */
export interface HttpTrigger {
  /**
   * What serves the function and scales it on its requests.
   *
   * @default HttpEngine.KNATIVE
   */
  readonly engine?: HttpEngine;
  /**
   * Time within which the whole answer to a request must be there, in whole seconds, 1 or more. With Knative a warning
   * above the 600 s that a stock installation allows; becomes `timeoutSeconds` of the revision. With KEDA it becomes
   * `timeouts.request` of the InterceptorRoute and includes the time in which the function starts; rejected for targets
   * of the HTTP add-on below 0.14.
   *
   * @default - the default of Knative, 300 s, or of the HTTP add-on, none
   * @see https://knative.dev/docs/serving/configuration/config-defaults/
   */
  readonly requestTimeout?: Duration;
  /**
   * Time within which the answer must begin, in whole seconds, 1 or more and not above `requestTimeout`. Becomes
   * `responseStartTimeoutSeconds` of a Knative revision, or with KEDA `timeouts.responseHeader` of the
   * InterceptorRoute, which does not include the time in which the function starts.
   *
   * @default - the default of Knative, that of `requestTimeout`, or of the HTTP add-on, 300 s
   */
  readonly responseStartTimeout?: Duration;
  /**
   * Time for which a request waits until a pod of the function is ready, in whole seconds, 1 or more; engine KEDA only,
   * with 0.14 or later of its HTTP add-on. Becomes `timeouts.readiness` of the InterceptorRoute.
   *
   * @default - the default of the HTTP add-on: none, or 30 s with a fallback
   */
  readonly readinessTimeout?: Duration;
  /**
   * Answers while no pod of the function is ready; engine KEDA only, with 0.14 or later of its HTTP add-on.
   *
   * @default - requests wait
   * @see https://keda.sh/http-add-on/
   */
  readonly coldStart?: ColdStart;
  /**
   * HTTPRoute of the Gateway API, through which the function can be reached from outside the cluster.
   *
   * @default - a route if the platform settings have a gateway, else none
   */
  readonly route?: HttpRouteOptions;
}

/** What answers requests while no pod of a function is ready. Rejected with neither of the two. */
export interface ColdStart {
  /**
   * Service that gets a request for which no pod became ready within `readinessTimeout`.
   *
   * @default - such a request fails with 504
   */
  readonly fallback?: ColdStartFallback;
  /**
   * Answer that requests get at once, while the function starts. Needs 0.15 of the HTTP add-on.
   *
   * @default - requests wait
   */
  readonly placeholder?: ColdStartPlaceholder;
}

/** A Service in the namespace of the function. */
export interface ColdStartFallback {
  /** Name of the Service, which must be in the function's namespace. */
  readonly service: string;
  /**
   * Port of the Service, 1 to 65,535.
   *
   * @default 80
   */
  readonly port?: number;
}

/** A fixed answer to requests. */
export interface ColdStartPlaceholder {
  /**
   * Status code, 100 to 599. Below 300 it is a warning where events of the dapr-proxy wake the function too: for Dapr
   * they would be done.
   *
   * @default 503
   */
  readonly statusCode?: number;
  /**
   * Body, up to 32,768 characters. Rejected beside `configMap`.
   *
   * @default - none
   */
  readonly body?: string;
  /**
   * ConfigMap that has the body, in the function's namespace, with the label `http.keda.sh/response-body: "true"`.
   *
   * @default - none
   */
  readonly configMap?: string;
  /**
   * Key in the ConfigMap. Rejected without `configMap`.
   *
   * @default - the path of the request, `index.html` for `/`
   */
  readonly configMapKey?: string;
  /**
   * Header fields of the answer.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };
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
  /** Name of the Gateway object. */
  readonly name: string;
  /** Namespace of the Gateway object. */
  readonly namespace: string;
}

/**
 * A share of the traffic of a Knative Service.
 *
 * @see https://knative.dev/docs/serving/traffic-management/
 */
export interface TrafficTarget {
  /**
   * Name of the revision, such as `orders-00002`.
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
