import { callHttp } from './support/h1';
import { HEALTH_CHECK, startPod, startSidecar, TOPIC_EVENT } from './support/h2';
import { cleanUp, onCleanup, startProxy, until } from './support/harness';

afterEach(cleanUp);

describe('while it drains, the proxy', () => {
  test('is not ready and unhealthy for Dapr, but alive', async () => {
    const { proxy, sidecar, admin } = await startProxy();
    void proxy.drain();
    expect((await admin('/readyz')).status).toBe(503);
    expect((await admin('/healthz')).status).toBe(200);
    expect((await sidecar.call(HEALTH_CHECK)).grpcStatus).toBe('14');
  });

  test('is unhealthy over HTTP too', async () => {
    const { proxy, port } = await startProxy({ sidecar: false, env: { APP_PROTOCOL: 'http' } });
    const health = callHttp(port, 'GET', '/dapr-proxy/healthz');
    expect((await health).status).toBe(200);
    void proxy.drain();
    expect((await callHttp(port, 'GET', '/dapr-proxy/healthz')).status).toBe(503);
  });

  test('delivers new events and those that wait', async () => {
    const pod = await startPod();
    onCleanup(pod.close);
    const { proxy, sidecar, dns } = await startProxy({ podPort: pod.port });
    const held = sidecar.call(TOPIC_EVENT, Buffer.from('held'));
    await until(() => proxy.pending().waiting === 1);
    const drained = proxy.drain();
    const late = sidecar.call(TOPIC_EVENT, Buffer.from('late'));
    await until(() => proxy.pending().waiting === 2);
    dns.orders = [pod.host];
    expect((await held).grpcStatus).toBe('0');
    expect((await late).grpcStatus).toBe('0');
    sidecar.close();
    await drained;
  });

  test('leaves an event unanswered whose hold ends, so that the broker delivers it again', async () => {
    const { proxy, sidecar, logged } = await startProxy({ env: { DAPR_PROXY_HOLD_TIMEOUT: '40ms', DAPR_PROXY_DRAIN_TIMEOUT: '150ms' } });
    let status: string | undefined = 'unanswered';
    void sidecar.call(TOPIC_EVENT).then(({ grpcStatus }) => status = grpcStatus);
    await until(() => proxy.pending().waiting === 1);
    await proxy.drain();
    expect(status).toBe('unanswered');
    expect(await logged('drained')).toMatchObject({ how: 'timeout', waiting: 1 });
  });

  test('takes new connections', async () => {
    const { proxy, port } = await startProxy();
    void proxy.drain();
    const another = await startSidecar(port);
    onCleanup(another.close);
    expect((await another.call(HEALTH_CHECK)).grpcStatus).toBe('14');
  });

  test('has no other end than the connections of the sidecar with a drain timeout of 0', async () => {
    const pod = await startPod({ handle: () => undefined });
    onCleanup(pod.close);
    const { proxy, sidecar, logged } = await startProxy({ pods: [pod.host], podPort: pod.port, env: { DAPR_PROXY_DRAIN_TIMEOUT: '0' } });
    void sidecar.call(TOPIC_EVENT);
    await pod.got(1);
    const drained = proxy.drain();
    expect((await sidecar.call(HEALTH_CHECK)).grpcStatus).toBe('14');
    sidecar.close();
    await drained;
    expect(await logged('drained')).toMatchObject({ how: 'gone' });
  });

  test('ends as soon as the connections of the sidecar are gone', async () => {
    const { proxy, sidecar, logged } = await startProxy();
    const drained = proxy.drain();
    sidecar.close();
    await drained;
    expect(await logged('drained')).toMatchObject({ how: 'gone' });
  });
});
