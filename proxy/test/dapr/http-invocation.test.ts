import { callHttp, HttpAnswered, startHttpPod } from '../support/h1';
import { cleanUp, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

const FROM_ANOTHER_APP = ['dapr-caller-app-id', 'shop', 'dapr-callee-app-id', 'orders'];

/** Answers each call with its number, so that an answer given twice shows. */
async function functionWithoutPods() {
  let calls = 0;
  const pod = await startHttpPod({ handle: (_call, response) => void response.end(String(++calls)) });
  onCleanup(pod.close);
  return { pod, ...await startProxy({ podPort: pod.port, sidecar: false, env: { APP_PROTOCOL: 'http' } }) };
}

describe('a service invocation that another app makes over HTTP', () => {
  test.each(['/job/nightly', '/tick', '/dapr-proxy/topics/events/placed'])(
    'to POST %s is the function\'s own, and three equal ones that wait are three', async (path) => {
      const { pod, dns, port, proxy } = await functionWithoutPods();
      const calls: Promise<HttpAnswered>[] = [];
      for (let at = 0; at < 3; at++) calls.push(callHttp(port, 'POST', path, { headers: FROM_ANOTHER_APP, body: '{}' }));
      await until(() => proxy.pending().waiting === 3);
      dns.orders = [pod.host];
      expect((await Promise.all(calls)).map(({ body }) => body).sort()).toEqual(['1', '2', '3']);
      expect(pod.received.map((call) => call.path)).toEqual([path, path, path]);
    });

  test.each([['GET', '/dapr/subscribe'], ['GET', '/dapr/config'], ['GET', '/dapr-proxy/healthz'], ['OPTIONS', '/written-only']])(
    'with %s %s is not answered by the proxy', async (method, path) => {
      const { pod, dns, port, proxy } = await functionWithoutPods();
      const answered = callHttp(port, method, path, { headers: FROM_ANOTHER_APP });
      await until(() => proxy.pending().waiting === 1);
      dns.orders = [pod.host];
      expect((await answered).status).toBe(200);
      expect(proxy.pending()).toEqual({ pending: 0, waiting: 0, inFlight: 0 });
    });

  test('to the path of the health check needs the app token', async () => {
    const env = { APP_PROTOCOL: 'http', APP_API_TOKEN: 'secret' };
    const { port } = await startProxy({ sidecar: false, env });
    expect((await callHttp(port, 'GET', '/dapr-proxy/healthz', { headers: FROM_ANOTHER_APP })).status).toBe(401);
    expect((await callHttp(port, 'GET', '/dapr-proxy/healthz')).status).toBe(200);
  });
});

describe('a job over HTTP', () => {
  test('that Dapr triggers again while it waits is delivered once, and each trigger is answered', async () => {
    const { pod, dns, port, proxy } = await functionWithoutPods();
    const job = () => callHttp(port, 'POST', '/job/nightly', { body: '{}' });
    const first = job();
    await until(() => proxy.pending().waiting === 1);
    const again = job();
    dns.orders = [pod.host];
    expect([(await first).body, (await again).body]).toEqual(['1', '1']);
    expect(pod.received).toHaveLength(1);
  });
});
