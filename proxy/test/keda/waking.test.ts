import { startPod, TOPIC_EVENT } from '../support/h2';
import { cleanUp, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

async function podOf(host: string, port?: number) {
  const pod = await startPod({ host, port });
  onCleanup(pod.close);
  return pod;
}

describe('the first connection after zero', () => {
  test('goes through the virtual address while DNS knows no pod', async () => {
    const pod = await podOf('127.0.0.9');
    const { sidecar, dns } = await startProxy({ podPort: pod.port, env: { DAPR_PROXY_FALLBACK_HOST: 'orders-any' } });
    dns['orders-any'] = ['127.0.0.9'];
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('0');
    expect(pod.received).toHaveLength(1);
  });

  test('is left for the pods themselves as soon as DNS knows them', async () => {
    const virtual = await podOf('127.0.0.9');
    const own = await podOf('127.0.0.2', virtual.port);
    const { sidecar, dns } = await startProxy({ podPort: virtual.port, env: { DAPR_PROXY_FALLBACK_HOST: 'orders-any' } });
    dns['orders-any'] = ['127.0.0.9'];
    await sidecar.call(TOPIC_EVENT);
    dns.orders = ['127.0.0.2'];
    await until(async () => {
      await sidecar.call(TOPIC_EVENT);
      return own.received.length > 0;
    });
    const before = virtual.received.length;
    for (let at = 0; at < 5; at++) await sidecar.call(TOPIC_EVENT);
    expect(virtual.received).toHaveLength(before);
  });
});

describe('discovery by endpoint slices', () => {
  test('delivers once a slice names the pod', async () => {
    const pod = await podOf('127.0.0.2');
    let tell: (line: string) => void = () => undefined;
    const list = JSON.stringify({ metadata: { resourceVersion: '1' }, items: [] });
    const kubernetes = async (path: string) => ({
      status: 200,
      destroy: () => tell(''),
      text: (async function* (): AsyncGenerator<string> {
        yield path.includes('watch') ? await new Promise<string>((resolve) => tell = resolve) : list;
      })(),
    });
    const { sidecar, proxy } = await startProxy({ podPort: pod.port, env: { DAPR_PROXY_DISCOVERY: 'endpointslices' }, deps: { kubernetes } });
    const answered = sidecar.call(TOPIC_EVENT);
    await until(() => proxy.pending().waiting === 1);
    const object = { metadata: { name: 'a', resourceVersion: '2' }, addressType: 'IPv4', endpoints: [{ addresses: ['127.0.0.2'], conditions: { ready: true } }] };
    tell(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    await pod.got(1);
    expect((await answered).grpcStatus).toBe('0');
  });
});
