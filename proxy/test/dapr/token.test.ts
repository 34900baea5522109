import { callHttp, startHttpPod } from '../support/h1';
import { BINDING_EVENT, BULK_EVENT, HEALTH_CHECK, JOB_EVENT, LIST_BINDINGS, LIST_TOPICS, ON_INVOKE, startPod, TOPIC_EVENT } from '../support/h2';
import { cleanUp, onCleanup, startProxy } from '../support/harness';

afterEach(cleanUp);

const FOREIGN = '/acme.Orders/Get';

async function running(env: Record<string, string> = {}) {
  const pod = await startPod();
  onCleanup(pod.close);
  return { pod, ...await startProxy({ pods: [pod.host], podPort: pod.port, env: { APP_API_TOKEN: 'secret', ...env } }) };
}

describe('with an app token, over gRPC', () => {
  test.each([
    [ON_INVOKE, '16'], [FOREIGN, '16'],
    [TOPIC_EVENT, '0'], [BULK_EVENT, '0'], [BINDING_EVENT, '0'], [JOB_EVENT, '0'], [LIST_TOPICS, '0'], [LIST_BINDINGS, '0'], [HEALTH_CHECK, '0'],
  ])('a call of %s without it is answered %s', async (path, status) => {
    const { sidecar } = await running();
    expect((await sidecar.call(path)).grpcStatus).toBe(status);
  });

  test.each([
    [TOPIC_EVENT, '16'], [BINDING_EVENT, '16'], [JOB_EVENT, '16'], [LIST_TOPICS, '0'], [HEALTH_CHECK, '0'],
  ])('and TOKEN_ON_EVENTS a call of %s without it is answered %s', async (path, status) => {
    const { sidecar } = await running({ DAPR_PROXY_TOKEN_ON_EVENTS: 'true' });
    expect((await sidecar.call(path)).grpcStatus).toBe(status);
  });

  test.each([
    ['secret', '0'], ['secrets', '16'], ['', '16'], ['SECRET', '16'],
  ])('%j is answered %s', async (token, status) => {
    const { sidecar } = await running();
    expect((await sidecar.call(ON_INVOKE, undefined, { 'dapr-api-token': token })).grpcStatus).toBe(status);
  });

  test('any one of repeated values is enough, and all of them pass on to the function', async () => {
    const { pod, sidecar } = await running();
    expect((await sidecar.call(ON_INVOKE, undefined, { 'dapr-api-token': ['other', 'secret'] })).grpcStatus).toBe('0');
    const { raw } = pod.received[0]!;
    expect(raw.filter((_, at) => raw[at - 1] === 'dapr-api-token')).toEqual(['other', 'secret']);
  });
});

describe('with an app token, over HTTP', () => {
  const asked: [string, string, number, number][] = [
    ['GET', '/dapr-proxy/healthz', 200, 200],
    ['GET', '/dapr/subscribe', 401, 200],
    ['GET', '/dapr/config', 401, 200],
    ['OPTIONS', '/tick', 401, 200],
    ['POST', '/dapr-proxy/topics/events/placed', 401, 200],
    ['POST', '/method', 401, 200],
  ];

  test.each(asked)('%s %s is %s without it and %s with it', async (method, path, without, withIt) => {
    const pod = await startHttpPod();
    onCleanup(pod.close);
    const { port } = await startProxy({ pods: [pod.host], podPort: pod.port, sidecar: false, env: { APP_PROTOCOL: 'http', APP_API_TOKEN: 'secret' } });
    const body = method === 'POST' ? '{}' : undefined;
    expect((await callHttp(port, method, path, { body })).status).toBe(without);
    expect((await callHttp(port, method, path, { body, headers: ['dapr-api-token', 'secret'] })).status).toBe(withIt);
  });

  test('the question for routes carries it, since the function may ask for it', async () => {
    const pod = await startHttpPod();
    onCleanup(pod.close);
    const { port } = await startProxy({ pods: [pod.host], podPort: pod.port, sidecar: false, env: { APP_PROTOCOL: 'http', APP_API_TOKEN: 'secret' } });
    await callHttp(port, 'POST', '/dapr-proxy/topics/events/placed', { body: '{}', headers: ['dapr-api-token', 'secret'] });
    expect(pod.subscribeAsked[0]!.raw).toEqual(expect.arrayContaining(['dapr-api-token', 'secret']));
  });
});
