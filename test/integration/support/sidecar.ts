/** A real daprd in front of an app, with its components in a folder of its own. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestHost } from './netns';
import type { Sentry } from './sentry';
import { daprd, freePort, RunningProcess, startProcess, waitFor } from '../../testbed';

export interface Component {
  readonly name: string;
  readonly type: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface SidecarOptions {
  readonly appId: string;
  /** None: a sidecar that only calls others. */
  readonly app?: { readonly protocol: 'grpc' | 'http' | 'h2c'; readonly port: number; readonly address: string };
  /** The sidecar that every app-id resolves to. @default - this one */
  readonly callee?: Sidecar;
  readonly components: readonly Component[];
  /** Further resources, such as a `Resiliency`. */
  readonly resources?: readonly object[];
  /** The app health check that the construct turns on for the proxy. */
  readonly healthPath?: string;
  readonly appToken?: string;
  readonly flags?: readonly string[];
  /** For jobs. */
  readonly schedulerAddress?: string;
  readonly httpPort?: number;
  /** Of its Configuration. */
  readonly configuration?: object;
  /** Gives it an identity; without one, calls between sidecars are plain. */
  readonly sentry?: Sentry;
  /** The pod it is in, where it has the ports that Dapr's injector gives it. @default - the machine itself */
  readonly pod?: TestHost;
}

const LOOPBACK = '127.0.0.1';
export const DAPR_HTTP_PORT = 3500;
export const DAPR_GRPC_PORT = 50_001;

/** Any app-id is found at one fixed address, so that nothing is asked of the network. */
const configuration = (internalPort: number, spec: object = {}) => ({
  apiVersion: 'dapr.io/v1alpha1',
  kind: 'Configuration',
  metadata: { name: 'test' },
  spec: { ...spec, nameResolution: { component: 'kubernetes', version: 'v1', configuration: { template: `127.0.0.1:${internalPort}` } } },
});

const component = ({ name, type, metadata }: Component) => ({
  apiVersion: 'dapr.io/v1alpha1',
  kind: 'Component',
  metadata: { name },
  spec: { type, version: 'v1', metadata: Object.entries(metadata ?? {}).map(([key, value]) => ({ name: key, value })) },
});

function writeComponent(folder: string, given: Component): void {
  writeFileSync(join(folder, `component-${given.name}.yaml`), JSON.stringify(component(given)));
}

export class Sidecar {
  public static async start(options: SidecarOptions): Promise<Sidecar> {
    const folder = mkdtempSync(join(tmpdir(), 'dapr-'));
    options.components.forEach((each) => writeComponent(folder, each));
    (options.resources ?? []).forEach((resource, index) => writeFileSync(join(folder, `${index}.yaml`), JSON.stringify(resource)));
    const { pod } = options;
    const httpPort = pod ? DAPR_HTTP_PORT : options.httpPort ?? await freePort();
    const grpcPort = pod ? DAPR_GRPC_PORT : await freePort();
    const metricsPort = await freePort();
    const internalPort = await freePort();
    const config = join(mkdtempSync(join(tmpdir(), 'dapr-config-')), 'config.yaml');
    writeFileSync(config, JSON.stringify(configuration(options.callee?.internalPort ?? internalPort, options.configuration)));
    const app = options.app === undefined ? [] : [
      '--app-port', String(options.app.port), '--app-protocol', options.app.protocol, '--app-channel-address', options.app.address,
    ];
    const health = options.healthPath === undefined ? [] : [
      '--enable-app-health-check', '--app-health-check-path', options.healthPath, '--app-health-probe-timeout', '2000', '--app-health-probe-interval', '3',
    ];
    const process = await startProcess({
      name: `daprd-${options.appId}`,
      command: await daprd(),
      args: [
        '--app-id', options.appId, '--config', config, '--resources-path', folder, '--dapr-http-port', String(httpPort),
        '--dapr-grpc-port', String(grpcPort), '--dapr-internal-grpc-port', String(internalPort), '--metrics-port', String(metricsPort),
        '--dapr-listen-addresses', pod ? '0.0.0.0' : LOOPBACK, '--dapr-internal-grpc-listen-address', LOOPBACK, '--log-level', 'info',
        ...options.schedulerAddress === undefined ? [] : ['--scheduler-host-address', options.schedulerAddress],
        ...options.sentry === undefined ? [] : ['--enable-mtls', '--sentry-address', options.sentry.address],
        ...app, ...health, ...options.flags ?? [],
      ],
      env: { NAMESPACE: 'default', ...(options.sentry && { DAPR_TRUST_ANCHORS: options.sentry.anchors, DAPR_CONTROLPLANE_NAMESPACE: 'default' }), ...(options.appToken && { APP_API_TOKEN: options.appToken }) },
      netns: pod?.name,
    });
    const sidecar = new Sidecar(process, pod?.address ?? LOOPBACK, httpPort, grpcPort, metricsPort, internalPort, folder);
    await process.waitFor(async () => (await fetch(`${sidecar.url}/v1.0/healthz/outbound`)).ok, { what: 'the sidecar answering' });
    return sidecar;
  }

  public readonly url: string;

  private constructor(
    public readonly process: RunningProcess,
    private readonly host: string,
    public readonly httpPort: number,
    public readonly grpcPort: number,
    private readonly metricsPort: number,
    private readonly internalPort: number,
    private readonly folder: string,
  ) {
    this.url = `http://${host}:${httpPort}`;
  }

  /** The app channel is up and the subscriptions are made. */
  public async ready(): Promise<void> {
    await this.process.waitFor(async () => (await fetch(`${this.url}/v1.0/healthz`)).ok, { what: 'the sidecar ready', timeoutMs: 60_000 });
  }

  /** As an applied change reaches a sidecar in a cluster: it loads the component anew. */
  public change(given: Component): void {
    writeComponent(this.folder, given);
  }

  /** Publishes in portions, with the id of each as its body's `id`. */
  public async publish(pubsub: string, topic: string, bodies: readonly { readonly id: string }[]): Promise<void> {
    for (let start = 0; start < bodies.length; start += 100) {
      const portion = bodies.slice(start, start + 100).map((event) => ({ entryId: event.id, event, contentType: 'application/json' }));
      const answer = await fetch(`${this.url}/v1.0-alpha1/publish/bulk/${pubsub}/${topic}`, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(portion),
      });
      if (!answer.ok) throw new Error(`publishing to ${topic}: ${answer.status} ${await answer.text()}`);
    }
  }

  /** A job that fires once, at once. */
  public async scheduleJob(name: string, maxRetries: number): Promise<void> {
    const failurePolicy = { constant: { interval: '0.2s', maxRetries } };
    const answer = await fetch(`${this.url}/v1.0-alpha1/jobs/${name}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ data: {}, dueTime: '0s', failurePolicy }),
    });
    if (!answer.ok) throw new Error(`scheduling ${name}: ${answer.status} ${await answer.text()}`);
  }

  /** Sum of the samples of a metric whose labels contain the given ones. */
  public async metric(name: string, labels: Readonly<Record<string, string>>): Promise<number> {
    const text = await (await fetch(`http://${this.host}:${this.metricsPort}/metrics`)).text();
    return text.split('\n')
      .filter((line) => line.startsWith(`${name}{`) && Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  public async stop(graceMs = 20_000): Promise<void> {
    await this.process.stop(graceMs);
  }
}

/** Waits until a metric is at least as large as asked. */
export const metricReaches = (sidecar: Sidecar, name: string, labels: Readonly<Record<string, string>>, value: number) => waitFor(
  async () => await sidecar.metric(name, labels) >= value, { what: `${name} ${JSON.stringify(labels)} reaching ${value}` },
);
