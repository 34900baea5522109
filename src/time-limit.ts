/** A time that may have no end. */
import type { Duration } from 'cdk8s';
import { failOn, Problem } from './private/problem/problem';
import { checkProps } from './private/settings/known-props';

/** How long something may take: some time, or as long as it wants. */
export class TimeLimit {
  /**
   * A limit, above 0. The field that takes it says how long it may be at most.
   *
   * @param duration the time; anything but a time above 0 is rejected
   */
  public static of(duration: Duration): TimeLimit {
    const { misshapen } = checkProps({ duration }, { duration: 'duration' });
    failOn('TimeLimit.of', [...misshapen]);
    const milliseconds = duration.toMilliseconds();
    const message = `${milliseconds} ms is not above 0; TimeLimit.none() is without limit`;
    const wrong: Problem = { severity: 'error', path: ['duration'], message };
    failOn('TimeLimit.of', milliseconds > 0 ? [] : [wrong]);
    return new TimeLimit(milliseconds);
  }

  /** No limit: it may take as long as it wants. */
  public static none(): TimeLimit {
    return new TimeLimit(0);
  }

  /** @internal 0 is none. */
  public readonly _milliseconds: number;

  private constructor(milliseconds: number) {
    this._milliseconds = milliseconds;
  }
}
