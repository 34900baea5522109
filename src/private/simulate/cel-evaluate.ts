/** Evaluates an expression for an event as Dapr does: JSON numbers are doubles, and a missing field is an error. */
import { Expression, UnknownExpression } from '../catalogue/cel';

/** An error that Dapr has too. */
export class EvaluationError extends Error {}

type Names = Readonly<Record<string, unknown>>;

export function evaluateCel(expression: Expression, names: Names): unknown {
  switch (expression.kind) {
    case 'value': return expression.value;
    case 'name': return fieldOf(names, expression.name);
    case 'list': return expression.items.map((item) => evaluateCel(item, names));
    case 'map': return mapOf(expression.entries, names);
    case 'field': return fieldOf(evaluateCel(expression.of, names), expression.name);
    case 'index': return indexOf(evaluateCel(expression.of, names), evaluateCel(expression.index, names));
    case 'call': return call(expression, names);
    case 'unary': return unary(expression.operator, evaluateCel(expression.of, names));
    case 'choice':
      return evaluateCel(truth(evaluateCel(expression.of, names)) ? expression.yes : expression.no, names);
    case 'binary': return binary(expression, names);
  }
}

function mapOf(entries: Extract<Expression, { kind: 'map' }>['entries'], names: Names): Names {
  return Object.fromEntries(entries.map(([of, value]) => {
    const key = evaluateCel(of, names);
    if (typeof key !== 'string') throw new UnknownExpression('keys other than texts are not known here');
    return [key, evaluateCel(value, names)];
  }));
}

function isMap(value: unknown): value is Names {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldOf(of: unknown, name: string): unknown {
  if (isMap(of) && Object.hasOwn(of, name)) return of[name];
  throw new EvaluationError(`there is no ${name}`);
}

function indexOf(of: unknown, index: unknown): unknown {
  if (typeof index === 'string') return fieldOf(of, index);
  const at = Number(index);
  if (Array.isArray(of) && Number.isInteger(at) && at >= 0 && at < of.length) return of[at];
  throw new EvaluationError(`there is no element ${String(index)}`);
}

function truth(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new EvaluationError('a condition is neither true nor false');
  return value;
}

function unary(operator: string, value: unknown): unknown {
  if (operator === '!') return !truth(value);
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new EvaluationError('"-" is before no number');
  return -value;
}

type Binary = Extract<Expression, { kind: 'binary' }>;

function binary({ operator, left, right }: Binary, names: Names): unknown {
  if (operator === '||' || operator === '&&') return logic(operator === '||', left, right, names);
  const [a, b] = [evaluateCel(left, names), evaluateCel(right, names)];
  if (operator === '==') return equal(a, b);
  if (operator === '!=') return !equal(a, b);
  if (operator === 'in') return isIn(a, b);
  if (['<', '<=', '>', '>='].includes(operator)) return compare(operator, a, b);
  return calculate(operator, a, b);
}

/** One side can decide alone, whichever it is and whatever the other one throws. */
function logic(deciding: boolean, left: Expression, right: Expression, names: Names): boolean {
  const sides = [left, right].map((side) => {
    try {
      return truth(evaluateCel(side, names));
    } catch (error) {
      if (error instanceof EvaluationError) return error;
      throw error;
    }
  });
  if (sides.includes(deciding)) return deciding;
  const failed = sides.find((side) => side instanceof EvaluationError);
  if (failed !== undefined) throw failed;
  return !deciding;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function equal(a: unknown, b: unknown): boolean {
  // eslint-disable-next-line eqeqeq -- the only comparison that takes a double and a whole number
  if (isNumber(a) && isNumber(b)) return a == b;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => equal(item, b[at]));
  if (!isMap(a) || !isMap(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

function isIn(value: unknown, within: unknown): boolean {
  if (Array.isArray(within)) return within.some((item) => equal(item, value));
  if (isMap(within)) return typeof value === 'string' && Object.hasOwn(within, value);
  throw new EvaluationError('"in" is before neither a list nor a map');
}

function compare(operator: string, a: unknown, b: unknown): boolean {
  const isAlike = typeof a === typeof b && ['string', 'boolean'].includes(typeof a);
  const comparable = isAlike || (isNumber(a) && isNumber(b));
  if (!comparable) throw new EvaluationError(`"${operator}" cannot compare these`);
  const [left, right] = [a, b] as [number, number];
  if (Number.isNaN(left) || Number.isNaN(right)) throw new EvaluationError('no number is not in any order');
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function calculate(operator: string, a: unknown, b: unknown): unknown {
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return a + b;
  if (typeof a === 'bigint' && typeof b === 'bigint') return ofWhole(operator, a, b);
  if (typeof a === 'number' && typeof b === 'number' && operator !== '%') return ofDoubles(operator, a, b);
  if (operator === '+' && Array.isArray(a) && Array.isArray(b)) return [...a, ...b] as unknown[];
  throw new EvaluationError(`"${operator}" cannot take these`);
}

function ofWhole(operator: string, a: bigint, b: bigint): bigint {
  if (b === 0n && (operator === '/' || operator === '%')) throw new EvaluationError('a division by zero');
  const found = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b
    : operator === '/' ? a / b : a % b;
  if (found >= INT64 || found < -INT64) throw new EvaluationError('a whole number is too large');
  return found;
}

function ofDoubles(operator: string, a: number, b: number): number {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  return operator === '*' ? a * b : a / b;
}

type Call = Extract<Expression, { kind: 'call' }>;

function call({ name, on, args }: Call, names: Names): unknown {
  if (on === undefined && name === 'has' && args.length === 1) return has(args[0], names);
  if (on !== undefined && Object.hasOwn(MACROS, name) && (args.length === 2 || (name === 'map' && args.length === 3))) {
    return macro(name, evaluateCel(on, names), args, names);
  }
  const values = [...(on === undefined ? [] : [on]), ...args].map((each) => evaluateCel(each, names));
  const [value, other] = values;
  if (name === 'size' && values.length === 1) return sizeOf(value);
  if (on === undefined && values.length === 1 && Object.hasOwn(CONVERSIONS, name)) return CONVERSIONS[name](value);
  const isOfText = Object.hasOwn(OF_TEXTS, name) && (on !== undefined || name === 'matches');
  if (!isOfText || values.length !== 2) {
    throw new UnknownExpression(`${name}() is not known here`);
  }
  if (typeof value === 'string' && typeof other === 'string') return OF_TEXTS[name](value, other);
  throw new EvaluationError(`${name}() is for text`);
}

const OF_TEXTS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  matches: (text, part) => {
    const [, flags = '', pattern] = /^(?:\(\?([is]+)\))?(.*)$/s.exec(part) ?? [];
    // Where RE2 and JavaScript differ nothing is certain.
    if (/\(\?[^:]|\\[pPAzQCaB0-9xu]|\[\[:/.test(pattern)) {
      throw new UnknownExpression(`the expression ${part} is not known here`);
    }
    return new RegExp(pattern, flags).test(text);
  },
};

function has(argument: Expression, names: Names): boolean {
  if (argument.kind !== 'field') throw new UnknownExpression('has() is for fields');
  const of = evaluateCel(argument.of, names);
  if (!isMap(of)) throw new EvaluationError(`there is no ${argument.name}`);
  return Object.hasOwn(of, argument.name);
}

function sizeOf(value: unknown): bigint {
  if (typeof value === 'string') return BigInt([...value].length);
  if (Array.isArray(value)) return BigInt(value.length);
  if (isMap(value)) return BigInt(Object.keys(value).length);
  throw new EvaluationError('size() is for texts, lists and maps');
}

function macro(name: string, of: unknown, [variable, ...bodies]: readonly Expression[], names: Names): unknown {
  if (variable.kind !== 'name') throw new UnknownExpression('a macro needs a name');
  const items: unknown[] | undefined = Array.isArray(of) ? of : isMap(of) ? Object.keys(of) : undefined;
  if (items === undefined) throw new EvaluationError('a macro is for lists and maps');
  const [condition, transform] = bodies.map((body) => (
    (item: unknown) => evaluateCel(body, { ...names, [variable.name]: item })));
  return MACROS[name](items, condition, transform as Item | undefined);
}

type Item = (item: unknown) => unknown;

const MACROS: Readonly<Record<string, (items: readonly unknown[], body: Item, transform?: Item) => unknown>> = {
  exists: (items, test) => decided(true, items, test),
  all: (items, test) => decided(false, items, test),
  exists_one: (items, test) => items.filter((item) => truth(test(item))).length === 1,
  filter: (items, test) => items.filter((item) => truth(test(item))),
  map: (items, body, transform) => (
    transform === undefined ? items.map(body) : items.filter((item) => truth(body(item))).map(transform)),
};

/** Like `||` and `&&`: one item can decide alone, even if another one throws. */
function decided(deciding: boolean, items: readonly unknown[], test: Item): boolean {
  let failed: EvaluationError | undefined;
  for (const item of items) {
    try {
      if (truth(test(item)) === deciding) return deciding;
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      failed ??= error;
    }
  }
  if (failed !== undefined) throw failed;
  return !deciding;
}

const INT64 = 2n ** 63n;

/** As CEL converts values, which Go then reads and writes. */
const CONVERSIONS: Readonly<Record<string, (value: unknown) => unknown>> = {
  int: (value) => {
    const isWhole = typeof value === 'string' && /^[+-]?\d+$/.test(value);
    const whole = typeof value === 'bigint' ? value : isWhole ? BigInt(value.replace('+', ''))
      : typeof value === 'number' && Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
    if (whole === undefined || whole >= INT64 || whole < -INT64) throw new EvaluationError('int() cannot take this');
    return whole;
  },
  double: (value) => {
    if (isNumber(value)) return Number(value);
    if (typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return Number(value);
    if (typeof value === 'string' && /inf|nan|0x/i.test(value)) {
      throw new UnknownExpression('double() of such a text is not known here');
    }
    throw new EvaluationError('double() cannot take this');
  },
  string: (value) => {
    if (typeof value === 'number') return textOf(value);
    if (['string', 'bigint', 'boolean'].includes(typeof value)) return String(value);
    throw new EvaluationError('string() cannot take this');
  },
  bool: (value) => {
    if (typeof value === 'boolean') return value;
    if (['true', 'True', 'TRUE', 't', 'T', '1'].includes(value as string)) return true;
    if (['false', 'False', 'FALSE', 'f', 'F', '0'].includes(value as string)) return false;
    throw new EvaluationError('bool() cannot take this');
  },
  dyn: (value) => value,
};

/** Go writes a double with an exponent from a million on and below a ten-thousandth. */
function textOf(value: number): string {
  const [digits, exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  if (!Number.isFinite(value)) throw new UnknownExpression('string() of such a number is not known here');
  if (value === 0 || (power >= -4 && power < 6)) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
