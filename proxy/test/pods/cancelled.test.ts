import { setMaxListeners } from 'node:events';
import { ResetAllowance, RESETS_AT_ONCE } from '../../src/pods/reset-allowance';
import { FakeClock } from '../support/fake-clock';
import { answer, Received, startPod, TOPIC_EVENT } from '../support/h2';
import { cleanUp, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

/** node:http2 ends a connection on which more calls than this are reset. */
const TAKEN_FOR_AN_ATTACK = 1000;

describe('many events that Dapr cancels', () => {
  test('cost the pod no connection that has other events, and none of those is delivered twice', async () => {
    const held: Received[] = [];
    const pod = await startPod({ handle: (call) => call.body.includes('cancelled') || held.push(call) });
    onCleanup(pod.close);
    const { sidecar, proxy, log, metric } = await startProxy({ pods: [pod.host], podPort: pod.port });
    const kept = sidecar.call(TOPIC_EVENT, Buffer.from('kept'));
    await pod.got(1);
    const first = held[0]!.session;
    const calls = 1.2 * TAKEN_FOR_AN_ATTACK;
    for (let at = 0; at < calls; at += 50) {
      const cancel = new AbortController();
      setMaxListeners(0, cancel.signal);
      const some = Array.from({ length: 50 }, (_, one) => sidecar.call(TOPIC_EVENT, Buffer.from(`cancelled ${at + one}`), {}, cancel.signal));
      await pod.got(1 + at + 50);
      cancel.abort();
      await Promise.all(some);
    }
    await until(() => proxy.pending().pending === 1);
    expect([first.closed, held.length]).toEqual([false, 1]);
    answer(held[0]!.stream);
    expect((await kept).grpcStatus).toBe('0');
    expect(await metric('dapr_proxy_retries_total')).toEqual([]);
    expect(log.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
    // Connections without such events are closed with all that was cancelled on them.
    await until(() => pod.sessions.size <= 1);
  });
});

describe('the resets of one connection', () => {
  test('are a hundred at once, then three each second', async () => {
    const clock = new FakeClock();
    const allowance = new ResetAllowance(clock);
    const taken = () => {
      let count = 0;
      while (allowance.take()) count++;
      return count;
    };
    const counts = [taken()];
    for (const ms of [1000, 10_000, 3_600_000]) {
      await clock.advance(ms);
      counts.push(taken());
    }
    expect(counts).toEqual([RESETS_AT_ONCE, 3, 30, RESETS_AT_ONCE]);
  });
});
