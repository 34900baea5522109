/** Findings across the functions of an app. */
import { Around, Find, Finding, other, Rule } from './finding';
import { cycles, foreignGroups, lonelyTopics, sharedGroups, sharedState } from './topics';
import type { Neighbours } from '../../decide/neighbours';
import { FunctionPlan, hasInternalUrl, internalUrlOf } from '../../decide/plan';
import { isObject } from '../../kubernetes/json';
import { Problem, show, typoOf } from '../../problem/problem';
import { Addresses, Call } from '../calls';
import { functionId, WiredFunction, Wiring } from '../graph';

const lostCalls: Find = (around) => {
  const { functions } = around;
  const addresses = new Addresses(functions.map(({ plan }) => plan));
  const wired = new Map(functions.map((one) => [one.plan, one]));
  const ids = functions.filter(({ plan }) => plan.dapr.mode !== 'off');
  return functions.flatMap((by) => {
    const { plan: { pod: { env }, namespace } } = by;
    return addresses.callsIn(env, namespace).flatMap((call): Finding[] => {
      const path = ['serving', 'params', call.variable];
      const found = call.target === undefined
        ? unknownApp(call, by, ids, around) : unreachable(call, call.target, wired, around);
      return found === undefined ? [] : [{ by, path, ...found }];
    });
  });
};

type Found = Pick<Finding, 'rule' | 'level' | 'message' | 'name'>;

/** Other programs have app-ids too, so one that nothing here has may be right. */
function unknownApp(
  { appId = '', certain = false }: Call, by: WiredFunction, known: readonly WiredFunction[], around: Around,
): Found | undefined {
  const { plan: { namespace } } = by;
  const dot = appId.indexOf('.');
  const [id, where] = dot < 0 ? [appId, namespace] : [appId.slice(0, dot), appId.slice(dot + 1)];
  if (known.some(({ plan }) => plan.names.appId === id && plan.namespace === where)) return undefined;
  const found = { rule: 'call-to-unknown-app', name: appId } as const;
  const elsewhere = known.find(({ plan }) => plan.names.appId === id);
  if (elsewhere !== undefined && dot < 0) {
    const message = `${show(id)} is the app-id of ${other(elsewhere, ['metadata', 'name'])}, in another namespace, `
      + `where Dapr looks only for ${show(`${id}.${elsewhere.plan.namespace}`)}`;
    return { ...found, level: 'warning', message };
  }
  const off = around.functions.find(({ plan }) => plan.names.appId === id && plan.namespace === where);
  if (off !== undefined) {
    const message = `${show(id)} would be the app-id of ${other(off, ['metadata', 'name'])}, which does not use Dapr`;
    return { ...found, level: 'warning', message };
  }
  const near = known.filter(({ plan }) => plan.namespace === where).map(({ plan }) => plan.names.appId);
  const meant = typoOf(id, near);
  const lack = `nothing here has the app-id ${show(id)}`;
  if (meant !== undefined) return { ...found, level: 'warning', message: `${lack}; did you mean ${show(meant)}?` };
  return certain ? { ...found, level: 'information', message: lack } : undefined;
}

/** Of a function without a Service, or at a port that its Service does not have. */
function unreachable(
  { host = '', port }: Call, target: FunctionPlan, wired: ReadonlyMap<FunctionPlan, WiredFunction>, around: Around,
): Found | undefined {
  const { name, namespace, dapr, names } = target;
  // A Service of the user's own may have that name.
  if (!host.startsWith(`${name}.${namespace}`) || around.neighbours.find('Service', name, namespace)) return undefined;
  const who = other(wired.get(target)!, ['metadata', 'name']);
  if (!hasInternalUrl(target)) {
    const through = dapr.mode === 'off' ? '' : `; call it through Dapr, as app-id ${show(names.appId)}`;
    return { rule: 'call-to-nowhere', level: 'warning', message: `${who} has no Service${through}` };
  }
  const right = internalUrlOf(target, '');
  const there = new URL(right).port || '80';
  if (port === undefined || port === '443' || port === there) return undefined;
  const message = `${who} is called at port ${there}, not ${port}: its URL is ${right}`;
  return { rule: 'call-to-nowhere', level: 'warning', message };
}

const misspeltScopes: Find = ({ functions, neighbours }) => (
  neighbours.all('Subscription').flatMap(({ name: subscription, namespace, body }): Finding[] => {
    const { scopes, metadata } = body();
    const mine = functions.filter(({ plan }) => plan.dapr.mode !== 'off' && plan.namespace === namespace);
    const known = mine.map(({ plan }) => plan.names.appId);
    if (!Array.isArray(scopes) || !isObject(metadata)) return [];
    return scopes.flatMap((scope): Finding[] => {
      const meant = typeof scope === 'string' && !known.includes(scope) ? typoOf(scope, known) : undefined;
      const by = mine.find(({ plan }) => plan.names.appId === meant);
      if (by === undefined || scopes.some((each) => each === meant)) return [];
      const message = `the scopes of the Subscription ${show(subscription)} name the app-id ${show(scope)}, which `
        + `nothing here has; do they mean this function, ${show(meant)}?`;
      const path = ['metadata', 'name'];
      return [{ rule: 'scope-misspelt', level: 'warning', by, path, name: String(scope), message }];
    });
  }));

const RULES: readonly Find[] = [
  lonelyTopics, sharedGroups, foreignGroups, lostCalls, cycles, sharedState, misspeltScopes,
];

export function findingsOf(wiring: Wiring, functions: readonly WiredFunction[], neighbours: Neighbours): Finding[] {
  const around = new Around(wiring, functions, neighbours);
  const found = RULES.flatMap((find) => find(around));
  const idOf = ({ by }: Finding) => functionId(by.plan);
  return found.sort((a, b) => (idOf(a) < idOf(b) ? -1 : idOf(a) > idOf(b) ? 1 : 0));
}

/** What a program says to have no other side: then a topic without one is wrong. */
const CLOSED: readonly Rule[] = ['topic-without-subscriber', 'topic-without-publisher', 'dead-letters-unread'];

/** Information is not a problem. */
export function problemsOf(findings: readonly Finding[], closedTopics: boolean): Problem[] {
  return findings.flatMap(({ rule, level, path, message, name }): Problem[] => {
    if (closedTopics && CLOSED.includes(rule)) return [{ severity: 'error', path, message, name }];
    return level === 'warning' ? [{ severity: 'warning', path, message, name }] : [];
  });
}
