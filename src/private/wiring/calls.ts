/** Which functions and app-ids the variables of a container name. */
import type { CallerModel } from '../decide/access-policies';
import type { Neighbours } from '../decide/neighbours';
import type { FunctionPlan } from '../decide/plan';
import { isObject, Json, JsonObject, objectsIn } from '../kubernetes/json';

export interface Call {
  /** The variable. */
  readonly variable: string;
  /** The function that is named by its address, the host with its namespace, and the port of a URL. */
  readonly target?: FunctionPlan;
  readonly host?: string;
  readonly port?: string;
  /** The app-id that is named. */
  readonly appId?: string;
  /** Said in Dapr's own way, so that it can be nothing else. */
  readonly certain?: boolean;
}

type Named = Required<Pick<Call, 'host'>> & Pick<Call, 'target' | 'port'>;

const INVOKE = /\/v1\.0\/invoke\/([^/\s"]+)\/method/g;
const HOST = /\b(?:([a-z][a-z0-9+]*):\/\/)?(?:[^\s/@"]*@)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d+))?/gi;
const PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };
const NAMES_APP_ID = /(^|_)APP_?ID$/;
/** What the library sets itself. */
const OWN = /^(FUNC_CONTEXT|FUNC_CONTEXT_V1BETA2|DAPR_[A-Z_]+|POD_[A-Z]+|APP_PROTOCOL|PORT)$/;

export class Addresses {
  private readonly byHost = new Map<string, FunctionPlan>();
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
    for (const url of plan.route?.urls ?? []) this.byHost.set(new URL(url).hostname, plan);
    if (dapr.mode !== 'off') this.byAppId.set(`${namespace}/${names.appId}`, plan);
  }

  /** Hosts within the cluster, as short as another namespace can say them. */
  public get hosts(): string[] {
    return [...this.byHost].filter(([host, { namespace }]) => host.endsWith(`.${namespace}`)).map(([host]) => host);
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
      const target = this.byHost.get(full);
      const port = given ?? (Object.hasOwn(PORTS, scheme ?? '') ? PORTS[scheme ?? ''] : undefined);
      return [{ ...(target !== undefined && { target }), host: full, ...(port !== undefined && { port }) }];
    });
  }
}

/** Of a Deployment or its like: the variables of all its containers, and its app-id. */
export function podOf(object: JsonObject): { env: JsonObject[]; appId?: string } {
  const { metadata, spec } = templateOf(object);
  const annotations = isObject(metadata) && isObject(metadata.annotations) ? metadata.annotations : {};
  const { 'dapr.io/enabled': enabled, 'dapr.io/app-id': appId } = annotations;
  const containers = isObject(spec) ? objectsIn(spec.containers) : [];
  const env = containers.flatMap(([container]) => objectsIn(container.env).map(([entry]) => entry));
  return { env, ...(enabled === 'true' && typeof appId === 'string' && { appId }) };
}

/** A CronJob has it one level deeper; a Pod is one itself. */
function templateOf(object: JsonObject): JsonObject {
  const spec = isObject(object.spec) ? object.spec : {};
  const inner: Json | undefined = isObject(spec.jobTemplate) && isObject(spec.jobTemplate.spec)
    ? spec.jobTemplate.spec.template : spec.template;
  return isObject(inner) ? inner : object;
}

/**
 * Who calls each function through Dapr, as variables of functions and of workloads beside them say (docs/spec M116d).
 * What they call of it is not known, so they may call everything.
 */
export function callersOf(plans: readonly FunctionPlan[], neighbours: Neighbours): Map<FunctionPlan, CallerModel[]> {
  const addresses = new Addresses(plans);
  const found = new Map<FunctionPlan, CallerModel[]>();
  const note = (appId: string, namespace: string, calls: readonly Call[]) => {
    for (const call of calls) {
      const target = call.appId === undefined ? undefined : addresses.withAppId(call.appId, namespace);
      const isItself = target?.namespace === namespace && target.names.appId === appId;
      if (target === undefined || isItself) continue;
      const caller = { appId, namespace, trustDomain: 'public' };
      found.set(target, [...found.get(target) ?? [], caller]);
    }
  };
  for (const { dapr, names: { appId }, namespace, pod: { env } } of plans) {
    if (dapr.mode !== 'off') note(appId, namespace, addresses.callsIn(env, namespace));
  }
  for (const { namespace, body } of neighbours.all('Workload')) {
    if (namespace === undefined) continue;
    const { env, appId } = podOf(body());
    if (appId !== undefined) note(appId, namespace, addresses.callsIn(env, namespace));
  }
  return found;
}
