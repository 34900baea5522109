/** Which functions and app-ids pods are told of, in variables, ConfigMaps and arguments of their containers. */
import { isDeepStrictEqual } from 'node:util';
import { settingOf } from './brokers';
import type { CallerModel, Callers, PodCaller } from '../decide/access-policies';
import type { ResolvedOutput } from '../decide/components';
import { type Neighbours, podOf, type WorkloadPod } from '../decide/neighbours';
import type { FunctionPlan } from '../decide/plan';
import { matchedLength } from '../decide/route';
import { FUNCTION_CONTAINER, PROXY_LABEL, SERVING_LABEL } from '../kubernetes/constants';
import { isObject, Json, JsonObject, objectAt, objectsIn } from '../kubernetes/json';
import type { Path } from '../problem/problem';

/** A variable of a container, or one of its arguments. */
export interface Said {
  readonly name: string;
  readonly value: string;
  readonly path: Path;
  /** ` from the ConfigMap shop/links` */
  readonly source: string;
}

export interface Call {
  readonly said: Said;
  /** The function that is named by its address, the host with its namespace, and the port of a URL. */
  readonly target?: FunctionPlan;
  readonly host?: string;
  readonly port?: string;
  readonly scheme?: string;
  /** The path of a URL that no route of the host takes. */
  readonly unrouted?: string;
  /** The app-id that is named. */
  readonly appId?: string;
  /** The path that is called through Dapr. */
  readonly operation?: string;
  /** Said in Dapr's own way, so that it can be nothing else. */
  readonly certain?: boolean;
}

type Named = Required<Pick<Call, 'host'>> & Pick<Call, 'target' | 'port' | 'scheme' | 'unrouted'>;

const INVOKE = /\/v1\.0\/invoke\/([^/\s"]+)\/method(\/[^\s"'?#,;]*)?/g;
const HOST = /\b(?:([a-z][a-z0-9+]*):\/\/)?(?:[^\s/@"]*@)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d+))?/gi;
const PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };
const NAMES_APP_ID = /(^|_)APP_?IDS?$/;
const NAMES_HOST = /(^|_)(HOST(NAME)?|ADDR(ESS)?|ENDPOINT|SERVER|UPSTREAM)$/;
const BARE_HOST = /^(?!localhost\b)[a-z][a-z0-9-]*(?=(:\d+)?$)/;
/** What the library sets itself. */
const OWN = /^(DAPR_[A-Z_]+|POD_[A-Z]+|APP_PROTOCOL|PORT)$/;

export class Addresses {
  private indexed?: Index;
  private readonly said = new Map<FunctionPlan, readonly Said[]>();
  private readonly calls = new Map<FunctionPlan, readonly Call[]>();

  public constructor(
    private readonly plans: readonly FunctionPlan[], private readonly neighbours: Neighbours,
  ) {}

  /** Made at the first call: in most apps functions call nobody. */
  private get index(): Index {
    return this.indexed ??= indexOf(this.plans);
  }

  /** Hosts within the cluster, in the shortest form that works from another namespace. */
  public get hosts(): string[] {
    const { byHost } = this.index;
    return [...byHost].filter(([host, { namespace }]) => host.endsWith(`.${namespace}`)).map(([host]) => host);
  }

  /** Outside of the cluster. */
  public get publicHosts(): string[] {
    return [...this.index.byPublicHost.keys()];
  }

  public at(host: string): FunctionPlan | undefined {
    return this.index.byHost.get(host);
  }

  /** In another namespace it is `<app-id>.<namespace>`. */
  public withAppId(appId: string, namespace: string): FunctionPlan | undefined {
    const dot = appId.indexOf('.');
    return this.index.byAppId.get(dot < 0 ? `${namespace}/${appId}` : `${appId.slice(dot + 1)}/${appId.slice(0, dot)}`);
  }

  public callsOf(plan: FunctionPlan): readonly Call[] {
    const found = this.calls.get(plan) ?? this.callsIn(this.saidTo(plan), plan.namespace);
    this.calls.set(plan, found);
    return found;
  }

  public saidTo(plan: FunctionPlan): readonly Said[] {
    const found = this.said.get(plan) ?? this.saidIn(plan.pod.spec, plan.namespace, plan.pod.givenEnv);
    this.said.set(plan, found);
    return found;
  }

  /** To the containers of a pod; the variables of a function are those that it was given. */
  public saidIn(pod: JsonObject, namespace: string, given?: readonly JsonObject[]): Said[] {
    return ['containers', 'initContainers'].flatMap((list) => objectsIn(pod[list]).flatMap(([container, index]) => {
      const own = container.name === FUNCTION_CONTAINER ? given : undefined;
      if (isSilent(container, own ?? container.env)) return [];
      const place = (...fields: Path): Path => ['serving', 'template', list, index, ...fields];
      return [
        ...objectsIn(own === undefined ? container.env : [...own]).flatMap(([{ name, value, ...entry }, at]) => {
          const { name: map, key } = objectAt(objectAt(entry, 'valueFrom'), 'configMapKeyRef');
          const path = own === undefined ? place('env', at) : ['serving', 'params', String(name)];
          return said(String(name), value, path) ?? this.inMap(map, namespace, path).flatMap((one) => (
            one.name === key ? [{ ...one, name: String(name) }] : []));
        }),
        ...objectsIn(container.envFrom).flatMap(([{ prefix = '', ...entry }, at]) => (
          this.inMap(objectAt(entry, 'configMapRef').name, namespace, place('envFrom', at)).map((one) => (
            { ...one, name: `${String(prefix)}${one.name}` })))),
        ...['command', 'args'].flatMap((field) => {
          const { [field]: words } = container;
          return Array.isArray(words) ? words.flatMap((word, at) => said(field, word, place(field, at)) ?? []) : [];
        }),
      ];
    }));
  }

  /** The entries of a ConfigMap that is here. */
  private inMap(name: Json | undefined, namespace: string, path: Path): Said[] {
    if (typeof name !== 'string') return [];
    const data = this.neighbours.find('ConfigMap', name, namespace)?.body().data;
    return Object.entries(isObject(data) ? data : {}).flatMap(([key, value]) => (
      said(key, value, path, ` from the ConfigMap ${namespace}/${name}`) ?? []));
  }

  /** Within a URL, a bare host is one of the caller's namespace. */
  public callsIn(all: readonly Said[], namespace: string): Call[] {
    return all.flatMap((one) => this.callsOfOne(one, namespace));
  }

  public callsOfBinding({ componentType, spec, path }: Binding, namespace: string): Call[] {
    const url = componentType === 'bindings.http' ? settingOf(spec, 'url') : undefined;
    return this.callsIn(said('url', url, path) ?? [], namespace);
  }

  private callsOfOne(one: Said, namespace: string): Call[] {
    const { name, value } = one;
    if (OWN.test(name)) return [];
    const invoked = value.includes('/v1.0/invoke/') ? [...value.matchAll(INVOKE)] : [];
    if (invoked.length > 0) {
      const [{ host, port } = { host: undefined, port: undefined }] = this.hostsIn(value, namespace);
      const where = { ...(host !== undefined && { host }), ...(port !== undefined && { port }) };
      return invoked.map(([, appId, operation]: (string | undefined)[]) => (
        { said: one, appId, certain: true, ...where, ...(operation !== undefined && { operation }) }));
    }
    if (NAMES_APP_ID.test(name)) return listed(value).map((appId) => ({ said: one, appId }));
    const whole = NAMES_HOST.test(name) ? value.replace(BARE_HOST, (host) => `${host}.${namespace}`) : value;
    return this.hostsIn(whole, namespace).map((named) => ({ said: one, ...named }));
  }

  private hostsIn(text: string, namespace: string): Named[] {
    if (!text.includes('.') && !text.includes('://')) return [];
    return [...text.matchAll(HOST)].flatMap((match): Named[] => {
      const [, scheme, host, given] = match as (string | undefined)[];
      if (host === undefined || (scheme === undefined && !host.includes('.'))) return [];
      const full = (host.includes('.') || host === 'localhost' ? host : `${host}.${namespace}`).toLowerCase();
      const { target, unrouted } = this.routed(full, text.slice(match.index + match[0].length));
      const port = given ?? (Object.hasOwn(PORTS, scheme ?? '') ? PORTS[scheme ?? ''] : undefined);
      return [{
        ...(target !== undefined && { target }),
        host: full,
        ...(port !== undefined && { port }),
        ...(scheme !== undefined && { scheme }),
        ...(unrouted !== undefined && { unrouted }),
      }];
    });
  }

  /** Among the functions of a host, the one with the longest matching path; `rest` begins after the host. */
  private routed(host: string, rest: string): Pick<Call, 'target' | 'unrouted'> {
    const { byPublicHost, byHost } = this.index;
    const plans = byPublicHost.get(host);
    const first = byHost.get(host);
    const [path = ''] = /^\/[^\s"'?#,;]*/.exec(rest) ?? [];
    if (plans === undefined || path.length < 2) return { target: first };
    const fitting = plans.map((plan) => ({ plan, length: matchedLength(plan.route?.rules ?? [], path) }))
      .sort((one, other) => other.length - one.length);
    return fitting[0].length < 0 ? { target: first, unrouted: path } : { target: fitting[0].plan };
  }
}

interface Index {
  readonly byHost: Map<string, FunctionPlan>;
  /** Outside of the cluster, where a path tells functions apart. */
  readonly byPublicHost: Map<string, FunctionPlan[]>;
  readonly byAppId: Map<string, FunctionPlan>;
}

function indexOf(plans: readonly FunctionPlan[]): Index {
  const [byHost, byAppId] = [new Map<string, FunctionPlan>(), new Map<string, FunctionPlan>()];
  const byPublicHost = new Map<string, FunctionPlan[]>();
  for (const plan of plans) {
    const { name, namespace, clusterDomain, names, dapr } = plan;
    for (const service of [name, ...Object.values(names.services) as string[]]) {
      for (const end of ['', '.svc', `.svc.${clusterDomain}`]) byHost.set(`${service}.${namespace}${end}`, plan);
    }
    for (const url of plan.route?.urls ?? []) {
      const { hostname } = new URL(url);
      const others = byPublicHost.get(hostname);
      if (others === undefined) byPublicHost.set(hostname, [plan]);
      else others.push(plan);
      if (!byHost.has(hostname)) byHost.set(hostname, plan);
    }
    if (dapr.mode !== 'off') byAppId.set(`${namespace}/${names.appId}`, plan);
  }
  return { byHost, byPublicHost, byAppId };
}

/** Most containers have nothing where a call could be. */
function isSilent({ envFrom, command, args }: JsonObject, env: Json | readonly JsonObject[] | undefined): boolean {
  return (envFrom ?? command ?? args) === undefined && (env === undefined || (Array.isArray(env) && env.length === 0));
}

/** `undefined` where there is no text. */
function said(name: string, value: Json | undefined, path: Path, source = ''): Said[] | undefined {
  if (typeof value !== 'string') return undefined;
  return value === '' ? [] : [{ name, value, path, source }];
}

/** Names in one variable. */
export function listed(value: string): string[] {
  return value.split(',').map((each) => each.trim()).filter((each) => each !== '');
}

type Binding = Pick<ResolvedOutput, 'componentType' | 'spec' | 'path'>;

/**
 * Who calls each function, as variables of functions and of workloads beside them say: through Dapr (docs/spec M116d),
 * or by the address of a Service whose requests reach the pods themselves (M116e). What they call is not known, so they
 * may call everything.
 */
export function callersOf(plans: readonly FunctionPlan[], neighbours: Neighbours): Map<FunctionPlan, Callers> {
  const callers = new CallersByFunction(plans, neighbours);
  for (const plan of plans) callers.ofFunction(plan);
  for (const { namespace, body } of neighbours.all('Workload')) {
    if (namespace !== undefined) callers.ofWorkload(namespace, podOf(body()));
  }
  return callers.found;
}

class CallersByFunction {
  public readonly found = new Map<FunctionPlan, { apps: CallerModel[]; pods: PodCaller[] }>();
  private readonly addresses: Addresses;

  public constructor(plans: readonly FunctionPlan[], neighbours: Neighbours) {
    this.addresses = new Addresses(plans, neighbours);
  }

  public ofFunction(plan: FunctionPlan): void {
    const { dapr, name, names: { appId }, namespace, components } = plan;
    const pods = { namespace, labels: { [SERVING_LABEL]: name } };
    this.note(namespace, this.addresses.callsOf(plan), dapr.mode === 'off' ? undefined : appId, pods);
    const sidecars = dapr.mode === 'standalone' ? { namespace, labels: { [PROXY_LABEL]: name } } : pods;
    for (const output of components.outputs) {
      this.note(namespace, this.addresses.callsOfBinding(output, namespace), undefined, sidecars);
    }
  }

  public ofWorkload(namespace: string, { spec, appId, labels }: WorkloadPod): void {
    // Without a label nothing could tell its pods from others of the namespace.
    const pods = Object.keys(labels).length === 0 ? undefined : { namespace, labels };
    this.note(namespace, this.addresses.callsIn(this.addresses.saidIn(spec, namespace), namespace), appId, pods);
  }

  private note(namespace: string, calls: readonly Call[], appId?: string, pods?: PodCaller): void {
    for (const { appId: called, target, host = '' } of calls) {
      const app = called === undefined ? undefined : this.addresses.withAppId(called, namespace);
      const isItself = app?.namespace === namespace && app.names.appId === appId;
      if (app !== undefined && appId !== undefined && !isItself) {
        this.callersOf(app).apps.push({ appId, namespace, trustDomain: 'public' });
      }
      if (target === undefined || pods === undefined || !reachesPods(target, host)) continue;
      const known = this.callersOf(target).pods;
      if (!known.some((each) => isDeepStrictEqual(each, pods))) known.push(pods);
    }
  }

  private callersOf(plan: FunctionPlan): { apps: CallerModel[]; pods: PodCaller[] } {
    const known = this.found.get(plan) ?? { apps: [], pods: [] };
    this.found.set(plan, known);
    return known;
  }
}

/** Nothing is between the Service and the pods, as Knative, a gateway or an interceptor is. */
export function reachesPods({ engine, name, namespace, names: { services } }: FunctionPlan, host: string): boolean {
  const direct = engine === 'keda' ? [services.workload] : engine === undefined ? [name, services.clusterIp] : [];
  return direct.some((service) => service !== undefined && host.startsWith(`${service}.${namespace}`));
}
