/** Findings → lines of text and a summary. */
import type { Collected } from './collect';
import { plural } from './command';
import type { Finding } from './synthesize';
import { formatProblem, Problem } from '../private/problem/problem';

export interface Verdict {
  /** What was judged: each document, and the platform settings where they have problems. */
  readonly judged: readonly Judged[];
  readonly errors: string[];
  readonly warnings: string[];
  readonly summary: string;
}

export interface Judged {
  /** Nothing for the platform settings. */
  readonly source?: Collected;
  readonly problems: readonly Problem[];
}

/**
 * Repeated lines are printed once.
 *
 * @param settings problems of the platform settings
 * @param strict treats warnings as errors
 */
export function verdictOf(findings: readonly Finding[], settings: readonly Problem[], strict: boolean): Verdict {
  const ofSettings = settings.length > 0 ? [{ problems: settings }] : [];
  const judged: Judged[] = strict ? [...ofSettings, ...findings].map(withoutWarnings) : [...ofSettings, ...findings];
  const lines = (severity: Problem['severity']) => [...new Set(
    judged.flatMap(({ problems }) => problems.filter((each) => each.severity === severity).map(formatProblem)),
  )];
  const [errors, warnings] = [lines('error'), lines('warning')];
  return { judged, errors, warnings, summary: summaryOf(judged, errors.length, warnings.length) };
}

/** Such as `1 problem in 1 of 12 functions and in other documents`. */
function summaryOf(judged: readonly Judged[], errors: number, warnings: number): string {
  const isFunction = ({ source }: Judged) => source?.intake !== undefined;
  const affected = judged.filter(({ problems }) => problems.length > 0);
  const functions = judged.filter(isFunction).length;
  const elsewhere = affected.some((each) => !isFunction(each));
  const count = affected.filter(isFunction).length;
  const places = [
    ...(count > 0 || !elsewhere ? [`${count} of ${plural(functions, 'function')}`] : []),
    ...(elsewhere ? ['other documents'] : []),
  ];
  const counts = [
    ...(errors > 0 ? [plural(errors, 'problem')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ];
  if (counts.length === 0) return `no problems in ${plural(functions, 'function')}`;
  return `${counts.join(' and ')} in ${places.join(' and in ')}`;
}

function withoutWarnings({ source, problems }: Judged): Judged {
  return { source, problems: problems.map((problem) => ({ ...problem, severity: 'error' as const })) };
}
