/** One line on a terminal about what takes longer than a second; it disappears when the work is done. */
export interface Progress {
  /** Called often; it writes rarely. */
  readonly step: (what: string, done: number, total: number) => void;
  readonly end: () => void;
}

export const NO_PROGRESS: Progress = { step: () => undefined, end: () => undefined };

const QUIET_MS = 1_000;
const BETWEEN_MS = 100;
const ERASE_LINE = '\r\u001b[K';

/**
 * @param write where the line goes: standard error, if it is a terminal
 * @param now milliseconds of a clock
 */
export function progressOn(write: (text: string) => void, now: () => number = () => performance.now()): Progress {
  let next = now() + QUIET_MS;
  let shown = false;
  return {
    step: (what, done, total) => {
      const time = now();
      if (time < next) return;
      next = time + BETWEEN_MS;
      shown = true;
      write(`${ERASE_LINE}${what}: ${done} of ${total}`);
    },
    end: () => {
      if (shown) write(ERASE_LINE);
      shown = false;
    },
  };
}
