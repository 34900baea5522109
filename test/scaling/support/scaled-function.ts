/** The library's objects for a function that is scaled on its pending events, and what the tests read out of them. */
import { Chart, Testing } from 'cdk8s';
import { DaprComponent, DaprProxyProps, FunctionScaling, OpenFunctionApp, WorkloadKind, FunctionInput } from '../../../src';
import type { KubeObject } from '../../testbed';

export const FUNCTION = 'orders';
export const PUBSUB = 'orders-queue';
export const TOPIC = 'orders';

export interface ScaledFunctionOptions {
  readonly scaling: FunctionScaling;
  readonly proxy?: DaprProxyProps;
  readonly workload?: WorkloadKind;
  /** Events that Dapr hands over at once. */
  readonly concurrency?: number;
}

export function scaledFunction(namespace: string, redis: string, options: ScaledFunctionOptions): KubeObject[] {
  const chart = new Chart(Testing.app(), 'chart', { namespace });
  const concurrency = options.concurrency ?? 10;
  const queue = new DaprComponent(chart, PUBSUB, {
    componentType: 'pubsub.redis', metadata: { redisHost: redis, redisPassword: '', concurrency, queueDepth: concurrency },
  });
  new OpenFunctionApp(chart, FUNCTION, {
    image: 'acme/orders:1.0.0',
    inputs: [FunctionInput.fromTopic(queue, TOPIC)],
    workload: options.workload,
    scaling: options.scaling,
    proxy: options.proxy,
  });
  return Testing.synth(chart) as KubeObject[];
}

interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Variable {
  readonly name: string;
  readonly value?: string;
}

/** The proxy's Deployment, as far as a kubelet acts on it. */
export interface ProxyDeployment extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: { readonly serviceAccountName?: string; readonly containers: [{ readonly env: readonly Variable[] }] };
    };
  };
}

function find(objects: readonly KubeObject[], kind: string, name?: string): KubeObject {
  const found = objects.find((each) => each.kind === kind && (name === undefined || each.metadata.name === name));
  if (found === undefined) throw new Error(`the library made no ${kind} ${name ?? ''}`);
  return found;
}

export const proxyDeployment = (objects: readonly KubeObject[]) => find(objects, 'Deployment', `${FUNCTION}-dapr-proxy`) as ProxyDeployment;

/** What the library says to the proxy; not what only a kubelet knows. */
export function variablesOf(deployment: ProxyDeployment): Readonly<Record<string, string>> {
  const { env } = deployment.spec.template.spec.containers[0];
  return Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}

/** Host and port of the proxy that KEDA is told to ask. */
export function askedByKeda(objects: readonly KubeObject[]): { host: string; port: number } {
  const scaler = objects.find(({ kind }) => kind === 'ScaledObject' || kind === 'ScaledJob')!;
  const { triggers } = scaler.spec as { triggers: readonly Trigger[] };
  const { metadata } = triggers.find(({ type }) => type === 'external-push' || type === 'metrics-api')!;
  const { hostname, port } = new URL(metadata.url ?? `tcp://${metadata.scalerAddress}`);
  return { host: hostname, port: Number(port) };
}
