import { inspect } from 'node:util';
import { failOn, ProblemsError } from '../../../src/private/problem/problem';

test('the stack has the places of the program that called, at most three, and none inside of the library', () => {
  const call = () => failOn('shop/orders', [{ severity: 'error', path: ['image'], message: 'must not be empty' }]);
  let thrown: Error | undefined;
  try {
    call();
  } catch (error) {
    thrown = error as Error;
  }
  const [name, problem, ...frames] = thrown!.stack!.split('\n');
  expect([name, problem]).toEqual(['ProblemsError: shop/orders: 1 problem', '  image: must not be empty']);
  expect(frames.length).toBeLessThanOrEqual(3);
  expect(frames[0]).toContain('problems-error.test.ts');
  expect(frames.filter((frame) => /[/\\]src[/\\]/.test(frame))).toEqual([]);
});

describe('the error of several problems', () => {
  const error = new ProblemsError([
    { where: 'shop/orders', problems: [
      { severity: 'error', path: ['serving', 'triggers', 'http', 'port'], message: '70000 is outside 1..65535' },
      { severity: 'error', path: ['image'], message: 'must not be empty' },
    ] },
  ]);

  test('says each of them in a line, sorted by path', () => {
    expect(error.message).toBe('shop/orders: 2 problems\n  image: must not be empty\n  serving.triggers.http.port: 70000 is outside 1..65535');
  });

  test('is printed once by Node where it is not caught, and keeps its groups for code that catches it', () => {
    expect(inspect(error)).toBe(error.stack);
    expect(error.groups).toHaveLength(1);
  });
});
