import { onlyFunction } from '../../src/private/input/only-function';
import { v1beta2 } from '../support/functions';
import { problemsOf } from '../support/synth';

test('a text that cannot be read is refused with its own problem', () => {
  expect(problemsOf(() => onlyFunction(Buffer.from('a: [b'), 'f.yaml'))).toHaveLength(1);
});

test('a text with one function gives it, with its places', () => {
  const { value, position } = onlyFunction(Buffer.from(JSON.stringify(v1beta2())), 'f.json');
  expect(value).toEqual(v1beta2());
  expect(position?.(['image'])).toEqual({ file: 'f.json', line: 1, column: expect.any(Number) as number });
});
