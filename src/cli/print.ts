/** Findings → the lines that people read. */
import type { Finding } from './synthesize';
import { formatProblem, Problem } from '../private/problem/problem';

export interface Verdict {
  readonly errors: string[];
  readonly warnings: string[];
  readonly summary: string;
}

/** `settings` are the problems of the platform settings. With `strict`, warnings are errors. Each line stands once. */
export function verdictOf(findings: readonly Finding[], settings: readonly Problem[], strict: boolean): Verdict {
  const judged = strict ? findings.map((each) => ({ ...each, errors: [...each.errors, ...each.warnings.map(asError)], warnings: [] })) : findings;
  const errors = [...new Set([...settings.map(formatProblem), ...judged.flatMap((each) => each.errors)])];
  const warnings = [...new Set(judged.flatMap((each) => each.warnings))];
  return { errors, warnings, summary: summaryOf(judged, settings.length > 0, errors.length, warnings.length) };
}

/** `1 problem in 1 of 12 functions`, as far as functions have them. */
function summaryOf(findings: readonly Finding[], inSettings: boolean, errors: number, warnings: number): string {
  const functions = findings.filter(({ source }) => source.intake !== undefined);
  const affected = functions.filter((each) => each.errors.length + each.warnings.length > 0).length;
  const elsewhere = inSettings || findings.some(({ source, errors: own }) => source.intake === undefined && own.length > 0);
  const places = [
    ...(affected > 0 || !elsewhere ? [`${affected} of ${plural(functions.length, 'function')}`] : []),
    ...(elsewhere ? ['what is no function'] : []),
  ];
  const counts = [...(errors > 0 ? [plural(errors, 'problem')] : []), ...(warnings > 0 ? [plural(warnings, 'warning')] : [])];
  if (counts.length === 0) return `no problems in ${plural(functions.length, 'function')}`;
  return `${counts.join(' and ')} in ${places.join(' and in ')}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function asError(warning: string): string {
  return warning.replace(/(^|:\d+:\d+ )warning: /, '$1');
}
