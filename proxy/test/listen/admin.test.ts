import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { MAX_PAGE_CONNECTIONS, PAGE_MS } from '../../src/listen/admin';
import { FakeClock } from '../support/fake-clock';
import { callHttp } from '../support/h1';
import { cleanUp, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  onCleanup(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

describe('the admin port', () => {
  test.each([['/healthz', 200], ['/readyz', 200], ['/metrics', 200], ['/pending', 200], ['/other', 404], ['/__proto__', 404]])('GET %s is %s', async (path, status) => {
    const { admin } = await startProxy();
    expect((await admin(path)).status).toBe(status);
  });

  test('takes no other method than GET and HEAD', async () => {
    const { adminPort } = await startProxy();
    expect((await fetch(`http://127.0.0.1:${adminPort}/pending`, { method: 'POST' })).status).toBe(405);
  });

  test('shows the version, the pods and no value twice', async () => {
    const { admin } = await startProxy();
    const text = await (await admin('/metrics')).text();
    expect(text).toContain('dapr_proxy_info{version="test"} 1');
    expect(text).toContain('dapr_proxy_pods_known 0');
    const names = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(new Set(names).size).toBe(names.length);
  });

  test('closes each connection with its answer', async () => {
    const { adminPort } = await startProxy();
    const socket = await open(adminPort);
    socket.write('GET /healthz HTTP/1.1\r\nhost: proxy\r\n\r\n');
    await once(socket, 'close');
  });

  test('ends a connection whose request is never finished', async () => {
    const clock = new FakeClock();
    const { adminPort } = await startProxy({ deps: { clock } });
    const sockets = [await open(adminPort), await open(adminPort)];
    sockets[1]!.write('POST /pending HTTP/1.1\r\nhost: proxy\r\ncontent-length: 100\r\n\r\nhalf');
    let closed = 0;
    sockets.forEach((socket) => socket.on('close', () => closed++));
    // The server learns of a connection some time after the client.
    await until(async () => {
      await clock.advance(PAGE_MS);
      return closed === 2;
    });
  });

  test('answers a new caller however many connections others keep, at the cost of the oldest', async () => {
    const { adminPort, proxy } = await startProxy({ deps: { clock: new FakeClock() } });
    const kept = await Promise.all(Array.from({ length: MAX_PAGE_CONNECTIONS }, () => open(adminPort)));
    let closed = 0;
    kept.forEach((socket) => socket.on('close', () => closed++));
    for (let probe = 0; probe < 12; probe++) expect((await callHttp(adminPort, 'GET', '/healthz')).status).toBe(200);
    await until(() => closed === 1);
    expect(proxy.pending().pending).toBe(0);
  });
});

describe('the port of the probes', () => {
  test.each([['/healthz', 200], ['/readyz', 200], ['/metrics', 404], ['/pending', 404], ['/peers/own', 404]])('GET %s is %s', async (path, status) => {
    const { proxy } = await startProxy();
    expect((await callHttp(proxy.ports().probes, 'GET', path)).status).toBe(status);
  });

  test('tells that the proxy drains', async () => {
    const { proxy } = await startProxy();
    void proxy.drain();
    expect((await callHttp(proxy.ports().probes, 'GET', '/readyz')).status).toBe(503);
    expect((await callHttp(proxy.ports().probes, 'GET', '/healthz')).status).toBe(200);
  });
});
