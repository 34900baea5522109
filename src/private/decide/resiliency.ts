/** Checks the policies that a user gives; without one the default for inbound events applies (docs/spec M107, M108). */
import { isDeepStrictEqual } from 'node:util';
import type { ComponentsPlan, ResolvedRef } from './components';
import type { DaprMode } from './dapr';
import type { FunctionExtras, ResiliencyModel } from '../function/extras';
import { parseGoDuration } from '../kubernetes/go-duration';
import { Path, Problems, show } from '../problem/problem';

interface Surroundings {
  readonly mode: DaprMode;
  /** Of the proxy, where there is one; 0 is without end. */
  readonly holdSeconds?: number;
}

export function checkResiliency(
  { triggers, outputs }: ComponentsPlan, extras: FunctionExtras, { mode, holdSeconds }: Surroundings, problems: Problems,
): void {
  const inbound = (extras.inputs ?? []).map(({ index, resiliency }) => ({ path: ['inputs', index, 'resiliency'], policy: resiliency }));
  const outbound = (extras.outputs ?? []).map(({ resiliency }, index) => ({ path: ['outputs', index, 'resiliency'], policy: resiliency }));
  checkAll(triggers, inbound, mode, problems);
  checkAll(outputs, outbound, mode, problems);
  if (holdSeconds === undefined) return;
  for (const { path, policy } of inbound) if (policy !== undefined) checkInbound(policy, path, holdSeconds, problems);
}

interface Given {
  readonly path: Path;
  readonly policy?: ResiliencyModel;
}

/** Dapr has one policy for each component and direction. */
function checkAll(
  refs: readonly Pick<ResolvedRef, 'key' | 'componentName'>[], given: readonly Given[], mode: DaprMode, problems: Problems,
): void {
  const known = new Map<string, ResiliencyModel>();
  refs.forEach(({ key, componentName }, index) => {
    const { path, policy } = given[index] ?? {};
    if (path === undefined || policy === undefined) return;
    checkNumbers(policy, path, problems);
    if (mode === 'off') problems.warn(path, 'has no effect on a function that does not use Dapr');
    const other = known.get(componentName) ?? policy;
    if (!isDeepStrictEqual(other, policy)) problems.error(path, `differs from another one of ${show(key)}; Dapr has one for each component and direction`);
    known.set(componentName, other);
  });
}

function checkNumbers({ timeout, retry, circuitBreaker }: ResiliencyModel, path: Path, problems: Problems): void {
  const whole = (value: unknown, least: number, ...field: string[]) => {
    if (value !== undefined && !(Number.isInteger(value) && Number(value) >= least)) problems.error([...path, ...field], `${show(value)} is no whole number from ${least} on`);
  };
  whole(retry?.maxRetries, -1, 'retry', 'maxRetries');
  whole(circuitBreaker?.maxRequests, 0, 'circuitBreaker', 'maxRequests');
  if (timeout !== undefined && parseGoDuration(timeout) === 0) problems.error([...path, 'timeout'], 'must be above 0');
}

/** The user's policy wins, also where the proxy's own failures then lose events. */
function checkInbound({ timeout, retry }: ResiliencyModel, path: Path, holdSeconds: number, problems: Problems): void {
  if (retry?.maxRetries === 0) {
    problems.warn([...path, 'retry', 'maxRetries'], '0 makes Dapr drop or dead-letter an event that the proxy cannot deliver at once');
  }
  const seconds = timeout === undefined ? undefined : parseGoDuration(timeout);
  if (seconds === undefined || (holdSeconds > 0 && seconds > holdSeconds)) return;
  const hold = holdSeconds === 0 ? 'without end' : `for up to ${holdSeconds} s`;
  problems.warn([...path, 'timeout'], `${timeout} also counts while the proxy holds an event for which no pod is there, which it does ${hold}; give more, or a shorter proxy.holdTimeout`);
}
