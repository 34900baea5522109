/** The proxy from its bundle, on the Node of its default image, as its container starts it, with names of its own. */
import { proxyBundle } from './artifacts';
import { PrivateHosts } from './private-hosts';
import { freePort, imageNode, RunningProcess, startProcess } from '../../testbed';

export const FUNCTION_HOST = 'orders.test.svc.cluster.local';

export interface ProxyInput {
  readonly component: string;
  /** None for a binding. */
  readonly topic?: string;
  readonly type: string;
}

export interface ProxyOptions {
  /** The port of the function. */
  readonly port: number;
  /** The app port: another one only where two proxies share the loopback of this machine. @default - the same */
  readonly listenPort?: number;
  readonly protocol: 'grpc' | 'http' | 'h2c';
  readonly inputs: readonly ProxyInput[];
  /** Components that the function only writes to. */
  readonly outputs?: readonly ProxyInput[];
  /** As for a function with an HTTP trigger. */
  readonly httpFunction?: boolean;
  readonly hosts: PrivateHosts;
  readonly subscriptions?: readonly object[];
  readonly appToken?: string;
  /** Settings without their prefix: `{ HOLD_TIMEOUT: '5s' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly adminPort?: number;
  readonly podName?: string;
  /** Further variables. */
  readonly env?: Readonly<Record<string, string>>;
}

const entries = (list: readonly ProxyInput[]) => Object.fromEntries(list.map(({ component, topic, type }) => (
  [topic === undefined ? component : `${component}-${topic}`, { uri: topic ?? component, componentName: component, componentType: type }])));

export function functionContext(options: Pick<ProxyOptions, 'inputs' | 'outputs' | 'port' | 'httpFunction'>): string {
  return JSON.stringify({
    name: 'orders',
    version: 'latest',
    runtime: options.httpFunction ? 'Knative' : 'Async',
    port: String(options.port),
    inputs: entries(options.inputs),
    outputs: entries(options.outputs ?? []),
  });
}

export class Proxy {
  public static async start(options: ProxyOptions): Promise<Proxy> {
    const adminPort = options.adminPort ?? await freePort();
    const settings = {
      FUNCTION_HOST,
      FUNCTION_PORT: String(options.port),
      LISTEN_PORT: String(options.listenPort ?? options.port),
      ADMIN_PORT: String(adminPort),
      SCALER: 'true',
      SCALER_PORT: String(await freePort()),
      ...(options.subscriptions && { SUBSCRIPTIONS: JSON.stringify(options.subscriptions) }),
      ...options.settings,
    };
    const node = await imageNode();
    const began = Date.now();
    const process = await startProcess({
      name: 'proxy',
      ...options.hosts.wrap(node, [proxyBundle]),
      env: {
        FUNC_CONTEXT: functionContext(options),
        APP_PROTOCOL: options.protocol,
        POD_NAME: options.podName ?? 'orders-dapr-proxy-0',
        POD_NAMESPACE: 'test',
        ...options.env,
        ...(options.appToken && { APP_API_TOKEN: options.appToken }),
        ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`DAPR_PROXY_${name}`, value])),
      },
    });
    const proxy = new Proxy(process, options.listenPort ?? options.port, adminPort, Number(settings.SCALER_PORT));
    await process.waitFor(async () => (await fetch(`${proxy.adminUrl}/readyz`)).ok, { what: 'the proxy ready', intervalMs: 10 });
    proxy.readyAfterMs = Date.now() - began;
    return proxy;
  }

  public readyAfterMs = 0;
  public readonly adminUrl: string;

  private constructor(
    public readonly process: RunningProcess,
    public readonly port: number,
    public readonly adminPort: number,
    public readonly scalerPort: number,
  ) {
    this.adminUrl = `http://127.0.0.1:${adminPort}`;
  }

  public async pending(): Promise<{ pending: number; waiting: number; inFlight: number }> {
    return await (await fetch(`${this.adminUrl}/pending`)).json() as { pending: number; waiting: number; inFlight: number };
  }

  /** A metric without labels. */
  public async gauge(name: string): Promise<number> {
    const text = await (await fetch(`${this.adminUrl}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    if (line === undefined) throw new Error(`no metric ${name}`);
    return Number(line.slice(name.length));
  }

  public async stop(graceMs = 40_000): Promise<number | NodeJS.Signals> {
    return this.process.stop(graceMs);
  }
}
