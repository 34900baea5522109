/**
 * What the platform team decides for all functions: the settings that OpenFunction's operator reads from its ConfigMap
 * `openfunction-config`, and those that a manifest needs because no operator looks at the cluster for it.
 */
import type { HooksModel, TracingModel } from '../function/function-model';
import type { ProxyModel } from '../function/proxy-settings';

/** As given at one place; places are merged field by field, the nearest wins. */
export interface PlatformModel {
  /** Cluster DNS domain; `cluster.local` unless given. */
  readonly clusterDomain?: string;
  /** Gateways that routes attach to, by `<namespace>/<name>` of OpenFunction's Gateway; the default one has the key `openfunction/openfunction`. */
  readonly gateways?: Record<string, GatewayModel>;
  /** Service that Knative's ingress offers inside the cluster. */
  readonly knativeIngress?: ServiceRefModel;
  /** Interceptor Service of the KEDA HTTP add-on. */
  readonly kedaInterceptor?: ServiceRefModel;
  /** Version of the KEDA HTTP add-on, `0.9` or later unless given. */
  readonly kedaHttpAddOnVersion?: string;
  /** Feature flags of Knative that are on, by key of `config-features`. */
  readonly knativeFeatures?: string[];
  readonly hooks?: HooksModel;
  readonly tracing?: TracingModel;
  /** Of every function's dapr-proxy; a function's own settings win field by field. */
  readonly proxy?: ProxyModel;
  /** Namespace in which KEDA runs. */
  readonly kedaNamespace?: string;
  /** Namespace from which metrics are scraped; any unless given. */
  readonly monitoringNamespace?: string;
  /** Names that no catalogue has, and that are right. */
  readonly knownNames?: readonly string[];
  /** Emit the ReferenceGrants that routes into other namespaces need. */
  readonly emitReferenceGrants?: boolean;
  /** `argocd.argoproj.io/sync-wave` on what is emitted: components before workloads. */
  readonly syncWaves?: boolean;
}

export interface ServiceRefModel {
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
}

export interface GatewayModel {
  /** Kubernetes Gateway that routes name as their parent. */
  readonly name: string;
  readonly namespace: string;
  readonly domain?: string;
  readonly clusterDomain?: string;
  readonly hostTemplate?: string;
  readonly pathTemplate?: string;
  readonly labelKey?: string;
  /** Service in front of the Gateway, for the in-cluster address of engine `keda`. */
  readonly service?: ServiceRefModel;
}

/** How the proxy's container is run. */
export type ProxyImageModel =
  | { readonly kind: 'inline'; readonly nodeImage: string; readonly bundle: BundleModel }
  | { readonly kind: 'image'; readonly reference: string; readonly version?: string };

/** The bundled proxy: one JavaScript file and what names it. */
export interface BundleModel {
  readonly configMapName: string;
  readonly fileName: string;
  /** `<version>-<hash>`, as logs, metrics and a label show it. */
  readonly version: string;
  readonly text: string;
}
