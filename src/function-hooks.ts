/** Hooks and tracing of a function; types only. */
import type { HookPolicy } from './choices';

/** Hooks that run before and after a function. */
export interface FunctionHooks {
  /**
   * Before, in this order.
   *
   * @default - none
   */
  readonly pre?: string[];
  /**
   * After, in this order.
   *
   * @default - none
   */
  readonly post?: string[];
  /**
   * How they go with the platform's.
   *
   * @default HookPolicy.APPEND
   */
  readonly policy?: HookPolicy;
}

/** Tracing of functions. */
export interface FunctionTracing {
  /**
   * Trace at all.
   *
   * @default - true where a provider is given
   */
  readonly enabled?: boolean;
  /**
   * `skywalking` or `opentelemetry`.
   *
   * @default - the platform's
   */
  readonly provider?: string;
  /**
   * Address of SkyWalking's OAP server.
   *
   * @default - the platform's
   */
  readonly oapServer?: string;
  /**
   * Where OpenTelemetry sends spans to.
   *
   * @default - the platform's
   */
  readonly exporter?: TracingExporter;
  /**
   * Tags of each span.
   *
   * @default - the platform's
   */
  readonly tags?: { [key: string]: string };
  /**
   * Baggage of each trace.
   *
   * @default - the platform's
   */
  readonly baggage?: { [key: string]: string };
}

/** Where OpenTelemetry sends spans to. */
export interface TracingExporter {
  /**
   * Kind of exporter, such as `otlp`.
   *
   * @default - none
   */
  readonly name?: string;
  /**
   * Address.
   *
   * @default - none
   */
  readonly endpoint?: string;
  /**
   * Headers, as the exporter takes them.
   *
   * @default - none
   */
  readonly headers?: string;
  /**
   * Compression, as the exporter takes it.
   *
   * @default - none
   */
  readonly compression?: string;
  /**
   * Timeout, as the exporter takes it.
   *
   * @default - none
   */
  readonly timeout?: string;
  /**
   * Protocol, as the exporter takes it.
   *
   * @default - none
   */
  readonly protocol?: string;
}
