/** How requests wake and scale a function of engine `keda` (docs/spec M63 to M65). */
import type { NamesPlan } from './names';
import type { Outline } from './outline';
import { RoutePlan, serviceOn, ServiceRefModel } from './route';
import { integer, object, Place, Read, ReadBy, string, stringMap, text, whole, word } from '../function/readers';
import { defined, isObject, Json, JsonObject, objectsIn } from '../kubernetes/json';
import { Path, Problems } from '../problem/problem';
import { reaches, TARGET_SETTINGS, TargetsModel, titleOf } from '../settings/targets';

const SCALER_PORT = 9090;
/** Settings of the platform that this follows. */
export const HTTP_SCALING_SETTINGS = { ...TARGET_SETTINGS, kedaHttpScaler: serviceOn(SCALER_PORT) };
type HttpScalingSettings = Read<typeof HTTP_SCALING_SETTINGS>;

export interface HttpScalingPlan {
  readonly hosts: string[];
  readonly pathPrefixes?: string[];
  readonly pendingRequests?: number;
  /** Seconds between KEDA's readings, that of the add-on's own ScaledObjects. */
  readonly pollingInterval?: number;
  /** Seconds without requests until the function scales to zero. */
  readonly cooldownPeriod?: number;
  /** Before 0.9 the add-on named its target and its metric otherwise. */
  readonly before09: boolean;
  /** What the InterceptorRoute says; older add-ons have an HTTPScaledObject in its place. */
  readonly interceptor?: InterceptorPlan;
}

export interface InterceptorPlan {
  /** The external scaler, which KEDA asks. */
  readonly scaler: ServiceRefModel;
  readonly metric: JsonObject;
  readonly timeouts?: JsonObject;
  readonly coldStart?: JsonObject;
}

interface HttpScalingInput {
  readonly names: NamesPlan;
  readonly route: RoutePlan | undefined;
  readonly platform: HttpScalingSettings;
}

const DEFAULT_PENDING_REQUESTS = 100;
const DEFAULT_COOLDOWN_SECONDS = 300;
const POLLING_SECONDS = 15;
const DEFAULT_SCALER: ServiceRefModel = {
  name: 'keda-add-ons-http-external-scaler', namespace: 'keda', port: SCALER_PORT,
};

/** The add-on has InterceptorRoutes since 0.14, and announces the end of HTTPScaledObjects. */
export function usesInterceptorRoute(targets: TargetsModel | undefined): boolean {
  return reaches(targets, 'kedaHttp', '0.14');
}

export function decideHttpScaling(
  fn: Outline, { names, route, platform }: HttpScalingInput, problems: Problems,
): HttpScalingPlan {
  const { serving } = fn;
  const { targets } = platform;
  const { targetPendingRequests, cooldownPeriod } = serving.scaling.httpScaledObject ?? {};
  // A ScaledObject that never sleeps has no use for either time, and KEDA says so.
  const sleeps = (serving.scaling.minReplicas ?? 0) === 0;
  const cools = sleeps || !usesInterceptorRoute(targets);
  const asked = route?.hostnames ?? [...(serving.http?.route?.hostnames ?? []), names.host];
  const sent = interceptorPaths(route?.rules ?? []);
  const alone = serving.scaling.extras?.requestRate === undefined ? DEFAULT_PENDING_REQUESTS : undefined;
  const pendingRequests = targetPendingRequests ?? alone;
  const interceptor = decideInterceptor(fn, pendingRequests, platform, problems);
  return {
    hosts: [...new Set([...asked, ...sent.hosts])],
    pathPrefixes: sent.prefixes,
    pendingRequests,
    ...(sleeps && { pollingInterval: POLLING_SECONDS }),
    cooldownPeriod: cooldownPeriod ?? (cools ? DEFAULT_COOLDOWN_SECONDS : undefined),
    before09: !reaches(targets, 'kedaHttp', '0.9'),
    ...(usesInterceptorRoute(targets) && { interceptor }),
  };
}

function decideInterceptor(
  fn: Outline, pendingRequests: number | undefined, { targets, kedaHttpScaler = DEFAULT_SCALER }: HttpScalingSettings,
  problems: Problems,
): InterceptorPlan {
  const { requestTimeouts = {}, coldStart, scaling } = fn.serving;
  const needs = (given: unknown, path: Path, version: string) => {
    if (given === undefined || reaches(targets, 'kedaHttp', version)) return;
    const target = `the target is ${titleOf(targets, 'kedaHttp')}`;
    problems.error(path, `needs ${version} of the HTTP add-on of KEDA, and ${target}`);
  };
  for (const [field, value] of Object.entries(requestTimeouts)) needs(value, ['http', field], '0.14');
  needs(scaling.extras?.requestRate, ['scaling', 'requestRate'], '0.14');
  needs(coldStart, COLD_START, coldStart?.placeholder === undefined ? '0.14' : '0.15');
  return {
    scaler: kedaHttpScaler,
    metric: defined({
      concurrency: pendingRequests === undefined ? undefined : { targetValue: pendingRequests },
      requestRate: scaling.extras?.requestRate && rateOf(scaling.extras.requestRate, problems),
    }) as JsonObject,
    timeouts: timeoutsOf(fn),
    coldStart: coldStart && coldStartOf(fn, coldStart, problems),
  };
}

/** `0s` means without limit. */
function timeoutsOf({ serving: { requestTimeouts = {} } }: Outline): JsonObject | undefined {
  const { requestTimeout, responseStartTimeout, readinessTimeout } = requestTimeouts;
  const timeouts = defined({
    readiness: goSeconds(readinessTimeout),
    request: goSeconds(requestTimeout),
    responseHeader: goSeconds(responseStartTimeout),
  });
  return Object.keys(timeouts).length === 0 ? undefined : timeouts as JsonObject;
}

function goSeconds(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : `${seconds}s`;
}

const MAX_INT32 = 2 ** 31 - 1;
const positive = integer(1, MAX_INT32);
const rate = object({ target: positive, window: positive, granularity: positive });

function rateOf(given: JsonObject, problems: Problems): JsonObject {
  const path = ['scaling', 'requestRate'];
  // The defaults of the API server are written out, so that a sync sees no difference.
  const { target = 1, window = 60, granularity = 1 } = rate(given, { path, problems }) ?? {};
  if (granularity > window) {
    problems.error([...path, 'granularity'], `${granularity} s is longer than the window, ${window} s`);
  }
  return { targetValue: target, window: `${window}s`, granularity: `${granularity}s` };
}

const COLD_START: Path = ['http', 'coldStart'];
const MAX_PORT = 65_535;
const MAX_BODY = 32_768;

const coldStarts = object({
  fallback: whole({ service: word, port: integer(1, MAX_PORT) }, { service: 'the name of a Service' }),
  placeholder: object({
    statusCode: integer(100, 599), body: string, configMap: text, configMapKey: text, headers: stringMap,
  }),
});
type ColdStartRead = ReadBy<typeof coldStarts>;

function coldStartOf(fn: Outline, given: JsonObject, problems: Problems): JsonObject | undefined {
  const at: Place = { path: COLD_START, problems };
  const { fallback, placeholder } = coldStarts(given, at) ?? {};
  if (fallback === undefined && placeholder === undefined) {
    if (!problems.hasErrors) problems.error(COLD_START, 'needs a fallback or a placeholder');
    return undefined;
  }
  return defined({
    fallback: fallback && { service: { name: fallback.service, port: fallback.port ?? 80 } },
    placeholder: placeholder && { response: responseOf(fn, placeholder, problems) },
  }) as JsonObject;
}

function responseOf(
  fn: Outline, { statusCode = 503, body, configMap, configMapKey, headers }: NonNullable<ColdStartRead['placeholder']>,
  problems: Problems,
): JsonObject {
  const path = [...COLD_START, 'placeholder'];
  if (body !== undefined && configMap !== undefined) {
    problems.error([...path, 'configMap'], 'goes with no "body"; give one of them');
  }
  if (configMapKey !== undefined && configMap === undefined) {
    problems.error([...path, 'configMapKey'], 'needs "configMap", whose key it is');
  }
  if ((body?.length ?? 0) > MAX_BODY) {
    problems.error([...path, 'body'], `has ${body?.length} characters, ${MAX_BODY} are allowed`);
  }
  if (fn.dapr.mode === 'standalone' && statusCode < 300) {
    const lost = 'tells Dapr that an event is done which wakes the function; give one of 500 or more';
    problems.warn([...path, 'statusCode'], `${statusCode} ${lost}`);
  }
  const bodyFromConfigMap = configMap && defined({ name: configMap, key: configMapKey });
  return defined({ statusCode, body, bodyFromConfigMap, headers }) as JsonObject;
}

interface InterceptorPaths {
  /** That rules put in place of the route's own. */
  readonly hosts: string[];
  /** `undefined` is every path. */
  readonly prefixes?: string[];
}

function interceptorPaths(rules: readonly JsonObject[]): InterceptorPaths {
  const hosts = new Set<string>();
  const prefixes = new Set<string | undefined>();
  for (const rule of rules) {
    const filters = objectsIn(rule.filters).map(([filter]) => filter);
    if (filters.some(({ type }) => type === 'RequestRedirect')) continue; // the gateway answers itself
    const rewrite = filters.find(({ type }) => type === 'URLRewrite')?.urlRewrite;
    const { hostname: host, path } = isObject(rewrite) ? rewrite : {} as JsonObject;
    if (typeof host === 'string') hosts.add(host);
    const matches = Array.isArray(rule.matches) && rule.matches.length > 0 ? rule.matches : [{}];
    for (const match of matches) prefixes.add(sentPrefix(isObject(match) ? match.path : undefined, path));
  }
  const listed = [...prefixes].filter((prefix) => prefix !== undefined);
  const all = listed.length === 0 || prefixes.has(undefined);
  return { hosts: [...hosts], ...(!all && { prefixes: listed }) };
}

/** A regular expression may match any path; the interceptor compares with what the path decodes to. */
function sentPrefix(path: Json | undefined, rewrite: Json | undefined): string | undefined {
  const { type = 'PathPrefix', value } = isObject(path) ? path : {} as JsonObject;
  if (isObject(rewrite) && typeof rewrite.replaceFullPath === 'string') return decoded(rewrite.replaceFullPath);
  if (isObject(rewrite) && typeof rewrite.replacePrefixMatch === 'string') return decoded(rewrite.replacePrefixMatch);
  return type === 'RegularExpression' || typeof value !== 'string' ? undefined : decoded(value);
}

function decoded(path: string): string {
  const given = path === '' ? '/' : path;
  try {
    return decodeURIComponent(given);
  } catch {
    return given;
  }
}
