import { choose, ejectionMs, retryDelayMs } from '../../src/pods/balancer';

const pod = (name: string, inFlight: number, more: { ejectedUntil?: number } = {}) => ({ name, inFlight, capacity: 10, ejectedUntil: 0, ...more });

/** Gives the numbers in turn. */
const numbers = (...values: number[]) => () => values.shift() ?? 0;

describe('the choice of a pod', () => {
  test('is the less busy of two picks, which are never the same pod', () => {
    const pods = [pod('a', 3), pod('b', 1), pod('c', 0)];
    for (let first = 0; first < 1; first += 0.1) {
      for (let second = 0; second < 1; second += 0.1) {
        expect(choose(pods, 0, numbers(first, second))!.name).not.toBe('a');
      }
    }
  });

  test('never falls on a pod without room, and is nothing when none has', () => {
    expect(choose([pod('a', 10), pod('b', 9)], 0, Math.random)!.name).toBe('b');
    expect(choose([pod('a', 10), pod('b', 10)], 0, Math.random)).toBeUndefined();
    expect(choose([pod('a', 10)], 0, Math.random)).toBeUndefined();
    expect(choose([], 0, Math.random)).toBeUndefined();
  });

  test('leaves out ejected pods until their time is over', () => {
    const pods = [pod('a', 0, { ejectedUntil: 100 }), pod('b', 5)];
    expect(choose(pods, 99, numbers(0, 0))!.name).toBe('b');
    expect(choose(pods, 100, numbers(0, 0))!.name).toBe('a');
  });

  test('waits for a busy healthy pod rather than taking an ejected one', () => {
    expect(choose([pod('a', 0, { ejectedUntil: 100 }), pod('b', 10)], 0, Math.random)).toBeUndefined();
  });

  test('falls on an ejected pod when all are', () => {
    expect(choose([pod('a', 10, { ejectedUntil: 100 }), pod('b', 0, { ejectedUntil: 100 })], 0, Math.random)!.name).toBe('b');
  });

  test('avoids the pod that lost the event where there is another', () => {
    const [a, b] = [pod('a', 0), pod('b', 9)];
    expect(choose([a, b], 0, Math.random, a)).toBe(b);
    expect(choose([a], 0, Math.random, a)).toBe(a);
  });
});

describe('waiting times', () => {
  test('between attempts are 20 ms doubling to 500 ms, at least half of it', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((failures) => retryDelayMs(failures, () => 1))).toEqual([20, 40, 80, 160, 320, 500, 500]);
    expect(retryDelayMs(1, () => 0)).toBe(10);
  });

  test('of an ejection are 1 s doubling to 30 s', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map(ejectionMs)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });
});
