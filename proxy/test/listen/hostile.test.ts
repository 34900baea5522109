import { createHash } from 'node:crypto';
import { once, setMaxListeners } from 'node:events';
import { connect } from 'node:net';
import { KEEPER_TIMES } from '../../src/h2';
import { FakeClock } from '../support/fake-clock';
import { LIST_TOPICS, startPod, HEALTH_CHECK, TOPIC_EVENT } from '../support/h2';
import { cleanUp, onCleanup, Running, startProxy, until } from '../support/harness';

afterEach(cleanUp);

const { handshakeMs: HANDSHAKE_MS, pingMs: PING_MS, pongMs: PONG_MS } = KEEPER_TIMES;
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** A SETTINGS frame without settings. */
const SETTINGS = Buffer.from('000000040000000000', 'hex');
const ports: [string, (running: Running) => number][] = [
  ['event', ({ port }) => port], ['admin', ({ adminPort }) => adminPort], ['scaler', ({ scalerPort }) => scalerPort],
];

/** The same bytes in each run. */
function noise(seed: string): Buffer {
  return Buffer.concat(Array.from({ length: 128 }, (_, at) => createHash('sha256').update(`${seed} ${at}`).digest()));
}

/** A proxy whose time only passes here, and as fast as the machine allows. */
async function frozenProxy() {
  const clock = new FakeClock();
  const running = await startProxy({ deps: { clock } });
  /** Frames travel in order: after two calls what the proxy sent before them is answered as well. */
  const settle = async () => {
    for (let at = 0; at < 2; at++) expect((await running.sidecar.call(LIST_TOPICS)).grpcStatus).toBe('0');
  };
  await settle();
  return { ...running, clock, settle };
}

async function open(port: number, bytes: Buffer) {
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.on('error', () => undefined).resume();
  await once(socket, 'connect');
  socket.write(bytes);
  return { socket, closed };
}

describe.each(ports)('on the %s port', (_name, portOf) => {
  test.each([
    ['random bytes', noise('a')],
    ['random bytes after a good beginning', Buffer.concat([PREFACE, SETTINGS, noise('b')])],
    ['a TLS hello', Buffer.from('16030100a5010000a10303', 'hex')],
    ['an endless header block', Buffer.concat([PREFACE, SETTINGS, Buffer.from('00400001000000000100'.padEnd(2000, '88'), 'hex')])],
    ['nothing', Buffer.alloc(0)],
  ])('%s cost their connection and nothing else', async (_what, bytes) => {
    const running = await frozenProxy();
    const { socket, closed } = await open(portOf(running), bytes);
    socket.end();
    let over = false;
    void closed.then(() => over = true);
    // Whatever the stranger sent, no connection outlives a handshake and a ping without an answer.
    for (const ms of [HANDSHAKE_MS, PING_MS - HANDSHAKE_MS, PONG_MS]) {
      await running.settle();
      await running.clock.advance(ms);
    }
    await until(() => over);
    await running.settle();
    expect((await running.admin('/healthz')).status).toBe(200);
    expect(running.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('a connection on which nothing comes', () => {
  test.each([ports[0]!, ports[2]!])('ends on the %s port when the handshake takes too long', async (_name, portOf) => {
    const running = await frozenProxy();
    const { closed } = await open(portOf(running), PREFACE.subarray(0, 10));
    let over = false;
    void closed.then(() => over = true);
    // The server learns of a connection some time after the client.
    await until(async () => {
      await running.clock.advance(HANDSHAKE_MS);
      return over;
    });
  });

  test('stays open as long as pings are answered', async () => {
    const { clock, proxy, settle, sidecar } = await frozenProxy();
    let pings = 0;
    sidecar.session.on('ping', () => pings++);
    await clock.advance(PONG_MS);
    for (let round = 0; round < 3; round++) {
      await clock.advance(PING_MS - PONG_MS);
      await settle();
      await clock.advance(PONG_MS);
    }
    await settle();
    expect(pings).toBeGreaterThanOrEqual(3);
    expect(proxy.pending()).toEqual({ pending: 0, waiting: 0, inFlight: 0 });
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
