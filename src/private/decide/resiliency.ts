/** The policies that a user gives, and the default for inbound events where there is none (docs/spec M107, M108). */
import { isDeepStrictEqual } from 'node:util';
import type { ComponentsPlan, ResolvedRef, ResolvedTrigger } from './components';
import type { NamesPlan } from './names';
import { at, isScopedTo } from './neighbours';
import type { DaprMode, Outline } from './outline';
import type { Around } from './references';
import { celProblem, COUNTERS } from '../catalogue/cel';
import type { ResiliencyModel } from '../function/function-model';
import { isObject, JsonObject, nonEmpty } from '../kubernetes/json';
import { parseGoDuration } from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';

/** A Dapr Resiliency of the components of one function. */
export interface ResiliencyPlan {
  readonly name: string;
  readonly policies: JsonObject;
  /** By component. */
  readonly targets: Targets;
}
type Targets = { [component: string]: JsonObject };

interface ResiliencyInput {
  readonly fn: Outline;
  readonly components: ComponentsPlan;
  readonly names: NamesPlan;
  readonly proxy?: { readonly holdSeconds: number; readonly inbound: readonly string[] };
  readonly around: Around;
}

/** Of typed props or of what was added, which alone have policies. */
function indexIn(path: Path): number {
  return path.find((key) => typeof key === 'number') ?? 0;
}

/** Constant interval and bound: twice the time in which a function is expected to come back. */
const INBOUND_RETRY: JsonObject = {
  policy: 'constant',
  duration: '5s',
  maxRetries: 120,
  // Resource exhausted and unavailable: what the proxy answers for its own failures, never for the function's.
  matching: { gRPCStatusCodes: '8,14', httpStatusCodes: '429,503' },
};
const INBOUND_POLICY = 'inbound';

/**
 * Without a policy Dapr retries nothing: what the proxy could not deliver would be dead-lettered or dropped at once.
 * A retry of the user's for the same component wins.
 */
export function decideResiliency(
  { fn, components, names, proxy, around }: ResiliencyInput, problems: Problems,
): ResiliencyPlan | undefined {
  const { triggers, outputs } = components;
  const inbound = triggers.flatMap((ref) => given(ref, ['inputs', ref.delivery?.index ?? 0], ref.delivery?.resiliency));
  const outbound = outputs.flatMap((ref) => given(ref, ['outputs', indexIn(ref.path)], ref.resiliency));
  if (inbound.length + outbound.length + (proxy?.inbound.length ?? 0) === 0) return undefined;
  checkAll(inbound, fn.dapr.mode, problems);
  checkAll(outbound, fn.dapr.mode, problems);
  if (proxy !== undefined) {
    for (const { path, policy } of inbound) checkInbound(policy, path, proxy.holdSeconds, problems);
  }
  const policies = { timeouts: {}, retries: {}, circuitBreakers: {} };
  const targets: Targets = {};
  for (const { ref, policy } of inbound) addPolicy(ref.componentName, 'inbound', policy, policies, targets);
  for (const { ref, policy } of outbound) addPolicy(ref.componentName, 'outbound', policy, policies, targets);
  warnOfRivals([...inbound, ...outbound], around, problems);
  const retried = proxy?.inbound.filter((component) => (
    inboundOf(targets[component])?.retry === undefined && rivalOf(component, around) === undefined)) ?? [];
  if (proxy !== undefined) for (const ref of triggers) warnOfLackingRetry(ref, around, problems);
  for (const component of retried) {
    const target = targets[component];
    targets[component] = { ...target, inbound: { ...inboundOf(target), retry: INBOUND_POLICY } };
  }
  if (retried.length > 0) Object.assign(policies.retries, { [INBOUND_POLICY]: INBOUND_RETRY });
  if (Object.keys(targets).length === 0) return undefined;
  const filled = Object.entries(policies).filter(([, entries]) => nonEmpty(entries) !== undefined);
  return { name: proxy === undefined ? fn.name : names.proxy, policies: Object.fromEntries(filled), targets };
}

const FIELDS = [['timeout', 'timeouts'], ['retry', 'retries'], ['circuitBreaker', 'circuitBreakers']] as const;

function addPolicy(
  component: string,
  direction: 'inbound' | 'outbound',
  asked: ResiliencyModel,
  policies: Record<string, JsonObject>,
  targets: Targets,
): void {
  const name = `${component}-${direction}`;
  const target: JsonObject = {};
  for (const [field, kind] of FIELDS) {
    const policy = asked[field];
    if (policy === undefined) continue;
    policies[kind][name] = policy;
    target[field] = name;
  }
  if (Object.keys(target).length > 0) targets[component] = { ...targets[component], [direction]: target };
}

interface Rival {
  readonly name: string;
  readonly target: JsonObject;
}

/** A Resiliency beside the function that has a policy for the component. Dapr keeps one for each, the one read last. */
function rivalOf(component: string, { neighbours, namespace, appId }: Around): Rival | undefined {
  for (const neighbour of neighbours.in('Resiliency', namespace)) {
    const target = at(neighbour.body(), ['spec', 'targets', 'components', component]);
    if (isObject(target) && isScopedTo(neighbour, appId)) return { name: neighbour.name, target };
  }
  return undefined;
}

function warnOfRivals(all: readonly Given[], around: Around, problems: Problems): void {
  for (const { ref: { key, componentName }, path } of all) {
    const rival = rivalOf(componentName, around);
    if (rival === undefined) continue;
    problems.warn(path, `the Resiliency ${show(rival.name)} has a policy of ${show(key)} too, and Dapr keeps the one `
      + 'that it reads last; give all of it in one place');
  }
}

function warnOfLackingRetry(
  { key, componentName, delivery, path }: ResolvedTrigger, around: Around, problems: Problems,
): void {
  const rival = rivalOf(componentName, around);
  if (rival === undefined || delivery?.resiliency !== undefined) return;
  if (inboundOf(rival.target)?.retry !== undefined) return;
  problems.warn([...path, 'name'], `the Resiliency ${show(rival.name)} has a policy of `
    + `${show(key)} without an inbound retry, so events that the proxy cannot deliver at once are lost; add one there`);
}

function inboundOf(target: JsonObject | undefined): JsonObject | undefined {
  return target?.inbound as JsonObject | undefined;
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
    if (!isDeepStrictEqual(other, policy)) {
      problems.error(path, `differs from another one of ${show(key)}; Dapr has one for each component and direction`);
    }
    known.set(componentName, other);
  }
}

function checkNumbers({ timeout, circuitBreaker }: ResiliencyModel, path: Path, problems: Problems): void {
  const whole = (value: unknown, least: number, ...field: string[]) => {
    if (value === undefined || (Number.isInteger(value) && Number(value) >= least)) return;
    problems.error([...path, ...field], `${show(value)} is not a whole number from ${least} on`);
  };
  whole(circuitBreaker?.maxRequests, 1, 'circuitBreaker', 'maxRequests');
  const above0 = (value: unknown, ...field: string[]) => {
    if (typeof value !== 'string' || parseGoDuration(value) !== 0) return;
    problems.error([...path, ...field], 'must be above 0');
  };
  const { trip } = circuitBreaker ?? {};
  const wrong = typeof trip === 'string' ? celProblem(trip, COUNTERS) : undefined;
  if (wrong !== undefined) problems.warn([...path, 'circuitBreaker', 'trip'], wrong);
  above0(timeout, 'timeout');
  above0(circuitBreaker?.timeout, 'circuitBreaker', 'timeout');
}

/** The user's policy wins, even where the proxy's own failures then lose events. */
function checkInbound({ timeout, retry }: ResiliencyModel, path: Path, holdSeconds: number, problems: Problems): void {
  if (retry?.maxRetries === 0) {
    const message = '0 makes Dapr drop or dead-letter an event that the proxy cannot deliver at once';
    problems.warn([...path, 'retry', 'maxRetries'], message);
  }
  const seconds = timeout === undefined ? undefined : parseGoDuration(timeout);
  if (seconds === undefined || (holdSeconds > 0 && seconds > holdSeconds)) return;
  const hold = holdSeconds === 0 ? 'without end' : `for up to ${holdSeconds} s`;
  problems.warn([...path, 'timeout'], `${timeout} also runs while the proxy holds an event `
    + `for which no pod is there, which it does ${hold}; give more, or a shorter proxy.holdTimeout`);
}
