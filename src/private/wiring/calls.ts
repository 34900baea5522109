/** Which functions and app-ids the variables of a container name. */
import type { FunctionPlan } from '../decide/plan';
import { isObject, Json, JsonObject, objectsIn } from '../kubernetes/json';

export interface Call {
  /** The variable. */
  readonly variable: string;
  /** The function that is named by its address, the host as it is there, and the port of a URL. */
  readonly target?: FunctionPlan;
  readonly host?: string;
  readonly port?: string;
  /** The app-id that is named. */
  readonly appId?: string;
  /** Said in Dapr's own way, so that it can be nothing else. */
  readonly certain?: boolean;
}

type Named = Required<Pick<Call, 'target' | 'host'>> & Pick<Call, 'port'>;

const INVOKE = /\/v1\.0\/invoke\/([^/\s"]+)\/method/g;
const HOST = /\b(?:([a-z][a-z0-9+]*):\/\/)?(?:[^\s/@"]*@)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d+))?/gi;
const NAMES_APP_ID = /(^|_)APP_?ID$/;
/** What the library sets itself. */
const OWN = /^(FUNC_CONTEXT|FUNC_CONTEXT_V1BETA2|DAPR_[A-Z_]+|POD_[A-Z]+|APP_PROTOCOL|PORT)$/;

export class Addresses {
  private readonly byHost = new Map<string, FunctionPlan>();
  private readonly byAppId = new Map<string, FunctionPlan>();

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

  /** In another namespace it is `<app-id>.<namespace>`. */
  public withAppId(appId: string, namespace: string): FunctionPlan | undefined {
    const dot = appId.indexOf('.');
    return this.byAppId.get(dot < 0 ? `${namespace}/${appId}` : `${appId.slice(dot + 1)}/${appId.slice(0, dot)}`);
  }

  /** Within a URL, a bare host is one of the caller's namespace. */
  public callsIn(env: readonly JsonObject[], namespace: string): Call[] {
    return env.flatMap(({ name, value }) => (
      typeof name !== 'string' || typeof value !== 'string' || value === '' || OWN.test(name) ? []
        : this.callsOf(name, value, namespace)));
  }

  public targetOf(text: string, namespace: string): FunctionPlan | undefined {
    return this.hostsIn(text, namespace)[0]?.target;
  }

  private callsOf(variable: string, value: string, namespace: string): Call[] {
    const invoked = value.includes('/v1.0/invoke/') ? [...value.matchAll(INVOKE)].map(([, appId]) => appId) : [];
    if (invoked.length > 0) return invoked.map((appId) => ({ variable, appId, certain: true }));
    if (NAMES_APP_ID.test(variable)) return [{ variable, appId: value }];
    return this.hostsIn(value, namespace).map((named) => ({ variable, ...named }));
  }

  private hostsIn(text: string, namespace: string): Named[] {
    if (!text.includes('.') && !text.includes('://')) return [];
    return [...text.matchAll(HOST)].flatMap((match): Named[] => {
      const [, scheme, host, given] = match as (string | undefined)[];
      if (host === undefined) return [];
      const full = scheme !== undefined && !host.includes('.') ? `${host}.${namespace}` : host;
      const target = this.byHost.get(full.toLowerCase());
      const port = given ?? (scheme === 'http' ? '80' : undefined);
      return target === undefined ? [] : [{ target, host: full.toLowerCase(), ...(port !== undefined && { port }) }];
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
