/** Platform settings; types only. */
import type { PodSecurity } from './choices';
import type { DaprProxyImage } from './dapr-proxy-image';
import type { DaprProxyProps } from './dapr-proxy-props';
import type { FunctionHooks, FunctionTracing } from './function-hooks';
import type { PendingEventsScaling } from './function-scaling';

/** Platform settings. For each field, the nearest value wins. Values that are not valid are rejected. */
export interface PlatformSettingsProps {
  /**
   * DNS domain of the cluster, a DNS-1123 name.
   *
   * @default "cluster.local"
   */
  readonly clusterDomain?: string;
  /**
   * Default gateway for routes. If set, every HTTP function gets an HTTPRoute.
   *
   * @default - none; functions with their own route use `contour` in `projectcontour`
   */
  readonly gateway?: PlatformGateway;
  /**
   * Further gateways, by the `<namespace>/<name>` with which functions refer to them.
   *
   * @default - none
   */
  readonly gateways?: { [key: string]: PlatformGateway };
  /**
   * Service of the cluster-local ingress of Knative.
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
   * External scaler Service of the KEDA HTTP add-on, which KEDA asks about requests; port 9090 unless given.
   *
   * @default - `keda-add-ons-http-external-scaler` in `keda`, port 9090
   */
  readonly kedaHttpScaler?: ServiceReference;
  /**
   * Versions that manifests are written for. What a target lacks is not used; the report says what depends on it.
   *
   * @default - the newest versions that the library is tested with
   */
  readonly targets?: PlatformTargets;
  /**
   * Knative feature flags that are enabled, as keys of `config-features`, such as `kubernetes.podspec-fieldref`.
   *
   * @default - none, as in a stock Knative
   * @see https://knative.dev/docs/serving/configuration/feature-flags/
   */
  readonly knativeFeatures?: string[];
  /**
   * Hooks of every function, unless it overrides them.
   *
   * @default - none
   */
  readonly hooks?: FunctionHooks;
  /**
   * Tracing of every function; functions override it field by field.
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
   * Settings of the dapr-proxy of every function.
   *
   * @default - the default of each field
   */
  readonly proxy?: DaprProxyProps;
  /**
   * Scaling on pending events of every asynchronous function behind the dapr-proxy; a function's own fields win.
   * `enabled: true` turns it on for all of them, `false` off.
   *
   * @default - on where a function has `minReplicas`, `maxReplicas` or KEDA triggers
   */
  readonly pendingEvents?: PendingEventsScaling;
  /**
   * Namespace of KEDA, from which the proxy accepts calls of the scaler.
   *
   * @default "keda"
   */
  readonly kedaNamespace?: string;
  /**
   * Namespace from which the metrics of the proxy may be scraped.
   *
   * @default - every namespace
   */
  readonly monitoringNamespace?: string;
  /**
   * Allow what the functions are known to do, and nothing else.
   *
   * A pub/sub component names the topics of each app; Dapr denies calls of a function but those that variables of
   * other functions and workloads show; pods and sidecars take connections from known callers only. What is not known
   * is added by `grantPublish` and `grantSubscribe` of a component, and `grantInvoke` of a function.
   *
   * @default false
   * @see https://github.com/cdk8s-openfunction/cdk8s-openfunction/blob/main/docs/concepts/least-privilege.md
   */
  readonly leastPrivilege?: boolean;
  /**
   * Nothing outside of the program publishes or subscribes: a topic without a publisher or without a subscriber among
   * its functions and Subscriptions, and dead letters that nobody reads, are errors at synthesis.
   *
   * @default false
   */
  readonly closedTopics?: boolean;
  /**
   * Emit the ReferenceGrants that routes need to refer to Services in other namespaces.
   *
   * @default false
   * @see https://gateway-api.sigs.k8s.io/api-types/referencegrant/
   */
  readonly referenceGrants?: boolean;
  /**
   * Annotate objects with Argo CD sync waves: components before workloads.
   *
   * @default false
   * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
   */
  readonly syncWaves?: boolean;
  /**
   * Pod security level that every function's pods must pass. A function's own option or annotation wins.
   *
   * @default PodSecurity.PRIVILEGED
   */
  readonly podSecurity?: PodSecurity;
  /**
   * Treat warnings as errors.
   *
   * @default false
   */
  readonly strict?: boolean;
  /**
   * Names that cause no warning although the catalogues of Dapr components and KEDA scalers do not have them.
   *
   * Component types (`state.acme`), their metadata (`pubsub.kafka/newSetting`), scalers (`keda/acme`) and their
   * parameters (`keda/kafka/newParameter`).
   *
   * @default - none
   */
  readonly knownNames?: string[];
}

/** A gateway that routes of functions attach to. */
export interface PlatformGateway {
  /** Name of the Gateway object of the Gateway API. */
  readonly name: string;
  /** Namespace of the Gateway object. */
  readonly namespace: string;
  /**
   * Domain of external host names, a DNS-1123 name.
   *
   * @default "ofn.io"
   */
  readonly domain?: string;
  /**
   * Cluster domain in the in-cluster host name.
   *
   * @default - `clusterDomain` of the platform settings
   */
  readonly clusterDomain?: string;
  /**
   * Template for the host name of functions without `hostnames`.
   *
   * @default - name, namespace and domain, joined by dots
   */
  readonly hostTemplate?: string;
  /**
   * Template for the path of functions with `hostnames` but without `rules`.
   *
   * @default - namespace and name, joined by slashes
   */
  readonly pathTemplate?: string;
  /**
   * Key of the label of HTTPRoutes that has the gateway as its value.
   *
   * @default "app.kubernetes.io/managed-by"
   */
  readonly labelKey?: string;
  /**
   * Service of the gateway. If set, functions with engine KEDA get an in-cluster address that scales them from zero.
   *
   * @default - none
   */
  readonly service?: ServiceReference;
}

/** A Service and one of its ports. */
export interface ServiceReference {
  /** Name of the Service, a DNS-1035 label. */
  readonly name: string;
  /** Namespace of the Service, a DNS-1123 label. */
  readonly namespace: string;
  /**
   * Port of the Service, 1 to 65,535.
   *
   * @default 80
   */
  readonly port?: number;
}

/**
 * Versions that manifests are written for, such as `1.34`, with or without a patch version. Rejected outside of the
 * versions that the library supports; the error has the range.
 */
export interface PlatformTargets {
  /**
   * Kubernetes, 1.28 to 1.35. Pods wait before they stop from 1.30 on, native sidecars need 1.29.
   *
   * @default "1.35"
   */
  readonly kubernetes?: string;
  /**
   * Dapr, 1.16 to 1.18. Native sidecars need 1.18.
   *
   * @default "1.18"
   */
  readonly dapr?: string;
  /**
   * KEDA, 2.17 to 2.21.
   *
   * @default "2.21"
   */
  readonly keda?: string;
  /**
   * HTTP add-on of KEDA, 0.8 to 0.15. Below 0.14, functions with engine KEDA get an HTTPScaledObject.
   *
   * @default "0.15"
   */
  readonly kedaHttp?: string;
  /**
   * Knative Serving, 1.19 to 1.24. A probe's `terminationGracePeriodSeconds` needs 1.24.
   *
   * @default "1.24"
   */
  readonly knative?: string;
  /**
   * Gateway API, standard channel, 1.3 to 1.6. CORS filters and redirects with 303, 307 or 308 need 1.5.
   *
   * @default "1.6"
   */
  readonly gatewayApi?: string;
}
