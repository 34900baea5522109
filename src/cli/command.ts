/** What the commands have in common: where they write, and how they end. */
import type { Command } from 'commander';

/** Where a command writes; tests look at it. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Exit codes, by what is wrong. */
export const EXIT = { ok: 0, invalidInput: 1, wrongUsage: 2 } as const;

/** Wrong usage that only a command itself can find, such as a file that is not there. */
export class UsageError extends Error {}

/** Adds itself to the program, and tells `done` how it ended. */
export type AddCommand = (program: Command, streams: Streams, done: (code: number) => void) => void;
