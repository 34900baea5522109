/** The settings of a platform, all optional. */
import type { DaprProxyImage } from './dapr-proxy-image';
import type { DaprProxyProps } from './dapr-proxy-props';
import type { FunctionHooks, FunctionTracing } from './function-hooks';

/** Settings of the platform; every field is optional, and the nearest place that has it wins. */
export interface PlatformSettingsProps {
  /**
   * DNS domain of the cluster.
   *
   * @default "cluster.local"
   */
  readonly clusterDomain?: string;
  /**
   * Gateway to which routes of functions attach. With one, every HTTP function gets an HTTPRoute.
   *
   * @default - none; functions with a route of their own use `contour` in `projectcontour`
   */
  readonly gateway?: PlatformGateway;
  /**
   * Further gateways by `<namespace>/<name>`, as functions name them.
   *
   * @default - none
   */
  readonly gateways?: { [key: string]: PlatformGateway };
  /**
   * Service of Knative's cluster-local ingress.
   *
   * @default - `kourier-internal` in `kourier-system`, port 80
   */
  readonly knativeIngress?: ServiceReference;
  /**
   * Interceptor Service of the KEDA HTTP add-on.
   *
   * @default - `keda-add-ons-http-interceptor-proxy` in `keda`, port 8080
   */
  readonly kedaInterceptor?: ServiceReference;
  /**
   * Version of the KEDA HTTP add-on, such as `0.8.0`; before 0.9 it has other fields.
   *
   * @default - 0.9 or later
   */
  readonly kedaHttpAddOnVersion?: string;
  /**
   * Knative's feature flags that are on, by their key in `config-features`, such as `kubernetes.podspec-fieldref`.
   *
   * @default - none: a stock Knative
   */
  readonly knativeFeatures?: string[];
  /**
   * Hooks of every function that has none itself, or appends to them.
   *
   * @default - none
   */
  readonly hooks?: FunctionHooks;
  /**
   * Tracing of every function.
   *
   * @default - none
   */
  readonly tracing?: FunctionTracing;
  /**
   * Image of the dapr-proxy.
   *
   * @default DaprProxyImage.inline()
   */
  readonly proxyImage?: DaprProxyImage;
  /**
   * The dapr-proxy of every function.
   *
   * @default - the defaults of each field
   */
  readonly proxy?: DaprProxyProps;
  /**
   * Namespace in which KEDA runs.
   *
   * @default "keda"
   */
  readonly kedaNamespace?: string;
  /**
   * Namespace from which metrics are scraped.
   *
   * @default - any
   */
  readonly monitoringNamespace?: string;
  /**
   * Emit the ReferenceGrants that let routes point at the ingress in its own namespace.
   *
   * @default false
   */
  readonly referenceGrants?: boolean;
  /**
   * Annotate objects with Argo CD sync waves: components before workloads.
   *
   * @default false
   */
  readonly syncWaves?: boolean;
  /**
   * Warnings are errors.
   *
   * @default false
   */
  readonly strict?: boolean;
  /**
   * Names that are right although the catalogues of Dapr's components and KEDA's scalers lack them, so that nothing warns of them.
   *
   * A component type (`state.acme`), a setting of one (`pubsub.kafka/newSetting`), a scaler (`keda/acme`), or a parameter of
   * one (`keda/kafka/newParameter`).
   *
   * @default - none
   */
  readonly knownNames?: string[];
}

/** A gateway to which routes of functions attach. */
export interface PlatformGateway {
  /** Name of the Kubernetes Gateway. */
  readonly name: string;
  /** Its namespace. */
  readonly namespace: string;
  /**
   * Domain of the host names.
   *
   * @default "ofn.io"
   */
  readonly domain?: string;
  /**
   * Cluster domain of the in-cluster host name.
   *
   * @default - the platform's
   */
  readonly clusterDomain?: string;
  /**
   * Host name of a function that gives none.
   *
   * @default - function, namespace and domain, joined by dots
   */
  readonly hostTemplate?: string;
  /**
   * Path of a function that gives host names and no rules.
   *
   * @default - namespace and function, joined by slashes
   */
  readonly pathTemplate?: string;
  /**
   * Label of the HTTPRoute that names the gateway.
   *
   * @default "app.kubernetes.io/managed-by"
   */
  readonly labelKey?: string;
  /**
   * Service in front of the Gateway. With it, functions of engine KEDA have an in-cluster address that wakes them.
   *
   * @default - none
   */
  readonly service?: ServiceReference;
}

/** A Service and one of its ports. */
export interface ServiceReference {
  /** Name. */
  readonly name: string;
  /** Namespace. */
  readonly namespace: string;
  /**
   * Port.
   *
   * @default 80
   */
  readonly port?: number;
}
