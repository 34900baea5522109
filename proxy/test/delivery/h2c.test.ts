import { once } from 'node:events';
import { constants } from 'node:http2';
import { startPod } from '../support/h2';
import { cleanUp, CONTEXT, onCleanup, startProxy } from '../support/harness';

afterEach(cleanUp);

const TOPIC_PATH = '/dapr-proxy/topics/events/placed';

describe('with APP_PROTOCOL=h2c', () => {
  test('lists, health and events are HTTP over HTTP/2 on both sides', async () => {
    const pod = await startPod({
      handle: ({ path, stream }) => {
        stream.respond({ ':status': 200, 'content-type': 'application/json' });
        stream.end(path === '/dapr/subscribe' ? '[{"pubsubname":"events","topic":"placed","route":"/mine"}]' : '{"status":"SUCCESS"}');
      },
    });
    onCleanup(pod.close);
    const { sidecar } = await startProxy({ pods: [pod.host], podPort: pod.port, env: { APP_PROTOCOL: 'h2c' } });
    expect(JSON.parse((await sidecar.request('GET', '/dapr/subscribe')).body.toString())).toEqual([{ pubsubname: 'events', topic: 'placed', route: TOPIC_PATH }]);
    expect((await sidecar.request('GET', '/dapr-proxy/healthz')).status).toBe(200);
    const { status, body } = await sidecar.request('POST', TOPIC_PATH, '{"id":"1"}');
    expect([status, body.toString()]).toEqual([200, '{"status":"SUCCESS"}']);
    expect(pod.received.map(({ path, body: got }) => [path, got.toString()])).toEqual([['/dapr/subscribe', ''], ['/mine', '{"id":"1"}']]);
  });

  test('an invocation is passed with its verb, and its answer without a gRPC status is whole', async () => {
    const pod = await startPod({
      handle: ({ stream }) => {
        stream.respond({ ':status': 404, 'x-a': ['1', '2'] });
        stream.end('none');
      },
    });
    onCleanup(pod.close);
    const env = { APP_PROTOCOL: 'h2c', FUNC_CONTEXT: JSON.stringify({ ...CONTEXT, inputs: {} }) };
    const { sidecar } = await startProxy({ env, pods: [pod.host], podPort: pod.port });
    const { status, body, headers } = await sidecar.request('DELETE', '/order/1?force=1');
    expect([status, body.toString(), headers['x-a']]).toEqual([404, 'none', '1, 2']);
    expect(pod.received[0]!.headers).toMatchObject({ ':method': 'DELETE', ':path': '/order/1?force=1' });
  });

  test('an invocation whose small body arrives in pieces is sent again after a refused stream', async () => {
    let refused = 0;
    const pod = await startPod({
      early: true,
      handle: ({ stream }) => {
        if (refused++ === 0) return stream.close(constants.NGHTTP2_REFUSED_STREAM);
        let body = '';
        stream.on('data', (chunk: Buffer) => body += chunk.toString());
        stream.on('end', () => {
          stream.respond({ ':status': 200 });
          stream.end(body);
        });
      },
    });
    onCleanup(pod.close);
    const env = { APP_PROTOCOL: 'h2c', FUNC_CONTEXT: JSON.stringify({ ...CONTEXT, inputs: {} }) };
    const { sidecar } = await startProxy({ env, pods: [pod.host], podPort: pod.port });
    const call = sidecar.session.request({ ':method': 'POST', ':path': '/order', 'content-length': '6' });
    call.write('one');
    await new Promise((resolve) => sidecar.session.ping(resolve));
    call.end('two');
    const [headers] = await once(call, 'response') as [Record<string, unknown>];
    expect([headers[':status'], String((await once(call, 'data'))[0]), refused]).toEqual([200, 'onetwo', 2]);
  });

  test('an event that reaches no pod is 503', async () => {
    const { sidecar } = await startProxy({ env: { APP_PROTOCOL: 'h2c', DAPR_PROXY_HOLD_TIMEOUT: '30ms' } });
    expect((await sidecar.request('POST', TOPIC_PATH, '{}')).status).toBe(503);
  });
});
