// What Dapr must make of a Function manifest, by docs/spec M17 to M20 and by nothing of the library.
import type { Manifest } from '../generate';

export interface Expected {
  readonly mode: 'off' | 'standalone' | 'sidecar';
  readonly appId: string;
  readonly functionFlags: Readonly<Record<string, string>>;
  readonly proxyFlags: Readonly<Record<string, string>>;
}

interface FunctionManifest {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly port?: number; readonly serving: Serving };
}

interface Serving extends Manifest {
  readonly runtime?: string;
  readonly annotations?: Record<string, string>;
  /** In v1beta1 a list, of KEDA's triggers. */
  readonly triggers?: Triggers | unknown[];
}

interface Triggers {
  readonly http?: { readonly port?: number; readonly engine?: string };
  readonly dapr?: unknown[];
  readonly inputs?: unknown[];
}

export function expectedOf(manifest: Manifest): Expected {
  const { metadata: { name, namespace }, spec } = manifest as unknown as FunctionManifest;
  const { serving } = spec;
  const annotations = serving.annotations ?? {};
  const triggers: Triggers = Array.isArray(serving.triggers) ? {} : serving.triggers ?? {};
  const async = serving.runtime === 'async' || triggers.dapr !== undefined;
  const appId = annotations['dapr.io/app-id'] ?? `${name}-${namespace}`;
  const port = async ? 8080 : triggers.http?.port ?? spec.port ?? 8080;
  const given = annotations['dapr.io/app-protocol'];
  const common = {
    'app-id': appId,
    'app-port': String(port),
    'log-level': annotations['dapr.io/log-level'] ?? 'info',
    // A flag without value.
    ...(annotations['dapr.io/log-as-json'] === 'false' ? {} : { 'log-as-json': 'true' }),
  };
  const knative = !async && triggers.http?.engine !== 'keda';
  const mode = modeOf(serving, annotations, triggers);
  return {
    mode,
    appId,
    functionFlags: {
      ...common,
      'app-protocol': given ?? (mode === 'sidecar' && !async ? 'http' : 'grpc'),
      'dapr-listen-addresses': '[::1],127.0.0.1',
      'metrics-port': knative ? '19090' : '9090',
    },
    proxyFlags: {
      ...common,
      // In front of an HTTP function invocations pass as HTTP, events of an async one as gRPC.
      'app-protocol': given ?? (async ? 'grpc' : 'http'),
      'dapr-listen-addresses': '[::],0.0.0.0',
      'enable-app-health-check': 'true',
      'app-health-check-path': '/dapr-proxy/healthz',
      'app-health-probe-interval': '1',
      'app-health-probe-timeout': '1000',
      'app-health-threshold': '10',
      'disable-builtin-k8s-secret-store': 'true',
    },
  };
}

function modeOf(serving: Serving, annotations: Record<string, string>, triggers: Triggers): Expected['mode'] {
  const defines = [serving.inputs, serving.outputs, serving.states, triggers.dapr, triggers.inputs]
    .some((each) => Object.keys(each ?? {}).length > 0);
  const on = annotations['openfunction.io/enable-dapr'] ?? String(defines);
  if (on === 'false') return 'off';
  return annotations['openfunction.io/dapr-service-mode'] === 'sidecar' ? 'sidecar' : 'standalone';
}
