/** What is wrong with an expression that Dapr evaluates, as far as it can be seen without evaluating it. */
import { Expression, parseCel, UnknownExpression } from './cel-parse';
import { didYouMean, show } from '../problem/problem';

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
