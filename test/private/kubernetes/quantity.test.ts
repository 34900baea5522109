import { parseQuantity } from '../../../src/private/kubernetes/syntax';

test.each([
  ['1', 1], ['+0.5', 0.5], ['.5', 0.5], ['-2', -2], ['100m', 0.1], ['3u', 3e-6], ['4n', 4e-9], ['1k', 1e3], ['1M', 1e6], ['2G', 2e9], ['1T', 1e12], ['1P', 1e15], ['1E', 1e18],
  ['1Ki', 1024], ['1.5Gi', 1.5 * 2 ** 30], ['1Ei', 2 ** 60], ['1e3', 1e3], ['2E-2', 0.02],
])('%s is the quantity %d', (text, amount) => {
  expect(parseQuantity(text)).toBeCloseTo(amount, 12);
});

test.each(['', 'm', '1 Gi', '1mi', '1KB', '1e', 'half', '1.2.3', '0x10'])('%j is not a quantity', (text) => {
  expect(parseQuantity(text)).toBeUndefined();
});
