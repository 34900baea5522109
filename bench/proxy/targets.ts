/** What is compared: each a way from the caller to the same function. */
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { BenchOptions } from './options';
import { goFunction, proxyBundle } from '../../test/integration/support/artifacts';
import { grpcFrame } from '../../test/integration/support/messages';
import { functionContext } from '../../test/integration/support/proxy';
import { cacheFolder, findCommand, freePort, goBinary, imageNode, repositoryRoot, RunningProcess, startProcess } from '../../test/testbed';

export interface Target {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** The process in the middle; none when the caller talks to the function itself. */
  readonly process?: RunningProcess;
}

export interface BenchFunction {
  readonly host: string;
  readonly port: number;
  readonly process: RunningProcess;
  /** How many events it handled since it was last asked. */
  handled(): Promise<number>;
}

/** A Go gRPC server that answers at once: cheap, so that what is measured is the way to it. */
export async function startFunction(): Promise<BenchFunction> {
  const host = '127.66.0.1';
  const port = await freePort();
  const process = await startProcess({
    name: 'bench-function', command: await goFunction(), env: { POD: JSON.stringify({ name: 'bench', address: host, port, ledger: '', delayMs: 0 }) },
  });
  await process.waitFor(() => process.log().includes('listening'), { what: 'the function listening' });
  const counts = () => process.log().split('\n').filter((line) => line.startsWith('{'));
  return {
    host,
    port,
    process,
    handled: async () => {
      const known = counts().length;
      process.signal('SIGUSR1');
      await process.waitFor(() => counts().length > known, { what: 'the count of the function', intervalMs: 5 });
      return (JSON.parse(counts()[known]!) as { handled: number }).handled;
    },
  };
}

const accepts = (port: number) => () => new Promise<boolean>((resolve) => {
  const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
  socket.once('error', () => resolve(false));
});

async function startMiddle(name: string, command: string, args: readonly string[], env: Record<string, string>, port: number): Promise<Target> {
  const process = await startProcess({ name: `bench-${name}`, command, args, env });
  await process.waitFor(accepts(port), { what: `${name} listening on ${port}`, intervalMs: 20 });
  return { name, host: '127.0.0.1', port, process };
}

export type ProxyTargetOptions = Pick<BenchOptions, 'inFlight' | 'imageNode'>;

const nodeOf = async (options: ProxyTargetOptions) => (options.imageNode ? imageNode() : process.execPath);

export async function startProxyTarget(fn: { host: string; port: number }, options: ProxyTargetOptions): Promise<Target> {
  const port = await freePort();
  const own = {
    FUNCTION_HOST: fn.host,
    FUNCTION_PORT: String(fn.port),
    LISTEN_PORT: String(port),
    ADMIN_PORT: String(await freePort()),
    PROBE_PORT: String(await freePort()),
    // One pod takes them all: events above its limit would wait, and equal events that wait are joined.
    MAX_IN_FLIGHT_PER_POD: String(Math.max(100, ...options.inFlight)),
  };
  return startMiddle('this proxy', await nodeOf(options), [proxyBundle], {
    FUNC_CONTEXT: functionContext({ port, inputs: [{ component: 'bench', topic: 'events', type: 'pubsub.redis' }] }),
    APP_PROTOCOL: 'grpc',
    POD_NAME: 'bench',
    POD_NAMESPACE: 'bench',
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [`DAPR_PROXY_${name}`, value])),
  }, port);
}

async function startBaseline(fn: BenchFunction, options: ProxyTargetOptions): Promise<Target> {
  const outfile = join(cacheFolder('bench'), 'baseline.js');
  buildSync({ entryPoints: [join(repositoryRoot, 'bench', 'proxy', 'baseline.ts')], bundle: true, platform: 'node', target: 'node20', outfile });
  const port = await freePort();
  return startMiddle('grpc-js pass-through', await nodeOf(options), [outfile], { PORT: String(port), FUNCTION_HOST: fn.host, FUNCTION_PORT: String(fn.port) }, port);
}

/** What OpenFunction's own dapr-proxy is built of; the original itself no longer builds, since its modules are gone. */
const goSdkPeer = () => goBinary('bench-peer', {
  folder: join(repositoryRoot, 'bench', 'proxy', 'peer'), title: "the pass-through of Dapr's Go SDK (about 1 min cold)",
});

async function startPeer(fn: BenchFunction, peer: string, fixedPort?: number): Promise<Target> {
  const port = fixedPort ?? await freePort();
  const own = peer === 'go-sdk';
  return startMiddle(own ? 'Go SDK pass-through' : 'peer', 'sh', ['-c', `exec ${own ? await goSdkPeer() : peer}`], {
    PORT: String(port),
    FUNCTION_HOST: fn.host,
    FUNCTION_PORT: String(fn.port),
    APP_PROTOCOL: 'grpc',
    POD_NAME: 'bench',
    POD_NAMESPACE: 'bench',
    FUNC_CONTEXT: functionContext({ port, inputs: [{ component: 'bench', topic: 'events', type: 'pubsub.redis' }] }),
  }, port);
}

/** HAProxy as it is meant to be used for gRPC: one thread, connections to the function kept. */
async function startHaproxy(fn: BenchFunction): Promise<Target> {
  const port = await freePort();
  const file = join(cacheFolder('bench'), 'haproxy.cfg');
  writeFileSync(file, [
    'global', '  nbthread 1', 'defaults', '  mode http', '  timeout connect 5s', '  timeout client 60s', '  timeout server 60s',
    'frontend calls', `  bind 127.0.0.1:${port} proto h2`, '  default_backend function',
    'backend function', '  http-reuse always', `  server function ${fn.host}:${fn.port} proto h2`, '',
  ].join('\n'));
  return startMiddle('HAProxy', (await findCommand('haproxy'))!, ['-db', '-f', file], {}, port);
}

async function startNghttpx(fn: BenchFunction): Promise<Target> {
  const port = await freePort();
  return startMiddle('nghttpx', (await findCommand('nghttpx'))!, [
    '--single-process', '--workers=1', '--conf=/dev/null', '--accesslog-file=/dev/null', '--errorlog-file=/dev/stderr',
    `--frontend=127.0.0.1,${port};no-tls`, `--backend=${fn.host},${fn.port};;proto=h2`,
  ], {}, port);
}

export async function startTargets(fn: BenchFunction, options: BenchOptions): Promise<Target[]> {
  return [
    { name: 'direct', host: fn.host, port: fn.port },
    await startProxyTarget(fn, options),
    await startHaproxy(fn),
    await startNghttpx(fn),
    await startBaseline(fn, options),
    ...options.peer === undefined ? [] : [await startPeer(fn, options.peer, options.peerPort)],
  ];
}

/** A gRPC frame around a topic event with that many bytes of data. */
export function payloadFile(bytes: number, message: Buffer): string {
  const file = join(cacheFolder('bench'), `payload-${bytes}.bin`);
  writeFileSync(file, grpcFrame(message));
  return file;
}
