/** Grants as Dapr's access control has them: a policy for each app, an entry for each operation (docs/spec M116b). */
import type { StringMap } from '../kubernetes/json';
import { Problem, Problems, show } from '../problem/problem';

/** An app that may call a function; without operations or verbs, all of them. */
export interface CallerModel {
  readonly appId: string;
  readonly namespace: string;
  readonly trustDomain: string;
  readonly operations?: readonly string[];
  readonly verbs?: readonly string[];
}

/** Who is seen to call a function: apps through Dapr, and pods by the address of its Service. */
export interface Callers {
  readonly apps: readonly CallerModel[];
  readonly pods: readonly PodCaller[];
}

export const NO_CALLERS: Callers = { apps: [], pods: [] };

/** Pods of a namespace that have these labels. */
export interface PodCaller {
  readonly namespace: string;
  readonly labels: StringMap;
}

export interface AccessPolicy extends Pick<CallerModel, 'appId' | 'namespace' | 'trustDomain'> {
  readonly defaultAction: 'allow' | 'deny';
  readonly operations?: ReadonlyArray<{ readonly name: string; readonly verbs: readonly string[] }>;
}

const EVERYTHING = '/**';
const ANY_VERB = '*';

export function accessPolicies(callers: readonly CallerModel[]): AccessPolicy[] {
  const byApp = new Map<string, CallerModel[]>();
  for (const caller of callers) byApp.set(keyOf(caller), [...byApp.get(keyOf(caller)) ?? [], caller]);
  return [...byApp].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, grants]) => policy(grants));
}

function keyOf({ namespace, appId }: CallerModel): string {
  return `${namespace}/${appId}`;
}

function policy(grants: readonly CallerModel[]): AccessPolicy {
  const [{ appId, namespace, trustDomain }] = grants;
  const isOpen = grants.some(({ operations, verbs }) => operations === undefined && verbs === undefined);
  const app = { appId, namespace, trustDomain };
  if (isOpen) return { ...app, defaultAction: 'allow' };
  const names = [...new Set(grants.flatMap(operationsOf))].sort((one, other) => wildness(one) - wildness(other));
  return { ...app, defaultAction: 'deny', operations: names.map((name) => ({ name, verbs: verbsOf(name, grants) })) };
}

function operationsOf({ operations = [EVERYTHING] }: CallerModel): readonly string[] {
  return operations;
}

/** Dapr takes the first entry that matches, so the more specific ones come first. */
function wildness(operation: string): number {
  return operation.endsWith(EVERYTHING) ? 2 : operation.endsWith('/*') ? 1 : 0;
}

/** From all grants that cover an operation, since Dapr looks at one entry alone. */
function verbsOf(operation: string, grants: readonly CallerModel[]): string[] {
  const saying = grants.filter((grant) => operationsOf(grant).some((each) => covers(each, operation)));
  const verbs = new Set(saying.flatMap(({ verbs: given = [ANY_VERB] }) => given));
  return verbs.has(ANY_VERB) ? [ANY_VERB] : [...verbs].sort();
}

/** In Dapr an operation without a wildcard covers all paths below it, and one with a wildcard also its own prefix. */
export function covers(pattern: string, operation: string): boolean {
  const base = pattern.replace(/\/\*{1,2}$/, '');
  const rest = operation === base ? '' : operation.startsWith(`${base}/`) ? operation.slice(base.length) : undefined;
  if (rest === undefined) return false;
  return wildness(pattern) !== 1 || (/^(\/[^/]+)?$/.test(rest) && rest !== EVERYTHING);
}

/** An entry hides those of the paths below it, so it cannot have fewer verbs. */
export function checkGrants(callers: readonly CallerModel[], added: CallerModel): Problem[] {
  const problems = new Problems();
  const all = [...callers, added].filter((each) => keyOf(each) === keyOf(added));
  const [{ operations = [], defaultAction }] = accessPolicies(all);
  for (const outer of defaultAction === 'allow' ? [] : operations) {
    if (wildness(outer.name) > 0 || outer.verbs[0] === ANY_VERB) continue;
    const inner = operations.find(({ name, verbs }) => (
      name.startsWith(`${outer.name}/`) && verbs.some((verb) => !outer.verbs.includes(verb))));
    if (inner === undefined) continue;
    problems.error(['operations'], `${show(outer.name)} is all below it too, so Dapr would never look at `
      + `${show(inner.name)} with its other verbs; give both the same, or "${outer.name}/*"`);
  }
  return problems.all;
}
