import { createLogger } from '../../src/observe/log';
import { Pod } from '../../src/pods/pod';
import { FakeClock } from '../support/fake-clock';
import { callHttp, startHttpPod } from '../support/h1';
import { answer, Received, startPod, TOPIC_EVENT } from '../support/h2';
import { cleanUp, CONTEXT, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

describe('an address in front of many pods', () => {
  test('takes more events at once than one pod may', async () => {
    const pod = await startHttpPod({ handle: () => undefined });
    onCleanup(pod.close);
    const env = {
      APP_PROTOCOL: 'http',
      FUNC_CONTEXT: JSON.stringify({ ...CONTEXT, runtime: 'Knative' }),
      DAPR_PROXY_MAX_IN_FLIGHT_PER_POD: '1',
    };
    const { port, proxy } = await startProxy({ pods: [pod.host], podPort: pod.port, sidecar: false, env });
    for (let at = 0; at < 3; at++) void callHttp(port, 'POST', '/tick', { body: String(at) }).catch(() => undefined);
    await pod.got(3);
    expect(proxy.pending()).toEqual({ pending: 3, waiting: 0, inFlight: 3 });
  });
});

describe('the connection through the Service', () => {
  const EVENTS = 10;

  test('is closed once a pod is reached by its own address, so that no repeat goes to the pod that died', async () => {
    const sessions = new Set<Received['session']>();
    const held: Received[] = [];
    let dying: Received['session'][] = [];
    // One process, reached through the Service and by its own address; as it dies, so do both connections.
    const pod = await startPod({
      host: '0.0.0.0',
      handle: (call) => {
        sessions.add(call.session);
        if (!dying.includes(call.session)) return answer(call.stream);
        held.push(call);
        if (call.session === dying[0] || held.length === EVENTS) call.session.destroy();
      },
    });
    onCleanup(pod.close);
    const { sidecar, dns } = await startProxy({ podPort: pod.port, env: { DAPR_PROXY_FALLBACK_HOST: 'orders-any' } });
    dns['orders-any'] = ['127.0.0.9'];
    await sidecar.call(TOPIC_EVENT);
    dns.orders = ['127.0.0.2'];
    await until(async () => {
      await sidecar.call(TOPIC_EVENT);
      return sessions.size === 2 && [...sessions][0]!.closed;
    });
    dying = [...sessions];
    const calls = Array.from({ length: EVENTS }, (_, at) => sidecar.call(TOPIC_EVENT, Buffer.from(`event ${at}`)));
    expect((await Promise.all(calls)).map(({ grpcStatus }) => grpcStatus)).toEqual(Array(EVENTS).fill('0'));
    expect(held).toHaveLength(EVENTS);
  });
});

describe('a connection that closes', () => {
  async function connected() {
    const clock = new FakeClock();
    await clock.advance(10);
    const lines: string[] = [];
    const log = createLogger('warn', (line) => lines.push(line), () => new Date(0));
    const channel = {
      limit: 1,
      send: () => ({ cancel: () => undefined, pause: () => undefined, resume: () => undefined }),
      close: () => undefined,
      destroy: () => undefined,
    };
    const settings = { connect: () => Promise.resolve(channel), clock, log, random: () => 1, maxInFlight: 1, changed: () => undefined };
    const pod = new Pod({ host: '127.0.0.2', port: 1 }, settings);
    pod.succeeded();
    pod.dial();
    await clock.advance(0);
    return { clock, lines, pod };
  }

  test('because it was idle is not a failure of its pod, although no event used it', async () => {
    const { clock, lines, pod } = await connected();
    await clock.advance(4000);
    lines.length = 0;
    pod.down(true, 'idle');
    expect([pod.ejectedUntil, pod.retryAt, lines]).toEqual([0, 0, []]);
  });

  test('as soon as it is open is a failure, so that its pod is not dialled in a tight loop', async () => {
    const { clock, pod } = await connected();
    pod.down(true, 'idle');
    expect([pod.ejectedUntil - clock.now(), pod.retryAt - clock.now()]).toEqual([1000, 20]);
  });
});
