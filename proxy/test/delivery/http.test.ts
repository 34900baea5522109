import { once } from 'node:events';
import { Agent, IncomingMessage, request as httpRequest, ServerResponse } from 'node:http';
import net, { connect } from 'node:net';
import { FakeClock } from '../support/fake-clock';
import { callHttp, HttpPodOptions, startHttpPod } from '../support/h1';
import { startPod } from '../support/h2';
import { cleanUp, CONTEXT, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

const TOPIC_PATH = '/dapr-proxy/topics/events/placed';

async function podAndProxy(options: HttpPodOptions = {}, env: Record<string, string> = {}) {
  const pod = await startHttpPod(options);
  onCleanup(pod.close);
  const running = await startProxy({ pods: [pod.host], podPort: pod.port, sidecar: false, env: { APP_PROTOCOL: 'http', ...env } });
  const call = (method: string, path: string, more: Parameters<typeof callHttp>[3] = {}) => callHttp(running.port, method, path, more);
  return { pod, ...running, call };
}

const WITHOUT_INPUTS = { FUNC_CONTEXT: JSON.stringify({ ...CONTEXT, inputs: {} }) };

describe('in HTTP mode the proxy answers itself', () => {
  const running = (env: Record<string, string> = {}) => startProxy({ sidecar: false, env: { APP_PROTOCOL: 'http', ...env } });

  test('the subscriptions, under routes of its own', async () => {
    const { port } = await running();
    const { status, body } = await callHttp(port, 'GET', '/dapr/subscribe');
    expect([status, JSON.parse(body)]).toEqual([200, [{ pubsubname: 'events', topic: 'placed', route: TOPIC_PATH }]]);
  });

  test('dead letter topic, bulk and rules of the subscriptions', async () => {
    const subscription = {
      component: 'events',
      topic: 'placed',
      deadLetterTopic: 'dead',
      bulk: { maxMessages: 10, maxAwaitMs: 40 },
      metadata: { rawPayload: 'true' },
      rules: [{ match: 'event.type == "a"', path: '/a' }],
      default: '/else',
    };
    const { port } = await running({ DAPR_PROXY_SUBSCRIPTIONS: JSON.stringify([subscription]) });
    expect(JSON.parse((await callHttp(port, 'GET', '/dapr/subscribe')).body)).toEqual([{
      pubsubname: 'events',
      topic: 'placed',
      deadLetterTopic: 'dead',
      metadata: { rawPayload: 'true' },
      bulkSubscribe: { enabled: true, maxMessagesCount: 10, maxAwaitDurationMs: 40 },
      routes: { rules: [{ match: 'event.type == "a"', path: `${TOPIC_PATH}/0` }], default: `${TOPIC_PATH}/default` },
    }]);
  });

  test.each([
    ['GET', '/dapr/config', 200, '{}'],
    ['GET', '/dapr-proxy/healthz', 200, 'ok'],
    ['OPTIONS', '/tick', 200, ''],
    ['OPTIONS', '/written-only', 404, ''],
  ])('%s %s with %s', async (method, path, status, body) => {
    const { port } = await running();
    const answered = await callHttp(port, method, path);
    expect([answered.status, answered.body]).toEqual([status, body]);
  });

  test('OPTIONS on the route of a binding that has one', async () => {
    const { port } = await running({ DAPR_PROXY_SUBSCRIPTIONS: JSON.stringify([{ component: 'tick', route: '/on/tick' }]) });
    expect((await callHttp(port, 'OPTIONS', '/on/tick')).status).toBe(200);
    expect((await callHttp(port, 'OPTIONS', '/tick')).status).toBe(404);
  });
});

describe('a topic event of an HTTP function', () => {
  test('goes to the route under which the pod subscribes', async () => {
    const { pod, call } = await podAndProxy({ subscribe: [{ pubsubname: 'events', topic: 'placed', route: 'events--placed--default' }] });
    expect((await call('POST', TOPIC_PATH, { body: '{"id":"1"}', headers: ['content-type', 'application/cloudevents+json'] })).body).toBe('ok');
    expect(pod.received.map(({ path, body }) => [path, body.toString()])).toEqual([['/events--placed--default', '{"id":"1"}']]);
  });

  test('goes to the default of nested routes, with a warning about their rules', async () => {
    const routes = { rules: [{ match: 'x', path: '/x' }], default: '/nested' };
    const { pod, call, logged } = await podAndProxy({ subscribe: [{ pubsubname: 'events', topic: 'placed', routes }] });
    await call('POST', TOPIC_PATH, { body: '{}' });
    expect(pod.received[0]!.path).toBe('/nested');
    expect((await logged('ignoring the routing rules of the function: they belong to the subscriptions of the construct')).topic).toBe('placed');
  });

  test('goes to /<topic> when the pod announces other topics only', async () => {
    const { pod, call } = await podAndProxy({ subscribe: [{ pubsubname: 'events', topic: 'other', route: '/other' }] });
    await call('POST', TOPIC_PATH, { body: '{}' });
    expect(pod.received[0]!.path).toBe('/placed');
  });

  test('goes where a rule of the subscriptions sends it', async () => {
    const rules = [{ component: 'events', topic: 'placed', rules: [{ match: 'm', path: '/by-rule' }], default: '/by-default' }];
    const { pod, call } = await podAndProxy({}, { DAPR_PROXY_SUBSCRIPTIONS: JSON.stringify(rules) });
    await call('POST', `${TOPIC_PATH}/0`, { body: '{}' });
    await call('POST', `${TOPIC_PATH}/default`, { body: '{}' });
    expect(pod.received.map(({ path }) => path)).toEqual(['/by-rule', '/by-default']);
  });

  test('waits while the pod answers 404 to /dapr/subscribe, since its routes may follow', async () => {
    let asked = 0;
    const { pod, call } = await podAndProxy({ subscribe: () => ++asked < 3 ? 404 : 200 });
    await call('POST', TOPIC_PATH, { body: '{}' });
    expect(pod.subscribeAsked).toHaveLength(3);
  });

  test('that is answered 404 on a route which the pod did not announce is a failure to deliver', async () => {
    const { call } = await podAndProxy({ handle: (_call, response) => void response.writeHead(404).end() }, { DAPR_PROXY_HOLD_TIMEOUT: '80ms' });
    expect((await call('POST', TOPIC_PATH, { body: '{}' })).status).toBe(503);
  });

  test('that is answered 404 on its announced route has its verdict', async () => {
    const { call } = await podAndProxy({
      subscribe: [{ pubsubname: 'events', topic: 'placed', route: '/here' }],
      handle: (_call, response) => void response.writeHead(404).end('no such order'),
    });
    const { status, body } = await call('POST', TOPIC_PATH, { body: '{}' });
    expect([status, body]).toEqual([404, 'no such order']);
  });

  test('that is answered 404 on a path which the pod announced in its own rules has its verdict too', async () => {
    const rules = [{ component: 'events', topic: 'placed', rules: [{ match: 'm', path: '/by-rule' }], default: '/by-default' }];
    const routes = { rules: [{ match: 'm', path: '/by-rule' }], default: '/other' };
    const { call } = await podAndProxy({
      subscribe: [{ pubsubname: 'events', topic: 'placed', routes }],
      handle: (_call, response) => void response.writeHead(404).end(),
    }, { DAPR_PROXY_SUBSCRIPTIONS: JSON.stringify(rules), DAPR_PROXY_HOLD_TIMEOUT: '80ms' });
    expect((await call('POST', `${TOPIC_PATH}/0`, { body: '{}' })).status).toBe(404);
    expect((await call('POST', `${TOPIC_PATH}/default`, { body: '{}' })).status).toBe(503);
  });

  test('of a topic whose name may not stand in a request line goes to the escaped name', async () => {
    const inputs = { topic: { uri: 'order placed/é', componentName: 'events', componentType: 'pubsub.redis' } };
    const { pod, call } = await podAndProxy({}, { FUNC_CONTEXT: JSON.stringify({ ...CONTEXT, inputs }) });
    expect((await call('POST', '/dapr-proxy/topics/events/order%20placed%2F%C3%A9', { body: '{}' })).status).toBe(200);
    expect(pod.received[0]!.path).toBe('/order%20placed/%C3%A9');
  });

  test('whose answer breaks behind its head is sent once more, and no further', async () => {
    let events = 0;
    const pod = net.createServer((socket) => {
      socket.on('error', () => undefined).on('data', (bytes) => {
        if (bytes.toString().startsWith('GET /dapr/subscribe')) return socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]');
        events++;
        return socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n');
      });
    }).listen(0, '127.0.0.1');
    await once(pod, 'listening');
    onCleanup(() => new Promise((done) => pod.close(done)));
    const { port } = await startProxy({
      pods: ['127.0.0.1'], podPort: (pod.address() as net.AddressInfo).port, sidecar: false, env: { APP_PROTOCOL: 'http', DAPR_PROXY_HOLD_TIMEOUT: '5s' },
    });
    expect((await callHttp(port, 'POST', TOPIC_PATH, { body: '{}' })).status).toBe(503);
    expect(events).toBe(2);
  });

  test('whose answer has more bytes of headers than can be read is 431 and not sent again', async () => {
    const { pod, call } = await podAndProxy({ handle: (_call, response) => void response.writeHead(200, ['x-large', 'x'.repeat(1_200_000)]).end() });
    expect((await call('POST', TOPIC_PATH, { body: '{}' })).status).toBe(431);
    expect(pod.received).toHaveLength(1);
  });

  test('waits for a pod that answers something else than HTTP/1.1, which is reported in one line', async () => {
    const pod = await startPod();
    onCleanup(pod.close);
    const { port, log } = await startProxy({
      pods: [pod.host], podPort: pod.port, sidecar: false, env: { APP_PROTOCOL: 'http', DAPR_PROXY_HOLD_TIMEOUT: '150ms' },
    });
    expect((await callHttp(port, 'POST', TOPIC_PATH, { body: '{}' })).status).toBe(503);
    expect(log.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual(['pod does not speak the protocol']);
  });

  test('is asked for again after all connections to the pod were closed', async () => {
    const { pod, call } = await podAndProxy({ handle: (_call, response) => void response.writeHead(200, { connection: 'close' }).end() });
    await call('POST', TOPIC_PATH, { body: '{}' });
    await call('POST', TOPIC_PATH, { body: '{}' });
    expect(pod.received).toHaveLength(2);
    expect(pod.subscribeAsked.length).toBeGreaterThanOrEqual(2);
  });
});

describe('HTTP answers', () => {
  test.each([200, 204, 302, 400, 500])('status %s comes back with headers and body as the function gave them', async (status) => {
    const { call } = await podAndProxy({
      handle: (_call, response) => void response.writeHead(status, ['X-Case', 'Kept', 'set-cookie', 'a=1', 'set-cookie', 'b=2']).end(status === 204 ? undefined : 'body'),
    }, WITHOUT_INPUTS);
    const answered = await call('POST', '/method', { body: 'x' });
    expect([answered.status, answered.body, answered.headers['set-cookie']]).toEqual([status, status === 204 ? '' : 'body', ['a=1', 'b=2']]);
    expect(answered.raw).toContain('X-Case');
  });

  test('a streamed answer is passed on while it comes', async () => {
    const { port } = await podAndProxy({
      handle: (_call, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: 1\n\n');
      },
    }, WITHOUT_INPUTS);
    const outgoing = httpRequest({ port, host: '127.0.0.1', path: '/stream', agent: false }).end();
    const [response] = await once(outgoing, 'response') as [IncomingMessage];
    const [first] = await once(response, 'data') as [Buffer];
    expect(first.toString()).toBe('data: 1\n\n');
    const closed = new Promise((resolve) => response.on('error', () => undefined).on('close', resolve));
    outgoing.destroy();
    await closed;
  });

  test('an answer that breaks off in the middle of a stream breaks off for the caller too', async () => {
    const { port } = await podAndProxy({
      handle: (_call, response) => {
        response.writeHead(200);
        response.write('begin', () => setImmediate(() => response.destroy()));
      },
    }, WITHOUT_INPUTS);
    const outgoing = httpRequest({ port, host: '127.0.0.1', path: '/', agent: false }).end();
    const [response] = await once(outgoing, 'response') as [IncomingMessage];
    await new Promise((resolve) => response.on('error', () => undefined).on('close', resolve).resume());
    expect(response.complete).toBe(false);
  });
});

describe('service invocation over HTTP', () => {
  test('passes method, path, query, repeated headers and body, without hop-by-hop headers', async () => {
    const { pod, call } = await podAndProxy({}, WITHOUT_INPUTS);
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
    const { pod, call } = await podAndProxy({ handle: (_call, response) => void response.writeHead(204, { 'access-control-allow-origin': '*' }).end() }, WITHOUT_INPUTS);
    const answered = await call('OPTIONS', '/orders', { headers: ['origin', 'https://shop.example', 'access-control-request-method', 'PUT'] });
    expect([answered.status, answered.headers['access-control-allow-origin']]).toEqual([204, '*']);
    expect(pod.received.map(({ method, path }) => [method, path])).toEqual([['OPTIONS', '/orders']]);
  });

  test('keeps idle connections of Dapr for 120 s', async () => {
    const { port } = await podAndProxy({}, WITHOUT_INPUTS);
    const agent = new Agent({ keepAlive: true });
    onCleanup(() => agent.destroy());
    expect((await callHttp(port, 'GET', '/dapr/config', { agent })).headers['keep-alive']).toBe('timeout=120');
  });

  test('1,000 header lines arrive whole in both directions', async () => {
    const lines = Array.from({ length: 1000 }, (_, at) => [`x-line-${at}`, `v${at}`]).flat();
    const { pod, call } = await podAndProxy({ handle: (_call, response) => void response.writeHead(200, lines).end() }, WITHOUT_INPUTS);
    const answered = await call('GET', '/', { headers: lines });
    expect(pod.received[0]!.raw.filter((name) => name.startsWith('x-line-'))).toHaveLength(1000);
    expect(answered.raw.filter((name) => name.startsWith('x-line-'))).toHaveLength(1000);
  });

  test('more header lines than allowed are 431', async () => {
    const { call } = await podAndProxy({}, { ...WITHOUT_INPUTS, DAPR_PROXY_MAX_HEADERS: '20' });
    expect((await call('GET', '/', { headers: Array.from({ length: 30 }, (_, at) => [`x-${at}`, '1']).flat() })).status).toBe(431);
  });

  test('a chunked upload of 3 MiB is streamed', async () => {
    const { pod, port } = await podAndProxy({}, WITHOUT_INPUTS);
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
    const { call } = await podAndProxy({
      handle: ({ path }, response) => void response.writeHead(200, path === '/none' ? ['transfer-encoding', 'chunked'] : ['content-length', '7']).end(),
    }, WITHOUT_INPUTS);
    const lengths = [await call('HEAD', '/none'), await call('HEAD', '/seven')].map(({ headers }) => headers['content-length']);
    expect(lengths).toEqual([undefined, '7']);
  });

  test('later connections to a pod are dialled like the first: they find out when it has vanished', async () => {
    const dialled = jest.spyOn(net, 'connect');
    const held: ServerResponse[] = [];
    const { pod, call } = await podAndProxy({ handle: (_call, response) => held.push(response) }, WITHOUT_INPUTS);
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
    async function toPod(server: (pod: Awaited<ReturnType<typeof podAndProxy>>['pod']) => void = () => undefined) {
      const dialled = jest.spyOn(net, 'connect');
      const running = await podAndProxy({}, WITHOUT_INPUTS);
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
    const { call, pod } = await podAndProxy({}, { DAPR_PROXY_MAX_MESSAGE: '1000' });
    expect((await call('POST', TOPIC_PATH, { body: 'x'.repeat(2000) })).status).toBe(413);
    expect(pod.received).toHaveLength(0);
  });

  test.each([['GET', 2], ['POST', 1]])('%s is sent %s times when the connection is lost after sending', async (method, times) => {
    const { call, pod } = await podAndProxy({ handle: (_call, response) => void response.destroy() }, WITHOUT_INPUTS);
    expect((await call(method, '/', { body: method === 'POST' ? 'x' : undefined })).status).toBe(503);
    expect(pod.received).toHaveLength(times);
  });

  test('is cancelled at the pod when the caller goes away', async () => {
    let closed = false;
    const { pod, port, proxy } = await podAndProxy({ handle: (_call, response) => void response.on('close', () => closed = true) }, WITHOUT_INPUTS);
    const outgoing = httpRequest({ port, host: '127.0.0.1', path: '/', agent: false }).on('error', () => undefined).end();
    await pod.got(1);
    outgoing.destroy();
    await until(() => closed && proxy.pending().pending === 0);
  });
});

describe('without a pod, over HTTP', () => {
  test('an event is 503 after the hold timeout', async () => {
    const { port } = await startProxy({ sidecar: false, env: { APP_PROTOCOL: 'http', DAPR_PROXY_HOLD_TIMEOUT: '30ms' } });
    expect((await callHttp(port, 'POST', TOPIC_PATH, { body: '{}' })).status).toBe(503);
  });

  test('an event beyond the waiting line is 429', async () => {
    const { port, proxy } = await startProxy({ sidecar: false, env: { APP_PROTOCOL: 'http', DAPR_PROXY_MAX_WAITING: '1', DAPR_PROXY_HOLD_TIMEOUT: '300ms' } });
    const first = callHttp(port, 'POST', '/tick', { body: '1' });
    await until(() => proxy.pending().waiting === 1);
    expect((await callHttp(port, 'POST', '/tick', { body: '2' })).status).toBe(429);
    expect((await first).status).toBe(503);
  });
});

describe('bytes that are no HTTP', () => {
  test('lose their connection and nothing else', async () => {
    const { port, call } = await podAndProxy({}, WITHOUT_INPUTS);
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write(Buffer.from('16030100a5010000a10303deadbeef', 'hex'));
    await once(socket, 'close');
    expect((await call('GET', '/')).status).toBe(200);
  });

  test('lose it also when they never close their side', async () => {
    const { port } = await podAndProxy({}, WITHOUT_INPUTS);
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const failed = once(socket, 'error') as Promise<NodeJS.ErrnoException[]>;
    socket.write('no HTTP\r\n\r\n');
    socket.resume();
    await once(socket, 'end');
    // What is written into a connection that is gone comes back as an error.
    const writing = setInterval(() => socket.write('more'), 50);
    onCleanup(() => clearInterval(writing));
    expect(['EPIPE', 'ECONNRESET']).toContain((await failed)[0]!.code);
  });
});
