/** Checks the policies that a user gives; without one the default for inbound events applies (docs/spec M107, M108). */
import { isDeepStrictEqual } from 'node:util';
import type { ComponentsPlan, ResolvedRef } from './components';
import type { DaprMode } from './outline';
import type { ResiliencyModel } from '../function/function-model';
import { parseGoDuration } from '../kubernetes/go-duration';
import { Path, Problems, show } from '../problem/problem';

interface Surroundings {
  readonly mode: DaprMode;
  /** Of the proxy, where there is one; 0 is without end. */
  readonly holdSeconds?: number;
}

export function checkResiliency({ triggers, outputs }: ComponentsPlan, { mode, holdSeconds }: Surroundings, problems: Problems): void {
  const inbound = triggers.flatMap((ref) => given(ref, ['inputs', ref.delivery?.index ?? 0], ref.delivery?.resiliency));
  checkAll(inbound, mode, problems);
  checkAll(outputs.flatMap((ref) => given(ref, ['outputs', ref.path[2]], ref.resiliency)), mode, problems);
  if (holdSeconds === undefined) return;
  for (const { path, policy } of inbound) checkInbound(policy, path, holdSeconds, problems);
}

interface Given {
  readonly ref: ResolvedRef;
  readonly path: Path;
  readonly policy: ResiliencyModel;
}

function given(ref: ResolvedRef, path: Path, policy: ResiliencyModel | undefined): Given[] {
  return policy === undefined ? [] : [{ ref, path: [...path, 'resiliency'], policy }];
}

/** Dapr has one policy for each component and direction. */
function checkAll(all: readonly Given[], mode: DaprMode, problems: Problems): void {
  const known = new Map<string, ResiliencyModel>();
  for (const { ref: { key, componentName }, path, policy } of all) {
    checkNumbers(policy, path, problems);
    if (mode === 'off') problems.warn(path, 'has no effect on a function that does not use Dapr');
    const other = known.get(componentName) ?? policy;
    if (!isDeepStrictEqual(other, policy)) problems.error(path, `differs from another one of ${show(key)}; Dapr has one for each component and direction`);
    known.set(componentName, other);
  }
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
