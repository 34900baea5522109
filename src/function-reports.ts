/** Reports of functions, for people, programs and pictures. */
import type { FunctionReport } from './function-report';
import { mermaidOf } from './private/report/mermaid';
import { textOf } from './private/report/text';

/**
 * Reports of functions as text, JSON or a diagram; of one function, or of a whole app.
 *
 * @example
 * FunctionReports.text([orders.report, search.report]);
 */
export class FunctionReports {
  /**
   * For people: a paragraph for each function, with what was decided and why, its objects, what the cluster must have, and warnings.
   *
   * @param reports in the order in which they are printed
   */
  public static text(reports: FunctionReport[]): string {
    return reports.map(textOf).join('\n');
  }

  /**
   * For programs: a JSON list of the reports, with the fields of `FunctionReport`.
   *
   * @param reports in the order of the list
   */
  public static json(reports: FunctionReport[]): string {
    return `${JSON.stringify(reports, null, 2)}\n`;
  }

  /**
   * For pages: a Mermaid flow chart of the objects of each function and how they depend on each other.
   *
   * @param reports in the order in which they are drawn
   * @see https://mermaid.js.org
   */
  public static mermaid(reports: FunctionReport[]): string {
    return mermaidOf(reports);
  }

  private constructor() {}
}
