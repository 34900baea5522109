/** Reports → lines for people. */
import { needsOf } from './cluster';
import { outlineOf, ReportOutline, SUMMARY_COLUMNS, summaryOf } from './outline';
import type { FunctionReport } from '../../function-report';
import { oneLine } from '../problem/problem';

/** With more functions than this, a summary comes first. */
export const FEW = 3;

export function textOf(reports: readonly FunctionReport[]): string {
  const needs = needsOf(reports);
  const paragraphs = [
    ...(reports.length > FEW ? [[`${reports.length} functions:`, ...indented(table(reports))]] : []),
    ...reports.map((report) => lines(outlineOf(report))),
    ...(needs.length > 0 ? [['needs from the cluster:', ...indented(needs)]] : []),
  ];
  return paragraphs.map((paragraph) => paragraph.map((line) => `${oneLine(line)}\n`).join('')).join('\n');
}

function lines({ title, facts, lists }: ReportOutline): string[] {
  return [
    title,
    ...indented([
      ...facts.map(([label, value]) => `${label}: ${value}`),
      ...lists.flatMap(([name, list]) => [`${name}:`, ...indented(list)]),
    ]),
  ];
}

function indented(list: readonly string[]): string[] {
  return list.map((line) => `  ${line}`);
}

function table(reports: readonly FunctionReport[]): string[] {
  const rows = [SUMMARY_COLUMNS, ...reports.map(summaryOf)];
  const widths = SUMMARY_COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}
