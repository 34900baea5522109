/** Findings for people, programs and GitHub's annotations; SARIF and JUnit have files of their own. */
import { normalize } from 'node:path';
import { junit } from './junit';
import { sarif } from './sarif';
import { formatPath, Problem } from '../../private/problem/problem';
import { colours } from '../colours';
import type { Verdict } from '../print';

export type FindingFormat = (verdict: Verdict, wantsColours?: boolean) => string;

export const FINDING_FORMATS = { text, json, sarif, github, junit } satisfies Record<string, FindingFormat>;

function text({ errors, warnings, information, summary }: Verdict, wantsColours?: boolean): string {
  const { red, yellow, bold } = colours(wantsColours);
  const lines = [...errors.map(red), ...warnings.map(yellow), ...information, bold(summary)];
  return lines.map((line) => `${line}\n`).join('');
}

function json({ judged, summary }: Verdict): string {
  const problems = judged.flatMap(({ problems: found }) => found.map(({ severity, path, message, position }) => (
    { severity, ...position, path: formatPath(path), message })));
  return `${JSON.stringify({ problems, summary }, null, 2)}\n`;
}

/** Workflow commands: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands. */
function github({ judged, summary }: Verdict): string {
  const lines = judged.flatMap(({ problems }) => problems.map(annotation));
  return [...lines, summary].map((line) => `${line}\n`).join('');
}

function annotation({ severity, path, message, position }: Problem): string {
  const place = position && position.file !== '-'
    ? ` file=${escaped(normalize(position.file))},line=${position.line},col=${position.column}` : '';
  const command = severity === 'information' ? 'notice' : severity;
  return `::${command}${place}::${escapedText(`${formatPath(path)}: ${message}`)}`;
}

const escapedText = (given: string) => given.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const escaped = (given: string) => escapedText(given).replace(/:/g, '%3A').replace(/,/g, '%2C');
