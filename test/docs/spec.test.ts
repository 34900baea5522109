// The rules of docs/spec: numbered in order, each guarded by a test that exists, and cited by numbers that exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { cellsOf, pageText, ROOT } from './markdown';
import { titlesIn } from './titles';

interface Rule {
  readonly number: string;
  readonly words: ReadonlySet<string>;
  /** From what the operator does. */
  readonly differs: boolean;
  /** A test file or the folder of a golden case, and titles in it. */
  readonly guards: readonly { readonly place: string; readonly titles: readonly string[] }[];
}

const PAGES: [page: string, letter: string][] = [['docs/spec/function-mapping.md', 'M'], ['docs/spec/dapr-proxy.md', 'P']];
/** A path below the folders of tests; anything else in backquotes is a title. */
const PLACE = /^(?:proxy\/)?test\/\S+$/;

function rulesOf(page: string): Rule[] {
  // An item ends with its list of guards: at the next one, or at an empty line.
  const items = pageText(page).split(/^(?=- \*\*)|\n\n/m).filter((part) => part.startsWith('- **'));
  return items.map((item) => {
    const [head, ...guards] = item.split(/^ {2}- /m);
    return { number: /\*\*(.*?)\*\*/.exec(head)![1], words: wordsOf(head), differs: /Differs\s+from\s+the\s+operator/.test(head), guards: guards.map(guardOf) };
  });
}

/** Without endings, so that `Services` is `service`. */
function wordsOf(text: string): Set<string> {
  return new Set((text.toLowerCase().match(/[a-z][a-z0-9_]{2,}/g) ?? []).map((word) => word.replace(/(ies|es|s|ed|ing)$/, '')));
}

function guardOf(text: string): Rule['guards'][number] {
  const [first, ...titles] = [...text.matchAll(/(`+) ?(.+?) ?\1(?!`)/gs)].map(([, , code]) => code);
  return { place: first, titles };
}

const RULES = PAGES.flatMap(([page]) => rulesOf(page));

describe.each(PAGES)('%s', (page, letter) => {
  const rules = rulesOf(page);

  test('numbers its rules in order, a later one between two as M12a', () => {
    const numbers = rules.map(({ number }) => number);
    expect(numbers.filter((number) => !new RegExp(`^${letter}[1-9]\\d*[a-z]?$`).test(number))).toEqual([]);
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one.localeCompare(other, 'en', { numeric: true })));
    expect(numbers[0]).toBe(`${letter}1`);
  });

  test.each(rules.map((rule): [string, Rule] => [rule.number, rule]))('%s is guarded by tests that exist', (_, { guards }) => {
    expect(guards).not.toEqual([]);
    for (const { place, titles } of guards) {
      expect(place).toMatch(PLACE);
      expect([place, existsSync(path.join(ROOT, place))]).toEqual([place, true]);
      if (!place.endsWith('.ts')) expect(existsSync(path.join(ROOT, place, 'expected.yaml'))).toBe(true);
      else expect({ place, missing: missing(place, titles) }).toEqual({ place, missing: [] });
    }
  });
});

function missing(file: string, titles: readonly string[]): string[] {
  const known = titlesIn(file);
  return titles.length === 0 ? ['a title'] : titles.filter((title) => !known.has(title));
}

describe('the migration guide', () => {
  const cited = pageText('docs/guides/migration.md').split('\n').map(cellsOf).filter((row) => row?.length === 5 && /^M\d/.test(row[4]))
    .map((row) => ({ what: row![0], words: [...wordsOf(row!.slice(0, 4).join(' '))], rules: row![4].split(', ') }));

  // The rules that have most of a row's words, and the rarer ones above all.
  const weights = new Map(RULES.flatMap(({ words }) => [...words]).map((word) => [word, Math.log(RULES.length / RULES.filter(({ words }) => words.has(word)).length)]));
  const nearestOf = (row: readonly string[]): string[] => RULES
    .map(({ number, words }) => ({ number, score: row.reduce((sum, word) => sum + (words.has(word) ? weights.get(word)! : 0), 0) }))
    .sort((one, other) => other.score - one.score).slice(0, 12).map(({ number }) => number);

  test('says in each row what the rules say that it names', () => {
    const wrong = cited.map(({ what, words, rules }) => ({ what, far: rules.filter((rule) => !nearestOf(words).includes(rule)) }));
    expect(wrong.filter(({ far }) => far.length > 0)).toEqual([]);
  });

  test('would not pass with the rules of another row, but for rows about the same thing', () => {
    const all = [...new Set(cited.flatMap(({ rules }) => rules))];
    const swaps = cited.flatMap(({ words, rules }) => {
      const near = nearestOf(words);
      return all.filter((rule) => !rules.includes(rule)).map((rule) => near.includes(rule));
    });
    expect(swaps.filter((passes) => passes).length / swaps.length).toBeLessThan(0.1);
  });

  test('names in each row of its tables of differences a rule that exists', () => {
    const known = new Set(RULES.map(({ number }) => number));
    const rows = pageText('docs/guides/migration.md').split(/^\| what \| the operator .*$/m).slice(1)
      .flatMap((table) => table.split('\n\n')[0].split('\n').slice(2)).filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(50);
    expect(cited.map(({ what }) => what)).toEqual(rows.map((row) => cellsOf(row)![0]));
    expect(cited.flatMap(({ what, rules }) => rules.filter((rule) => !known.has(rule)).map((rule) => `${what}: ${rule}`))).toEqual([]);
  });

  test('has a row for every rule that differs from the operator', () => {
    const differing = RULES.filter(({ differs }) => differs).map(({ number }) => number);
    expect(differing.length).toBeGreaterThan(30);
    const named = new Set(cited.flatMap(({ rules }) => rules));
    expect(differing.filter((number) => !named.has(number))).toEqual([]);
  });
});

test('sources and tests cite rules that exist', () => {
  const known = new Set(RULES.map(({ number }) => number));
  const cited = ['src', 'proxy/src', 'proxy/test', 'test', 'bench'].flatMap(sourcesBelow).flatMap((file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    return [...text.matchAll(/docs\/spec ((?:[MP]\d+[a-z]?(?:, | to | and )?)+)/g)].flatMap(([, list]) => list.match(/[MP]\d+[a-z]?/g)!.map((number) => `${file}: ${number}`));
  });
  expect(cited.length).toBeGreaterThan(0);
  expect(cited.filter((place) => !known.has(place.split(': ')[1]))).toEqual([]);
});

function sourcesBelow(folder: string): string[] {
  const files = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /\.(ts|go|mjs)$/.test(file)).map((file) => path.posix.join(folder, file));
}
