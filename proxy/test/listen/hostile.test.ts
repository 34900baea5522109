import { randomBytes } from 'node:crypto';
import { once, setMaxListeners } from 'node:events';
import { connect } from 'node:net';
import { HEALTH_CHECK, LIST_TOPICS, startPod, TOPIC_EVENT } from '../support/h2';
import { cleanUp, onCleanup, Running, startProxy, until } from '../support/harness';

afterEach(cleanUp);

async function send(port: number, bytes: Buffer): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await once(socket, 'connect');
  socket.end(bytes);
  await closed;
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** A SETTINGS frame without settings. */
const SETTINGS = Buffer.from('000000040000000000', 'hex');
const ports: [string, (running: Running) => number][] = [['event', ({ port }) => port], ['admin', ({ adminPort }) => adminPort], ['scaler', ({ scalerPort }) => scalerPort]];

/** node:http2 itself never ends some of these connections. */
const QUICK = { handshakeMs: 200, pingMs: 50, pongMs: 100 };

describe.each(ports)('on the %s port', (_name, portOf) => {
  test.each([
    ['random bytes', () => randomBytes(4096)],
    ['random bytes after a good beginning', () => Buffer.concat([PREFACE, SETTINGS, randomBytes(4096)])],
    ['a TLS hello', () => Buffer.from('16030100a5010000a10303', 'hex')],
    ['an endless header block', () => Buffer.concat([PREFACE, SETTINGS, Buffer.from('00400001000000000100'.padEnd(2000, '88'), 'hex')])],
    ['nothing', () => Buffer.alloc(0)],
  ])('%s cost their connection and nothing else', async (_what, bytes) => {
    const running = await startProxy({ deps: { keeperTimes: QUICK } });
    await send(portOf(running), bytes());
    expect((await running.sidecar.call(LIST_TOPICS)).grpcStatus).toBe('0');
    expect((await running.admin('/healthz')).status).toBe(200);
    expect(running.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('a connection on which nothing comes', () => {
  test.each([['event', 0], ['scaler', 1]])('ends on the %s port when the handshake takes too long', async (_name, at) => {
    const running = await startProxy({ deps: { keeperTimes: QUICK } });
    const socket = connect([running.port, running.scalerPort][at]!, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write(PREFACE.subarray(0, 10));
    await new Promise((resolve) => socket.on('close', resolve));
  });

  test('stays open as long as pings are answered', async () => {
    const { sidecar, proxy } = await startProxy({ deps: { keeperTimes: { ...QUICK, pongMs: 2000 } } });
    let pings = 0;
    sidecar.session.on('ping', () => pings++);
    await until(() => pings >= 3);
    expect((await sidecar.call(HEALTH_CHECK)).grpcStatus).toBe('0');
    expect(proxy.pending().pending).toBe(0);
  });
});

describe('a sidecar that misbehaves', () => {
  test('by opening many events and cancelling all of them leaves nothing behind', async () => {
    const pod = await startPod({ handle: () => undefined });
    onCleanup(pod.close);
    const { proxy, sidecar } = await startProxy({ pods: [pod.host], podPort: pod.port });
    const cancel = new AbortController();
    setMaxListeners(0, cancel.signal);
    const calls = Array.from({ length: 300 }, (_, at) => sidecar.call(TOPIC_EVENT, Buffer.from(`event ${at}`), {}, cancel.signal));
    await until(() => proxy.pending().inFlight === 100 && proxy.pending().pending === 300);
    expect(proxy.pending()).toEqual({ pending: 300, waiting: 200, inFlight: 100 });
    cancel.abort();
    await Promise.all(calls);
    await until(() => proxy.pending().pending === 0);
    expect((await sidecar.call(HEALTH_CHECK)).grpcStatus).toBe('0');
  });

  test('by header names that other programs take for their own is served as any other', async () => {
    const pod = await startPod();
    onCleanup(pod.close);
    const { sidecar } = await startProxy({ pods: [pod.host], podPort: pod.port });
    const headers = Object.fromEntries([['__proto__', 'a'], ['constructor', 'b'], ['hasownproperty', 'c']]);
    expect((await sidecar.call(TOPIC_EVENT, undefined, headers)).grpcStatus).toBe('0');
    const { raw } = pod.received[0]!;
    expect(['__proto__', 'constructor', 'hasownproperty'].map((name) => raw[raw.indexOf(name) + 1])).toEqual(['a', 'b', 'c']);
  });
});
