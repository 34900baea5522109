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

/** As `problems-error.ts` and `problem.ts` write them; the runtime of some languages puts the error's name in front. */
const HEAD = /^(?:ProblemsError: )?(\S.*): \d+ problems?$/;
const KEY = '(?:[A-Za-z_][\\w-]*|\\[\\d+\\]|\\["(?:[^"\\\\]|\\\\.)*"\\])';
const LINE = new RegExp(`^  (?:(.+?):(\\d+):(\\d+) )?(warning: )?(\\.|${KEY}(?:\\.?${KEY})*): (.*)$`);

export function findingsOf(error: unknown): Finding[] {
  const text = typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error;
  let where: string | undefined;
  return String(text).split('\n').flatMap((each): Finding[] => {
    where = HEAD.exec(each)?.[1] ?? where;
    const found = where === undefined ? null : LINE.exec(each);
    if (where === undefined || found === null) return [];
    const [, file, line, column, warning, path, message] = found;
    const severity = warning === undefined ? 'error' : 'warning';
    const read = { file, line: Number(line), column: Number(column) };
    const position = (file as string | undefined) === undefined ? {} : read;
    return [{ where, path, message, severity, ...position }];
  });
}
