/**
 * The Common Expression Language, in which routing rules are written: text to a tree, as far as it is known, and what
 * is wrong with an expression that Dapr evaluates, as far as it can be seen without evaluating it.
 */
import { didYouMean, show } from '../problem/problem';

export type Expression =
  | { readonly kind: 'value'; readonly value: unknown; readonly isUnsigned?: boolean }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'field'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'map'; readonly entries: ReadonlyArray<readonly [key: Expression, value: Expression]> }
  | { readonly kind: 'call'; readonly name: string; readonly on?: Expression; readonly args: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'choice'; readonly of: Expression; readonly yes: Expression; readonly no: Expression };

/** What cannot be read here; Dapr may well be able to. */
export class UnknownExpression extends Error {}

/** From the weakest on; comparisons do not associate with each other in CEL, and nobody writes them so. */
const LEVELS = [['||'], ['&&'], ['==', '!=', '<=', '>=', '<', '>', 'in'], ['+', '-'], ['*', '/', '%']];
const TOKEN = new RegExp([
  /\s+|\/\/[^\n]*/, /(?:\d*\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?|0x[0-9a-fA-F]+[uU]?|\d+[uU]?/,
  /[rR]?(?:"""(?:[^\\]|\\.)*?"""|'''(?:[^\\]|\\.)*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/,
  /[A-Za-z_][A-Za-z0-9_]*/, /\|\||&&|[=!<>]=|[-+*/%<>!?:.,()[\]{}]/,
].map(({ source }) => `(${source})`).join('|'), 'y');

type Token = { readonly kind: 'number' | 'text' | 'word' | 'sign' | 'end'; readonly text: string };
const KINDS = ['number', 'text', 'word', 'sign'] as const;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length;) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new UnknownExpression(`${JSON.stringify(text.slice(at, at + 10))} cannot be read`);
    const kind = KINDS.find((_, index) => found[index + 2] !== undefined);
    if (kind !== undefined) tokens.push({ kind, text: found[0] });
  }
  return [...tokens, { kind: 'end', text: 'the end' }];
}

export function parseCel(text: string): Expression {
  return new Parser(tokensOf(text)).whole();
}

class Parser {
  private at = 0;

  public constructor(private readonly tokens: readonly Token[]) {}

  public whole(): Expression {
    const expression = this.choice();
    if (this.next.kind !== 'end') throw this.unexpected();
    return expression;
  }

  private get next(): Token {
    return this.tokens[this.at];
  }

  private unexpected(): UnknownExpression {
    return new UnknownExpression(`${this.next.text} is not expected there`);
  }

  private take(...texts: string[]): string | undefined {
    const { kind, text } = this.next;
    if (kind === 'text' || !texts.includes(text)) return undefined;
    this.at++;
    return text;
  }

  private need(text: string): void {
    if (this.take(text) === undefined) throw this.unexpected();
  }

  private choice(): Expression {
    const of = this.binary(0);
    if (this.take('?') === undefined) return of;
    const yes = this.binary(0);
    this.need(':');
    return { kind: 'choice', of, yes, no: this.choice() };
  }

  private binary(level: number): Expression {
    if (level === LEVELS.length) return this.unary();
    let left = this.binary(level + 1);
    for (let operator = this.take(...LEVELS[level]); operator !== undefined; operator = this.take(...LEVELS[level])) {
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
    return left;
  }

  private unary(): Expression {
    const operator = this.take('!', '-');
    return operator === undefined ? this.member() : { kind: 'unary', operator, of: this.unary() };
  }

  private member(): Expression {
    let of = this.primary();
    for (;;) {
      if (this.take('.') !== undefined) {
        const name = this.word();
        of = this.take('(') === undefined ? { kind: 'field', of, name }
          : { kind: 'call', name, on: of, args: this.list(')') };
      } else if (this.take('[') !== undefined) {
        of = { kind: 'index', of, index: this.choice() };
        this.need(']');
      } else {
        return of;
      }
    }
  }

  private word(): string {
    if (this.next.kind !== 'word') throw this.unexpected();
    return this.tokens[this.at++].text;
  }

  private list(end: string): Expression[] {
    const items: Expression[] = [];
    while (this.take(end) === undefined) {
      if (items.length > 0) this.need(',');
      items.push(this.choice());
    }
    return items;
  }

  private entries(): [Expression, Expression][] {
    const entries: [Expression, Expression][] = [];
    while (this.take('}') === undefined) {
      if (entries.length > 0) this.need(',');
      const key = this.choice();
      this.need(':');
      entries.push([key, this.choice()]);
    }
    return entries;
  }

  private primary(): Expression {
    const { kind, text } = this.next;
    if (this.take('(') !== undefined) {
      const inner = this.choice();
      this.need(')');
      return inner;
    }
    if (this.take('[') !== undefined) return { kind: 'list', items: this.list(']') };
    if (this.take('{') !== undefined) return { kind: 'map', entries: this.entries() };
    if (kind === 'sign' || kind === 'end') throw this.unexpected();
    this.at++;
    if (kind === 'number') return { kind: 'value', value: numberOf(text), isUnsigned: /u$/i.test(text) };
    if (kind === 'text') return { kind: 'value', value: textOf(text) };
    if (text in WORDS) return { kind: 'value', value: WORDS[text] };
    return this.take('(') === undefined ? { kind: 'name', name: text }
      : { kind: 'call', name: text, args: this.list(')') };
  }
}

const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Whole numbers are another type than numbers of JSON, which CEL takes for doubles. */
function numberOf(text: string): number | bigint {
  const whole = text.replace(/u$/i, '');
  return /^(\d+|0x.*)$/.test(whole) ? BigInt(whole) : Number(whole);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };
const ESCAPE = /\\(?:[xX]([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-3][0-7]{2})|(.))/gs;

function textOf(token: string): string {
  const quoted = token.replace(/^[rR]/, '');
  const marks = /^("{3}|'{3})/.test(quoted) ? 3 : 1;
  const text = quoted.slice(marks, -marks);
  if (quoted !== token) return text;
  return text.replace(ESCAPE, (whole, ...parts: (string | undefined)[]) => {
    const [x, u, long, octal, sign = ''] = parts;
    const code = octal === undefined ? parseInt(x ?? u ?? long ?? '', 16) : parseInt(octal, 8);
    if (code <= MAX_CODE) return String.fromCodePoint(code);
    if (/[\\"'`?]/.test(sign)) return sign;
    if (sign in ESCAPES) return ESCAPES[sign];
    throw new UnknownExpression(`the escape ${whole} is not known here`);
  });
}

const MAX_CODE = 0x10ffff;

/** Of routing rules. */
export const EVENT = ['event'];
/** Of circuit breakers. */
export const COUNTERS = ['requests', 'totalSuccesses', 'totalFailures', 'consecutiveSuccesses', 'consecutiveFailures'];

/** Calls whose first argument is a name for each element. */
const MACROS = ['all', 'exists', 'exists_one', 'filter', 'map'];
const TYPES = [
  'bool', 'bytes', 'double', 'duration', 'int', 'list', 'map', 'string', 'timestamp', 'type', 'uint', 'null_type',
];
const FUNCTIONS = [
  ...MACROS, ...TYPES, 'has', 'size', 'contains', 'startsWith', 'endsWith', 'matches', 'dyn', ...[
    'Date', 'DayOfMonth', 'DayOfWeek', 'DayOfYear', 'FullYear', 'Hours', 'Milliseconds', 'Minutes', 'Month', 'Seconds',
  ].map((part) => `get${part}`),
];

/** What is wrong with an expression, which may have these names. */
export function celProblem(text: string, names: readonly string[]): string | undefined {
  try {
    const expression = parseCel(text);
    const refused = celRefusal(text, expression, names);
    const type = refused === undefined ? typeIn(expression, names) : undefined;
    return type === undefined || type === 'bool' ? refused : `${show(text)} is neither true nor false but ${type}`;
  } catch (error) {
    if (!(error instanceof UnknownExpression)) throw error;
    return `${show(text)} is probably not an expression of CEL: ${error.message}`;
  }
}

/** What Dapr finds before any event comes; then it subscribes to no topic at all. */
export function celRefusal(text: string, expression: Expression, names: readonly string[]): string | undefined {
  try {
    typeIn(expression, names);
    return undefined;
  } catch (error) {
    if (error instanceof RefusedExpression) return `${show(text)} ${error.message}`;
    throw error;
  }
}

class RefusedExpression extends Error {}

type Type = 'int' | 'uint' | 'double' | 'string' | 'bool' | 'null' | 'list' | 'map';

const OF_VALUES: Readonly<Record<string, Type>> = {
  bigint: 'int', number: 'double', string: 'string', boolean: 'bool', object: 'null',
};
const RESULTS = new Map(Object.entries({
  int: ['int', 'size'],
  double: ['double'],
  uint: ['uint'],
  string: ['string'],
  bool: ['bool', 'has', 'contains', 'startsWith', 'endsWith', 'matches', 'all', 'exists', 'exists_one'],
  list: ['map', 'filter'],
}).flatMap(([type, names]) => names.map((name) => [name, type as Type])));

/** Nothing for what only an event can tell. */
function typeIn(expression: Expression, names: readonly string[]): Type | undefined {
  const typeOf = (of: Expression) => typeIn(of, names);
  switch (expression.kind) {
    case 'value': return expression.isUnsigned === true ? 'uint' : OF_VALUES[typeof expression.value];
    case 'list': return expression.items.map(typeOf) && 'list';
    case 'map': return expression.entries.flat().map(typeOf) && 'map';
    case 'unary': {
      const { operator } = expression;
      return expect(operator, typeOf(expression.of), operator === '!' ? BOOL : NUMBERS);
    }
    case 'binary': return binaryType(expression.operator, typeOf(expression.left), typeOf(expression.right));
    case 'call': return callType(expression, names);
    case 'choice': {
      expect('?', typeOf(expression.of), BOOL);
      const [yes, no] = [typeOf(expression.yes), typeOf(expression.no)];
      return yes === no ? yes : undefined;
    }
    case 'field': return typeOf(expression.of) && undefined;
    case 'index': return [expression.of, expression.index].map(typeOf) && undefined;
    case 'name': {
      const { name } = expression;
      if (names.includes(name) || TYPES.includes(name)) return undefined;
      const known = names.map(show).join(', ');
      throw new RefusedExpression(`has ${show(name)}, which is none of ${known}${didYouMean(name, names)}`);
    }
  }
}

const BOOL: readonly Type[] = ['bool'];
const NUMBERS: readonly Type[] = ['int', 'double'];

function expect(operator: string, type: Type | undefined, allowed: readonly Type[]): Type | undefined {
  if (type === undefined || allowed.includes(type)) return type;
  throw new RefusedExpression(`is refused by Dapr: ${show(operator)} cannot take ${type}`);
}

function callType({ name, on, args }: Extract<Expression, { kind: 'call' }>, names: readonly string[]) {
  if (!FUNCTIONS.includes(name)) {
    const hint = didYouMean(name, FUNCTIONS);
    throw new RefusedExpression(`is refused by Dapr: there is no function ${show(name)}${hint}`);
  }
  const [first] = args;
  const isMacro = on !== undefined && MACROS.includes(name) && (first as Expression | undefined)?.kind === 'name';
  if (on !== undefined) typeIn(on, names);
  for (const each of args) typeIn(each, isMacro && first.kind === 'name' ? [...names, first.name] : names);
  return RESULTS.get(name);
}

function binaryType(operator: string, a: Type | undefined, b: Type | undefined): Type | undefined {
  if (operator === '&&' || operator === '||') return expect(operator, a, BOOL) && expect(operator, b, BOOL);
  if (operator === 'in') return expect(operator, b, ['list', 'map']) && 'bool';
  const isKnown = a !== undefined && b !== undefined && a !== 'null' && b !== 'null';
  if (isKnown && a !== b) return expect(operator, b, [a]);
  return ['+', '-', '*', '/', '%'].includes(operator) ? a ?? b : 'bool';
}
