/** All problems of one or several functions in one error, one line each. */
import { byPath, formatProblem, Problem } from './problem';

export interface ProblemGroup {
  /** Construct path, or file. */
  readonly where: string;
  readonly problems: readonly Problem[];
}

/** `app/orders: 2 problems` and a line for each; what constructors throw. */
export class ProblemsError extends Error {
  public readonly groups!: readonly ProblemGroup[];

  public constructor(groups: readonly ProblemGroup[]) {
    super(groups.map(describe).join('\n'));
    this.name = 'ProblemsError';
    // Hidden from Node, which prints the enumerable fields of an error that nobody catches: the message says it all.
    Object.defineProperty(this, 'groups', { value: groups, enumerable: false });
  }
}

function describe({ where, problems }: ProblemGroup): string {
  const lines = [...problems].sort(byPath).map((problem) => `  ${formatProblem(problem)}`);
  return [`${where}: ${lines.length} problem${lines.length === 1 ? '' : 's'}`, ...lines].join('\n');
}

/** Throws when there are errors; warnings alone pass. */
export function failOn(where: string, problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ProblemsError([{ where, problems: errors }]);
}
