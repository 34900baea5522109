/** A function as a kubelet runs what the library renders of it: each pod a network namespace, each container a process. */
import { connect } from 'node:net';
import { Chart, Testing } from 'cdk8s';
import { proxyBundle } from './artifacts';
import { TestHost } from './netns';
import { PrivateHosts } from './private-hosts';
import { DAPR_GRPC_PORT, DAPR_HTTP_PORT, Sidecar } from './sidecar';
import { DaprComponent, DaprMode, FunctionInput, FunctionOutput, OpenFunctionApp } from '../../../src';
import { imageNode, KubeObject, RunningProcess, RunningRedis, startProcess, startRedis } from '../../testbed';

export const QUEUE = 'queue';
export const ORDERS = 'orders';
export const ANSWERS = 'answers';

export interface RenderedOptions {
  readonly mode: DaprMode;
  readonly protocol: 'grpc' | 'http';
  /** @default ORDERS */
  readonly topic?: string;
  /** The program of its image. */
  readonly command: readonly string[];
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
}

interface Deployment extends KubeObject {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: [{ readonly env: readonly Variable[] }] };
    };
  };
}

/** An asynchronous function with a topic in and a topic out. */
function render({ mode, protocol, topic = ORDERS }: RenderedOptions, redis: string): KubeObject[] {
  const chart = new Chart(Testing.app(), 'chart', { namespace: 'shop' });
  const queue = new DaprComponent(chart, QUEUE, {
    componentType: 'pubsub.redis', metadata: { redisHost: redis, redisPassword: '', queueDepth: 10, concurrency: 10 },
  });
  new OpenFunctionApp(chart, 'orders', {
    image: 'acme/orders:1.0.0',
    inputs: [FunctionInput.fromTopic(queue, topic)],
    outputs: [FunctionOutput.toTopic(queue, ANSWERS, { name: 'answers' })],
    dapr: mode,
    annotations: { 'dapr.io/app-protocol': protocol },
  });
  return Testing.synth(chart) as KubeObject[];
}

/** As the kubelet resolves them. */
function variablesOf({ metadata, spec }: Deployment): Record<string, string> {
  const resolved = ({ value, valueFrom }: Variable) => {
    if (valueFrom === undefined) return (value ?? '').replaceAll('$$', '$');
    if (valueFrom.fieldRef.fieldPath === 'metadata.name') return `${metadata.name}-0`;
    throw new Error(`unexpected: ${JSON.stringify(valueFrom)}`);
  };
  return Object.fromEntries(spec.template.spec.containers[0].env.map((each) => [each.name, resolved(each)]));
}

export class RenderedFunction {
  /** Its pods and its broker, with nothing running in the pods. */
  public static async create(options: RenderedOptions): Promise<RenderedFunction> {
    const daprPod = await TestHost.create();
    const ownPod = options.mode === DaprMode.SIDECAR ? daprPod : await TestHost.create(daprPod);
    const redis = await startRedis({ host: daprPod.gateway });
    return new RenderedFunction(options, render(options, redis.address), redis, daprPod, ownPod);
  }

  public sidecar!: Sidecar;
  /** Of the function. */
  public container!: RunningProcess;
  private readonly names = new PrivateHosts('orders.shop.svc.cluster.local');
  private readonly processes: RunningProcess[] = [];

  private constructor(
    private readonly options: RenderedOptions,
    private readonly objects: readonly KubeObject[],
    public readonly redis: RunningRedis,
    private readonly daprPod: TestHost,
    private readonly ownPod: TestHost,
  ) {
    this.names.set([ownPod.address]);
    // The Service that Dapr makes for the app-id.
    this.names.set([ownPod.gateway], 'orders-shop-dapr.shop.svc.cluster.local');
  }

  public async start(): Promise<void> {
    if (this.options.mode === DaprMode.STANDALONE) {
      await this.startProxy();
      await this.startSidecar();
      await this.startFunction();
    } else {
      // daprd gives up soon on the subscriptions of a function that starts later than itself.
      await this.startFunction();
      await this.container.waitFor(() => this.listens(), { what: 'the function listening' });
      await this.startSidecar();
    }
    await this.sidecar.ready();
  }

  public async stop(): Promise<void> {
    await Promise.all(this.processes.map((each) => each.stop(500)));
    await this.redis.stop();
    for (const pod of new Set([this.ownPod, this.daprPod])) await pod.remove();
  }

  private async startProxy(): Promise<void> {
    const variables = variablesOf(this.deployment('orders-dapr-proxy'));
    const proxy = await this.startContainer('proxy', this.daprPod, [await imageNode(), proxyBundle], variables);
    const readiness = `http://${this.daprPod.address}:${variables.DAPR_PROXY_ADMIN_PORT}/readyz`;
    await proxy.waitFor(async () => (await fetch(readiness)).ok, { what: 'the proxy ready', intervalMs: 10 });
  }

  private async startSidecar(): Promise<void> {
    const { annotations } = this.deployments.map(({ spec }) => spec.template.metadata)
      .find((each) => each.annotations['dapr.io/enabled'] === 'true')!;
    const resources = this.objects.filter(({ apiVersion }) => apiVersion.startsWith('dapr.io/'));
    this.sidecar = await Sidecar.start({
      appId: annotations['dapr.io/app-id']!,
      app: {
        protocol: annotations['dapr.io/app-protocol'] as RenderedOptions['protocol'],
        port: Number(annotations['dapr.io/app-port']),
        address: '127.0.0.1',
      },
      components: [],
      // A daprd outside Kubernetes knows no namespaces.
      resources: resources.map((each) => ({ ...each, metadata: { ...each.metadata, namespace: undefined } })),
      healthPath: annotations['dapr.io/app-health-check-path'],
      pod: this.daprPod,
    });
    this.processes.push(this.sidecar.process);
  }

  private async startFunction(): Promise<void> {
    // What Dapr's injector adds beside a sidecar.
    const injected = { DAPR_HTTP_PORT: String(DAPR_HTTP_PORT), DAPR_GRPC_PORT: String(DAPR_GRPC_PORT) };
    const variables = { ...variablesOf(this.deployment('orders')), ...(this.ownPod === this.daprPod && injected) };
    this.container = await this.startContainer('function', this.ownPod, this.options.command, variables);
  }

  /** With these variables and no others, but for the path to its programs. */
  private async startContainer(
    name: string, pod: TestHost, command: readonly string[], variables: Readonly<Record<string, string>>,
  ): Promise<RunningProcess> {
    const env = Object.entries({ ...variables, PATH: process.env.PATH }).map(([key, value]) => `${key}=${value}`);
    const started = await startProcess({ name, ...this.names.wrap('env', ['--ignore-environment', ...env, ...command]), netns: pod.name });
    this.processes.push(started);
    return started;
  }

  private listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(8080, this.ownPod.address, () => { socket.destroy(); resolve(true); });
      socket.once('error', () => resolve(false));
    });
  }

  private get deployments(): Deployment[] {
    return this.objects.filter(({ kind }) => kind === 'Deployment') as Deployment[];
  }

  private deployment(name: string): Deployment {
    const found = this.deployments.find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`the library made no Deployment ${name}`);
    return found;
  }
}
