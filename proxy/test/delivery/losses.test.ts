import { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Losses } from '../../src/delivery/losses';
import { Writer } from '../../src/wire/protobuf';
import { FakeClock } from '../support/fake-clock';
import { callHttp, startHttpPod } from '../support/h1';
import { answer, Received, Sidecar, startPod, TOPIC_EVENT } from '../support/h2';
import { cleanUp, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

const KILLER = 'killer';
const INNOCENT = ['1', '2', '3', '4'];
/** What the emitted Resiliency repeats, and Dapr then delivers once more: RESOURCE_EXHAUSTED and UNAVAILABLE. */
const REPEATED = ['8', '14'];

let deliveries = 0;

/** No two deliveries of an event have the same bytes. */
function topicEvent(id: string): Buffer {
  return new Writer().string(1, id).string(2, 'shop').string(6, 'placed').string(8, 'events').string(10, String(++deliveries)).finish();
}

/** Delivers an event as Dapr does, until the answer is not one that the policy repeats. */
async function deliver(sidecar: Sidecar, id: string): Promise<string | undefined> {
  for (;;) {
    const { grpcStatus } = await sidecar.call(TOPIC_EVENT, topicEvent(id));
    if (!REPEATED.includes(grpcStatus ?? '')) return grpcStatus;
  }
}

const idOf = ({ body }: Received) => body.subarray(5).toString('utf8', 2, 2 + body[6]!);

/** A pod that ends when the killer comes; the first two times together with all other events. */
async function mortalPod() {
  const state = { deaths: 0, mostAtOnceLater: 0 };
  let held: Received[] = [];
  const pod = await startPod({
    handle: (call) => {
      held.push(call);
      if (state.deaths < 2) {
        if (held.length <= INNOCENT.length) return;
      } else {
        state.mostAtOnceLater = Math.max(state.mostAtOnceLater, held.length);
        if (idOf(call) !== KILLER) {
          answer(call.stream);
          held = held.filter((one) => one !== call);
          return;
        }
      }
      held = [];
      state.deaths++;
      call.session.destroy();
    },
  });
  onCleanup(pod.close);
  return { pod, state };
}

describe('an event that ends each pod that takes it', () => {
  test('is given up after three pods, and all that were in flight with it are handled', async () => {
    const { pod, state } = await mortalPod();
    const { sidecar, metric, log, proxy } = await startProxy({ pods: [pod.host], podPort: pod.port });
    const all = await Promise.all([KILLER, ...INNOCENT].map((id) => deliver(sidecar, id)));
    expect(all).toEqual(['10', '0', '0', '0', '0']);
    expect(state).toEqual({ deaths: 3, mostAtOnceLater: 1 });
    expect((await metric('dapr_proxy_events_total')).sort()).toEqual([
      'dapr_proxy_events_total{kind="topic",component="events",outcome="ends-pods"} 1',
      'dapr_proxy_events_total{kind="topic",component="events",outcome="lost"} 5',
      'dapr_proxy_events_total{kind="topic",component="events",outcome="ok"} 4',
    ]);
    expect(log.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual(['giving up an event that ends its pods']);
    expect(proxy.pending()).toEqual({ pending: 0, waiting: 0, inFlight: 0 });
  });

  test('costs one more pod if the broker delivers it again', async () => {
    const { pod, state } = await mortalPod();
    const { sidecar } = await startProxy({ pods: [pod.host], podPort: pod.port });
    await Promise.all([KILLER, ...INNOCENT].map((id) => deliver(sidecar, id)));
    expect(await deliver(sidecar, KILLER)).toBe('10');
    expect(state.deaths).toBe(4);
  });

  test('leaves no other event to the kept connections of its pod over HTTP, which may be dead', async () => {
    const sockets = new Set<Socket>();
    const dead = new Set<Socket>();
    let onDead = 0;
    const pod = await startHttpPod({
      handle: ({ body }, response, { socket }) => {
        if (dead.has(socket)) onDead++;
        if (dead.has(socket) || body.toString() === KILLER) {
          sockets.forEach((one) => dead.add(one));
          socket.destroy();
        } else if (body.toString() !== 'first' || sockets.size === 3) {
          waiting.splice(0).concat(response).forEach((one) => one.end());
        } else {
          waiting.push(response);
        }
      },
    });
    const waiting: ServerResponse[] = [];
    pod.server.on('connection', (socket: Socket) => sockets.add(socket));
    onCleanup(pod.close);
    const { port } = await startProxy({ pods: [pod.host], podPort: pod.port, sidecar: false, env: { APP_PROTOCOL: 'http' } });
    const send = async (body: string) => (await callHttp(port, 'POST', '/tick', { body })).status;
    // Three connections, all of them kept.
    expect(await Promise.all([send('first'), send('first'), send('first')])).toEqual([200, 200, 200]);
    expect([await send(KILLER), await send('1'), onDead]).toEqual([503, 200, 0]);
  });

  test('is answered 500 over HTTP', async () => {
    const pod = await startHttpPod({ handle: (_call, response) => void response.destroy() });
    onCleanup(pod.close);
    const { port } = await startProxy({ pods: [pod.host], podPort: pod.port, sidecar: false, env: { APP_PROTOCOL: 'http' } });
    const statuses: number[] = [];
    for (let at = 0; at < 2; at++) statuses.push((await callHttp(port, 'POST', '/tick', { body: 'x' })).status);
    expect(statuses).toEqual([503, 500]);
    expect(pod.received).toHaveLength(3);
  });
});

describe('an event that must be alone', () => {
  /** One that was lost twice, with a pod that holds everything else. */
  async function suspect(pods: readonly string[]) {
    const held: Received[] = [];
    let losses = 0;
    const handle = (call: Received) => {
      if (idOf(call) !== KILLER || losses >= 2) return void held.push(call);
      losses++;
      call.stream.close(2);
    };
    const first = await startPod({ host: pods[0]!, handle });
    onCleanup(first.close);
    for (const host of pods.slice(1)) onCleanup((await startPod({ host, port: first.port, handle })).close);
    const running = await startProxy({ pods, podPort: first.port });
    expect((await running.sidecar.call(TOPIC_EVENT, topicEvent(KILLER))).grpcStatus).toBe('14');
    return { held, ...running };
  }

  test('waits until its pod has finished the others, which come before new ones', async () => {
    const { held, proxy, sidecar } = await suspect(['127.0.0.2']);
    const busy = sidecar.call(TOPIC_EVENT, topicEvent('busy'));
    await until(() => held.length === 1);
    const alone = sidecar.call(TOPIC_EVENT, topicEvent(KILLER));
    await until(() => proxy.pending().waiting === 1);
    const behind = sidecar.call(TOPIC_EVENT, topicEvent('behind'));
    await until(() => proxy.pending().waiting === 2);
    for (const id of ['busy', KILLER, 'behind']) {
      await until(() => held.length === 1);
      expect([idOf(held[0]!), proxy.pending().inFlight]).toEqual([id, 1]);
      answer(held.pop()!.stream);
    }
    expect((await Promise.all([busy, alone, behind])).map(({ grpcStatus }) => grpcStatus)).toEqual(['0', '0', '0']);
  });

  test('leaves the other pods to the other events', async () => {
    const { held, proxy, sidecar } = await suspect(['127.0.0.2', '127.0.0.3']);
    void sidecar.call(TOPIC_EVENT, topicEvent(KILLER));
    await until(() => held.length === 1);
    for (let at = 0; at < 3; at++) void sidecar.call(TOPIC_EVENT, topicEvent(String(at)));
    await until(() => held.length === 4);
    const [alone, ...others] = held.map(({ session }) => session);
    expect(others.includes(alone!)).toBe(false);
    expect(proxy.pending()).toEqual({ pending: 4, waiting: 0, inFlight: 4 });
  });

  test('gives the pod back that was kept for it when it is cancelled', async () => {
    const { held, proxy, sidecar } = await suspect(['127.0.0.2']);
    void sidecar.call(TOPIC_EVENT, topicEvent('busy'));
    await until(() => held.length === 1);
    const cancel = new AbortController();
    const alone = sidecar.call(TOPIC_EVENT, topicEvent(KILLER), {}, cancel.signal);
    await until(() => proxy.pending().waiting === 1);
    void sidecar.call(TOPIC_EVENT, topicEvent('behind'));
    await until(() => proxy.pending().waiting === 2);
    cancel.abort();
    await alone;
    await until(() => held.length === 2);
    expect(held.map(idOf)).toEqual(['busy', 'behind']);
  });
});

describe('what is remembered of losses', () => {
  const lost = (losses: Losses, id: string, times: number) => {
    for (let at = 0; at < times; at++) losses.lost(() => id, false);
  };

  test('is a suspicion after two, and gone once the event was handled', () => {
    const losses = new Losses(new FakeClock());
    lost(losses, 'a', 1);
    expect(losses.suspects(() => 'a')).toBe(false);
    lost(losses, 'a', 1);
    expect([losses.suspects(() => 'a'), losses.suspects(() => 'b'), losses.suspects(undefined)]).toEqual([true, false, false]);
    losses.handled(() => 'a');
    expect(losses.suspects(() => 'a')).toBe(false);
  });

  test('is the blame after three only if the event was alone', () => {
    const losses = new Losses(new FakeClock());
    lost(losses, 'a', 2);
    expect([losses.lost(() => 'a', false), losses.lost(() => 'a', true)]).toEqual([false, true]);
  });

  test('is forgotten after 15 minutes', async () => {
    const clock = new FakeClock();
    const losses = new Losses(clock);
    lost(losses, 'a', 2);
    await clock.advance(15 * 60_000);
    expect(losses.suspects(() => 'a')).toBe(true);
    await clock.advance(1);
    expect(losses.suspects(() => 'a')).toBe(false);
  });

  test('is kept of the latest 1000 events', () => {
    const losses = new Losses(new FakeClock());
    for (let id = 0; id < 1001; id++) lost(losses, String(id), 2);
    expect(['0', '1', '1000'].map((id) => losses.suspects(() => id))).toEqual([false, true, true]);
  });
});
