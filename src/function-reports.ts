/** Formats of reports. */
import type { FunctionReport } from './function-report';
import { mermaidOf } from './private/report/mermaid';
import { textOf } from './private/report/text';

/**
 * Formats reports of one or more functions as text, JSON or a diagram.
 *
 * @example
 * FunctionReports.text([orders.report, search.report]);
 */
export class FunctionReports {
  /**
   * Plain text: what was decided for each function and why, its objects, prerequisites and warnings.
   *
   * @param reports reports, in the order of the output
   */
  public static text(reports: FunctionReport[]): string {
    return reports.map(textOf).join('\n');
  }

  /**
   * A JSON array of the reports, with the fields of `FunctionReport`.
   *
   * @param reports reports, in the order of the output
   */
  public static json(reports: FunctionReport[]): string {
    return `${JSON.stringify(reports, null, 2)}\n`;
  }

  /**
   * A Mermaid flowchart of the objects of each function and their dependencies.
   *
   * @param reports reports, in the order of the output
   * @see https://mermaid.js.org
   */
  public static mermaid(reports: FunctionReport[]): string {
    return mermaidOf(reports);
  }

  private constructor() {}
}
