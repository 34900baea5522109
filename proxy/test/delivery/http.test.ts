import { once } from 'node:events';
import { IncomingMessage, request as httpRequest } from 'node:http';
import net, { connect } from 'node:net';
import { callHttp } from '../support/h1';
import { startPod } from '../support/h2';
import { cleanUp, CONTEXT, httpPodAndProxy, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

const TOPIC_PATH = '/dapr-proxy/topics/events/placed';

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
  test('goes to a route with half a character, which no URL can hold, as Go writes it', async () => {
    const { pod, call } = await httpPodAndProxy({ subscribe: [{ pubsubname: 'events', topic: 'placed', route: '/placed\ud800' }] });
    expect((await call('POST', '/dapr-proxy/topics/events/placed', { body: '{}' })).status).toBe(200);
    expect(pod.received[0]!.path).toBe('/placed%EF%BF%BD');
  });

  test('goes to the route under which the pod subscribes', async () => {
    const { pod, call } = await httpPodAndProxy({ subscribe: [{ pubsubname: 'events', topic: 'placed', route: 'events--placed--default' }] });
    expect((await call('POST', TOPIC_PATH, { body: '{"id":"1"}', headers: ['content-type', 'application/cloudevents+json'] })).body).toBe('ok');
    expect(pod.received.map(({ path, body }) => [path, body.toString()])).toEqual([['/events--placed--default', '{"id":"1"}']]);
  });

  test('goes to the default of nested routes, with a warning about their rules', async () => {
    const routes = { rules: [{ match: 'x', path: '/x' }], default: '/nested' };
    const { pod, call, logged } = await httpPodAndProxy({ subscribe: [{ pubsubname: 'events', topic: 'placed', routes }] });
    await call('POST', TOPIC_PATH, { body: '{}' });
    expect(pod.received[0]!.path).toBe('/nested');
    expect((await logged('ignoring the routing rules of the function: they belong to the subscriptions of the construct')).topic).toBe('placed');
  });

  test('goes to /<topic> when the pod announces other topics only', async () => {
    const { pod, call } = await httpPodAndProxy({ subscribe: [{ pubsubname: 'events', topic: 'other', route: '/other' }] });
    await call('POST', TOPIC_PATH, { body: '{}' });
    expect(pod.received[0]!.path).toBe('/placed');
  });

  test('goes where a rule of the subscriptions sends it', async () => {
    const rules = [{ component: 'events', topic: 'placed', rules: [{ match: 'm', path: '/by-rule' }], default: '/by-default' }];
    const { pod, call } = await httpPodAndProxy({}, { DAPR_PROXY_SUBSCRIPTIONS: JSON.stringify(rules) });
    await call('POST', `${TOPIC_PATH}/0`, { body: '{}' });
    await call('POST', `${TOPIC_PATH}/default`, { body: '{}' });
    expect(pod.received.map(({ path }) => path)).toEqual(['/by-rule', '/by-default']);
  });

  test('waits while the pod answers 404 to /dapr/subscribe, since its routes may follow', async () => {
    let asked = 0;
    const { pod, call } = await httpPodAndProxy({ subscribe: () => ++asked < 3 ? 404 : 200 });
    await call('POST', TOPIC_PATH, { body: '{}' });
    expect(pod.subscribeAsked).toHaveLength(3);
  });

  test('that is answered 404 on a route which the pod did not announce is a failure to deliver', async () => {
    const { call } = await httpPodAndProxy({ handle: (_call, response) => void response.writeHead(404).end() }, { DAPR_PROXY_HOLD_TIMEOUT: '80ms' });
    expect((await call('POST', TOPIC_PATH, { body: '{}' })).status).toBe(503);
  });

  test('whose answer announces trailers that do not come is answered all the same', async () => {
    const { pod, call } = await httpPodAndProxy({
      handle: (_call, response) => {
        response.writeHead(200, { trailer: 'x-end' }).write('o');
        response.end('k');
      },
    });
    const { status, body } = await call('POST', TOPIC_PATH, { body: '{}' });
    expect([status, body, pod.received.length]).toEqual([200, 'ok', 1]);
  });

  test('that is answered 404 on its announced route has its verdict', async () => {
    const { call } = await httpPodAndProxy({
      subscribe: [{ pubsubname: 'events', topic: 'placed', route: '/here' }],
      handle: (_call, response) => void response.writeHead(404).end('no such order'),
    });
    const { status, body } = await call('POST', TOPIC_PATH, { body: '{}' });
    expect([status, body]).toEqual([404, 'no such order']);
  });

  test('that is answered 404 on a path which the pod announced in its own rules has its verdict too', async () => {
    const rules = [{ component: 'events', topic: 'placed', rules: [{ match: 'm', path: '/by-rule' }], default: '/by-default' }];
    const routes = { rules: [{ match: 'm', path: '/by-rule' }], default: '/other' };
    const { call } = await httpPodAndProxy({
      subscribe: [{ pubsubname: 'events', topic: 'placed', routes }],
      handle: (_call, response) => void response.writeHead(404).end(),
    }, { DAPR_PROXY_SUBSCRIPTIONS: JSON.stringify(rules), DAPR_PROXY_HOLD_TIMEOUT: '80ms' });
    expect((await call('POST', `${TOPIC_PATH}/0`, { body: '{}' })).status).toBe(404);
    expect((await call('POST', `${TOPIC_PATH}/default`, { body: '{}' })).status).toBe(503);
  });

  test('of a topic whose name cannot be in a request line goes to the escaped name', async () => {
    const inputs = { topic: { uri: 'order placed/é', componentName: 'events', componentType: 'pubsub.redis' } };
    const { pod, call } = await httpPodAndProxy({}, { FUNC_CONTEXT: JSON.stringify({ ...CONTEXT, inputs }) });
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
    const { pod, call } = await httpPodAndProxy({ handle: (_call, response) => void response.writeHead(200, ['x-large', 'x'.repeat(1_200_000)]).end() });
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
    const { pod, call } = await httpPodAndProxy({ handle: (_call, response) => void response.writeHead(200, { connection: 'close' }).end() });
    await call('POST', TOPIC_PATH, { body: '{}' });
    await call('POST', TOPIC_PATH, { body: '{}' });
    expect(pod.received).toHaveLength(2);
    expect(pod.subscribeAsked.length).toBeGreaterThanOrEqual(2);
  });
});

describe('HTTP answers', () => {
  test.each([200, 204, 302, 400, 500])('status %s comes back with headers and body as the function gave them', async (status) => {
    const { call } = await httpPodAndProxy({
      handle: (_call, response) => void response.writeHead(status, ['X-Case', 'Kept', 'set-cookie', 'a=1', 'set-cookie', 'b=2']).end(status === 204 ? undefined : 'body'),
    }, WITHOUT_INPUTS);
    const answered = await call('POST', '/method', { body: 'x' });
    expect([answered.status, answered.body, answered.headers['set-cookie']]).toEqual([status, status === 204 ? '' : 'body', ['a=1', 'b=2']]);
    expect(answered.raw).toContain('X-Case');
  });

  test('a streamed answer is passed on while it comes', async () => {
    const { port } = await httpPodAndProxy({
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
    const { port } = await httpPodAndProxy({
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

describe('bytes that are not HTTP', () => {
  test('lose their connection and nothing else', async () => {
    const { port, call } = await httpPodAndProxy({}, WITHOUT_INPUTS);
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write(Buffer.from('16030100a5010000a10303deadbeef', 'hex'));
    await once(socket, 'close');
    expect((await call('GET', '/')).status).toBe(200);
  });

  test('lose it also when they never close their side', async () => {
    const { port } = await httpPodAndProxy({}, WITHOUT_INPUTS);
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
