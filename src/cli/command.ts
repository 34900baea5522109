/** What all commands share: output streams, exit codes and registration. */
import type { Command } from 'commander';

/** Where a command writes; tests capture it. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Standard error is a terminal: a line of progress may come and go there. */
  readonly progress?: boolean;
  /** Standard output is a terminal that shows colours. */
  readonly colours?: boolean;
}

/** Exit codes of all commands. */
export const EXIT = { ok: 0, invalidInput: 1, wrongUsage: 2 } as const;

/** A usage error that only the command itself can detect, such as a missing file. */
export class UsageError extends Error {}

/** Registers a command, which passes its exit code to `done`. */
export type AddCommand = (program: Command, streams: Streams, done: (code: number) => void) => void;

/** Examples at the end of a help page, each with what it does. */
export function examples(command: Command, lines: readonly (readonly [call: string, does: string])[]): Command {
  const text = lines.map(([call, does]) => `  # ${does}\n  $ cdk8s-openfunction ${call}`).join('\n');
  return command.addHelpText('after', `\nExamples:\n${text}`);
}
