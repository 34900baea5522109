/** One JSON line per entry. Event bodies and tokens are never passed to it. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Record<string, string | number | boolean | undefined>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A logger that prints entries of `level` and above through `write`, stamped by `date`. */
export function createLogger(level: LogLevel, write: (line: string) => void, date: () => Date): Logger {
  const lowest = LOG_LEVELS.indexOf(level);
  const entry = (of: LogLevel) => (message: string, fields: LogFields = {}) => {
    if (LOG_LEVELS.indexOf(of) < lowest) return;
    write(`${JSON.stringify({ level: of, time: date().toISOString(), message, ...fields })}\n`);
  };
  return { debug: entry('debug'), info: entry('info'), warn: entry('warn'), error: entry('error') };
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
