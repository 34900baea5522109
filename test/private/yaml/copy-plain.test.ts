import { formatProblem, Problems } from '../../../src/private/problem/problem';
import { copyPlain } from '../../../src/private/yaml/copy-plain';
import { deepFreeze } from '../../support/functions';

function copied(value: unknown): { copy: unknown; problems: string[] } {
  const problems = new Problems();
  const copy = copyPlain(value, problems);
  return { copy, problems: problems.all.map(formatProblem) };
}

class Foreign {
  public readonly field = 1;
}

describe('copyPlain', () => {
  test('plain data comes out equal, and shares nothing with the input', () => {
    const value = { a: [1, 'x', true, null === undefined ? 0 : { b: {} }], c: null };
    const { copy, problems } = copied(value);
    expect(problems).toEqual([]);
    expect(copy).toEqual(value);
    expect(copy).not.toBe(value);
    expect((copy as typeof value).a).not.toBe(value.a);
  });

  test('deep-frozen input, and objects without prototype, are copied into ordinary objects that can be changed', () => {
    const bare = Object.assign(Object.create(null) as object, { a: [{ b: 1 }] });
    const { copy, problems } = copied(deepFreeze(bare));
    expect(problems).toEqual([]);
    expect(copy).toStrictEqual({ a: [{ b: 1 }] });
    expect(Object.isFrozen(copy)).toBe(false);
  });

  test('undefined fields are absent, as TypeScript callers mean it', () => {
    expect(copied({ a: undefined, b: 1 })).toEqual({ copy: { b: 1 }, problems: [] });
    expect(copied(undefined)).toEqual({ copy: undefined, problems: [] });
  });

  test('minus zero becomes zero', () => {
    expect(Object.is((copied({ a: -0 }).copy as { a: number }).a, 0)).toBe(true);
  });

  test.each([
    ['null in a list', [null], ['[0]: must not be null: remove the item, or give it a value']],
    ['a hole in a list', Object.assign([], { length: 1 }), ['[0]: must not be null: remove the item, or give it a value']],
    ['NaN', { a: NaN }, ['a: must be a finite number, got NaN']],
    ['infinity', { a: -Infinity }, ['a: must be a finite number, got -Infinity']],
    ['a BigInt', { a: 10n }, ['a: 10 is too large a number; if it is text, quote it: "10"']],
    ['a symbol', { a: Symbol('x') }, ['a: must be plain data, got a symbol']],
    ['a function', { a: () => 1 }, ['a: must be plain data, got a function']],
    ['a symbol as key', { [Symbol('x')]: 1 }, ['.: must be plain data, got a key that is a symbol']],
    ['a Date', { a: new Date(0) }, ['a: must be plain data, got a Date']],
    ['a Map', { a: new Map() }, ['a: must be plain data, got a Map']],
    ['an instance of a class', { a: new Foreign() }, ['a: must be plain data, got a Foreign']],
    ['an instance of a class without a name', { a: new (class {})() }, ['a: must be plain data, got an instance of a class']],
    ['a String object', { a: new Object('x') }, ['a: must be plain data, got a String']],
    ['__proto__ as key', JSON.parse('{"a": {"__proto__": 1}}'), ['a.__proto__: cannot be used as a key']],
    ['constructor as key, which cdk8s cannot emit', { constructor: 1 }, ['constructor: cannot be used as a key']],
    ['a getter that throws', { get a() { throw new Error('no'); } }, ['.: cannot be read: a getter or proxy throws']],
    ['a proxy that throws', { a: new Proxy({}, { ownKeys: () => { throw new TypeError('no'); } }) }, ['a: cannot be read: a getter or proxy throws']],
  ])('%s is a problem with its path', (_, value, expected) => {
    expect(copied(value).problems).toEqual(expected);
  });

  test('an object that contains itself is a problem, one that is used in two places is not', () => {
    const cycle: Record<string, unknown> = {};
    cycle.a = { b: cycle };
    expect(copied(cycle)).toEqual({ copy: { a: {} }, problems: ['a.b: contains itself'] });
    const shared = { x: 1 };
    expect(copied([shared, shared])).toEqual({ copy: [{ x: 1 }, { x: 1 }], problems: [] });
  });

  test('100 levels are copied, 101 are a problem', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
    expect(copied(nested(100)).problems).toEqual([]);
    expect(copied(nested(101)).problems).toEqual(['a.a.a.a.a: is nested deeper than 100 levels']);
    expect(copied(nested(5000)).problems).toEqual(['a.a.a.a.a: is nested deeper than 100 levels']);
  });

  test('100,000 values are copied, one more is a problem, and an exponential graph ends there too', () => {
    expect(copied(new Array(99_999).fill(1)).problems).toEqual([]);
    expect(copied(new Array(100_000).fill(1)).problems).toEqual(['.: has more than 100000 values, the first too many at [99999]']);
    let graph: unknown = 'x';
    for (let level = 0; level < 60; level++) graph = { a: graph, b: graph };
    expect(copied(graph).problems).toHaveLength(1);
    expect(copied(Object.assign([], { length: 4_000_000_000 })).problems.length).toBeGreaterThan(0);
  });

  test('an object that jsii has marked, as other languages send them, is plain data', () => {
    const marked = Object.defineProperty({ a: 1, [Symbol.for('$jsii$wireType$')]: 'map' }, Symbol.for('$__jsii__objid__$'), { value: 'Object@10001' });
    const problems = new Problems();
    expect(copyPlain(marked, problems)).toEqual({ a: 1 });
    expect(problems.all).toEqual([]);
  });
});
