/** The message of an error → its problems: languages other than TypeScript get nothing but the message. */
import type { Severity } from './problem';

export interface Finding {
  readonly where: string;
  readonly path: string;
  readonly message: string;
  readonly severity: Severity;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** As `ProblemsError` writes them; the runtime of some languages puts the error's name in front. */
const HEAD = /^(?:ProblemsError: )?(\S.*): \d+ problems?$/;
/** Below it, Java has the message once more, with the stack of JavaScript. */
const RUNTIME = '\n@jsii/kernel';
/** What cdk8s puts above the problems of a synthesis; each line then names its construct. */
const SYNTHESIS = /^(?:Error: )?Validation failed with the following errors:$/;
const FOUND_BY = /^ {2}\[([^\]]*)\] (.*)$/;
const KEY = '(?:[A-Za-z_][\\w-]*(?:\\("(?:[^"\\\\]|\\\\.)*"\\))?|\\[\\d+\\]|\\["(?:[^"\\\\]|\\\\.)*"\\])';
const LINE = new RegExp(`^(?:(\\S.*?):(\\d+):(\\d+) )?(warning: )?(\\.|${KEY}(?:\\.?${KEY})*): (.*)$`);

export function findingsOf(error: unknown): Finding[] {
  const text = typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error;
  const lines = String(text).split(RUNTIME)[0].split('\n');
  const start = lines.findIndex((line) => SYNTHESIS.test(line));
  if (start >= 0) return lines.slice(start + 1).flatMap(ofSynthesis);
  let where: string | undefined;
  return lines.flatMap((line): Finding[] => {
    where = HEAD.exec(line)?.[1] ?? where;
    const found = where === undefined || !line.startsWith('  ') ? undefined : read(where, line.slice(2));
    return found === undefined ? [] : [found];
  });
}

/** Names claimed twice have no position; other libraries have wording of their own. */
function ofSynthesis(line: string): Finding[] {
  const [, where, rest] = FOUND_BY.exec(line) ?? [];
  if ((where as string | undefined) === undefined) return [];
  return [read(where, rest) ?? { where, path: '.', message: rest, severity: 'error' }];
}

function read(where: string, text: string): Finding | undefined {
  const found = LINE.exec(text);
  if (found === null) return undefined;
  const [, file, line, column, warning, path, message] = found;
  const severity = warning === undefined ? 'error' : 'warning';
  const position = { file, line: Number(line), column: Number(column) };
  return { where, path, message, severity, ...((file as string | undefined) !== undefined && position) };
}
