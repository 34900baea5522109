/** Hooks and tracing of a function; types only. */
import type { HookPolicy, TracingProvider } from './choices';

/** Names of plugins that the function framework runs before and after a function. */
export interface FunctionHooks {
  /**
   * Hooks that run before the function, in this order.
   *
   * @default - none
   */
  readonly pre?: string[];
  /**
   * Hooks that run after the function, in this order.
   *
   * @default - none
   */
  readonly post?: string[];
  /**
   * How these hooks combine with those of the platform.
   *
   * @default HookPolicy.APPEND
   */
  readonly policy?: HookPolicy;
}

/** Tracing of functions; passed to the function framework in `FUNC_CONTEXT`. */
export interface FunctionTracing {
  /**
   * Whether functions are traced.
   *
   * @default - true if `provider` is set
   */
  readonly enabled?: boolean;
  /**
   * What traces the function. Others are rejected under `tracing.provider`.
   *
   * @default - the platform's
   */
  readonly provider?: TracingProvider;
  /**
   * Address of SkyWalking's OAP server, such as `skywalking-oap:11800`.
   *
   * @default - the platform's
   */
  readonly oapServer?: string;
  /**
   * Exporter of OpenTelemetry spans.
   *
   * @default - the platform's
   */
  readonly exporter?: TracingExporter;
  /**
   * Tags of each span, by key.
   *
   * @default - the platform's
   */
  readonly tags?: { [key: string]: string };
  /**
   * Baggage of each trace, by key.
   *
   * @default - the platform's
   */
  readonly baggage?: { [key: string]: string };
}

/**
 * Exporter of OpenTelemetry spans. Values are passed to the function framework unchanged.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export interface TracingExporter {
  /**
   * Name of the exporter, such as `otlp`.
   *
   * @default - none
   */
  readonly name?: string;
  /**
   * URL or address of the receiver.
   *
   * @default - none
   */
  readonly endpoint?: string;
  /**
   * Headers of each request, in the exporter's syntax.
   *
   * @default - none
   */
  readonly headers?: string;
  /**
   * Compression, such as `gzip`.
   *
   * @default - none
   */
  readonly compression?: string;
  /**
   * Timeout of each request, in the exporter's syntax.
   *
   * @default - none
   */
  readonly timeout?: string;
  /**
   * Protocol, such as `grpc` or `http/protobuf`.
   *
   * @default - none
   */
  readonly protocol?: string;
}
