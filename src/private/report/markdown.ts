/** Reports → Markdown, for a page or a comment on a pull request. */
import { needsOf } from './cluster';
import { outlineOf, ReportOutline, SUMMARY_COLUMNS, summaryOf } from './outline';
import { FEW } from './text';
import type { FunctionReport } from '../../function-report';
import { oneLine } from '../problem/problem';

export function markdownOf(reports: readonly FunctionReport[]): string {
  const needs = needsOf(reports);
  const blocks = [
    ...(reports.length > FEW ? [`## ${reports.length} functions`, table(reports)] : []),
    ...reports.flatMap((report) => blocksOf(outlineOf(report))),
    ...(needs.length > 0 ? ['## Needs from the cluster', bullets(needs.map(plain))] : []),
  ];
  return blocks.map((block) => `${block}\n`).join('\n');
}

function blocksOf({ title, facts, lists }: ReportOutline): string[] {
  return [
    `## ${plain(title)}`,
    bullets(facts.map(([label, value]) => `**${plain(label)}**: ${plain(value)}`)),
    ...lists.flatMap(([name, list]) => [`### ${plain(capitalized(name))}`, bullets(list.map(plain))]),
  ];
}

function table(reports: readonly FunctionReport[]): string {
  const rows = [SUMMARY_COLUMNS.map(capitalized), SUMMARY_COLUMNS.map(() => '---'), ...reports.map((report) => (
    summaryOf(report).map(plain)))];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function bullets(list: readonly string[]): string {
  return list.map((line) => `- ${line}`).join('\n');
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Nothing in it is read as Markdown or as HTML. */
function plain(text: string): string {
  return oneLine(text.replace(/\s*\n\s*/g, ' ')).replace(/[\\`*_<>|[\]~&]/g, '\\$&');
}
