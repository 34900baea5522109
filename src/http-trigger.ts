/** How a function is called over HTTP; types only. */
import type { HttpEngine } from './choices';

/** How a function is called over HTTP. */
export interface HttpTrigger {
  /**
   * Port on which the function container listens, 1 to 65535. Also becomes `dapr.io/app-port`.
   *
   * Other values are rejected under `serving.triggers.http.port`.
   *
   * @default 8080
   */
  readonly port?: number;
  /**
   * What serves the function.
   *
   * @default HttpEngine.KNATIVE
   */
  readonly engine?: HttpEngine;
  /**
   * How it is reached from outside: an HTTPRoute of the Gateway API.
   *
   * @default - a route where the platform settings have a gateway
   */
  readonly route?: HttpRouteOptions;
}

/** How an HTTP function is reached from outside. */
export interface HttpRouteOptions {
  /**
   * Host names, at most 15; the in-cluster name is always added.
   *
   * @default - from the gateway's host template
   */
  readonly hostnames?: string[];
  /**
   * gateway.networking.k8s.io/v1 HTTPRouteRules without `backendRefs`, at most 16.
   *
   * @default - one rule for the path of the gateway's template
   * @see https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
   */
  readonly rules?: unknown[];
  /**
   * Which gateway of the platform settings.
   *
   * @default - the default one
   */
  readonly gateway?: GatewayReference;
}

/** A gateway of the platform settings. */
export interface GatewayReference {
  /** Its name. */
  readonly name: string;
  /** Its namespace. */
  readonly namespace: string;
}

/** A share of a Knative Service's traffic. */
export interface TrafficTarget {
  /**
   * Revision; the latest ready one unless given.
   *
   * @default - the latest ready revision
   */
  readonly revisionName?: string;
  /**
   * Share, 0 to 100; all shares add up to 100.
   *
   * @default - none, for a tag alone
   */
  readonly percent?: number;
  /**
   * Tag, which gives the revision a URL of its own.
   *
   * @default - none
   */
  readonly tag?: string;
}
