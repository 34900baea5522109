/** Findings → lines of text and a summary. */
import type { Collected } from './collect';
import type { Finding } from './synthesize';
import { formatProblem, Problem } from '../private/problem/problem';
import { linesOfMany, plural } from '../private/problem/shared';

export interface Verdict {
  /** What was judged: each document, and the platform settings where they have problems. */
  readonly judged: readonly Judged[];
  readonly errors: string[];
  readonly warnings: string[];
  /** Where it was asked for. */
  readonly information: string[];
  readonly summary: string;
}

export interface Judged {
  /** Nothing for the platform settings. */
  readonly source?: Collected;
  readonly problems: readonly Problem[];
}

/**
 * Repeated lines are printed once, and a warning that many functions share is one line with their names.
 *
 * @param settings problems of the platform settings
 * @param strict treats warnings as errors
 */
export function verdictOf(findings: readonly Finding[], settings: readonly Problem[], strict: boolean): Verdict {
  const all: Judged[] = [...(settings.length > 0 ? [{ problems: settings }] : []), ...findings];
  const judged = strict ? all.map(withoutWarnings) : all;
  const warned = ofSeverity(all, 'warning');
  const wrong = ofSeverity(all, 'error');
  const asErrors = strict ? warned.map(asError) : [];
  const warnings = strict ? [] : warned;
  return {
    judged,
    errors: [...new Set([...lines(wrong), ...shared(asErrors)])],
    warnings: shared(warnings),
    information: shared(ofSeverity(all, 'information')),
    summary: summaryOf(judged, lines([...wrong, ...asErrors]).length, lines(warnings).length),
  };
}

interface Said {
  readonly problem: Problem;
  readonly source?: Collected;
}

function ofSeverity(judged: readonly Judged[], severity: Problem['severity']): Said[] {
  return judged.flatMap(({ source, problems }) => (
    problems.filter((each) => each.severity === severity).map((problem) => ({ problem, source }))));
}

function asError({ problem, source }: Said): Said {
  return { problem: { ...problem, severity: 'error' }, source };
}

function lines(said: readonly Said[]): string[] {
  return [...new Set(said.map(({ problem }) => formatProblem(problem)))];
}

function shared(said: readonly Said[]): string[] {
  const all = said.map(({ problem, source }) => ({ problem, who: source?.intake?.model?.name }));
  return linesOfMany(all, ({ problem }) => formatProblem(problem));
}

/** Such as `1 problem in 1 of 12 functions and in other documents`. */
function summaryOf(judged: readonly Judged[], errors: number, warnings: number): string {
  const isFunction = ({ source }: Judged) => source?.intake !== undefined;
  const affected = judged.filter(({ problems }) => problems.some(({ severity }) => severity !== 'information'));
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
  return { source, problems: problems.map(strictly) };
}

function strictly(problem: Problem): Problem {
  return problem.severity === 'information' ? problem : { ...problem, severity: 'error' };
}
