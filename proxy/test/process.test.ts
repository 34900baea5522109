import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { AddressInfo, connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { HEALTH_CHECK, startPod, startSidecar, TOPIC_EVENT } from './support/h2';
import { cleanUp, CONTEXT, freePorts, onCleanup, until } from './support/harness';
import { streamIsActive } from './support/keda';

const PROXY = resolve(__dirname, '..');
const BUNDLE = join(PROXY, 'bundle', 'index.js');

beforeAll(() => {
  execFileSync(process.execPath, [join(PROXY, 'bundle.mjs')]);
});
afterEach(cleanUp);

interface Started {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly errors: string[];
  readonly ended: Promise<number | null>;
}

function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, [BUNDLE], { env: { FUNC_CONTEXT: JSON.stringify(CONTEXT), ...env } });
  const lines: string[] = [];
  const errors: string[] = [];
  const collect = (into: string[]) => {
    let rest = '';
    return (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop()!;
      into.push(...parts);
    };
  };
  child.stdout.on('data', collect(lines));
  child.stderr.on('data', collect(errors));
  const ended = new Promise<number | null>((done) => child.once('close', done));
  onCleanup(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, lines, errors, ended };
}

async function running(env: Record<string, string> = {}) {
  const [app, admin, scaler] = await freePorts(3);
  const ports = { DAPR_PROXY_LISTEN_PORT: String(app), DAPR_PROXY_ADMIN_PORT: String(admin), DAPR_PROXY_SCALER_PORT: String(scaler) };
  const started = start({ DAPR_PROXY_FUNCTION_HOST: '127.0.0.1', DAPR_PROXY_ADMIN_HOST: '127.0.0.1', ...ports, ...env });
  await until(() => started.lines.some((line) => line.includes('"listening"')));
  return { ...started, app: app!, admin: admin!, scaler: scaler! };
}

describe('the bundle', () => {
  test('is one file under 300 KB without a path of this machine, the same bytes each time', () => {
    const first = readFileSync(BUNDLE);
    execFileSync(process.execPath, [join(PROXY, 'bundle.mjs')], { cwd: '/' });
    expect(readFileSync(BUNDLE).equals(first)).toBe(true);
    expect(statSync(BUNDLE).size).toBeLessThan(300 * 1024);
    expect(first.includes(resolve(PROXY, '..'))).toBe(false);
  });

  test('has nothing that envsubst, and so Flux, would take for a variable', () => {
    expect(readFileSync(BUNDLE, 'utf8').match(/\$[A-Za-z0-9_{]/g)).toBeNull();
  });

  test('carries the version of the package and a hash of its content', async () => {
    const { lines, admin } = await running();
    const { version } = JSON.parse(readFileSync(join(PROXY, 'package.json'), 'utf8')) as { version: string };
    const shown = (JSON.parse(lines[0]!) as { version: string }).version;
    expect(shown).toMatch(new RegExp(`^${version.replace(/\./g, '\\.')}\\+[0-9a-f]{12}$`));
    expect(await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text()).toContain(`dapr_proxy_info{version="${shown}"} 1`);
  });
});

describe('the process', () => {
  test('ends with code 2 and one line per bad variable', async () => {
    const { ended, errors, lines } = start({ APP_PROTOCOL: 'grpcs', DAPR_PROXY_ADMIN_PORT: 'x' });
    expect(await ended).toBe(2);
    expect(errors).toEqual([
      'APP_PROTOCOL: "grpcs" is not one of "grpc", "http", "h2c"',
      'DAPR_PROXY_ADMIN_PORT: "x" is not a whole number from 1 to 65535',
    ]);
    expect(lines).toEqual([]);
  });

  test('ends with a code that is not 0 when a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onCleanup(() => new Promise((done) => server.close(done)));
    const { ended, lines } = start({ DAPR_PROXY_LISTEN_PORT: String((server.address() as AddressInfo).port), DAPR_PROXY_FUNCTION_HOST: '127.0.0.1' });
    expect(await ended).toBe(1);
    expect(lines.join()).toContain('EADDRINUSE');
  });

  test('answers health before any look-up could succeed', async () => {
    const { app } = await running({ DAPR_PROXY_FUNCTION_HOST: 'no.such.name.invalid' });
    const sidecar = await startSidecar(app);
    onCleanup(sidecar.close);
    expect((await sidecar.call(HEALTH_CHECK)).grpcStatus).toBe('0');
  });

  test('listens for events on the loopback address alone', async () => {
    const { app } = await running();
    await expect(connectTo(app, '127.0.0.2')).rejects.toThrow('ECONNREFUSED');
  });

  test('delivers an event, and ends with code 0 after SIGTERM when the sidecar has gone', async () => {
    const pod = await startPod();
    onCleanup(pod.close);
    const { app, child, ended } = await running({ DAPR_PROXY_FUNCTION_PORT: String(pod.port) });
    const sidecar = await startSidecar(app);
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('0');
    child.kill('SIGTERM');
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('0');
    sidecar.close();
    expect(await ended).toBe(0);
  });

  test('ends the streams of KEDA with OK before it exits', async () => {
    const { scaler, child, ended } = await running({ DAPR_PROXY_SCALER: 'true' });
    const keda = await startSidecar(scaler);
    onCleanup(keda.close);
    const { stream, grpcStatus } = await streamIsActive(keda);
    const closed = once(stream, 'close');
    child.kill('SIGTERM');
    await closed;
    expect([grpcStatus(), await ended]).toEqual(['0', 0]);
  });

  test('goes on draining when SIGTERM comes again', async () => {
    const { app, child, ended, lines } = await running();
    const sidecar = await startSidecar(app);
    onCleanup(sidecar.close);
    child.kill('SIGTERM');
    await until(() => lines.some((line) => line.includes('"draining"')));
    child.kill('SIGTERM');
    expect((await sidecar.call(HEALTH_CHECK)).grpcStatus).toBe('14');
    sidecar.close();
    expect(await ended).toBe(0);
    expect(lines.filter((line) => line.includes('"draining"'))).toHaveLength(1);
  });

  test('goes on when nobody reads its log any more', async () => {
    const [unused] = await freePorts(1);
    const { app, admin, child } = await running({ DAPR_PROXY_FUNCTION_PORT: String(unused), DAPR_PROXY_HOLD_TIMEOUT: '50ms' });
    child.stdout!.destroy();
    const sidecar = await startSidecar(app);
    onCleanup(sidecar.close);
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('14');
    expect((await sidecar.call(HEALTH_CHECK)).grpcStatus).toBe('0');
    expect((await fetch(`http://127.0.0.1:${admin}/healthz`)).status).toBe(200);
    expect(child.exitCode).toBeNull();
  });

  test('logs JSON lines without tokens and bodies', async () => {
    const pod = await startPod();
    onCleanup(pod.close);
    const { app, lines } = await running({ DAPR_PROXY_FUNCTION_PORT: String(pod.port), APP_API_TOKEN: 'top-secret', DAPR_PROXY_LOG_LEVEL: 'debug' });
    const sidecar = await startSidecar(app);
    onCleanup(sidecar.close);
    await sidecar.call(TOPIC_EVENT, Buffer.from('private body'), { 'dapr-api-token': 'top-secret' });
    const text: unknown = expect.any(String);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: text, time: text, message: text });
    expect(lines.join()).not.toMatch(/top-secret|private body/);
  });
});

async function connectTo(port: number, host: string): Promise<void> {
  const socket = connect(port, host);
  onCleanup(() => socket.destroy());
  await once(socket, 'connect');
}
