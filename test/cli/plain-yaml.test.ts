import { toYaml, toYamlOfLibrary, yamlPieces } from '../../src/cli/yaml-text';
import { oddObject, randomFrom } from '../support/odd-objects';

class Money {
  public readonly amount = 5;
}

const WORDS = ['null', 'true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n', '.inf', '-.inf', '+.inf', '.nan', '-.nan'];
const SPELLINGS = [
  ...WORDS.flatMap((word) => [word, word.toUpperCase(), word.replace(/[a-z]/, (letter) => letter.toUpperCase()), `${word}1`]),
  ...['', 'T', 't', ' ', '\t'].flatMap((before) => ['', 'Z', ' Z', '.5', '-5', '+05:30', '+5:3'].map((zone) => `2001-1-14${before}1:59:43${zone}`)),
  '2001-12-14', '20011-12-14', '2001-12-14 ', '190:20:30.15', '190:60', '0x_', '0X_', '0x_1_', '0b_', '0B_1', '0o_7_', '0o8', '1.2.3', '1e1_0', '.e1_0', '.5e_', '256Mi', '30s',
];

describe('The writer of plain objects', () => {
  test('gives the bytes of the library for plain data of any content', () => {
    for (let seed = 1; seed <= 5_000; seed++) {
      const object = oddObject(randomFrom(seed));
      expect(toYaml([object])).toBe(toYamlOfLibrary(object));
    }
  });

  test.each<[string, unknown, string]>([
    ['an instance of a class', { a: new Money() }, 'a:\n  amount: 5\n'],
    ['a date', { a: new Date(0) }, 'a: "1970-01-01T00:00:00.000Z"\n'],
    ['a Map', { a: new Map([['b', 1]]) }, 'a:\n  b: 1\n'],
    ['a list that is not an object', ['x'], '- x\n'],
    ['a value with a form of its own in JSON', { a: { toJSON: () => 'x' } }, 'a: x\n'],
    ['a list with a gap', { a: [undefined, 1] }, 'a:\n  - undefined\n  - 1\n'],
    ['a key of 1,030 characters', { ['k'.repeat(1030)]: 1 }, `? ${'k'.repeat(1030)}\n: 1\n`],
    ['fields that are undefined', { a: { b: undefined }, c: undefined }, 'a: {}\n'],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), 'a: 1\n'],
  ])('writes %s as the library does', (_, value, text) => {
    expect([toYaml([value]), toYamlOfLibrary(value)]).toEqual([text, text]);
  });

  test('puts in quotes the texts that the library does, of up to three of the characters that numbers and dates are made of', () => {
    const characters = [...'-+.019eExXoObB_:~=<tTZ '];
    const longer = (texts: readonly string[]) => texts.flatMap((text) => characters.map((character) => text + character));
    const [two, three] = [longer(characters), longer(longer(characters))];
    const map = Object.fromEntries([...characters, ...two, ...three, ...SPELLINGS].map((text, index) => [`k${index}`, text]));
    expect(toYaml([map])).toBe(toYamlOfLibrary(map));
  });

  test('writes the same in pieces', () => {
    const objects = Array.from({ length: 3_000 }, (_, seed) => oddObject(randomFrom(seed)));
    const pieces = [...yamlPieces(objects)];
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(toYaml(objects));
    expect([...yamlPieces([])]).toEqual([]);
  });
});
