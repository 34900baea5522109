/** Starts the proxy in this process, its resolver answered by the test. */
import { once } from 'node:events';
import { AddressInfo, createServer } from 'node:net';
import { callHttp, HttpCall, HttpPodOptions, startHttpPod } from './h1';
import { Pod, Sidecar, startPod, startSidecar } from './h2';
import { Config, readConfig } from '../../src/config/config';
import { systemClock } from '../../src/observe/clock';
import { createLogger } from '../../src/observe/log';
import { Proxy, ProxyDeps } from '../../src/proxy';

export const CONTEXT = {
  name: 'orders',
  version: 'v1',
  runtime: 'Async',
  port: '8080',
  inputs: {
    topic: { uri: 'placed', componentName: 'events', componentType: 'pubsub.redis' },
    binding: { uri: 'tick', componentName: 'tick', componentType: 'bindings.cron' },
  },
};

export interface Running {
  readonly proxy: Proxy;
  readonly sidecar: Sidecar;
  readonly config: Config;
  readonly log: Record<string, unknown>[];
  readonly port: number;
  readonly adminPort: number;
  readonly scalerPort: number;
  /** The names that the resolver knows; a list is what it answers, an Error what it throws. */
  dns: Record<string, readonly string[] | Error>;
  /** Resolves with the first log line that has this message. */
  logged(message: string): Promise<Record<string, unknown>>;
  metric(name: string): Promise<string[]>;
  admin(path: string): Promise<Response>;
  stop(): Promise<void>;
}

let started = 0;
const stops: (() => Promise<void>)[] = [];

/** Registers what `afterEach` has to close. */
export function onCleanup(stop: () => unknown): void {
  stops.push(async () => void await stop());
}

export async function cleanUp(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

export async function podOf(options: Parameters<typeof startPod>[0] = {}): Promise<Pod> {
  const pod = await startPod(options);
  onCleanup(pod.close);
  return pod;
}

export function configOf(env: Record<string, string>, changes: Partial<Config> = {}): Config {
  const result = readConfig({ FUNC_CONTEXT: JSON.stringify(CONTEXT), DAPR_PROXY_ADMIN_HOST: '127.0.0.1', DAPR_PROXY_RESOLVE_INTERVAL: '20ms', ...env });
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  return { ...result.config, listenPort: 0, adminPort: 0, probePort: 0, scaler: true, scalerPort: 0, logLevel: 'debug', ...changes };
}

export interface StartOptions {
  readonly env?: Record<string, string>;
  readonly config?: Partial<Config>;
  readonly deps?: Partial<ProxyDeps>;
  /** Addresses of the function's pods at the start. */
  readonly pods?: readonly string[] | Error;
  readonly podPort?: number;
  /** Without a sidecar of HTTP/2, for HTTP/1.1. */
  readonly sidecar?: false;
}

export async function startProxy(options: StartOptions = {}): Promise<Running> {
  const config = configOf({ DAPR_PROXY_FUNCTION_HOST: 'orders', ...options.env }, { functionPort: options.podPort ?? 1, ...options.config });
  const dns: Running['dns'] = { orders: options.pods ?? [] };
  const log: Record<string, unknown>[] = [];
  const watchers = new Set<() => void>();
  const write = (line: string) => {
    log.push(JSON.parse(line) as Record<string, unknown>);
    watchers.forEach((check) => check());
  };
  const proxy = new Proxy(config, {
    clock: systemClock,
    wallTime: Date.now,
    random: Math.random,
    version: 'test',
    id: `process ${++started}`,
    residentBytes: () => 1,
    log: createLogger('debug', write, () => new Date(0)),
    lookup: async (host) => {
      const answer = dns[host];
      if (answer instanceof Error) throw answer;
      if (answer === undefined || answer.length === 0) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
    ...options.deps,
  });
  await proxy.start();
  onCleanup(() => proxy.close());
  const { app, admin, scaler } = proxy.ports();
  const sidecar = options.sidecar === false ? undefined as unknown as Sidecar : await startSidecar(app);
  if (options.sidecar !== false) onCleanup(() => sidecar.close());
  return {
    proxy,
    sidecar,
    config,
    log,
    dns,
    port: app,
    adminPort: admin,
    scalerPort: scaler,
    logged: (message) => new Promise((resolve) => {
      const check = () => {
        const found = log.find((entry) => entry.message === message);
        if (found) {
          watchers.delete(check);
          resolve(found);
        }
      };
      watchers.add(check);
      check();
    }),
    metric: async (name) => (await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text()).split('\n').filter((line) => line.startsWith(name)),
    admin: (path) => fetch(`http://127.0.0.1:${admin}${path}`),
    stop: () => proxy.close(),
  };
}

/** An HTTP pod and the proxy in front of it. */
export async function httpPodAndProxy(options: HttpPodOptions = {}, env: Record<string, string> = {}) {
  const pod = await startHttpPod(options);
  onCleanup(pod.close);
  const running = await startProxy({ pods: [pod.host], podPort: pod.port, sidecar: false, env: { APP_PROTOCOL: 'http', ...env } });
  const call = (method: string, path: string, more: HttpCall = {}) => callHttp(running.port, method, path, more);
  return { pod, ...running, call };
}

/** Ports that were free a moment ago, for what must know its port before it listens. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** Longer than anything here takes, shorter than jest's limit: a test that waits in vain ends, and its loop with it. */
const PATIENCE_MS = 15_000;
jest.setTimeout(20_000);

/** Resolves as soon as `check` holds. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const since = performance.now();
  while (!await check()) {
    if (performance.now() - since > PATIENCE_MS) throw new Error(`waited in vain for ${check.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
