import { readFileSync } from 'node:fs';
import { bundleOf, imageTag } from '../../../src/private/image/bundle';

jest.mock('node:fs', () => ({ ...jest.requireActual<object>('node:fs'), readFileSync: jest.fn() }));
const read = readFileSync as unknown as jest.Mock;

test('a checkout without the bundle says how to make it', () => {
  read.mockImplementation(() => { throw new Error('ENOENT'); });
  expect(() => bundleOf()).toThrow('the bundled dapr-proxy is missing from this package; in a checkout run "npm run bundle:proxy"');
});

test('a bundle that names no version is refused', () => {
  read.mockReturnValue('x'.repeat(20_000));
  expect(() => bundleOf()).toThrow('the bundled dapr-proxy names no version; run "npm run bundle:proxy" again');
});

test('the bundle is named by version and hash, and read once', () => {
  read.mockClear();
  read.mockReturnValue('var v="1.2.3+0123456789ab"');
  expect(bundleOf()).toEqual({
    configMapName: 'dapr-proxy-0123456789ab', fileName: 'index.js', version: '1.2.3-0123456789ab', text: 'var v="1.2.3+0123456789ab"',
  });
  expect(imageTag()).toBe('1.2.3-0123456789ab');
  expect(imageTag('node:22')).toBe('1.2.3-0123456789ab-8a02eda3');
  expect(read).toHaveBeenCalledTimes(1);
});
