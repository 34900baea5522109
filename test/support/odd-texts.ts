/** YAML as people write it, well and badly; the same seed gives the same text. */
import { oddText, Random } from './odd-objects';

const KEYS = ['apiVersion', 'kind', 'metadata', 'name', 'a', 'b', 'spec', '"quoted key"', 'y', 'on', '<<', '1', '"__proto__"', 'a/b.c', 'a-b', 'a b', 'null', '? a', '"a"', 'e1'];
const VALUES = [
  'x', 'v1', '1', '1.5', '0o17', '017', '0x1F', '1_0', '1e3', '.5', '.inf', '-.inf', '.nan', '1e999', 'true', 'yes', 'on', 'null', '~', '', '', '', '', '""', "''", '"a b"', '"a\\nb"', '"a\\x41"', '"a # b"', "'it''s'", "'a' # c",
  '"a" #c', '"a"#c', 'a # c', 'a #c ', 'a#c', '# c', '#c', 'a: b', 'a:', 'a:b', 'http://x/y?z', '- a', '-a', '-', '--', '---', '...', '? x', '?x', ':x', '|', '|-', '|+', '|2', '>', '>-', '| # c', '{}', '[]', '{ }', '[ ]', '[a]',
  '[a, b]', '["a", "b c"]', '[a,b]', '[a, ]', '[, a]', '[1, yes, ~]', '{a: b}', '{ a: b, c: 1 }', '{a: b, a: c}', '{y: 1}', '{a:b}', '{a: "b, c"}', '{a: "b: c"}', '[[a]]', '{a: {b: c}}', '["a","b"] # c', '{a}', '&a b', '*a', '!!str 1',
  '!x', '@a', '`a', '%a', '"open', "'open", '"a" b', 'a\tb', '日本', 'a\u00A0b', '\u00A0', 'a, b', 'a [b]', 'a {b}', '=', '<<', '18446744073709551615', '99999999999999999999', '0.1', '+1', '-1', '08', '1:30', '2001-01-01', 'a\\nb',
];

/** One in so many is odd. */
type Oddity = number;

function value(random: Random, oddity: Oddity): string {
  if (random(oddity) > 0) return `word${random(9)}`;
  return random(9) === 0 ? oddText(random).replaceAll('\n', ' ') : VALUES[random(VALUES.length)];
}

const EXTRA = ['', '  ', '# comment', '    # comment', '---', '--- # x', '...', '%YAML 1.2', 'text', '  text', '      text', ' x: 1', '\tx', '- z', '  - z', 'key: 1', '- ', '   ', '}', ']'];

function lines(random: Random, oddity: Oddity, indent: number, depth: number): string[] {
  const pad = ' '.repeat(indent);
  const isList = random(3) === 0;
  return Array.from({ length: 1 + random(4) }, (_, index) => {
    const key = random(2 * oddity) > 0 ? `k${index}` : KEYS[random(KEYS.length)];
    const step = random(oddity) > 0 ? 2 : random(5);
    const head = isList ? '-' : `${key}:`;
    if (depth > 3 || random(3) === 0) return [`${pad}${head} ${value(random, oddity)}`.replace(/ $/, random(3) === 0 ? ' ' : '')];
    const below = lines(random, oddity, indent + step, depth + 1);
    const isInline = isList && step > 1 && random(2) === 0;
    if (isInline) return [`${pad}-${' '.repeat(step - 1)}${below[0].trimStart()}`, ...below.slice(1)];
    if (random(5) > 0) return [`${pad}${head}`, ...below];
    const text = Array.from({ length: 1 + random(4) }, () => (random(4) === 0 ? ' '.repeat(random(6)) : `${pad}${' '.repeat(step + (random(4 * oddity) === 0 ? random(3) : 0))}${value(random, oddity)}`));
    return [`${pad}${head} ${random(2) === 0 ? '|' : '|-'}`, ...text];
  }).flat();
}

export function oddYaml(random: Random): string {
  const oddity = 1 + random(6) ** 3;
  const text = lines(random, oddity, random(20) === 0 ? 2 : 0, 0);
  for (let count = random(4) > 0 ? 0 : random(3); count > 0; count--) text.splice(random(text.length + 1), 0, EXTRA[random(EXTRA.length)]);
  if (random(4) === 0) text.push('---', ...lines(random, oddity, 0, 1));
  return mutated(text.join('\n') + (random(8) === 0 ? '' : '\n'), random);
}

const INSERTED = [' ', '  ', '\n', ':', '-', '#', '"', "'", '|', '\t', '\r', '{', '[', '&', '*', '!', ',', 'x', '\\', '\uFEFF', '\u2028'];

/** Now and then a character too many or too few. */
export function mutated(text: string, random: Random): string {
  if (random(4) > 0) return text;
  const at = random(text.length + 1);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  return random(2) === 0 ? before + after.slice(1) : before + INSERTED[random(INSERTED.length)] + after;
}
