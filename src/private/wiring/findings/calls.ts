/** Calls that reach nobody. */
import { Around, Find, Finding, isText, Likeness, NAME, other, ROUTE, specOf } from './finding';
import { covers } from '../../decide/access-policies';
import { at, Neighbour, podOf } from '../../decide/neighbours';
import { FunctionPlan, hasInternalUrl, internalUrlOf } from '../../decide/plan';
import { DAPR_CONFIG } from '../../kubernetes/constants';
import { Json, JsonObject, objectsIn } from '../../kubernetes/json';
import { Path, show, typoOf } from '../../problem/problem';
import { Addresses, Call } from '../calls';
import type { WiredFunction } from '../graph';

/** Of a sidecar that the injector adds. */
const DAPR_HTTP = '3500';

export const lostCalls: Find = (around) => {
  const callees = new Callees(around);
  const { addresses } = callees;
  return [
    ...around.functions.flatMap((by) => addresses.callsOf(by.plan).flatMap((call) => {
      const { name, path, source } = call.said;
      return withPlace(callees.judge(call, callerOf(by)), by, path, source && `${name}${source}: `);
    })),
    ...around.own.filter(({ kind, from }) => kind === 'binds' && from.startsWith('function ')).flatMap((edge) => {
      const { by, path } = edge;
      return addresses.callsOfBinding({ ...specOf(edge), path }, by.plan.namespace)
        .flatMap((call) => withPlace(callees.judge(call, callerOf(by)), by, path));
    }),
    ...around.neighbours.all('Workload').flatMap((workload) => ofWorkload(workload, callees)),
    ...(['HTTPEndpoint', 'Service', 'Sink'] as const).flatMap((kind) => (
      around.neighbours.all(kind).flatMap((each) => ofObject(each, callees)))),
  ];
};

/** Fields of objects that lead somewhere. */
const LEADING: readonly Path[] = [
  ['spec', 'baseUrl'], ['spec', 'externalName'], ['spec', 'sink', 'uri'], ['spec', 'subscriber', 'uri'],
];

function ofObject({ name, namespace, body }: Neighbour, callees: Callees): Finding[] {
  const object = body();
  const said = LEADING.flatMap((path) => {
    const value = at(object, path.map(String));
    const field = String(path[path.length - 1]);
    return isText(value) ? [{ name: field, value, path, source: '' }] : [];
  });
  return callees.addresses.callsIn(said, namespace ?? '').flatMap((call) => {
    const found = callees.judge(call, { namespace: namespace ?? '', mode: 'off' });
    const start = `${call.said.name} of the ${String(object.kind)} ${namespace}/${name}: `;
    return found?.meant === undefined ? [] : withPlace(found, found.meant, NAME, start);
  });
}

/** At the function that is probably meant, if there is one. */
function ofWorkload({ name, namespace, body }: Neighbour, callees: Callees): Finding[] {
  if (namespace === undefined) return [];
  const object = body();
  const { spec, appId } = podOf(object);
  const { addresses } = callees;
  const caller: Caller = { namespace, appId, mode: appId === undefined ? 'off' : 'sidecar' };
  return addresses.callsIn(addresses.saidIn(spec, namespace), namespace).flatMap((call) => {
    const found = callees.judge(call, caller);
    const start = `${call.said.name} of the ${String(object.kind)} ${namespace}/${name}${call.said.source}: `;
    return found?.meant === undefined ? [] : withPlace(found, found.meant, NAME, start);
  });
}

function withPlace(found: Found | undefined, by: WiredFunction, path: Path, start = ''): Finding[] {
  if (found === undefined) return [];
  const { meant: _none, ...finding } = found;
  return [{ ...finding, by, path, message: `${start}${finding.message}` }];
}

/** With the function that the call probably means. */
type Found = Pick<Finding, 'rule' | 'level' | 'message' | 'name'> & { readonly meant?: WiredFunction };
type NowhereCall = Pick<Found, 'message' | 'name' | 'meant'>;

interface Caller {
  readonly namespace: string;
  readonly appId?: string;
  readonly mode: FunctionPlan['dapr']['mode'];
}

function callerOf({ plan: { namespace, dapr: { mode }, names } }: WiredFunction): Caller {
  return { namespace, mode, ...(mode !== 'off' && { appId: names.appId }) };
}

class Callees {
  public readonly addresses: Addresses;
  private readonly wired: ReadonlyMap<FunctionPlan, WiredFunction>;
  private readonly ids: readonly WiredFunction[];
  private readonly likenesses = new Map<string, Likeness>();

  public constructor(private readonly around: Around) {
    const { functions } = around;
    this.addresses = around.wiring.addresses;
    this.wired = new Map(functions.map((one) => [one.plan, one]));
    this.ids = functions.filter(({ plan }) => plan.dapr.mode !== 'off');
  }

  public judge(call: Call, caller: Caller): Found | undefined {
    const { appId, target } = call;
    if (appId !== undefined) return this.throughNoDapr(call, caller) ?? this.unknownApp(appId, call, caller);
    return nowhere(target !== undefined ? this.unreachable(call, target) : this.unknownHost(call, caller));
  }

  /** Dapr listens on the loopback only where the pod has a sidecar. */
  private throughNoDapr({ host = '', port, certain = false, said, appId = '' }: Call, { mode, namespace }: Caller) {
    if (!certain || !/^(localhost|127\.)/.test(host)) return undefined;
    if (mode === 'sidecar' && (port === undefined || port === DAPR_HTTP)) return undefined;
    const called = this.addresses.withAppId(appId, namespace);
    return nowhere({
      name: said.name,
      meant: called && this.wired.get(called),
      message: mode === 'sidecar' ? `Dapr's HTTP API is at port ${DAPR_HTTP}, not ${port}`
        : mode === 'off' ? 'its pods have no sidecar, so nothing answers there'
          : 'a function behind the dapr-proxy has no sidecar in its pods: Dapr is at what DAPR_HTTP_ENDPOINT says',
    });
  }

  /** Other programs have app-ids too, so one that nothing here has may be right. */
  private unknownApp(appId: string, { certain = false, operation }: Call, caller: Caller): Found | undefined {
    const { namespace } = caller;
    const known = this.addresses.withAppId(appId, namespace);
    if (known !== undefined) return this.refused(this.wired.get(known)!, caller, operation);
    const endpoints = this.around.neighbours.in('HTTPEndpoint', namespace).map(({ name }) => name);
    if (endpoints.includes(appId)) return undefined;
    const dot = appId.indexOf('.');
    const [id, where] = dot < 0 ? [appId, namespace] : [appId.slice(0, dot), appId.slice(dot + 1)];
    const isIt = ({ plan }: WiredFunction) => plan.names.appId === id && plan.namespace === where;
    const found = { rule: 'call-to-unknown-app', name: appId } as const;
    const elsewhere = this.ids.find(({ plan }) => plan.names.appId === id);
    if (elsewhere !== undefined && dot < 0) {
      const message = `${show(id)} is the app-id of ${other(elsewhere, NAME)}, in another namespace, `
        + `where Dapr looks only for ${show(`${id}.${elsewhere.plan.namespace}`)}`;
      return { ...found, level: 'warning', message, meant: elsewhere };
    }
    const named = this.ids.find(({ plan }) => plan.name === id && plan.namespace === where);
    if (named !== undefined) {
      const { plan: { names } } = named;
      const message = `${show(id)} is the name of ${other(named, NAME)}, and its app-id is ${show(names.appId)}`;
      return { ...found, level: 'warning', message, meant: named };
    }
    const off = this.around.functions.find(isIt);
    if (off !== undefined) {
      const message = `${show(id)} would be the app-id of ${other(off, NAME)}, which does not use Dapr`;
      return { ...found, level: 'warning', message, meant: off };
    }
    const lack = `nothing here has the app-id ${show(id)}`;
    const near = this.ids.filter(({ plan }) => plan.namespace === where);
    const endpoint = typoOf(appId, endpoints);
    if (endpoint !== undefined) {
      return { ...found, level: 'warning', message: `${lack}; did you mean the HTTPEndpoint ${show(endpoint)}?` };
    }
    const meant = typoOf(id, near.map(({ plan }) => plan.names.appId));
    const there = near.find(({ plan }) => plan.names.appId === meant);
    if (meant === undefined || there === undefined) {
      return certain ? { ...found, level: 'information', message: lack } : undefined;
    }
    const message = `${lack}; did you mean ${show(meant)} of ${other(there, NAME)}?`;
    return { ...found, level: 'warning', message, meant: there };
  }

  /** By a Configuration of the user's. */
  private refused(callee: WiredFunction, { namespace, appId }: Caller, operation?: string): Found | undefined {
    const { plan: { proxy, pod, namespace: where } } = callee;
    const name = (proxy?.annotations ?? pod.annotations)[DAPR_CONFIG];
    const configuration = name === undefined ? undefined : this.around.neighbours.find('Configuration', name, where);
    if (configuration === undefined || appId === undefined) return undefined;
    const rules = at(configuration.body(), ['spec', 'accessControl']);
    const [[policy] = [undefined]] = objectsIn(at(rules, ['policies'])).filter(([each]) => (
      each.appId === appId && each.namespace === namespace));
    const action = policy === undefined ? at(rules, ['defaultAction']) : operation && actionOf(policy, operation);
    if (action !== 'deny') return undefined;
    const what = policy === undefined ? 'calls' : `the call of ${show(operation)}`;
    const message = `the Configuration ${show(name)} of ${other(callee, NAME)} denies ${what} of the app-id `
      + show(appId);
    return { rule: 'call-refused', level: 'warning', name: appId, meant: callee, message };
  }

  /** Nearly the host of a function or a Service, or its name in another namespace. */
  private unknownHost({ host = '', port }: Call, { namespace }: Caller): NowhereCall | undefined {
    const [service, where = '', ...rest] = host.split('.');
    const isService = rest.length === 0 || rest[0] === 'svc';
    const foreign = isService ? this.around.neighbours.find('Service', service, where) : undefined;
    if (foreign !== undefined) return wrongPort(foreign, host, port);
    const lack = `nothing here is called ${show(host)}`;
    const meant = this.meant('in', isService ? `${service}.${where}` : host) ?? this.meant('out', host);
    const target = meant === undefined ? undefined : this.addresses.at(meant);
    if (target !== undefined) {
      const there = this.wired.get(target)!;
      return { name: host, meant: there, message: `${lack}; did you mean ${show(meant)} of ${other(there, NAME)}?` };
    }
    if (!isService) return undefined;
    const near = this.meant('Service', `${service}.${where}`);
    if (near !== undefined) {
      return { name: host, message: `${lack}; did you mean ${show(near)}, a Service beside the functions?` };
    }
    return where === namespace ? this.elsewhere(service, where, host, lack) : undefined;
  }

  private elsewhere(service: string, where: string, host: string, lack: string): NowhereCall | undefined {
    const there = this.around.functions.find(({ plan }) => plan.name === service);
    const foreign = this.around.neighbours.all('Service').find(({ name }) => name === service)?.namespace;
    const found = there?.plan.namespace ?? foreign;
    if (found === undefined) return undefined;
    if (found === where) {
      const right = `${service}.${found}`;
      return { name: host, meant: there, message: `${lack}; did you mean ${show(right)}?` };
    }
    const who = there === undefined ? `the Service ${found}/${service}` : other(there, NAME);
    const message = `${lack}; ${who} is in another namespace, so say ${show(`${service}.${found}`)}`;
    return { name: host, meant: there, message };
  }

  /** Of functions inside and outside of the cluster, and of Services beside them. */
  private meant(which: 'in' | 'out' | 'Service', host: string): string | undefined {
    const known = this.likenesses.get(which) ?? new Likeness(this.hosts(which));
    this.likenesses.set(which, known);
    return known.meant(host);
  }

  private hosts(which: 'in' | 'out' | 'Service'): string[] {
    if (which !== 'Service') return which === 'in' ? this.addresses.hosts : this.addresses.publicHosts;
    return this.around.neighbours.all('Service').flatMap(({ name, namespace }) => (
      namespace === undefined ? [] : [`${name}.${namespace}`]));
  }

  /** Of a function without a Service, or at a port that its Service does not have. */
  private unreachable({ host = '', port, scheme, unrouted }: Call, target: FunctionPlan): NowhereCall | undefined {
    const { name, namespace, dapr, names } = target;
    const { neighbours } = this.around;
    if (unrouted !== undefined && neighbours.all('HTTPRoute').length + neighbours.all('Ingress').length === 0) {
      const place = `${show(host)}, the host of ${other(this.wired.get(target)!, ROUTE)}`;
      return { name: unrouted, message: `no route takes the path ${show(unrouted)} of ${place}` };
    }
    // A Service of the user's own may have that name.
    const isOurs = neighbours.find('Service', name, namespace) === undefined;
    if (!host.startsWith(`${name}.${namespace}`) || !isOurs) return undefined;
    const meant = this.wired.get(target)!;
    const who = other(meant, NAME);
    if (!hasInternalUrl(target)) {
      const through = dapr.mode === 'off' ? '' : `; call it through Dapr, as app-id ${show(names.appId)}`;
      return { name, meant, message: `${who} has no Service${through}` };
    }
    const right = internalUrlOf(target, '');
    const there = new URL(right).port || '80';
    const isTls = port === '443' && target.workload === 'KnativeService';
    if (port === there && scheme === 'https') {
      return { name, meant, message: `${who} answers without TLS: its URL is ${right}` };
    }
    if (port === undefined || port === there || isTls) return undefined;
    return { name, meant, message: `${who} is called at port ${there}, not ${port}: its URL is ${right}` };
  }
}

/** Whatever its verb is. */
function actionOf({ operations, defaultAction }: JsonObject, operation: string): Json | undefined {
  const [[own] = [undefined]] = objectsIn(operations).filter(([{ name }]) => covers(String(name), operation));
  return own === undefined ? defaultAction : own.action;
}

/** Of a Service beside the functions, if its ports are known. */
function wrongPort({ name, namespace, body }: Neighbour, host: string, port?: string): NowhereCall | undefined {
  const ports = objectsIn(at(body(), ['spec', 'ports'])).map(([each]) => String(each.port));
  if (port === undefined || ports.length === 0 || ports.includes(port)) return undefined;
  const place = namespace === undefined ? name : `${namespace}/${name}`;
  return { name: host, message: `the Service ${place} has the port ${ports.join(' and ')}, not ${port}` };
}

function nowhere(found: NowhereCall | undefined): Found | undefined {
  return found && { rule: 'call-to-nowhere', level: 'warning', ...found };
}
