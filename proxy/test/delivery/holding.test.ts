import { constants } from 'node:http2';
import { Writer } from '../../src/wire/protobuf';
import { FakeClock } from '../support/fake-clock';
import { answer, BINDING_EVENT, HEALTH_CHECK, JOB_EVENT, LIST_TOPICS, ON_INVOKE, Received, TOPIC_EVENT } from '../support/h2';
import { cleanUp, podOf, Running, startProxy, until } from '../support/harness';

afterEach(cleanUp);

const waiting = (running: Running, count: number) => until(() => running.proxy.pending().waiting === count);
const message = (text: string) => new Writer().string(1, text).string(8, 'events').finish();

describe('an event without a pod', () => {
  test('waits and is delivered when the pod appears', async () => {
    const pod = await podOf();
    const running = await startProxy({ podPort: pod.port });
    const answered = running.sidecar.call(TOPIC_EVENT);
    await waiting(running, 1);
    running.dns.orders = [pod.host];
    expect((await answered).grpcStatus).toBe('0');
    expect(running.proxy.pending()).toEqual({ pending: 0, waiting: 0, inFlight: 0 });
  });

  test('is UNAVAILABLE after the hold timeout', async () => {
    const { sidecar } = await startProxy({ env: { DAPR_PROXY_HOLD_TIMEOUT: '30ms' } });
    const { grpcStatus, headers } = await sidecar.call(TOPIC_EVENT);
    expect([grpcStatus, headers['grpc-message']]).toEqual(['14', 'no pod took the event within the hold timeout']);
  });

  test('is UNAVAILABLE at its own deadline, although the hold lasts longer', async () => {
    const { sidecar, metric } = await startProxy();
    expect((await sidecar.call(TOPIC_EVENT, undefined, { 'grpc-timeout': '30m' })).grpcStatus).toBe('14');
    expect(await metric('dapr_proxy_events_total')).toEqual([expect.stringContaining('outcome="hold-over"')]);
  });

  test('leaves the line when its caller cancels', async () => {
    const running = await startProxy();
    const cancel = new AbortController();
    const answered = running.sidecar.call(TOPIC_EVENT, undefined, {}, cancel.signal);
    await waiting(running, 1);
    cancel.abort();
    await waiting(running, 0);
    expect((await answered).grpcStatus).toBeUndefined();
    expect(await running.metric('dapr_proxy_events_total')).toEqual([expect.stringContaining('outcome="cancelled"} 1')]);
  });

  test('leaves the line when the connection of its caller breaks', async () => {
    const running = await startProxy();
    void running.sidecar.call(TOPIC_EVENT);
    await waiting(running, 1);
    running.sidecar.session.destroy();
    await waiting(running, 0);
  });

  test('reaches the pod with what is left of its deadline', async () => {
    const pod = await podOf();
    const running = await startProxy({ podPort: pod.port });
    const answered = running.sidecar.call(TOPIC_EVENT, undefined, { 'grpc-timeout': '5S' });
    await waiting(running, 1);
    const since = performance.now();
    await until(() => performance.now() - since > 20);
    running.dns.orders = [pod.host];
    await answered;
    const timeout = String(pod.received[0]!.headers['grpc-timeout']);
    expect(timeout).toMatch(/^\d+u$/);
    expect(Number.parseInt(timeout, 10)).toBeLessThan(5_000_000 - 20_000);
  });

  test('does not keep Dapr waiting for lists and health', async () => {
    const running = await startProxy({ env: { DAPR_PROXY_MAX_WAITING: '1' } });
    void running.sidecar.call(TOPIC_EVENT);
    await waiting(running, 1);
    expect((await running.sidecar.call(LIST_TOPICS)).grpcStatus).toBe('0');
    expect((await running.sidecar.call(HEALTH_CHECK)).grpcStatus).toBe('0');
  });
});

describe('the waiting line', () => {
  test('is first come first served over all inputs', async () => {
    const pod = await podOf();
    const running = await startProxy({ podPort: pod.port, env: { DAPR_PROXY_MAX_IN_FLIGHT_PER_POD: '1' } });
    const answers = [];
    for (const [at, path] of [TOPIC_EVENT, BINDING_EVENT, ON_INVOKE, TOPIC_EVENT].entries()) {
      answers.push(running.sidecar.call(path, message(`event ${at}`)));
      await waiting(running, at + 1);
    }
    running.dns.orders = [pod.host];
    await Promise.all(answers);
    expect(pod.received.map(({ path }) => path)).toEqual([TOPIC_EVENT, BINDING_EVENT, ON_INVOKE, TOPIC_EVENT]);
  });

  test('refuses with RESOURCE_EXHAUSTED when it holds the largest number of events', async () => {
    const running = await startProxy({ env: { DAPR_PROXY_MAX_WAITING: '2' } });
    void running.sidecar.call(TOPIC_EVENT, message('1'));
    void running.sidecar.call(TOPIC_EVENT, message('2'));
    await waiting(running, 2);
    expect((await running.sidecar.call(TOPIC_EVENT, message('3'))).grpcStatus).toBe('8');
    expect((await running.logged('waiting line full, refusing events')).waiting).toBe(2);
  });

  test('refuses with RESOURCE_EXHAUSTED when it holds the largest number of bytes', async () => {
    const running = await startProxy({ env: { DAPR_PROXY_MAX_WAITING_BYTES: '1000' } });
    void running.sidecar.call(TOPIC_EVENT, Buffer.alloc(800));
    await waiting(running, 1);
    expect((await running.sidecar.call(TOPIC_EVENT, Buffer.alloc(300))).grpcStatus).toBe('8');
    void running.sidecar.call(TOPIC_EVENT, Buffer.alloc(100));
    await waiting(running, 2);
  });

  test('takes one event that is larger than its limit alone', async () => {
    const running = await startProxy({ env: { DAPR_PROXY_MAX_WAITING_BYTES: '1000' } });
    void running.sidecar.call(TOPIC_EVENT, Buffer.alloc(2000));
    await waiting(running, 1);
  });

  test('says once that it is full, and that it has room only when half of it is free', async () => {
    const running = await startProxy({ env: { DAPR_PROXY_MAX_WAITING: '4' } });
    const cancels: AbortController[] = [];
    let sent = 0;
    const send = () => {
      cancels.push(new AbortController());
      return running.sidecar.call(TOPIC_EVENT, message(String(sent++)), {}, cancels.at(-1)!.signal);
    };
    for (let at = 1; at <= 4; at++) {
      void send();
      await waiting(running, at);
    }
    expect((await send()).grpcStatus).toBe('8');
    for (let at = 0; at < 3; at++) {
      cancels[at]!.abort();
      await waiting(running, 3);
      void send();
      await waiting(running, 4);
      expect((await send()).grpcStatus).toBe('8');
    }
    const lines = () => running.log.map((entry) => entry.message).filter((text) => String(text).startsWith('waiting line'));
    expect(lines()).toEqual(['waiting line full, refusing events']);
    cancels.forEach((cancel) => cancel.abort());
    await waiting(running, 0);
    void send();
    await waiting(running, 1);
    expect(lines()).toEqual(['waiting line full, refusing events', 'waiting line has room again']);
  });

  test('is never reached through the limit of streams, which is four times as high', async () => {
    const { sidecar } = await startProxy({ env: { DAPR_PROXY_MAX_WAITING: '25' } });
    await sidecar.call(HEALTH_CHECK);
    expect(sidecar.session.remoteSettings.maxConcurrentStreams).toBe(100);
  });

  test('holds events above the limit of one pod until it has answered others', async () => {
    const held: Received[] = [];
    const pod = await podOf({ handle: (call) => held.push(call) });
    const running = await startProxy({ pods: [pod.host], podPort: pod.port, env: { DAPR_PROXY_MAX_IN_FLIGHT_PER_POD: '2' } });
    const answers = [1, 2, 3].map((at) => running.sidecar.call(TOPIC_EVENT, message(String(at))));
    await pod.got(2);
    await waiting(running, 1);
    expect(running.proxy.pending()).toEqual({ pending: 3, waiting: 1, inFlight: 2 });
    answer(held[0]!.stream);
    await pod.got(3);
    held.slice(1).forEach(({ stream }) => answer(stream));
    expect((await Promise.all(answers)).map(({ grpcStatus }) => grpcStatus)).toEqual(['0', '0', '0']);
  });

  test('respects the number of streams that the pod allows', async () => {
    const held: Received[] = [];
    const pod = await podOf({ handle: (call) => held.push(call), settings: { maxConcurrentStreams: 1 } });
    const running = await startProxy({ pods: [pod.host], podPort: pod.port });
    const answers = [1, 2].map((at) => running.sidecar.call(TOPIC_EVENT, message(String(at))));
    await pod.got(1);
    await waiting(running, 1);
    answer(held[0]!.stream);
    await pod.got(2);
    answer(held[1]!.stream);
    expect((await Promise.all(answers)).map(({ grpcStatus }) => grpcStatus)).toEqual(['0', '0']);
  });
});

describe('a pod that allows more streams later', () => {
  test('gets the events that wait for it', async () => {
    const pod = await podOf({ settings: { maxConcurrentStreams: 0 } });
    const running = await startProxy({ pods: [pod.host], podPort: pod.port });
    const answered = running.sidecar.call(TOPIC_EVENT);
    await running.logged('pods changed');
    await until(() => pod.sessions.size === 1);
    const [session] = [...pod.sessions];
    await new Promise((resolve) => session!.ping(resolve));
    expect(running.proxy.pending().waiting).toBe(1);
    session!.settings({ maxConcurrentStreams: 1 });
    expect((await answered).grpcStatus).toBe('0');
  });
});

describe('an event that equals a waiting one', () => {
  test.each([['topic', TOPIC_EVENT], ['job', JOB_EVENT]])('joins it: a %s event is handled once and answered twice', async (_kind, path) => {
    const pod = await podOf({ handle: ({ stream }) => answer(stream, { message: Buffer.from('once') }) });
    const running = await startProxy({ podPort: pod.port });
    const first = running.sidecar.call(path, message('same'));
    await waiting(running, 1);
    const second = running.sidecar.call(path, message('same'));
    const other = running.sidecar.call(path, message('different'));
    await waiting(running, 2);
    running.dns.orders = [pod.host];
    expect((await Promise.all([first, second, other])).map(({ body }) => body.subarray(5).toString())).toEqual(['once', 'once', 'once']);
    expect(pod.received).toHaveLength(2);
  });

  test('is still delivered when the first caller has gone', async () => {
    const pod = await podOf();
    const running = await startProxy({ podPort: pod.port });
    const cancel = new AbortController();
    const first = running.sidecar.call(TOPIC_EVENT, message('same'), {}, cancel.signal);
    await waiting(running, 1);
    const second = running.sidecar.call(TOPIC_EVENT, message('same'));
    await until(async () => (await running.metric('dapr_proxy_joined_total')).length > 0);
    cancel.abort();
    await first;
    running.dns.orders = [pod.host];
    expect((await second).grpcStatus).toBe('0');
  });

  test.each([['binding', BINDING_EVENT], ['invoke', ON_INVOKE]])('is handled on its own when it is a %s event: two equal messages are two', async (_kind, path) => {
    const running = await startProxy();
    void running.sidecar.call(path, message('same'));
    void running.sidecar.call(path, message('same'));
    await waiting(running, 2);
  });

  test('joins it also when it waits because its pod was lost', async () => {
    const lost = await podOf({ handle: () => undefined });
    const running = await startProxy({ pods: [lost.host], podPort: lost.port });
    const first = running.sidecar.call(TOPIC_EVENT, message('same'));
    await lost.got(1);
    running.dns.orders = [];
    await lost.close();
    await waiting(running, 1);
    const second = running.sidecar.call(TOPIC_EVENT, message('same'));
    await until(async () => (await running.metric('dapr_proxy_joined_total')).length > 0);
    expect(running.proxy.pending().waiting).toBe(1);
    const next = await podOf({ port: lost.port });
    running.dns.orders = [next.host];
    expect((await Promise.all([first, second])).map(({ grpcStatus }) => grpcStatus)).toEqual(['0', '0']);
    expect(next.received).toHaveLength(1);
  });

  test('joins it also while it backs off after a refusal', async () => {
    let open = false;
    const clock = new FakeClock();
    const pod = await podOf({ handle: ({ stream }) => open ? answer(stream) : stream.close(constants.NGHTTP2_REFUSED_STREAM) });
    const running = await startProxy({ pods: [pod.host], podPort: pod.port, deps: { clock } });
    const first = running.sidecar.call(TOPIC_EVENT, message('same'));
    await until(async () => (await running.metric('dapr_proxy_retries_total')).length > 0);
    const second = running.sidecar.call(TOPIC_EVENT, message('same'));
    await until(async () => (await running.metric('dapr_proxy_joined_total')).length > 0);
    open = true;
    await clock.advance(1000);
    expect((await Promise.all([first, second])).map(({ grpcStatus }) => grpcStatus)).toEqual(['0', '0']);
    expect(pod.received).toHaveLength(2);
  });

  test('is handled on its own when the first one is with a pod already', async () => {
    const held: Received[] = [];
    const pod = await podOf({ handle: (call) => held.push(call) });
    const running = await startProxy({ pods: [pod.host], podPort: pod.port });
    const answers = [running.sidecar.call(TOPIC_EVENT, message('same'))];
    await pod.got(1);
    answers.push(running.sidecar.call(TOPIC_EVENT, message('same')));
    await pod.got(2);
    held.forEach(({ stream }) => answer(stream));
    expect((await Promise.all(answers)).map(({ grpcStatus }) => grpcStatus)).toEqual(['0', '0']);
  });
});
