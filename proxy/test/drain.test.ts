import { Agent } from 'node:http';
import { callHttp, startHttpPod } from './support/h1';
import { answer, BINDING_EVENT, HEALTH_CHECK, JOB_EVENT, Received, startPod, startSidecar, TOPIC_EVENT } from './support/h2';
import { cleanUp, onCleanup, StartOptions, startProxy, until } from './support/harness';

afterEach(cleanUp);

const EVENT = '/dapr-proxy/topics/events/placed';

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

  describe('told that brokers deliver again what failed', () => {
    const env = { DAPR_PROXY_GIVE_BACK: 'true', DAPR_PROXY_DRAIN_TIMEOUT: '1h' };

    test('gives topic events back that no pod takes at once, waiting or new, and keeps all others', async () => {
      const { proxy, sidecar, logged } = await startProxy({ env });
      const waiting = sidecar.call(TOPIC_EVENT, Buffer.from('1'));
      void sidecar.call(BINDING_EVENT, Buffer.from('2'));
      await until(() => proxy.pending().waiting === 2);
      const drained = proxy.drain();
      expect((await waiting).grpcStatus).toBe('10');
      expect((await sidecar.call(TOPIC_EVENT, Buffer.from('3'))).grpcStatus).toBe('10');
      void sidecar.call(JOB_EVENT, Buffer.from('4'));
      await until(() => proxy.pending().waiting === 2);
      sidecar.close();
      await drained;
      expect(await logged('drained')).toMatchObject({ how: 'gone' });
    });

    test('still finishes what is with a pod, and brings new events to one that is ready', async () => {
      const held: Received[] = [];
      const pod = await startPod({ handle: (call) => held.push(call) });
      onCleanup(pod.close);
      const { proxy, sidecar } = await startProxy({ env, pods: [pod.host], podPort: pod.port });
      const inFlight = sidecar.call(TOPIC_EVENT, Buffer.from('1'));
      await pod.got(1);
      void proxy.drain();
      const late = sidecar.call(TOPIC_EVENT, Buffer.from('2'));
      await pod.got(2);
      held.forEach(({ stream }) => answer(stream));
      expect([(await inFlight).grpcStatus, (await late).grpcStatus]).toEqual(['0', '0']);
    });

    test('answers 500 over HTTP, which Dapr does not repeat', async () => {
      const { proxy, port } = await startProxy({ sidecar: false, env: { ...env, APP_PROTOCOL: 'http' } });
      const waiting = callHttp(port, 'POST', EVENT, { body: '{}' });
      await until(() => proxy.pending().waiting === 1);
      void proxy.drain();
      expect((await waiting).status).toBe(500);
    });
  });

  // Dapr may take a connection that breaks for success there, so none breaks as long as the sidecar lives.
  describe.each(['http', 'h2c'])('over %s', (protocol) => {
    const env = { APP_PROTOCOL: protocol, DAPR_PROXY_DRAIN_TIMEOUT: '60ms', DAPR_PROXY_HOLD_TIMEOUT: '0' };

    async function running(options: Partial<StartOptions> = {}) {
      const started = await startProxy({ ...options, sidecar: false, env });
      const agent = new Agent({ keepAlive: true });
      const session = protocol === 'h2c' ? await startSidecar(started.port) : undefined;
      const leave = () => session === undefined ? agent.destroy() : session.close();
      onCleanup(leave);
      const send = async (body: string) => session === undefined
        ? (await callHttp(started.port, 'POST', EVENT, { body, agent })).status
        : (await session.request('POST', EVENT, body)).status;
      return { ...started, leave, send };
    }

    test('gives back what waits when the drain timeout is over, and all that comes, until the sidecar is gone', async () => {
      const { proxy, leave, logged, send } = await running();
      const waiting = send('{}');
      await until(() => proxy.pending().waiting === 1);
      const drained = proxy.drain();
      expect(await waiting).toBe(503);
      expect(await send('{"another":1}')).toBe(503);
      leave();
      await drained;
      expect(await logged('drained')).toMatchObject({ how: 'gone', pending: 0 });
    });
  });

  test('over HTTP it still brings an event to a pod that is there, and answers one that no pod ends', async () => {
    const pod = await startHttpPod({ handle: ({ body }, response) => void (body.toString() === '"quick"' && response.end('done')) });
    onCleanup(pod.close);
    const { proxy, port, logged } = await startProxy({
      pods: [pod.host], podPort: pod.port, sidecar: false, env: { APP_PROTOCOL: 'http', DAPR_PROXY_DRAIN_TIMEOUT: '150ms' },
    });
    const agent = new Agent({ keepAlive: true });
    onCleanup(() => agent.destroy());
    const send = async (body: string) => (await callHttp(port, 'POST', EVENT, { body, agent })).status;
    const endless = send('"endless"');
    await pod.got(1);
    const drained = proxy.drain();
    await logged('giving waiting events back');
    expect(await send('"quick"')).toBe(200);
    expect(await endless).toBe(503);
    expect(await send('"late"')).toBe(503);
    agent.destroy();
    await drained;
  });

  test('takes new connections', async () => {
    const { proxy, port } = await startProxy();
    void proxy.drain();
    const another = await startSidecar(port);
    onCleanup(another.close);
    expect((await another.call(HEALTH_CHECK)).grpcStatus).toBe('14');
  });

  test('ends as soon as the connections of the sidecar are gone', async () => {
    const { proxy, sidecar, logged } = await startProxy();
    const drained = proxy.drain();
    sidecar.close();
    await drained;
    expect(await logged('drained')).toMatchObject({ how: 'gone' });
  });
});
