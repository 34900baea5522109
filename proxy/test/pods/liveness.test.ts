import { LATER_PING_MS, Liveness, PONG_MS, SILENCE_MS } from '../../src/pods/liveness';
import { FakeClock } from '../support/fake-clock';

const PEER_MS = 60_000;
const CHECK_MS = 1000;

function watch({ answers = true, calls = 1 } = {}) {
  const clock = new FakeClock();
  const seen = { pings: 0, suspended: [] as boolean[], dead: 0, calls };
  let pong: () => void = () => undefined;
  const liveness = new Liveness(clock, PEER_MS, {
    ping: (callback) => {
      seen.pings++;
      pong = callback;
      if (answers) callback();
      return true;
    },
    callsInFlight: () => seen.calls,
    suspended: (suspended) => seen.suspended.push(suspended),
    dead: () => seen.dead++,
  });
  return { clock, liveness, seen, pong: () => pong() };
}

describe('the watch over a connection', () => {
  test('sends no ping while frames come', async () => {
    const { clock, liveness, seen } = watch();
    liveness.sent();
    for (let at = 0; at < 20; at++) {
      await clock.advance(SILENCE_MS / 2);
      liveness.heard();
    }
    expect(seen.pings).toBe(0);
  });

  test('sends at most two pings between two frames, later ones five minutes apart', async () => {
    const { clock, liveness, seen } = watch();
    liveness.sent();
    await clock.advance(4 * SILENCE_MS);
    expect(seen.pings).toBe(2);
    await clock.advance(LATER_PING_MS);
    expect(seen.pings).toBe(3);
    liveness.heard();
    await clock.advance(2 * SILENCE_MS + 2 * CHECK_MS);
    expect(seen.pings).toBe(5);
  });

  test('counts the pings before a new call, since that call is not a frame of the pod', async () => {
    const { clock, liveness, seen } = watch();
    liveness.sent();
    await clock.advance(2 * SILENCE_MS + 2 * CHECK_MS);
    seen.calls = 0;
    await clock.advance(2 * CHECK_MS);
    seen.calls = 1;
    liveness.sent();
    await clock.advance(4 * SILENCE_MS);
    expect(seen.pings).toBe(2);
    await clock.advance(LATER_PING_MS);
    expect(seen.pings).toBe(3);
  });

  test('sends none without a call in flight, and its timer ends', async () => {
    const { clock, liveness, seen } = watch();
    liveness.sent();
    seen.calls = 0;
    await clock.advance(10 * SILENCE_MS);
    expect([seen.pings, clock.pause]).toEqual([0, undefined]);
  });

  test('suspends the pod after 10 s without a pong, and takes it back when it answers', async () => {
    const { clock, liveness, seen, pong } = watch({ answers: false });
    liveness.sent();
    await clock.advance(SILENCE_MS + PONG_MS + 2 * CHECK_MS);
    expect(seen.suspended).toEqual([true]);
    pong();
    expect([seen.suspended, seen.dead]).toEqual([[true, false], 0]);
  });

  test('takes any frame for a sign of life', async () => {
    const { clock, liveness, seen } = watch({ answers: false });
    liveness.sent();
    await clock.advance(SILENCE_MS + PONG_MS + 2 * CHECK_MS);
    liveness.heard();
    expect(seen.suspended).toEqual([true, false]);
  });

  test('gives the connection up after the peer timeout', async () => {
    const { clock, liveness, seen } = watch({ answers: false });
    liveness.sent();
    await clock.advance(SILENCE_MS + PEER_MS + 2 * CHECK_MS);
    expect([seen.dead, clock.pause]).toEqual([1, undefined]);
  });
});
