/** Options of the probes of a container; types only. */
import type { Duration } from 'cdk8s';
import type { ProbeScheme } from './choices';

/**
 * How often a probe asks, and what follows from the answers.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
export interface ProbeOptions {
  /**
   * Time between the start of the container and the first probe, in whole seconds, 0 or more.
   *
   * @default - the default of Kubernetes, 0 s
   */
  readonly initialDelaySeconds?: Duration;
  /**
   * Time between two probes, in whole seconds, 1 or more.
   *
   * @default - the default of Kubernetes, 10 s
   */
  readonly periodSeconds?: Duration;
  /**
   * Time within which a probe must be answered, in whole seconds, 1 or more.
   *
   * @default - the default of Kubernetes, 1 s
   */
  readonly timeoutSeconds?: Duration;
  /**
   * Number of consecutive failures after which the probe has failed, 1 or more.
   *
   * @default - the default of Kubernetes, 3
   */
  readonly failureThreshold?: number;
  /**
   * Number of consecutive successes after which the probe has succeeded, 1 or more; 1 for liveness and startup.
   *
   * @default - the default of Kubernetes, 1
   */
  readonly successThreshold?: number;
}

/** Options of a probe that connects to a port. */
export interface PortProbeOptions extends ProbeOptions {
  /**
   * Port to connect to, 1 to 65,535.
   *
   * @default - the port of the function
   */
  readonly port?: number;
}

/** Options of an HTTP probe. */
export interface HttpGetProbeOptions extends PortProbeOptions {
  /**
   * Scheme of the request. Kubernetes does not verify certificates.
   *
   * @default ProbeScheme.HTTP
   */
  readonly scheme?: ProbeScheme;
  /**
   * Headers of the request, by name.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };
}

/** Options of a gRPC probe. */
export interface GrpcProbeOptions extends PortProbeOptions {
  /**
   * Service name in the request of the gRPC health checking protocol.
   *
   * @default - an empty name: the server as a whole
   */
  readonly service?: string;
}
