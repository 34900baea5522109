/** What is wrong with functions and settings, for programs that catch the error. */
import { ProblemSeverity } from './choices';
import { findingsOf } from './private/problem/findings';

/** One thing that is wrong. */
export interface ProblemFinding {
  /** Construct path, or file, of what has the problem. */
  readonly where: string;
  /** Place in the words of what was written, such as `scaling.minReplicas`. */
  readonly path: string;
  /** What is wrong there, in one line. */
  readonly message: string;
  /** Warnings are among errors in strict mode only. */
  readonly severity: ProblemSeverity;
  /**
   * File in which the place is.
   *
   * @default - not read from a file
   */
  readonly file?: string;
  /**
   * Line in the file, from 1.
   *
   * @default - not read from a file
   */
  readonly line?: number;
  /**
   * Column in the line, from 1.
   *
   * @default - not read from a file
   */
  readonly column?: number;
}

/** Reads errors of this library. */
export class ProblemFindings {
  /**
   * What is wrong, one by one, in the order of the message.
   *
   * Of the errors of constructors, methods and synthesis. What other libraries report at synthesis is among them, at
   * the path `.`, as is a name that two constructs claim.
   *
   * @param error the error that was caught; outside TypeScript the text of its message
   * @returns nothing for an error of another kind
   */
  public static of(error: unknown): ProblemFinding[] {
    return findingsOf(error).map(({ severity, ...finding }) => ({
      ...finding, severity: severity === 'warning' ? ProblemSeverity.WARNING : ProblemSeverity.ERROR,
    }));
  }

  private constructor() {}
}
