import { once } from 'node:events';
import { Agent, IncomingMessage, request as httpRequest, ServerResponse } from 'node:http';
import net from 'node:net';
import { FakeClock } from '../support/fake-clock';
import { callHttp, startHttpPod } from '../support/h1';
import { cleanUp, CONTEXT, httpPodAndProxy, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

const TOPIC_PATH = '/dapr-proxy/topics/events/placed';
const WITHOUT_INPUTS = { FUNC_CONTEXT: JSON.stringify({ ...CONTEXT, inputs: {} }) };

describe('service invocation over HTTP', () => {
  test('passes method, path, query, repeated headers and body, without hop-by-hop headers', async () => {
    const { pod, call } = await httpPodAndProxy({}, WITHOUT_INPUTS);
    await call('PATCH', '/a/b%20c?x=1&x=2', {
      body: 'body', headers: ['X-Twice', '1', 'X-Twice', '2', 'Connection', 'x-named', 'X-Named', 'gone', 'Keep-Alive', 'timeout=5', 'traceparent', '00-1'],
    });
    const { method, path, raw, body } = pod.received[0]!;
    expect([method, path, body.toString()]).toEqual(['PATCH', '/a/b%20c?x=1&x=2', 'body']);
    expect(raw.filter((_, at) => raw[at - 1] === 'X-Twice')).toEqual(['1', '2']);
    const names = raw.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
    expect(names).not.toContain('x-named');
    expect(names).not.toContain('keep-alive');
    expect(raw[raw.findIndex((name) => name.toLowerCase() === 'host') + 1]).toBe(`orders:${pod.port}`);
  });

  test('passes a CORS preflight on to the function', async () => {
    const { pod, call } = await httpPodAndProxy({ handle: (_call, response) => void response.writeHead(204, { 'access-control-allow-origin': '*' }).end() }, WITHOUT_INPUTS);
    const answered = await call('OPTIONS', '/orders', { headers: ['origin', 'https://shop.example', 'access-control-request-method', 'PUT'] });
    expect([answered.status, answered.headers['access-control-allow-origin']]).toEqual([204, '*']);
    expect(pod.received.map(({ method, path }) => [method, path])).toEqual([['OPTIONS', '/orders']]);
  });

  test('keeps idle connections of Dapr for 120 s', async () => {
    const { port } = await httpPodAndProxy({}, WITHOUT_INPUTS);
    const agent = new Agent({ keepAlive: true });
    onCleanup(() => agent.destroy());
    expect((await callHttp(port, 'GET', '/dapr/config', { agent })).headers['keep-alive']).toBe('timeout=120');
  });

  test('1,000 header lines arrive whole in both directions', async () => {
    const lines = Array.from({ length: 1000 }, (_, at) => [`x-line-${at}`, `v${at}`]).flat();
    const { pod, call } = await httpPodAndProxy({ handle: (_call, response) => void response.writeHead(200, lines).end() }, WITHOUT_INPUTS);
    const answered = await call('GET', '/', { headers: lines });
    expect(pod.received[0]!.raw.filter((name) => name.startsWith('x-line-'))).toHaveLength(1000);
    expect(answered.raw.filter((name) => name.startsWith('x-line-'))).toHaveLength(1000);
  });

  test('more header lines than allowed are 431', async () => {
    const { call } = await httpPodAndProxy({}, { ...WITHOUT_INPUTS, DAPR_PROXY_MAX_HEADERS: '20' });
    expect((await call('GET', '/', { headers: Array.from({ length: 30 }, (_, at) => [`x-${at}`, '1']).flat() })).status).toBe(431);
  });

  test('a chunked upload of 3 MiB is streamed', async () => {
    const { pod, port } = await httpPodAndProxy({}, WITHOUT_INPUTS);
    const outgoing = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: '/upload', agent: false });
    for (let at = 0; at < 3; at++) {
      outgoing.write(Buffer.alloc(1024 ** 2, at));
      await new Promise((resolve) => setImmediate(resolve));
    }
    outgoing.end();
    const [response] = await once(outgoing, 'response') as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(200);
    expect(pod.received[0]!.body.equals(Buffer.concat([0, 1, 2].map((at) => Buffer.alloc(1024 ** 2, at))))).toBe(true);
  });

  test('an upload is over at the pod when the pod has answered, although the caller could go on', async () => {
    let closed = false;
    const pod = net.createServer((socket) => {
      socket.on('error', () => undefined).on('close', () => closed = true);
      socket.once('data', () => socket.write('HTTP/1.1 409 Conflict\r\ncontent-length: 6\r\n\r\nenough'));
    }).listen(0, '127.0.0.1');
    await once(pod, 'listening');
    onCleanup(() => new Promise((done) => pod.close(done)));
    const { port } = await startProxy({
      pods: ['127.0.0.1'], podPort: (pod.address() as net.AddressInfo).port, sidecar: false, env: { APP_PROTOCOL: 'http', ...WITHOUT_INPUTS },
    });
    const outgoing = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: '/upload', agent: false }).on('error', () => undefined);
    outgoing.write('first');
    const [response] = await once(outgoing, 'response') as [IncomingMessage];
    expect(response.statusCode).toBe(409);
    await until(() => closed);
    outgoing.destroy();
  });

  test.each([['Knative', 2], ['Async', 1]])('of a function of runtime %s uses %s connections over more than 60 s', async (runtime, connections) => {
    const clock = new FakeClock();
    const pod = await startHttpPod();
    onCleanup(pod.close);
    let opened = 0;
    pod.server.on('connection', () => opened++);
    const { port } = await startProxy({
      pods: [pod.host], podPort: pod.port, sidecar: false, deps: { clock },
      env: { APP_PROTOCOL: 'http', FUNC_CONTEXT: JSON.stringify({ ...CONTEXT, runtime, inputs: {} }) },
    });
    for (let at = 0; at < 3; at++) {
      expect((await callHttp(port, 'GET', '/')).status).toBe(200);
      await clock.advance(40_000);
    }
    expect((await callHttp(port, 'GET', '/')).status).toBe(200);
    expect(opened).toBe(connections);
  });

  test('HEAD is answered without a length where the function gave none', async () => {
    const { call } = await httpPodAndProxy({
      handle: ({ path }, response) => void response.writeHead(200, path === '/none' ? ['transfer-encoding', 'chunked'] : ['content-length', '7']).end(),
    }, WITHOUT_INPUTS);
    const lengths = [await call('HEAD', '/none'), await call('HEAD', '/seven')].map(({ headers }) => headers['content-length']);
    expect(lengths).toEqual([undefined, '7']);
  });

  test('later connections to a pod are dialled like the first: they find out when it has vanished', async () => {
    const dialled = jest.spyOn(net, 'connect');
    const held: ServerResponse[] = [];
    const { pod, call } = await httpPodAndProxy({ handle: (_call, response) => held.push(response) }, WITHOUT_INPUTS);
    dialled.mockClear();
    const answers = [call('GET', '/1'), call('GET', '/2'), call('GET', '/3')];
    await pod.got(3);
    held.forEach((response) => response.end());
    await Promise.all(answers);
    const options = dialled.mock.calls.map(([given]) => given).filter((given) => (given as unknown as { port: number }).port === pod.port);
    dialled.mockRestore();
    expect(options).toHaveLength(3);
    for (const given of options) expect(given).toMatchObject({ keepAlive: true, keepAliveInitialDelay: 15_000, noDelay: true });
  });

  describe('a connection to a pod that is used again and again', () => {
    /** The one socket to the pod; `net.connect` gives no other way to get at it. */
    async function toPod(server: (pod: Awaited<ReturnType<typeof httpPodAndProxy>>['pod']) => void = () => undefined) {
      const dialled = jest.spyOn(net, 'connect');
      const running = await httpPodAndProxy({}, WITHOUT_INPUTS);
      server(running.pod);
      await running.call('GET', '/');
      const sockets = dialled.mock.calls.flatMap(([options], at) =>
        (options as unknown as { port: number }).port === running.pod.port ? [dialled.mock.results[at]!.value as net.Socket] : []);
      dialled.mockRestore();
      expect(sockets).toHaveLength(1);
      return { ...running, socket: sockets[0]! };
    }

    test('gathers no listeners', async () => {
      const { call, socket } = await toPod();
      const listeners = () => Object.fromEntries(socket.eventNames().map((name) => [name, socket.listenerCount(name)]));
      const before = listeners();
      for (let at = 0; at < 12; at++) await call('GET', '/');
      expect(listeners()).toEqual(before);
    });

    test.each([['5 s', 5000, 4000], ['2 s', 2000, 1000]])('is given up before the pod closes it, idle for %s', async (_, keepAliveTimeout, ms) => {
      const { socket } = await toPod(({ server }) => server.keepAliveTimeout = keepAliveTimeout);
      await until(() => socket.timeout === ms);
    });
  });

  test('an event above the message limit is 413', async () => {
    const { call, pod } = await httpPodAndProxy({}, { DAPR_PROXY_MAX_MESSAGE: '1000' });
    expect((await call('POST', TOPIC_PATH, { body: 'x'.repeat(2000) })).status).toBe(413);
    expect(pod.received).toHaveLength(0);
  });

  test.each([['GET', 2], ['POST', 1]])('%s is sent %s times when the connection is lost after sending', async (method, times) => {
    const { call, pod } = await httpPodAndProxy({ handle: (_call, response) => void response.destroy() }, WITHOUT_INPUTS);
    expect((await call(method, '/', { body: method === 'POST' ? 'x' : undefined })).status).toBe(503);
    expect(pod.received).toHaveLength(times);
  });

  test('is cancelled at the pod when the caller goes away', async () => {
    let closed = false;
    const { pod, port, proxy } = await httpPodAndProxy({ handle: (_call, response) => void response.on('close', () => closed = true) }, WITHOUT_INPUTS);
    const outgoing = httpRequest({ port, host: '127.0.0.1', path: '/', agent: false }).on('error', () => undefined).end();
    await pod.got(1);
    outgoing.destroy();
    await until(() => closed && proxy.pending().pending === 0);
  });
});
