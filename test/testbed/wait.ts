// Waiting for a condition, with a limit and a reason.
import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** What is waited for, for the error. */
  readonly what: string;
  /** @default 90000 */
  readonly timeoutMs?: number;
  /** @default 50 */
  readonly intervalMs?: number;
}

/** Asks until the answer is neither false nor undefined, and returns it. An error of the condition counts as "not yet". */
export async function waitFor<T>(condition: () => T | undefined | false | Promise<T | undefined | false>, options: WaitOptions): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 90_000;
  const end = Date.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const answer = await condition();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      if (error instanceof GiveUp) throw error;
      last = error;
    }
    await sleep(options.intervalMs ?? 50);
  } while (Date.now() < end);
  throw new Error(`${options.what}: not within ${timeoutMs} ms`, { cause: last });
}

/** Thrown by a condition that can no longer come true. */
export class GiveUp extends Error {}
