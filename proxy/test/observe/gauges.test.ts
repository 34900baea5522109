import { delaySeconds } from '../../src/observe/gauges';

describe('the delay of the event loop', () => {
  test.each([
    ['nothing measured yet', 511, 0],
    ['a tick on time', 20_000_000, 0],
    ['a tick 5 ms late', 25_000_000, 0.005],
  ])('is without the time between two ticks: %s', (_what, ns, seconds) => {
    expect(delaySeconds(ns)).toBeCloseTo(seconds, 9);
  });
});
