/** What goes beyond the function itself, for props and manifests; types only. */
import type { PodSecurity } from './choices';
import type { DaprProxyProps } from './dapr-proxy-props';
import type { PendingEventsScaling } from './function-scaling';
import type { PlatformSettingsProps } from './platform-settings-props';

/** Options that go beyond the function itself; the same for props and manifests. */
export interface FunctionOptions {
  /**
   * Default namespace for a function whose manifest has none.
   *
   * @default - the chart's namespace, else `default` with a warning
   */
  readonly namespace?: string;
  /**
   * Scaling of an asynchronous function on the events that wait in its dapr-proxy or are being handled.
   *
   * Without this option the annotation `openfunction.io/pending-events`, `"on"` or `"off"`, decides, then the platform
   * settings. Rejected under `pendingEvents` where the events do not go through the proxy.
   *
   * @default - on where the function has `minReplicas`, `maxReplicas` or KEDA triggers
   * @see https://github.com/cdk8s-openfunction/cdk8s-openfunction/blob/main/docs/concepts/scaling.md
   */
  readonly pendingEvents?: PendingEventsScaling;
  /**
   * Level of Kubernetes' Pod Security Standards that the function's pods must pass; those of the dapr-proxy pass the
   * restricted level anyway. Without this option the annotation `openfunction.io/pod-security` decides, then the
   * platform settings. What the level does not allow is rejected under the field of the pod that breaks it.
   *
   * @default - from the platform settings
   * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
   */
  readonly podSecurity?: PodSecurity;
  /**
   * Settings of the dapr-proxy and its pod.
   *
   * @default - from the platform settings
   */
  readonly proxy?: DaprProxyProps;
  /**
   * Platform settings for this function only; they override those of its chart and app, field by field.
   *
   * @default - from the chart and the app
   */
  readonly platform?: PlatformSettingsProps;
}

/** What goes beyond a manifest, or replaces what it says. */
export interface ManifestOptions extends FunctionOptions {
  /**
   * Container image in place of that of the manifest, such as the one that was just built. Rejected under `image` when
   * empty.
   *
   * @default - that of the manifest
   */
  readonly image?: string;
  /**
   * Environment variables, by name, beside `params` of the manifest or in place of them.
   *
   * @default - none
   */
  readonly env?: { [name: string]: string };
}

/** Annotations of a function's objects, not of its pods. A part that the function does not have is a warning. */
export interface ObjectAnnotations {
  /**
   * Of the Knative Service, Deployment, StatefulSet, Job or ScaledJob. `autoscaling.knative.dev/*` is rejected, since
   * Knative reads it on revisions only.
   *
   * @default - none
   */
  readonly workload?: { [key: string]: string };
  /**
   * Of KEDA's ScaledObject, ScaledJob or HTTPScaledObject.
   *
   * @default - none
   */
  readonly scaler?: { [key: string]: string };
  /**
   * Of the HTTPRoute.
   *
   * @default - none
   */
  readonly route?: { [key: string]: string };
  /**
   * Of the core/v1 Services in front of the function's pods; Knative makes its own.
   *
   * @default - none
   */
  readonly service?: { [key: string]: string };
}
