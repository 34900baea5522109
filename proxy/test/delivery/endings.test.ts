import { constants } from 'node:http2';
import { answer, Received, TOPIC_EVENT } from '../support/h2';
import { cleanUp, podOf, startProxy, until } from '../support/harness';

afterEach(cleanUp);

describe('a call that takes too long', () => {
  test('that the pod ends at the deadline, before the proxy does, is UNAVAILABLE, not repeated, and no failure of the pod', async () => {
    const endsEarly = ({ stream, headers }: Received) => {
      setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), Number.parseInt(String(headers['grpc-timeout']), 10) - 5);
    };
    const pod = await podOf({ handle: endsEarly });
    const { sidecar, metric } = await startProxy({ pods: [pod.host], podPort: pod.port });
    expect((await sidecar.call(TOPIC_EVENT, undefined, { 'grpc-timeout': '120m' })).grpcStatus).toBe('14');
    expect(pod.received).toHaveLength(1);
    expect(await metric('dapr_proxy_retries_total')).toEqual([]);
  });

  test('is cancelled at the pod at its deadline', async () => {
    const pod = await podOf({ handle: () => undefined });
    const { sidecar } = await startProxy({ pods: [pod.host], podPort: pod.port });
    const answered = sidecar.call(TOPIC_EVENT, undefined, { 'grpc-timeout': '80m' });
    await pod.got(1);
    const { stream } = pod.received[0]!;
    expect((await answered).grpcStatus).toBe('14');
    await until(() => stream.destroyed);
    expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL);
  });

  test('is UNAVAILABLE at the function timeout and not repeated', async () => {
    const pod = await podOf({ handle: () => undefined });
    const { sidecar } = await startProxy({ pods: [pod.host], podPort: pod.port, env: { DAPR_PROXY_FUNCTION_TIMEOUT: '50ms' } });
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('14');
    expect(pod.received).toHaveLength(1);
  });

  test('is cancelled at the pod when the caller cancels', async () => {
    const pod = await podOf({ handle: () => undefined });
    const { sidecar, proxy } = await startProxy({ pods: [pod.host], podPort: pod.port });
    const cancel = new AbortController();
    const answered = sidecar.call(TOPIC_EVENT, undefined, {}, cancel.signal);
    await pod.got(1);
    cancel.abort();
    await answered;
    await until(() => pod.received[0]!.stream.destroyed);
    await until(() => proxy.pending().pending === 0);
  });
});

describe('a pod that worked and is gone', () => {
  test('is ejected while others work, and used again when it is the last one', async () => {
    const first = await podOf({ host: '127.0.0.2' });
    const second = await podOf({ host: '127.0.0.3', port: first.port });
    const { sidecar, dns, logged, proxy } = await startProxy({ pods: ['127.0.0.2', '127.0.0.3'], podPort: first.port });
    await until(async () => {
      await sidecar.call(TOPIC_EVENT);
      return first.received.length > 0 && second.received.length > 0;
    });
    await first.close();
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('0');
    await logged('pod ejected');
    const back = await podOf({ host: '127.0.0.2', port: first.port });
    dns.orders = ['127.0.0.2'];
    await second.close();
    await until(async () => {
      await sidecar.call(TOPIC_EVENT);
      return back.received.length > 0;
    });
    expect(proxy.pending().pending).toBe(0);
  });

  test('finishes its calls when its address leaves', async () => {
    const held: Received[] = [];
    const old = await podOf({ host: '127.0.0.2', handle: (call) => held.push(call) });
    const next = await podOf({ host: '127.0.0.3', port: old.port });
    const { sidecar, dns, log } = await startProxy({ pods: ['127.0.0.2'], podPort: old.port });
    const answered = sidecar.call(TOPIC_EVENT);
    await old.got(1);
    dns.orders = ['127.0.0.3'];
    await until(() => log.some(({ message, pods }) => message === 'pods changed' && pods === '127.0.0.3'));
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('0');
    expect(next.received).toHaveLength(1);
    answer(held[0]!.stream);
    expect((await answered).grpcStatus).toBe('0');
    await until(() => old.sessions.size === 0);
  });
});
