/** Formats of reports. */
import type { FunctionReport } from './function-report';
import { markdownOf } from './private/report/markdown';
import { mermaidOf } from './private/report/mermaid';
import { textOf } from './private/report/text';

/**
 * Formats reports of one or more functions as text, Markdown, JSON or a diagram.
 *
 * @example
 * FunctionReports.text([orders.report, search.report]);
 */
export class FunctionReports {
  /**
   * Plain text: what was decided for each function and why, its wiring, resources, objects and warnings; at the end,
   * once, what the cluster must have. More than three functions have a table of one line each before them.
   *
   * @param reports reports, in the order of the output
   */
  public static text(reports: FunctionReport[]): string {
    return textOf(reports);
  }

  /**
   * The same as `text`, as Markdown, for a page or a comment on a pull request.
   *
   * @param reports reports, in the order of the output
   */
  public static markdown(reports: FunctionReport[]): string {
    return markdownOf(reports);
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
