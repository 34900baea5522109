/** Findings → lines of text and a summary. */
import { plural } from './command';
import type { Finding } from './synthesize';
import { formatProblem, Problem } from '../private/problem/problem';

export interface Verdict {
  readonly errors: string[];
  readonly warnings: string[];
  readonly summary: string;
}

/**
 * Repeated lines are printed once.
 *
 * @param settings problems of the platform settings
 * @param strict treats warnings as errors
 */
export function verdictOf(findings: readonly Finding[], settings: readonly Problem[], strict: boolean): Verdict {
  const judged = strict ? findings.map(withoutWarnings) : findings;
  const errors = [...new Set([...settings.map(formatProblem), ...judged.flatMap((each) => each.errors)])];
  const warnings = [...new Set(judged.flatMap((each) => each.warnings))];
  return { errors, warnings, summary: summaryOf(judged, settings.length > 0, errors.length, warnings.length) };
}

/** Such as `1 problem in 1 of 12 functions and in other documents`. */
function summaryOf(findings: readonly Finding[], inSettings: boolean, errors: number, warnings: number): string {
  const functions = findings.filter(({ source }) => source.intake !== undefined);
  const affected = functions.filter((each) => each.errors.length + each.warnings.length > 0).length;
  const isElsewhere = (each: Finding) => (
    each.source.intake === undefined && each.errors.length + each.warnings.length > 0
  );
  const elsewhere = inSettings || findings.some(isElsewhere);
  const places = [
    ...(affected > 0 || !elsewhere ? [`${affected} of ${plural(functions.length, 'function')}`] : []),
    ...(elsewhere ? ['other documents'] : []),
  ];
  const counts = [
    ...(errors > 0 ? [plural(errors, 'problem')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ];
  if (counts.length === 0) return `no problems in ${plural(functions.length, 'function')}`;
  return `${counts.join(' and ')} in ${places.join(' and in ')}`;
}

function withoutWarnings(finding: Finding): Finding {
  return { ...finding, errors: [...finding.errors, ...finding.warnings.map(asError)], warnings: [] };
}

function asError(warning: string): string {
  return warning.replace(/(^|:\d+:\d+ )warning: /, '$1');
}
