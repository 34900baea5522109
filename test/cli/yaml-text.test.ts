import fc from 'fast-check';
import { toYaml } from '../../src/cli/yaml-text';
import { readYaml } from '../../src/private/yaml/read-yaml';

const object = (data: unknown) => ({ apiVersion: 'v1', kind: 'ConfigMap', data });
const back = (text: string) => readYaml(text, 'f.yaml').map(({ value, problems }) => {
  expect(problems).toEqual([]);
  return value;
});

describe('YAML on standard output', () => {
  test('is text that people write, documents apart', () => {
    expect(toYaml([{ apiVersion: 'v1', kind: 'A', list: [{ a: 1, b: ['x'] }], empty: {}, none: null, lines: 'a\nb\n' }, { kind: 'B' }])).toBe([
      'apiVersion: v1', 'kind: A', 'list:', '  - a: 1', '    b:', '      - x', 'empty: {}', 'none: null', 'lines: |', '  a', '  b', '---', 'kind: B', '',
    ].join('\n'));
  });

  test.each([
    'yes', 'on', 'n', 'y', 'No', '1e3', '0o7', '0X1F', '0B1', '0o_7', '1_000', '012', '08', '1:30', '2001-01-01', '~', 'null', '', '<<', '=', '.inf', '.5', '1.', '-1', '0x1', 'true', '-_0', '0_x1', '-_.5', '\u00A0{x',
  ])('keeps the string %j a string', (text) => {
    expect(toYaml([{ a: text }])).toBe(`a: "${text}"\n`);
  });

  test('escapes characters at which parsers differ', () => {
    expect(toYaml([{ a: 'x\u2028\u0085\u007F\uFEFFy', b: '\uD800' }])).toBe('a: "x\\u2028\\u0085\\u007f\\ufeffy"\nb: "\\ud800"\n');
  });

  test.each([
    ['a tab in one line, which PyYAML refuses without quotes', 'x\ty', 'a: "x\\ty"\n'],
    ['a tab where kubectl looks for the indentation of a block', '\tgo build\nx', 'a: "\\tgo build\\nx"\n'],
    ['blanks before the first line, which a block loses', ' \nx', 'a: " \\nx"\n'],
    ['lines of blanks alone, of which a block keeps the ends only', '\n \n', 'a: "\\n \\n"\n'],
    ['a line that is a blank, in a text with a carriage return', `a\r\n \n${'x'.repeat(60)}`, `a: "a\\r\\n\\ \\n${'x'.repeat(60)}"\n`],
    ['characters that are none', '\uFFFE\uFFFF', 'a: "\\ufffe\\uffff"\n'],
  ])('quotes %s', (_, text, yaml) => {
    expect(toYaml([{ a: text }])).toBe(yaml);
  });

  test('writes a text with tabs as a block where every parser takes it', () => {
    expect(toYaml([{ Makefile: 'all:\n\tgo build\n' }])).toBe('Makefile: |\n  all:\n  \tgo build\n');
  });

  test('writes numbers with an exponent so that YAML 1.1 takes them for numbers', () => {
    expect(toYaml([{ a: [1e21, -1e21, 1e-7, 1.5e300, 100] }])).toBe('a:\n  - 1.0e+21\n  - -1.0e+21\n  - 1.0e-7\n  - 1.5e+300\n  - 100\n');
  });

  test('writes all digits of integers', () => {
    expect(toYaml([{ a: [-(2 ** 63), 2 ** 64, 18446744073709551615n, -0] }])).toBe('a:\n  - -9223372036854775808\n  - 18446744073709551616\n  - 18446744073709551615\n  - 0\n');
  });

  test('repeats equal parts instead of pointing at them', () => {
    const part = { a: [1] };
    expect(toYaml([{ x: part, y: part }])).not.toContain('&');
  });

  test('reads back the same, whatever it holds', () => {
    fc.assert(fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 }), { minLength: 1, maxLength: 3 }), (list) => {
      const plain = JSON.parse(JSON.stringify(list)) as object[];
      expect(JSON.stringify(back(toYaml(plain.map(object))), (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))).toBe(JSON.stringify(plain.map(object)));
    }), { numRuns: 200 });
  });

  test('reads back numbers that JavaScript cannot hold', () => {
    expect(back(toYaml(back('apiVersion: v1\nkind: X\na: 18446744073709551615\n')))).toEqual([{ apiVersion: 'v1', kind: 'X', a: 18446744073709551615n }]);
  });
});
