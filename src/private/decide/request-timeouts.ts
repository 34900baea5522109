/** How long Knative waits for an answer (docs/spec M43a). */
import type { Check, Outline } from './outline';
import type { RequestTimeoutsModel } from '../function/function-model';
import { integer } from '../function/readers';

/** Limit of a stock Knative, `max-revision-timeout-seconds`, and its own timeout. */
const MAX_SECONDS = 600;
const DEFAULT_SECONDS = 300;
const seconds = integer(1, 2 ** 31 - 1);

export const requestTimeouts: Check = ({ serving, workload }, problems) => {
  const given = Object.entries(serving.requestTimeouts ?? {}) as [keyof RequestTimeoutsModel, number][];
  for (const [field, value] of given) {
    const path = ['http', field];
    if (workload !== 'KnativeService') {
      problems.warn(path, `has no effect on a ${workload}; only Knative has such a timeout`);
    } else if (seconds(value, { path, problems }) !== undefined && value > MAX_SECONDS) {
      problems.warn(path, `${value} s is above the ${MAX_SECONDS} s that a stock Knative allows`);
    }
  }
  const { requestTimeout = DEFAULT_SECONDS, responseStartTimeout = 0 } = serving.requestTimeouts ?? {};
  if (workload === 'KnativeService' && responseStartTimeout > requestTimeout) {
    const message = `${responseStartTimeout} s is above the ${requestTimeout} s for the whole answer`;
    problems.error(['http', 'responseStartTimeout'], message);
  }
};

export function requestTimeoutsOf({ serving: { requestTimeouts: given = {} } }: Outline): {
  readonly timeoutSeconds?: number;
  readonly responseStartTimeoutSeconds?: number;
} {
  const { requestTimeout, responseStartTimeout } = given;
  return { timeoutSeconds: requestTimeout, responseStartTimeoutSeconds: responseStartTimeout };
}
