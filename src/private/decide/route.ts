/** Under which names and paths an HTTP function is reached from outside (docs/spec M92 to M97). */
import { isIPv4 } from 'node:net';
import type { Check, Outline } from './outline';
import type { Around } from './references';
import type { RouteModel } from '../function/function-model';
import {
  boolean, integer, into, mapOf, Read, ReadBy, text, textOf, whole, wordOf,
} from '../function/readers';
import { DEFAULT_CLUSTER_DOMAIN } from '../kubernetes/constants';
import { isObject, Json, JsonObject, objectsIn } from '../kubernetes/json';
import {
  checkForm, dns1035Label, dns1123Label, dns1123Name, hostname, LABEL_LENGTH, qualifiedName, serviceHost,
} from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';
import { reaches, TARGET_SETTINGS, TargetsModel, titleOf } from '../settings/targets';

const MAX_PORT = 65_535;

/** A Service of the cluster, with this port unless another one is given. */
export const serviceOn = (standard: number) => into(
  whole({ name: wordOf(dns1035Label), namespace: wordOf(dns1123Label), port: integer(1, MAX_PORT) },
    { name: 'the name of a Service', namespace: 'its namespace' }),
  ({ port = standard, ...rest }) => ({ ...rest, port }),
);
const SERVICE = serviceOn(80);
export type ServiceRefModel = ReadBy<typeof SERVICE>;

const DOMAIN = textOf(dns1123Name);
export const GATEWAY = whole({
  name: wordOf(dns1123Name),
  namespace: wordOf(dns1123Label),
  domain: DOMAIN,
  clusterDomain: DOMAIN,
  hostTemplate: text,
  pathTemplate: text,
  labelKey: textOf(qualifiedName),
  service: SERVICE,
}, { name: 'the name of a Kubernetes Gateway', namespace: 'its namespace' });
type GatewayModel = ReadBy<typeof GATEWAY>;

const GATEWAYS = into(mapOf(GATEWAY), (read, { path, problems }) => {
  const found = Object.entries(read).flatMap(([key, value]): [string, GatewayModel][] => (value ? [[key, value]] : []));
  for (const key of Object.keys(read)) {
    if (!/^[^/]+\/[^/]+$/.test(key)) {
      problems.error([...path, key], `${show(key)} is not of the form "<namespace>/<name>"`);
    }
  }
  return Object.fromEntries(found);
});

/** Settings of the platform that routes follow. */
export const ROUTE_SETTINGS = {
  clusterDomain: DOMAIN,
  gateways: GATEWAYS,
  knativeIngress: SERVICE,
  kedaInterceptor: SERVICE,
  referenceGrants: boolean,
  ...TARGET_SETTINGS,
};
export type RouteSettings = Read<typeof ROUTE_SETTINGS>;

export interface RoutePlan {
  readonly parent: { readonly name: string; readonly namespace: string };
  readonly labelKey: string;
  readonly labelValue: string;
  readonly hostnames: string[];
  /** Of the host names outside of the cluster, without wildcards; the gateway's listener decides on TLS. */
  readonly urls: string[];
  /** The function's rules, or the one made from the path template. */
  readonly rules: JsonObject[];
  readonly backend: ServiceRefModel;
  /** Knative's ingress routes by this host. */
  readonly rewriteHostname?: string;
  /** Emit the ReferenceGrant that the backend's namespace must hold. */
  readonly emitGrant: boolean;
}

/** The gateway of functions that name none. */
export const DEFAULT_GATEWAY_KEY = 'openfunction/openfunction';
const DEFAULT_PARENT: GatewayModel = { name: 'contour', namespace: 'projectcontour' };
const DEFAULT_DOMAIN = 'ofn.io';
const DEFAULT_HOST_TEMPLATE = '{{.Name}}.{{.Namespace}}.{{.Domain}}';
const DEFAULT_PATH_TEMPLATE = '/{{.Namespace}}/{{.Name}}';
const DEFAULT_LABEL_KEY = 'app.kubernetes.io/managed-by';
/** Kourier, the ingress that OpenFunction installs for Knative. */
const DEFAULT_KNATIVE_INGRESS: ServiceRefModel = { name: 'kourier-internal', namespace: 'kourier-system', port: 80 };
const DEFAULT_KEDA_INTERCEPTOR: ServiceRefModel = {
  name: 'keda-add-ons-http-interceptor-proxy', namespace: 'keda', port: 8080,
};
const MAX_HOSTNAMES = 16;
const ROUTE: Path = ['serving', 'triggers', 'http', 'route'];

export function interceptorOf(platform: RouteSettings): ServiceRefModel {
  return platform.kedaInterceptor ?? DEFAULT_KEDA_INTERCEPTOR;
}

export function knativeIngressOf(platform: RouteSettings): ServiceRefModel {
  return platform.knativeIngress ?? DEFAULT_KNATIVE_INGRESS;
}

interface FoundGateway {
  readonly key: string;
  /** Absent when the settings do not know the key. */
  readonly gateway?: GatewayModel;
}

/** The gateway entry that a route names, `undefined` when nothing asks for a route. */
function gatewayOf(
  platform: RouteSettings, route: RouteModel | undefined, namespace: string,
): FoundGateway | undefined {
  const gateways = platform.gateways ?? {};
  if (route === undefined && Object.keys(gateways).length === 0) return undefined;
  const ref = route?.gatewayRef;
  if (ref !== undefined) {
    const key = `${ref.namespace ?? namespace}/${ref.name}`;
    return { key, gateway: gateways[key] ?? (key === DEFAULT_GATEWAY_KEY ? DEFAULT_PARENT : undefined) };
  }
  return { key: DEFAULT_GATEWAY_KEY, gateway: gateways[DEFAULT_GATEWAY_KEY] ?? DEFAULT_PARENT };
}

/** In front of the gateway, for the in-cluster address that wakes a function of engine `keda`. */
export function gatewayServiceOf(
  { serving }: Outline, namespace: string, platform: RouteSettings,
): ServiceRefModel | undefined {
  return gatewayOf(platform, serving.http?.route, namespace)?.gateway?.service;
}

export function decideRoute(
  model: Outline, { namespace, neighbours }: Around, platform: RouteSettings, problems: Problems,
): RoutePlan | undefined {
  const { route } = model.serving.http ?? {};
  const found = gatewayOf(platform, route, namespace);
  if (found === undefined) return undefined;
  const [gatewayNamespace, gatewayName] = found.key.split('/');
  if (found.gateway === undefined && neighbours.find('Gateway', gatewayName, gatewayNamespace) === undefined) {
    const message = `the platform settings know no gateway ${show(found.key)}`;
    const taken = 'so it is taken for the Kubernetes Gateway itself';
    problems.warnOfName([...ROUTE, 'gatewayRef'], found.key, `${message}, ${taken}`);
  }
  const gateway = found.gateway ?? { name: gatewayName, namespace: gatewayNamespace };
  const clusterDomain = gateway.clusterDomain ?? platform.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN;
  const inCluster = serviceHost(model.name, namespace, clusterDomain);
  const fill = (template: string, field: string) => (
    fillTemplate(template, field, model.name, namespace, gateway, problems)
  );
  const given = route?.hostnames ?? [];
  const outside = given.length > 0 ? given : [fill(gateway.hostTemplate ?? DEFAULT_HOST_TEMPLATE, 'hostTemplate')];
  const hostnames = [...new Set([...outside, inCluster])];
  const wrongHost = given.length > 0 ? undefined : hostname(hostnames[0]);
  if (wrongHost !== undefined) problems.platformError(['platform', 'gateway', 'hostTemplate'], wrongHost);
  if (hostnames.length > MAX_HOSTNAMES) {
    problems.error([...ROUTE, 'hostnames'], `${hostnames.length} hostnames with the in-cluster one `
      + `${show(inCluster)}; a route takes ${MAX_HOSTNAMES}`);
  }
  const path = given.length === 0 ? '/' : fill(gateway.pathTemplate ?? DEFAULT_PATH_TEMPLATE, 'pathTemplate');
  const rules = route?.rules ?? [];
  const keda = model.engine === 'keda';
  rules.forEach((rule, index) => checkTarget(rule, [...ROUTE, 'rules', index], platform.targets, problems));
  const backend = keda ? interceptorOf(platform) : knativeIngressOf(platform);
  const rewriteHostname = keda ? undefined : inCluster;
  rules.forEach((rule, index) => warnOfReplaced(rule, index, rewriteHostname, problems));
  const prefix = { type: 'PathPrefix', value: path.startsWith('/') ? path : `/${path}` };
  return {
    parent: { name: gateway.name, namespace: gateway.namespace },
    labelKey: gateway.labelKey ?? DEFAULT_LABEL_KEY,
    labelValue: labelOf(gatewayName, gatewayNamespace, problems),
    hostnames,
    urls: [...new Set(outside)].filter((host) => host !== inCluster && !host.startsWith('*'))
      .map((host) => `http://${host}${rules.length > 0 ? '' : prefix.value.replace(/\/$/, '')}`),
    rules: rules.length > 0 ? rules : [{ matches: [{ path: prefix }] }],
    backend,
    rewriteHostname,
    emitGrant: platform.referenceGrants === true && backend.namespace !== namespace,
  };
}

/** A Gateway's name may be longer than a label can be. */
function labelOf(name: string, namespace: string, problems: Problems): string {
  const value = `${namespace}.${name}`;
  if (value.length > LABEL_LENGTH) {
    problems.error([...ROUTE, 'gatewayRef'], `${show(value)}, which the route gets as a label, `
      + `has ${value.length} characters, ${LABEL_LENGTH} are allowed`);
  }
  return value;
}

function warnOfReplaced(
  rule: JsonObject, index: number, rewriteHostname: string | undefined, problems: Problems,
): void {
  const path: Path = [...ROUTE, 'rules', index];
  if (rule.backendRefs !== undefined) {
    problems.warn([...path, 'backendRefs'], 'has no effect: the route leads to the function');
  }
  for (const [{ urlRewrite }, at] of objectsIn(rule.filters)) {
    const own = isObject(urlRewrite) ? urlRewrite.hostname ?? undefined : undefined;
    if (own !== undefined && rewriteHostname !== undefined && own !== rewriteHostname) {
      const message = `${show(own)} is replaced by ${show(rewriteHostname)}, by which Knative finds the function`;
      problems.warn([...path, 'filters', at, 'urlRewrite', 'hostname'], message);
    }
  }
}

const NEW_REDIRECTS: readonly unknown[] = [303, 307, 308];

/** The standard channel has both since 1.5. */
function checkTarget(rule: JsonObject, path: Path, targets: TargetsModel | undefined, problems: Problems): void {
  if (reaches(targets, 'gatewayApi', '1.5')) return;
  const lacks = `needs the Gateway API 1.5, and the target is ${titleOf(targets, 'gatewayApi')}`;
  for (const [{ type, requestRedirect }, at] of objectsIn(rule.filters)) {
    const status = isObject(requestRedirect) ? requestRedirect.statusCode : undefined;
    const place = [...path, 'filters', at];
    if (type === 'CORS') problems.error([...place, 'type'], `"CORS" ${lacks}`);
    if (NEW_REDIRECTS.includes(status)) {
      problems.error([...place, 'requestRedirect', 'statusCode'], `${show(status)} ${lacks}`);
    }
  }
}

function fillTemplate(
  template: string, field: string, fn: string, namespace: string, gateway: GatewayModel, problems: Problems,
): string {
  const values: Record<string, string> = { Name: fn, Namespace: namespace, Domain: gateway.domain ?? DEFAULT_DOMAIN };
  return template.replace(/\{\{\s*\.?([^}]*?)\s*\}\}/g, (placeholder, key: string) => {
    if (!Object.hasOwn(values, key)) {
      const message = `${show(placeholder)} is not one of "{{.Name}}", "{{.Namespace}}", "{{.Domain}}"`;
      problems.platformError(['platform', 'gateway', field], message);
    }
    return values[key] ?? 'unknown'; // a word that gives no second problem
  });
}

export const routeNames: Check = ({ serving }, problems) => {
  const { gatewayRef, hostnames } = serving.http?.route ?? {};
  if (gatewayRef !== undefined) checkForm([...ROUTE, 'gatewayRef', 'name'], gatewayRef.name, dns1123Name, problems);
  if (gatewayRef?.namespace !== undefined) {
    checkForm([...ROUTE, 'gatewayRef', 'namespace'], gatewayRef.namespace, dns1123Label, problems);
  }
  hostnames?.forEach((name, index) => {
    const at = [...ROUTE, 'hostnames', index];
    if (name !== '') checkForm(at, name, hostname, problems);
    if (isIPv4(name)) problems.warn(at, `${show(name)} is an IP address; the Gateway API takes names alone`);
  });
};

/** Limit of the Gateway API. */
const MAX_RULES = 16;

export const routeRules: Check = ({ serving, engine }, problems) => {
  const { rules = [] } = serving.http?.route ?? {};
  const path: Path = [...ROUTE, 'rules'];
  if (rules.length > MAX_RULES) problems.error(path, `${rules.length} rules; a route takes ${MAX_RULES}`);
  const names = new Set<Json>();
  rules.forEach((rule, index) => {
    const place = [...path, index];
    if (names.has(rule.name)) problems.error([...place, 'name'], `${show(rule.name)} is the name of another rule`);
    if (typeof rule.name === 'string') names.add(rule.name);
    const filters = objectsIn(rule.filters);
    const rewrites = filters.filter(([filter]) => filter.type === 'URLRewrite');
    for (const [{ urlRewrite }, which] of engine === 'keda' ? rewrites : []) {
      if (isObject(urlRewrite)) continue;
      problems.error([...place, 'filters', which, 'urlRewrite'], 'is missing; "URLRewrite" needs it');
    }
    if (filters.some(([filter]) => filter.type === 'RequestRedirect')) {
      const message = 'is a URLRewrite beside a RequestRedirect; a rule takes one of them';
      for (const [, at] of rewrites) problems.error([...path, index, 'filters', at], message);
      return;
    }
    for (const [, at] of rewrites.slice(1)) {
      problems.error([...path, index, 'filters', at], 'is a second URLRewrite; a rule takes one');
    }
  });
};

interface RoutedPath {
  readonly type?: string;
  readonly value?: string;
}

/** Of a path, how much the rule for it that fits best names; below 0 where none fits. */
export function matchedLength(rules: readonly JsonObject[], path: string): number {
  const matches = rules.flatMap((rule) => (
    Array.isArray(rule.matches) && rule.matches.length > 0 ? objectsIn(rule.matches).map(([match]) => match) : [{}]));
  return Math.max(...matches.map(({ path: taken }: JsonObject) => fit(isObject(taken) ? taken : {}, path)));
}

/** Length of the matching part; a shorter path matches too, since a program may append the rest. */
function fit({ type = 'PathPrefix', value = '/' }: RoutedPath, path: string): number {
  if (type === 'RegularExpression') return 0;
  const [wanted, given] = [value, path].map((each) => `${each.replace(/\/+$/, '')}/`);
  const isTaken = type === 'Exact' ? given === wanted : given.startsWith(wanted);
  return isTaken ? wanted.length : wanted.startsWith(given) ? 0 : -1;
}
