/** Objects full of what YAML is particular about; the same seed gives the same objects. */

export type Random = (below: number) => number;

/** Numbers below a bound, from a seed (xorshift32). */
export function randomFrom(seed: number): Random {
  let state = (seed * 2654435761 + 1) >>> 0 || 1; // eslint-disable-line no-bitwise
  return (below) => {
    /* eslint-disable no-bitwise */
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    /* eslint-enable no-bitwise */
    return state % below;
  };
}

const WORDS = [
  'true', 'True', 'yes', 'Yes', 'YES', 'yEs', 'on', 'off', 'n', 'y', 'Y', 'null', 'Null', '~', '', '<<', '=', '.inf', '-.Inf', '.nan', '+.inf', '0o7', '0O17', '0X1F', '0x1f', '0b11', '0B1',
  '012', '08', '0_7', '1_000', '1e3', '1E5', '1.0e+21', 'e12', 'E-5', 'e', 'e12a', '.5', '1.', '-1', '+1', '1:30', '190:20:30', '1:30.5', '2001-01-01', '2001-12-14t21:59:43.10-05:00', '12', '-0', '0', '-', '?', ':', '---', '...', '--- a',
  '...b', '%YAML', '#', '&a', '*a', '!x', '!!str', '|', '>', '@', '`', '{}', '[]', '{a: b}', '[a, b]', 'a: b', 'a:b', 'a #b', 'a#b', ':a', 'a:', '- a', '-a', '? a', '?a', '"', "'", '"a"', "'a'", "it's", 'say "x"',
  '\'"', '\\', '\\n', '\\u0041', 'registry.example/a:1.2.3@sha256:0', 'apps/v1', 'kubernetes.io/name', '{"a":"b c"}', '{"a":"it\'s"}', '$(VAR)', '{{ .Values.x }}', '%d', 'http://a.b:80/c?d=e#f', 'ä', '日本', '😀', '\u00A0',
  '\u2028', '\u0085', '\uFEFF', '\u007F', '\uD800', '\uDC00x', '\u0000', '\u0007', '\u001B', '\uFFFE', '\r', '\r\n', '\t', 'constructor', '__proto__x', 'toString', 'x'.repeat(60), 'word '.repeat(30), 'k'.repeat(1030),
];
const PARTS = ['\n', '\n\n', '\n ', ' \n', '\n\t', '\t', ' ', '  ', '\n---\n', '\n...', '\n%', '\n# c\n', '\n- x', '\n  deep\n', 'a', 'b c', ':', '#', ',', '"', "'", '-', '\\', '0', '.', '_', 'e', '\r\n', '\u00A0', '\u2029', '/'];

export function oddText(random: Random): string {
  const kind = random(10);
  if (kind < 4) return WORDS[random(WORDS.length)];
  if (kind < 6) return `name-${random(100)}`;
  const pieces = Array.from({ length: 1 + random(5) }, () => (random(3) === 0 ? WORDS[random(WORDS.length)] : PARTS[random(PARTS.length)]));
  return (kind === 6 ? ['line one', ...pieces, 'end', '\n'] : pieces).join('');
}

const NUMBERS = [0, -0, 1, -1, 1.5, -2.25, 1e21, -1e21, 1e-7, 1.5e300, 2 ** 53, 2 ** 63, -(2 ** 63), 2 ** 64, 0.1, 123456789, 5e-324];

function oddScalar(random: Random): unknown {
  const kind = random(12);
  if (kind < 8) return oddText(random);
  if (kind === 8) return NUMBERS[random(NUMBERS.length)];
  if (kind === 9) return random(2) === 0;
  return kind === 10 ? null : random(1000);
}

export function oddValue(random: Random, depth = 0): unknown {
  const kind = random(depth > 4 ? 4 : 10);
  if (kind < 4) return oddScalar(random);
  const length = random(4);
  if (kind < 6) return Array.from({ length }, () => oddValue(random, depth + 1));
  return oddObject(random, depth + 1, length);
}

export function oddObject(random: Random, depth = 0, length = 1 + random(5)): Record<string, unknown> {
  return Object.fromEntries(Array.from({ length }, () => [oddText(random), random(50) === 0 ? undefined : oddValue(random, depth)]));
}
