import { once } from 'node:events';
import { MAX_CONNECTIONS, MAX_SUBSCRIBERS, REQUEST_MS } from '../../src/keda/scaler';
import { Writer } from '../../src/wire/protobuf';
import { FakeClock } from '../support/fake-clock';
import { answer, Received, startPod, startSidecar, TOPIC_EVENT } from '../support/h2';
import { cleanUp, onCleanup, Running, startProxy, until } from '../support/harness';
import { isActive, metrics, metricSpec, streamIsActive } from '../support/keda';

afterEach(cleanUp);

const message = (text: string) => new Writer().string(1, text).finish();

async function kedaOf(running: Running) {
  const keda = await startSidecar(running.scalerPort);
  onCleanup(keda.close);
  return keda;
}

async function withEvent() {
  const running = await startProxy();
  void running.sidecar.call(TOPIC_EVENT, message('1'));
  await until(() => running.proxy.pending().waiting === 1);
  return { running, keda: await kedaOf(running) };
}

describe('asked by KEDA, the scaler', () => {
  test('is inactive with nothing pending, and its metric is 0', async () => {
    const keda = await kedaOf(await startProxy());
    expect(await isActive(keda)).toBe(false);
    expect(await metrics(keda)).toEqual([{ name: 'pending-events', old: 0, float: 0 }]);
  });

  test('is active while an event waits, and counts it', async () => {
    const { keda } = await withEvent();
    expect(await isActive(keda)).toBe(true);
    expect(await metrics(keda)).toEqual([{ name: 'pending-events', old: 1, float: 1 }]);
  });

  test('counts events that a pod has as well', async () => {
    const held: Received[] = [];
    const pod = await startPod({ handle: (call) => held.push(call) });
    onCleanup(pod.close);
    const running = await startProxy({ pods: [pod.host], podPort: pod.port });
    const answered = running.sidecar.call(TOPIC_EVENT);
    await pod.got(1);
    const keda = await kedaOf(running);
    expect(await isActive(keda)).toBe(true);
    answer(held[0]!.stream);
    await answered;
    expect(await isActive(keda)).toBe(false);
  });

  test.each([
    ['1 by default', undefined, 1, 1],
    ['what the trigger says', { target: '20' }, 20, 20],
    ['a fraction, rounded up in the old field', { target: '0.5' }, 1, 0.5],
    ['1 for anything but a number', { target: 'many' }, 1, 1],
    ['1 for zero', { target: '0' }, 1, 1],
  ])('gives as target %s', async (_what, metadata, old, float) => {
    const keda = await kedaOf(await startProxy());
    expect(await metricSpec(keda, metadata)).toEqual([{ name: 'pending-events', old, float }]);
  });

  test.each([['0', true], ['1', false], ['nonsense', true]])('with activation %s and one event is active: %s', async (activation, active) => {
    const { keda } = await withEvent();
    expect(await isActive(keda, { activation })).toBe(active);
  });

  test('answers an unknown method with UNIMPLEMENTED and bytes that are not a message with INVALID_ARGUMENT', async () => {
    const keda = await kedaOf(await startProxy());
    expect((await keda.call('/externalscaler.ExternalScaler/Other')).grpcStatus).toBe('12');
    expect((await keda.call('/externalscaler.ExternalScaler/IsActive', Buffer.from([255, 255, 255]))).grpcStatus).toBe('3');
  });
});

describe('a stream of StreamIsActive', () => {
  test('gets true when the first event comes, and nothing when the last one has gone', async () => {
    const pod = await startPod();
    onCleanup(pod.close);
    const running = await startProxy({ podPort: pod.port });
    const { pushed } = await streamIsActive(await kedaOf(running));
    const answered = running.sidecar.call(TOPIC_EVENT);
    await until(() => pushed.length === 1);
    running.dns.orders = [pod.host];
    await answered;
    const again = running.sidecar.call(TOPIC_EVENT);
    await until(() => pushed.length === 2);
    await again;
    expect(pushed).toEqual([true, true]);
  });

  test('gets true at once when it opens while events wait', async () => {
    const { keda } = await withEvent();
    const { pushed } = await streamIsActive(keda);
    await until(() => pushed.length === 1);
  });

  test('gets true again while an event waits and no pod is there, since a push can be lost', async () => {
    const { keda } = await withEvent();
    const { pushed } = await streamIsActive(keda);
    await until(() => pushed.length === 2);
    expect(pushed).toEqual([true, true]);
  });

  test.each([
    ['is with a pod', {}, 1],
    ['waits because all pods are busy', { DAPR_PROXY_MAX_IN_FLIGHT_PER_POD: '1' }, 2],
  ])('gets true only once while an event %s, since a pod is there', async (_what, env, events) => {
    const pod = await startPod({ handle: () => undefined });
    onCleanup(pod.close);
    const clock = new FakeClock();
    const running = await startProxy({ pods: [pod.host], podPort: pod.port, env, deps: { clock } });
    for (let at = 0; at < events; at++) void running.sidecar.call(TOPIC_EVENT, message(String(at)));
    await pod.got(1);
    await until(() => running.proxy.pending().pending === events);
    const keda = await kedaOf(running);
    const { pushed } = await streamIsActive(keda);
    await until(() => pushed.length === 1);
    await clock.advance(10_000);
    // Comes after any push on the same connection.
    expect(await isActive(keda)).toBe(true);
    expect(pushed).toEqual([true]);
  });

  test('with an activation gets true only above it', async () => {
    const running = await startProxy();
    const { pushed } = await streamIsActive(await kedaOf(running), { activation: '1' });
    const { pushed: reference } = await streamIsActive(await kedaOf(running));
    void running.sidecar.call(TOPIC_EVENT, message('1'));
    await until(() => reference.length === 1);
    expect(pushed).toEqual([]);
    void running.sidecar.call(TOPIC_EVENT, message('2'));
    await until(() => pushed.length === 1);
  });

  test('ends with OK when the proxy has drained', async () => {
    const running = await startProxy();
    const { stream, grpcStatus } = await streamIsActive(await kedaOf(running));
    running.sidecar.session.destroy();
    const closed = once(stream, 'close');
    await running.proxy.drain();
    await closed;
    expect(grpcStatus()).toBe('0');
  });
});

describe('the port of the scaler', () => {
  test('is closed unless a trigger uses it', async () => {
    const { proxy } = await startProxy({ config: { scaler: false } });
    expect(proxy.ports().scaler).toBe(0);
  });

  test('ends the oldest connection and the oldest stream for a new one', async () => {
    const running = await startProxy();
    const first = await kedaOf(running);
    const { stream } = await streamIsActive(first);
    const streamEnded = once(stream, 'close');
    const second = await kedaOf(running);
    for (let at = 0; at < MAX_SUBSCRIBERS; at++) await streamIsActive(second);
    await streamEnded;
    const connectionEnded = once(first.session, 'close');
    for (let at = 0; at < MAX_CONNECTIONS - 1; at++) await kedaOf(running);
    await connectionEnded;
    expect(await isActive(second)).toBe(false);
  });

  test.each([
    ['is larger than any of KEDA', Buffer.alloc(100_000)],
    ['never ends', Buffer.alloc(5)],
  ])('cuts a request that %s', async (_what, bytes) => {
    const clock = new FakeClock();
    const running = await startProxy({ deps: { clock } });
    const keda = await kedaOf(running);
    const stream = keda.session.request({ ':method': 'POST', ':path': '/externalscaler.ExternalScaler/IsActive' });
    stream.on('error', () => undefined).write(bytes);
    await isActive(keda);
    if (bytes.length < 100_000) await clock.advance(REQUEST_MS);
    await until(() => stream.destroyed);
    expect(stream.rstCode).toBe(2);
  });
});

describe('GET /pending', () => {
  test('is the JSON that a metrics-api trigger reads', async () => {
    const { running } = await withEvent();
    const answered = await running.admin('/pending');
    expect(answered.headers.get('content-type')).toBe('application/json');
    expect(await answered.json()).toEqual({ pending: 1, waiting: 1, inFlight: 0 });
  });
});
