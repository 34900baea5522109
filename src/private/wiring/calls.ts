/** Which functions and app-ids the variables of a container name. */
import { isDeepStrictEqual } from 'node:util';
import { settingOf } from './brokers';
import type { CallerModel, Callers, PodCaller } from '../decide/access-policies';
import type { Neighbours } from '../decide/neighbours';
import type { FunctionPlan } from '../decide/plan';
import { PROXY_LABEL, SERVING_LABEL } from '../kubernetes/constants';
import { isObject, Json, JsonObject, objectsIn, StringMap } from '../kubernetes/json';

export interface Call {
  /** The variable. */
  readonly variable: string;
  /** The function that is named by its address, the host with its namespace, and the port of a URL. */
  readonly target?: FunctionPlan;
  readonly host?: string;
  readonly port?: string;
  readonly scheme?: string;
  /** The path of a URL that no route of the host takes. */
  readonly unrouted?: string;
  /** The app-id that is named. */
  readonly appId?: string;
  /** Said in Dapr's own way, so that it can be nothing else. */
  readonly certain?: boolean;
}

type Named = Required<Pick<Call, 'host'>> & Pick<Call, 'target' | 'port' | 'scheme' | 'unrouted'>;

const INVOKE = /\/v1\.0\/invoke\/([^/\s"]+)\/method/g;
const HOST = /\b(?:([a-z][a-z0-9+]*):\/\/)?(?:[^\s/@"]*@)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d+))?/gi;
const PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };
const NAMES_APP_ID = /(^|_)APP_?ID$/;
/** What the library sets itself. */
const OWN = /^(FUNC_CONTEXT|FUNC_CONTEXT_V1BETA2|DAPR_[A-Z_]+|POD_[A-Z]+|APP_PROTOCOL|PORT)$/;

export class Addresses {
  private readonly byHost = new Map<string, FunctionPlan>();
  /** Outside of the cluster, where a path tells functions apart. */
  private readonly byPublicHost = new Map<string, FunctionPlan[]>();
  private readonly byAppId = new Map<string, FunctionPlan>();
  private readonly calls = new WeakMap<object, readonly Call[]>();

  public constructor(plans: readonly FunctionPlan[]) {
    for (const plan of plans) this.add(plan);
  }

  private add(plan: FunctionPlan): void {
    const { name, namespace, clusterDomain, names, dapr } = plan;
    for (const service of [name, ...Object.values(names.services) as string[]]) {
      for (const end of ['', '.svc', `.svc.${clusterDomain}`]) {
        this.byHost.set(`${service}.${namespace}${end}`, plan);
      }
    }
    for (const url of plan.route?.urls ?? []) {
      const { hostname } = new URL(url);
      const others = this.byPublicHost.get(hostname);
      if (others === undefined) this.byPublicHost.set(hostname, [plan]);
      else others.push(plan);
      if (!this.byHost.has(hostname)) this.byHost.set(hostname, plan);
    }
    if (dapr.mode !== 'off') this.byAppId.set(`${namespace}/${names.appId}`, plan);
  }

  /** Hosts within the cluster, in the shortest form that works from another namespace. */
  public get hosts(): string[] {
    return [...this.byHost].filter(([host, { namespace }]) => host.endsWith(`.${namespace}`)).map(([host]) => host);
  }

  /** Outside of the cluster. */
  public get publicHosts(): string[] {
    return [...this.byPublicHost.keys()];
  }

  public at(host: string): FunctionPlan | undefined {
    return this.byHost.get(host);
  }

  /** In another namespace it is `<app-id>.<namespace>`. */
  public withAppId(appId: string, namespace: string): FunctionPlan | undefined {
    const dot = appId.indexOf('.');
    return this.byAppId.get(dot < 0 ? `${namespace}/${appId}` : `${appId.slice(dot + 1)}/${appId.slice(0, dot)}`);
  }

  /** Within a URL, a bare host is one of the caller's namespace. */
  public callsIn(env: readonly JsonObject[], namespace: string): readonly Call[] {
    const known = this.calls.get(env);
    if (known !== undefined) return known;
    const found = env.flatMap(({ name, value }) => (
      typeof name !== 'string' || typeof value !== 'string' || value === '' || OWN.test(name) ? []
        : this.callsOf(name, value, namespace)));
    this.calls.set(env, found);
    return found;
  }

  public targetOf(text: string, namespace: string): FunctionPlan | undefined {
    return this.hostsIn(text, namespace).find(({ target }) => target !== undefined)?.target;
  }

  private callsOf(variable: string, value: string, namespace: string): Call[] {
    const invoked = value.includes('/v1.0/invoke/') ? [...value.matchAll(INVOKE)].map(([, appId]) => appId) : [];
    if (invoked.length > 0) {
      const [{ host } = { host: undefined }] = this.hostsIn(value, namespace);
      return invoked.map((appId) => ({ variable, appId, certain: true, ...(host !== undefined && { host }) }));
    }
    if (NAMES_APP_ID.test(variable)) return [{ variable, appId: value }];
    return this.hostsIn(value, namespace).map((named) => ({ variable, ...named }));
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
    const plans = this.byPublicHost.get(host);
    const first = this.byHost.get(host);
    const [path = ''] = /^\/[^\s"'?#,;]*/.exec(rest) ?? [];
    if (plans === undefined || path.length < 2) return { target: first };
    const fitting = plans.map((plan) => ({ plan, length: Math.max(...pathsOf(plan).map((each) => fit(each, path))) }))
      .sort((one, other) => other.length - one.length);
    return fitting[0].length < 0 ? { target: first, unrouted: path } : { target: fitting[0].plan };
  }
}

interface RoutedPath {
  readonly type?: string;
  readonly value?: string;
}

function pathsOf({ route }: FunctionPlan): RoutedPath[] {
  const matches = (route?.rules ?? []).flatMap((rule) => (
    Array.isArray(rule.matches) && rule.matches.length > 0 ? objectsIn(rule.matches).map(([match]) => match) : [{}]));
  return matches.map(({ path }: JsonObject) => (isObject(path) ? path : {}));
}

/** Length of the matching part; a shorter path matches too, since a program may append the rest. */
function fit({ type = 'PathPrefix', value = '/' }: RoutedPath, path: string): number {
  if (type === 'RegularExpression') return 0;
  const [wanted, given] = [value, path].map((each) => `${each.replace(/\/+$/, '')}/`);
  const isTaken = type === 'Exact' ? given === wanted : given.startsWith(wanted);
  return isTaken ? wanted.length : wanted.startsWith(given) ? 0 : -1;
}

interface WorkloadPod {
  /** The variables of all its containers. */
  readonly env: JsonObject[];
  readonly appId?: string;
  /** Of the first container. */
  readonly image?: string;
  /** By which its pods can be selected. */
  readonly labels: StringMap;
}

/** Of a Deployment or its like. */
export function podOf(object: JsonObject): WorkloadPod {
  const { metadata, spec } = templateOf(object);
  const { annotations, labels } = isObject(metadata) ? metadata : {};
  const { 'dapr.io/enabled': enabled, 'dapr.io/app-id': appId } = isObject(annotations) ? annotations : {};
  const containers = isObject(spec) ? objectsIn(spec.containers) : [];
  const env = containers.flatMap(([container]) => objectsIn(container.env).map(([entry]) => entry));
  const all = { ...(isObject(labels) ? labels as StringMap : {}), ...ownLabels(object) };
  const [[{ image }] = [{ image: undefined }]] = containers;
  const known = { env, labels: all, ...(typeof image === 'string' && { image }) };
  return { ...known, ...(enabled === 'true' && typeof appId === 'string' && { appId }) };
}

/** A CronJob has it one level deeper; a Pod is one itself. */
function templateOf(object: JsonObject): JsonObject {
  const spec = isObject(object.spec) ? object.spec : {};
  const inner: Json | undefined = isObject(spec.jobTemplate) && isObject(spec.jobTemplate.spec)
    ? spec.jobTemplate.spec.template : spec.template;
  return isObject(inner) ? inner : object;
}

/** What its controller gives to each pod; pods of a CronJob have labels of its Jobs, whose names are not known. */
function ownLabels({ kind, metadata }: JsonObject): StringMap {
  const name = isObject(metadata) ? String(metadata.name) : '';
  if (kind === 'Job') return { 'batch.kubernetes.io/job-name': name };
  return kind === 'Service' ? { 'serving.knative.dev/service': name } : {};
}

/**
 * Who calls each function, as variables of functions and of workloads beside them say: through Dapr (docs/spec M116d),
 * or by the address of a Service whose requests reach the pods themselves (M116e). What they call is not known, so they
 * may call everything.
 */
export function callersOf(plans: readonly FunctionPlan[], neighbours: Neighbours): Map<FunctionPlan, Callers> {
  const callers = new CallersByFunction(plans);
  for (const plan of plans) callers.ofFunction(plan);
  for (const { namespace, body } of neighbours.all('Workload')) {
    if (namespace !== undefined) callers.ofWorkload(namespace, podOf(body()));
  }
  return callers.found;
}

class CallersByFunction {
  public readonly found = new Map<FunctionPlan, { apps: CallerModel[]; pods: PodCaller[] }>();
  private readonly addresses: Addresses;

  public constructor(plans: readonly FunctionPlan[]) {
    this.addresses = new Addresses(plans);
  }

  public ofFunction({ dapr, name, names: { appId }, namespace, pod: { env }, components }: FunctionPlan): void {
    const pods = { namespace, labels: { [SERVING_LABEL]: name } };
    this.note(namespace, this.addresses.callsIn(env, namespace), dapr.mode === 'off' ? undefined : appId, pods);
    const sidecars = dapr.mode === 'standalone' ? { namespace, labels: { [PROXY_LABEL]: name } } : pods;
    for (const { componentType, spec } of components.outputs) {
      const url = componentType === 'bindings.http' ? settingOf(spec, 'url') : undefined;
      const calls = url === undefined ? [] : this.addresses.callsIn([{ name: 'url', value: url }], namespace);
      this.note(namespace, calls, undefined, sidecars);
    }
  }

  public ofWorkload(namespace: string, { env, appId, labels }: WorkloadPod): void {
    // Without a label nothing could tell its pods from others of the namespace.
    const pods = Object.keys(labels).length === 0 ? undefined : { namespace, labels };
    this.note(namespace, this.addresses.callsIn(env, namespace), appId, pods);
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
function reachesPods({ engine, name, namespace, names: { services } }: FunctionPlan, host: string): boolean {
  const direct = engine === 'keda' ? [services.workload] : engine === undefined ? [name, services.clusterIp] : [];
  return direct.some((service) => service !== undefined && host.startsWith(`${service}.${namespace}`));
}
