/** Calls that reach nobody, as variables have them. */
import { Around, Find, Finding, other } from './finding';
import type { FunctionPlan } from '../../decide/plan';
import { hasInternalUrl, internalUrlOf } from '../../decide/urls';
import { show, typoOf } from '../../problem/problem';
import { Addresses, Call } from '../calls';
import type { WiredFunction } from '../model';

export const lostCalls: Find = (around) => {
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
