/** Calls that reach nobody, requests that reach one of two functions, and ticks that come twice. */
import { Around, Find, Finding, Likeness, other, OwnEdge, specOf } from './finding';
import { at } from '../../decide/neighbours';
import { FunctionPlan, hasInternalUrl, internalUrlOf } from '../../decide/plan';
import { isObject, Json, JsonObject, objectsIn } from '../../kubernetes/json';
import { Path, show, typoOf } from '../../problem/problem';
import { settingOf } from '../brokers';
import type { Addresses, Call } from '../calls';
import type { WiredFunction } from '../graph';

export const lostCalls: Find = (around) => {
  const callees = new Callees(around);
  const bound = around.own.filter(({ kind, from }) => kind === 'binds' && from.startsWith('function '));
  return [
    ...around.functions.flatMap((by) => {
      const { pod: { env }, namespace } = by.plan;
      return callees.addresses.callsIn(env, namespace).flatMap((call) => (
        callees.findingsOf(call, by, ['serving', 'params', call.variable])));
    }),
    ...bound.flatMap((edge) => {
      const { componentType, spec } = specOf(edge);
      const url = componentType === 'bindings.http' ? settingOf(spec, 'url') : undefined;
      return url === undefined ? [] : callees.addresses.callsIn([{ name: 'url', value: url }], edge.by.plan.namespace)
        .flatMap((call) => callees.findingsOf(call, edge.by, edge.path));
    }),
  ];
};

type Found = Pick<Finding, 'rule' | 'level' | 'message' | 'name'>;
type NowhereCall = Pick<Finding, 'message' | 'name'>;

class Callees {
  public readonly addresses: Addresses;
  private readonly wired: ReadonlyMap<FunctionPlan, WiredFunction>;
  private readonly ids: readonly WiredFunction[];
  private likeness?: Likeness;

  public constructor(private readonly around: Around) {
    const { functions } = around;
    this.addresses = around.wiring.addresses;
    this.wired = new Map(functions.map((one) => [one.plan, one]));
    this.ids = functions.filter(({ plan }) => plan.dapr.mode !== 'off');
  }

  public findingsOf(call: Call, by: WiredFunction, path: Path): Finding[] {
    const { appId, target, host } = call;
    const found = appId !== undefined ? this.throughNoDapr(call, by) ?? this.unknownApp(appId, call, by)
      : nowhere(target !== undefined ? this.unreachable(call, target) : this.unknownHost(host ?? '', by));
    return found === undefined ? [] : [{ by, path, ...found }];
  }

  /** Dapr listens on the loopback only where the pod has a sidecar. */
  private throughNoDapr({ host = '', certain = false, variable }: Call, { plan: { dapr } }: WiredFunction) {
    if (!certain || !/^(localhost|127\.)/.test(host) || dapr.mode === 'sidecar') return undefined;
    return nowhere({
      name: variable,
      message: dapr.mode === 'off' ? 'this function does not use Dapr, so nothing answers there'
        : 'a function behind the dapr-proxy has no sidecar in its pods: Dapr is at what DAPR_HTTP_ENDPOINT says',
    });
  }

  /** Other programs have app-ids too, so one that nothing here has may be right. */
  private unknownApp(appId: string, { certain = false }: Call, by: WiredFunction): Found | undefined {
    const { plan: { namespace } } = by;
    const dot = appId.indexOf('.');
    const [id, where] = dot < 0 ? [appId, namespace] : [appId.slice(0, dot), appId.slice(dot + 1)];
    const isIt = ({ plan }: WiredFunction) => plan.names.appId === id && plan.namespace === where;
    if (this.ids.some(isIt)) return undefined;
    const found = { rule: 'call-to-unknown-app', name: appId } as const;
    const elsewhere = this.ids.find(({ plan }) => plan.names.appId === id);
    if (elsewhere !== undefined && dot < 0) {
      const message = `${show(id)} is the app-id of ${other(elsewhere, NAME)}, in another namespace, `
        + `where Dapr looks only for ${show(`${id}.${elsewhere.plan.namespace}`)}`;
      return { ...found, level: 'warning', message };
    }
    const off = this.around.functions.find(isIt);
    if (off !== undefined) {
      const message = `${show(id)} would be the app-id of ${other(off, NAME)}, which does not use Dapr`;
      return { ...found, level: 'warning', message };
    }
    const lack = `nothing here has the app-id ${show(id)}`;
    const near = this.ids.filter(({ plan }) => plan.namespace === where);
    const meant = typoOf(id, near.map(({ plan }) => plan.names.appId));
    const there = near.find(({ plan }) => plan.names.appId === meant);
    if (meant === undefined || there === undefined) {
      return certain ? { ...found, level: 'information', message: lack } : undefined;
    }
    const message = `${lack}; did you mean ${show(meant)} of ${other(there, NAME)}?`;
    return { ...found, level: 'warning', message };
  }

  /** Nearly the host of a function, or its name in another namespace. */
  private unknownHost(host: string, { plan: { namespace } }: WiredFunction): NowhereCall | undefined {
    const [service, where = '', ...rest] = host.split('.');
    const isService = rest.length === 0 || rest[0] === 'svc';
    if (isService && this.around.neighbours.find('Service', service, where) !== undefined) return undefined;
    this.likeness ??= new Likeness(this.addresses.hosts);
    const meant = this.likeness.meant(isService ? `${service}.${where}` : host);
    const target = meant === undefined ? undefined : this.addresses.at(meant);
    const lack = `nothing here is called ${show(host)}`;
    if (target !== undefined) {
      const who = other(this.wired.get(target)!, NAME);
      return { name: host, message: `${lack}; did you mean ${show(meant)} of ${who}?` };
    }
    const elsewhere = where !== namespace || !isService ? undefined
      : this.around.functions.find(({ plan }) => plan.name === service);
    return elsewhere === undefined ? undefined : {
      name: host,
      message: `${lack}; ${other(elsewhere, NAME)} is in another `
      + `namespace, so say ${show(`${service}.${elsewhere.plan.namespace}`)}`,
    };
  }

  /** Of a function without a Service, or at a port that its Service does not have. */
  private unreachable({ host = '', port }: Call, target: FunctionPlan): NowhereCall | undefined {
    const { name, namespace, dapr, names } = target;
    // A Service of the user's own may have that name.
    const isOurs = this.around.neighbours.find('Service', name, namespace) === undefined;
    if (!host.startsWith(`${name}.${namespace}`) || !isOurs) return undefined;
    const who = other(this.wired.get(target)!, NAME);
    if (!hasInternalUrl(target)) {
      const through = dapr.mode === 'off' ? '' : `; call it through Dapr, as app-id ${show(names.appId)}`;
      return { name, message: `${who} has no Service${through}` };
    }
    const right = internalUrlOf(target, '');
    const there = new URL(right).port || '80';
    const isTls = port === '443' && target.workload === 'KnativeService';
    if (port === undefined || port === there || isTls) return undefined;
    return { name, message: `${who} is called at port ${there}, not ${port}: its URL is ${right}` };
  }
}

const NAME: Path = ['metadata', 'name'];

function nowhere(found: NowhereCall | undefined): Found | undefined {
  return found && { rule: 'call-to-nowhere', level: 'warning', ...found };
}

const ROUTE: Path = ['serving', 'triggers', 'http', 'route'];

/** The Gateway API lets the oldest HTTPRoute win where two have the same match. */
export const sharedRoutes: Find = ({ functions, neighbours }) => {
  const first = new Map<string, WiredFunction>();
  const foreign = new Map(neighbours.all('HTTPRoute').flatMap(({ name, namespace = '', body }) => {
    const spec = at(body(), ['spec']);
    return matchesOf(spec, namespace).map((key): [string, string] => [key, `the HTTPRoute ${namespace}/${name}`]);
  }));
  return functions.flatMap((by): Finding[] => {
    const { route, namespace } = by.plan;
    if (route === undefined) return [];
    const { parent, hostnames, rules } = route;
    const keys = matchesOf({ parentRefs: [{ ...parent }], hostnames: [...hostnames], rules: [...rules] }, namespace);
    for (const key of keys) {
      const before = first.get(key);
      if (before === undefined) first.set(key, by);
      const who = before !== undefined && before !== by ? other(before, ROUTE) : foreign.get(key);
      if (who === undefined) continue;
      const [, host, match] = key.split('\n');
      const message = `${match} of ${show(host)} is that of ${who} too, so requests reach only the one that is older`;
      return [{ rule: 'route-shared', level: 'warning', by, path: ROUTE, name: host, message }];
    }
    return [];
  });
};

/** `gateway, host name, what a request must have`: the same text for the same requests. */
function matchesOf(spec: Json | undefined, namespace: string): string[] {
  if (!isObject(spec)) return [];
  const gateways = objectsIn(spec.parentRefs).map(([{ name, namespace: given = namespace }]) => (
    `${String(given)}/${String(name)}`));
  const hostnames = Array.isArray(spec.hostnames) ? spec.hostnames.map((host) => String(host).toLowerCase()) : [];
  const matches = objectsIn(spec.rules).flatMap(([rule]) => {
    const given = objectsIn(rule.matches).map(([match]) => match);
    return (given.length === 0 ? [{}] : given).map(matchText);
  });
  return gateways.flatMap((gateway) => hostnames.flatMap((host) => (
    (matches.length === 0 ? [matchText({})] : matches).map((match) => [gateway, host, match].join('\n')))));
}

function matchText({ path, ...others }: JsonObject): string {
  const { type = 'PathPrefix', value = '/' } = isObject(path) ? path : {};
  const rest = Object.keys(others).sort().map((key) => ` with ${key} ${JSON.stringify(others[key])}`).join('');
  return `the ${type === 'PathPrefix' ? 'path' : String(type)} ${show(value)}${rest}`;
}

/** A function that two timers of one schedule start. */
export const sameSchedule: Find = ({ own }) => {
  const first = new Map<string, OwnEdge>();
  return own.flatMap((edge): Finding[] => {
    const { kind, to, by, path } = edge;
    if (kind !== 'binds' || !to.startsWith('function ')) return [];
    const { spec, componentType, key } = specOf(edge);
    const schedule = settingOf(spec, 'schedule');
    if (componentType !== 'bindings.cron' || schedule === undefined) return [];
    const before = first.get(`${to}\n${schedule}`);
    if (before === undefined) first.set(`${to}\n${schedule}`, edge);
    if (before === undefined) return [];
    const message = `${show(key)} has the schedule ${show(schedule)} of ${show(specOf(before).key)} `
      + `(${by.place(before.path)}), so the function runs twice at a time`;
    return [{ rule: 'schedule-twice', level: 'warning', by, path, name: key, message }];
  });
};

