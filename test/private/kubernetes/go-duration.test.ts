import { isGoDuration, parseGoDuration } from '../../../src/private/kubernetes/syntax';

describe('a Go duration', () => {
  test.each([
    ['0', 0], ['300ms', 0.3], ['90s', 90], ['1.5h', 5400], ['1h30m', 5400], ['.5s', 0.5], ['1.s', 1], ['1m0.5s', 60.5], ['-2m', -120], ['+3s', 3],
    ['1us', 1e-6], ['1µs', 1e-6], ['1μs', 1e-6], ['1000ns', 1e-6],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseGoDuration(text)).toBeCloseTo(seconds, 9);
  });

  test.each([[''], ['30'], ['s'], ['1 s'], ['1d'], ['1h30'], ['.s'], ['--1s'], ['1e3s'], ['9999999h'], ['x1s'], ['1s\n']])('%j is none', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
    expect(isGoDuration(text)).toBe(false);
  });
});
