/**
 * The Common Expression Language, in which routing rules are written: text to a tree, as far as it is known, and what
 * is wrong with an expression that Dapr evaluates, as far as it can be seen without evaluating it.
 */
import { didYouMean, show } from '../problem/problem';

export type Expression =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'field'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly on?: Expression; readonly args: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'choice'; readonly of: Expression; readonly yes: Expression; readonly no: Expression };

/** What cannot be read here; Dapr may well be able to. */
export class UnknownExpression extends Error {}

/** From the weakest on; comparisons do not associate with each other in CEL, and nobody writes them so. */
const LEVELS = [['||'], ['&&'], ['==', '!=', '<=', '>=', '<', '>', 'in'], ['+', '-'], ['*', '/', '%']];
const TOKEN = new RegExp([
  /\s+|\/\/[^\n]*/, /\d+\.\d+(?:[eE][-+]?\d+)?|\d+[uU]?/, /r?"(?:[^"\\\n]|\\.)*"|r?'(?:[^'\\\n]|\\.)*'/,
  /[A-Za-z_][A-Za-z0-9_]*/, /\|\||&&|[=!<>]=|[-+*/%<>!?:.,()[\]]/,
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

  private primary(): Expression {
    const { kind, text } = this.next;
    if (this.take('(') !== undefined) {
      const inner = this.choice();
      this.need(')');
      return inner;
    }
    if (this.take('[') !== undefined) return { kind: 'list', items: this.list(']') };
    if (kind === 'sign' || kind === 'end') throw this.unexpected();
    this.at++;
    if (kind === 'number') return { kind: 'value', value: numberOf(text) };
    if (kind === 'text') return { kind: 'value', value: textOf(text) };
    if (text in WORDS) return { kind: 'value', value: WORDS[text] };
    return this.take('(') === undefined ? { kind: 'name', name: text }
      : { kind: 'call', name: text, args: this.list(')') };
  }
}

const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Whole numbers are another type than numbers of JSON, which CEL takes for doubles. */
function numberOf(text: string): number | bigint {
  if (/u$/i.test(text)) throw new UnknownExpression(`${text} is an unsigned number`);
  return /^\d+$/.test(text) ? BigInt(text) : Number(text);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function textOf(token: string): string {
  if (token.startsWith('r')) return token.slice(2, -1);
  return token.slice(1, -1).replace(/\\(.)/g, (whole, sign: string) => {
    if (/[\\"'`?]/.test(sign)) return sign;
    if (sign in ESCAPES) return ESCAPES[sign];
    throw new UnknownExpression(`the escape ${whole} is not known here`);
  });
}

/** Of routing rules. */
export const EVENT = ['event'];
/** Of circuit breakers. */
export const COUNTERS = ['requests', 'totalSuccesses', 'totalFailures', 'consecutiveSuccesses', 'consecutiveFailures'];

/** Calls whose first argument is a name for each element. */
const MACROS = ['all', 'exists', 'exists_one', 'filter', 'map'];
const TYPES = ['bool', 'bytes', 'double', 'duration', 'int', 'list', 'map', 'string', 'timestamp', 'type', 'uint'];

export function celProblem(text: string, names: readonly string[]): string | undefined {
  try {
    const unknown = namesIn(parseCel(text), []).find((name) => ![...names, ...TYPES].includes(name));
    if (unknown === undefined) return undefined;
    const known = names.map(show).join(', ');
    return `${show(text)} has ${show(unknown)}, which is none of ${known}${didYouMean(unknown, names)}`;
  } catch (error) {
    if (!(error instanceof UnknownExpression)) throw error;
    return `${show(text)} is probably not an expression of CEL: ${error.message}`;
  }
}

/** Names that are neither fields nor given by a macro. */
function namesIn(expression: Expression, bound: readonly string[]): string[] {
  const below = (...parts: readonly Expression[]) => parts.flatMap((part) => namesIn(part, bound));
  switch (expression.kind) {
    case 'value': return [];
    case 'name': return bound.includes(expression.name) ? [] : [expression.name];
    case 'field': return below(expression.of);
    case 'index': return below(expression.of, expression.index);
    case 'list': return below(...expression.items);
    case 'unary': return below(expression.of);
    case 'binary': return below(expression.left, expression.right);
    case 'choice': return below(expression.of, expression.yes, expression.no);
    case 'call': return namesInCall(expression, bound);
  }
}

function namesInCall({ name, on, args }: Extract<Expression, { kind: 'call' }>, bound: readonly string[]): string[] {
  const [first] = args;
  const isMacro = on !== undefined && MACROS.includes(name) && (first as Expression | undefined)?.kind === 'name';
  const inner = isMacro && first.kind === 'name' ? [...bound, first.name] : bound;
  return [...on === undefined ? [] : namesIn(on, bound), ...args.flatMap((argument) => namesIn(argument, inner))];
}
