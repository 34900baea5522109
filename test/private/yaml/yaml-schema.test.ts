// How scalars are read, against what sigs.k8s.io/yaml v1.4.0 (kubectl's reader) makes of the same text, as JSON.
import { toPlain } from '../../../src/private/yaml/yaml-plain';
import { YamlSource } from '../../../src/private/yaml/yaml-source';

function read(text: string): unknown {
  const [[document]] = new YamlSource(text, 'f.yaml').documents();
  expect(document.errors).toEqual([]);
  return toPlain(document.contents);
}

function asJson(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

const BY_KUBECTL: [yaml: string, json: string][] = [
  ['yes', 'true'], ['Yes', 'true'], ['YES', 'true'], ['yEs', '"yEs"'], ['y', 'true'], ['Y', 'true'], ['on', 'true'], ['On', 'true'],
  ['off', 'false'], ['OFF', 'false'], ['no', 'false'], ['N', 'false'], ['n', 'false'], ['true', 'true'], ['True', 'true'], ['TRUE', 'true'],
  ['tRUE', '"tRUE"'], ['false', 'false'], ['~', 'null'], ['null', 'null'], ['Null', 'null'], ['NULL', 'null'], ['nULL', '"nULL"'], ['', 'null'],
  ['0o17', '15'], ['0O17', '15'], ['017', '15'], ['-017', '-15'], ['08', '8'], ['0778', '778'], ['0', '0'], ['00', '0'], ['-0', '0'],
  ['+1', '1'], ['1_000', '1000'], ['1__0', '10'], ['_1', '"_1"'], ['1_', '1'], ['0x1F', '31'], ['0X1f', '31'], ['0x_1', '1'], ['0x', '"0x"'],
  ['0b11', '3'], ['0B1', '1'], ['0b12', '"0b12"'], ['0o8', '"0o8"'], ['-0b1', '-1'], ['+0x1f', '31'], ['1.10', '1.1'], ['1.', '1'],
  ['.5', '0.5'], ['-.5', '-0.5'], ['+.5', '0.5'], ['.', '"."'], ['1e3', '1000'], ['1E3', '1000'], ['1e+3', '1000'], ['1.5e-3', '0.0015'],
  ['12e03', '12000'], ['1e', '"1e"'], ['.e1', '".e1"'], ['1_0.5', '10.5'], ['0.0', '0'], ['1e400', '"1e400"'], ['1,000', '"1,000"'],
  ['1:30', '"1:30"'], ['190:20:30', '"190:20:30"'], ['2001-01-01', '"2001-01-01"'],
  ['2001-12-14t21:59:43.10-05:00', '"2001-12-14t21:59:43.10-05:00"'], ['=', '"="'], ['<<', '"<<"'], ['0o_7', '7'],
  ['9007199254740993', '9007199254740993'], ['18446744073709551615', '18446744073709551615'], ['18446744073709551616', '18446744073709552000'],
  ['-9223372036854775809', '-9223372036854776000'], ['99999999999999999999', '100000000000000000000'], ['!!str 1', '"1"'], ['!!int "3"', '3'],
  ['!!float 3', '3'], ['!!bool "yes"', 'true'], ['!!null ""', 'null'], ['!!binary aGk=', '"hi"'], ['!foo bar', '"bar"'],
  ['!!timestamp 2001-01-01', '"2001-01-01"'], ['"yes"', '"yes"'], ['\'1\'', '"1"'], ['5m', '"5m"'], ['1Gi', '"1Gi"'], ['é', '"é"'], ['٣', '"٣"'],
  ['-_0', '0'], ['+_1', '1'], ['-_1.5', '-1.5'], ['-_', '"-_"'], ['-__0x1', '-1'], ['0_x1', '1'], ['0_o7', '7'], ['0__b1', '1'], ['-._5', '-0.5'], ['-_.5', '-0.5'],
  ['._1', '"._1"'], ['.5_', '".5_"'], ['.5_0', '0.5'], ['.5e1_0', '5000000000'], ['.5__0', '".5__0"'], ['.5e_1', '".5e_1"'], ['1._5', '1.5'], ['1e_5', '100000'], ['1e_', '"1e_"'], ['1_e5', '100000'], ['_.5', '"_.5"'],
  ['1 ', '1'], ['a#b', '"a#b"'], ['a #b', '"a"'],
];

describe('a scalar means what it means to kubectl', () => {
  test.each(BY_KUBECTL)('%s', (yaml, json) => {
    expect(asJson((read(`a: ${yaml}`) as { a: unknown }).a)).toBe(json);
  });

  test.each([['.inf', 'Infinity'], ['-.Inf', '-Infinity'], ['.nan', 'NaN']])('%s is refused, since JSON has no such number', (yaml, number) => {
    expect(() => read(`a: ${yaml}`)).toThrow(`${number} is not a number that JSON has`);
  });

  test('keys are read like values, and become their text', () => {
    expect(read('y: 1\nn: 2\n010: 3\n1.10: 4\n"q": 5')).toEqual({ true: 1, false: 2, 8: 3, 1.1: 4, q: 5 });
  });

  test('a directive does not change the version', () => {
    expect(read('%YAML 1.2\n---\na: yes\nb: 010')).toEqual({ a: true, b: 8 });
  });
});

describe('merge keys', () => {
  test.each([
    ['take an object', 'a: &x {b: 1}\nc:\n  <<: *x\n  d: 2', { a: { b: 1 }, c: { b: 1, d: 2 } }],
    ['give way to keys of the object itself, wherever they stand', 'a: &x {b: 1}\nc:\n  b: 2\n  <<: *x', { a: { b: 1 }, c: { b: 2 } }],
    ['take a list, whose first object wins', 'c:\n  <<: [{a: 1, b: 2}, {a: 3, d: 4}]', { c: { a: 1, b: 2, d: 4 } }],
    ['are keys like any other when quoted', 'a: &x {b: 1}\nc:\n  "<<": *x', { a: { b: 1 }, c: { '<<': { b: 1 } } }],
  ])('%s', (_, yaml, expected) => {
    expect(read(yaml)).toEqual(expected);
  });
});

test('__proto__ as a key makes a field and no prototype', () => {
  const value = read('__proto__: {a: 1}') as object;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});
