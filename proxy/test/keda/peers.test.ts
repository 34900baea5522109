import { startHttpPod } from '../support/h1';
import { answer, startPod, startSidecar, TOPIC_EVENT } from '../support/h2';
import { cleanUp, freePorts, onCleanup, startProxy, StartOptions, until } from '../support/harness';
import { isActive, metrics, streamIsActive } from '../support/keda';

afterEach(cleanUp);

/** Two replicas on addresses of their own and one admin port, as two pods have them. */
async function twoReplicas(options: StartOptions = {}) {
  const [adminPort] = await freePorts(1);
  const config = { ...options.config, adminPort };
  const first = await startProxy({ ...options, config, env: { DAPR_PROXY_ADMIN_HOST: '127.0.0.2', DAPR_PROXY_PEERS_HOST: 'peers', ...options.env } });
  const second = await startProxy({ ...options, config, env: { DAPR_PROXY_ADMIN_HOST: '127.0.0.3', DAPR_PROXY_PEERS_HOST: 'peers', ...options.env } });
  return { first, second };
}

describe('replicas of the proxy', () => {
  test('answer for their sum', async () => {
    const pod = await startPod({ handle: () => undefined });
    onCleanup(pod.close);
    const { first, second } = await twoReplicas({ pods: [pod.host], podPort: pod.port });
    first.dns.peers = second.dns.peers = ['127.0.0.2', '127.0.0.3'];
    void first.sidecar.call(TOPIC_EVENT);
    void second.sidecar.call(TOPIC_EVENT);
    await pod.got(2);
    const keda = await startSidecar(second.scalerPort, '127.0.0.3');
    onCleanup(keda.close);
    await until(async () => (await metrics(keda))[0]!.float === 2);
    const pendingOfFirst = async () => (await fetch(`http://127.0.0.2:${first.adminPort}/pending`)).text();
    await until(async () => await pendingOfFirst() === '{"pending":2,"waiting":0,"inFlight":2}');
    pod.received.forEach(({ stream }) => answer(stream));
    await until(async () => !await isActive(keda));
  });

  test('push for each other when one of them becomes active', async () => {
    const { first, second } = await twoReplicas();
    first.dns.peers = second.dns.peers = ['127.0.0.2', '127.0.0.3'];
    const keda = await startSidecar(second.scalerPort, '127.0.0.3');
    onCleanup(keda.close);
    const { pushed } = await streamIsActive(keda);
    void first.sidecar.call(TOPIC_EVENT);
    await until(() => pushed.length > 0);
    expect(pushed[0]).toBe(true);
  });

  test('do not count themselves twice', async () => {
    const [adminPort] = await freePorts(1);
    const only = await startProxy({ config: { adminPort }, env: { DAPR_PROXY_ADMIN_HOST: '127.0.0.2', DAPR_PROXY_PEERS_HOST: 'peers' } });
    void only.sidecar.call(TOPIC_EVENT);
    await until(() => only.proxy.pending().waiting === 1);
    let asked = 0;
    const lookup = {
      get peers() {
        asked++;
        return ['127.0.0.2'];
      },
    };
    Object.defineProperty(only.dns, 'peers', Object.getOwnPropertyDescriptor(lookup, 'peers')!);
    await until(() => asked >= 2);
    expect(await (await fetch(`http://127.0.0.2:${only.adminPort}/pending`)).json()).toEqual({ pending: 1, waiting: 1, inFlight: 0 });
  });

  test.each([
    ['negative counts', { id: 'x', waiting: -5, inFlight: 1 }],
    ['text', 'hello'],
    ['counts that are not numbers', { id: 'x', waiting: '7', inFlight: 1 }],
  ])('ignore a peer that answers %s', async (_what, body) => {
    const peer = await startHttpPod({ host: '127.0.0.3', handle: (_call, response) => void response.end(JSON.stringify(body)) });
    onCleanup(peer.close);
    const only = await startProxy({ config: { adminPort: peer.port }, env: { DAPR_PROXY_ADMIN_HOST: '127.0.0.2', DAPR_PROXY_PEERS_HOST: 'peers' } });
    only.dns.peers = ['127.0.0.2', '127.0.0.3'];
    await peer.got(1);
    expect(await (await fetch(`http://127.0.0.2:${only.adminPort}/pending`)).json()).toEqual({ pending: 0, waiting: 0, inFlight: 0 });
  });

  test('give up a peer that answers byte by byte, and ask it again', async () => {
    let endless = 0;
    const slow = await startHttpPod({
      host: '127.0.0.3',
      handle: (_call, response) => {
        endless++;
        const timer = setInterval(() => response.write(' '), 100);
        response.on('close', () => {
          clearInterval(timer);
          endless--;
        });
      },
    });
    onCleanup(slow.close);
    const only = await startProxy({ config: { adminPort: slow.port }, env: { DAPR_PROXY_ADMIN_HOST: '127.0.0.2', DAPR_PROXY_PEERS_HOST: 'peers' } });
    only.dns.peers = ['127.0.0.2', '127.0.0.3'];
    await slow.got(2);
    await until(() => endless < 2);
    expect(await (await fetch(`http://127.0.0.2:${only.adminPort}/pending`)).json()).toEqual({ pending: 0, waiting: 0, inFlight: 0 });
  });
});
