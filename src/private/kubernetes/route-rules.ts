/** What the Gateway API asks of an HTTPRoute's rules, beyond types: a row for each structure. */
import { Json, JsonObject, isObject } from './json';
import { among, isEmpty, isGiven, Rule, Rules, Say, strictlyAmong, text, word, within } from './rules';
import { dns1123Label, dns1123Name } from './syntax';
import { Path, show } from '../problem/problem';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const REDIRECTS: readonly unknown[] = [301, 302, 303, 307, 308];
/** Of a value in characters: that of a header. */
const LONGEST = 4096;
const MATCH = strictlyAmong('Exact', 'RegularExpression');
/** Of a filter's type: the field that says the rest. */
const FILTERS: Readonly<Record<string, string>> = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  ExtensionRef: 'extensionRef',
  CORS: 'cors',
};
/** Of a path modifier's type, the same. */
const MODIFIERS: Readonly<Record<string, string>> = {
  ReplaceFullPath: 'replaceFullPath', ReplacePrefixMatch: 'replacePrefixMatch',
};

const pattern = (form: RegExp, what: string): Rule => (value) => (
  typeof value !== 'string' || form.test(value) ? undefined : `${show(value)} is not ${what}`);
const duration = pattern(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/, 'a duration such as "10s" or "1m30s"');
const token = pattern(/^[A-Za-z0-9!#$%&'*+\-.^_`|~]{1,256}$/, 'a name: letters, digits and !#$%&\'*+-.^_`|~');
const port = within(1, 65_535);
const atMost = (most: number): Rule => (value) => {
  const length = typeof value === 'string' ? value.length : 0;
  return length > most ? `has ${length} characters, ${most} are allowed` : undefined;
};
const hostname: Rule = word(dns1123Name);

/** Syntax of RE2 or PCRE that JavaScript lacks, with its replacement. */
const DIALECTS: ReadonlyArray<readonly [form: RegExp, instead: string]> = [
  [/\\[^a-zA-Z0-9]|\[:\^?[a-z]+:\]|\\x\{[0-9a-fA-F]+\}|\\[pP](?:\{[^}]*\}|[A-Z])/g, '\\d'],
  [/\(\?[a-zA-Z]*(?:-[a-zA-Z]+)?(?=\))|\(\?[a-zA-Z]*(?:-[a-zA-Z]+)?:|\(\?P?<\w+>|\(\?>|\(\?P[=>]\w+(?=\))/g, '(?:'],
  [/(?:[\^$]|\\[bBAzZG])(?=[*+?{])/g, 'a'],
  [/([*+?}])\+/g, '$1'],
  [/\[(\^?)\]/g, '[$1\\]'],
];
/** Quotes, comments, conditions, recursion and callouts are not looked into. */
const UNKNOWN_DIALECT = /\\Q|\(\?[#(|&+\-\dRC]|\(\*|\(\?[a-z]*x/;

/** Nothing for what some implementation may read. */
function checkExpression({ type, value }: JsonObject, say: Say): void {
  if (type !== 'RegularExpression' || typeof value !== 'string' || value.length > LONGEST) return;
  if (UNKNOWN_DIALECT.test(value)) return;
  const steps = [value];
  for (const [form, instead] of DIALECTS) steps.unshift(steps[0].replace(form, instead));
  const found = steps.flatMap((each) => [regExpProblem(each, ''), regExpProblem(each, 'u')]);
  const [wrong] = found;
  if (wrong === undefined || found.includes(undefined)) return;
  say(['value'], `${show(value)} is not a regular expression: ${wrong}`);
}

function regExpProblem(expression: string, flags: string): string | undefined {
  try {
    return void new RegExp(expression, flags);
  } catch (error) {
    const reason = (error as Error).message.split(': ').pop() as string;
    return reason.charAt(0).toLowerCase() + reason.slice(1);
  }
}

const named = (most: number): Rules => ({
  needs: { name: 'its name', value: 'its value' },
  values: { name: token, type: MATCH, value: atMost(most) },
  whole: checkExpression,
});
const header: Rules = named(LONGEST);

const PLAIN_PATH = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;
function checkPath({ type = 'PathPrefix', value }: JsonObject, say: Say): void {
  if (typeof value !== 'string' || (type !== 'PathPrefix' && type !== 'Exact')) return;
  const forbidden = ['//', '/./', '/../', '%2f', '%2F', '#'].find((part) => value.includes(part))
    ?? ['/..', '/.'].find((end) => value.endsWith(end));
  const isPattern = type === 'PathPrefix' && /[*?[({\\^]/.test(value);
  const advice = isPattern ? '; give "type": "RegularExpression" for a pattern' : '';
  const wrong = !value.startsWith('/') ? 'must begin with "/"'
    : forbidden !== undefined ? `must not contain ${show(forbidden)}`
      : PLAIN_PATH.test(value) ? undefined : `has characters that no path has${advice}`;
  if (wrong !== undefined) say(['value'], `${show(value)} ${wrong}`);
}

/** A type and the one field that belongs to it. */
function checkKind(value: JsonObject, fields: Readonly<Record<string, string>>, say: Say): void {
  const { type } = value;
  if (typeof type !== 'string' || !Object.hasOwn(fields, type)) return;
  // Knative's host name is filled in here.
  const filled = type === 'URLRewrite';
  if (!filled && !isGiven(value[fields[type]])) say([fields[type]], `is missing; ${show(type)} needs it`);
  for (const [other, field] of Object.entries(fields)) {
    if (other !== type && isGiven(value[field])) say([field], `goes with "type": ${show(other)} alone`);
  }
}

const ONCE = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'CORS'];
function checkRule(rule: JsonObject, say: Say): void {
  const filters = (Array.isArray(rule.filters) ? rule.filters : []).map((each) => (isObject(each) ? each : {}));
  filters.forEach(({ type }, at) => {
    const before = filters.findIndex((each) => each.type === type);
    const repeated = before < at && ONCE.includes(type as string);
    if (repeated) say(['filters', at], `is a second ${String(type)}; a rule takes one`);
  });
  const { matches } = rule;
  filters.forEach((filter, at) => {
    for (const field of ['urlRewrite', 'requestRedirect']) {
      const path = isObject(filter[field]) ? filter[field].path : undefined;
      if (!isObject(path) || path.type !== 'ReplacePrefixMatch' || onePrefix(matches)) continue;
      say(['filters', at, field, 'path', 'type'], '"ReplacePrefixMatch" needs a rule with one match, of a path prefix');
    }
  });
  for (const [field, most] of [['filters', 16], ['matches', 64]] as const) {
    const list = rule[field];
    if (Array.isArray(list) && list.length > most) say([field], `${list.length} ${field}; a rule takes ${most}`);
  }
}

/** Without matches a rule has the prefix `/`. */
function onePrefix(matches: Json | undefined): boolean {
  if (!Array.isArray(matches)) return true;
  const [match] = matches;
  const path = isObject(match) ? match.path : undefined;
  const type = isObject(path) ? path.type ?? 'PathPrefix' : 'PathPrefix';
  return matches.length === 1 && type === 'PathPrefix';
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
function milliseconds(value: Json | undefined): number {
  const parts = typeof value === 'string' ? [...value.matchAll(/(\d+)(ms|h|m|s)/g)] : [];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit], 0);
}

function checkTimeouts({ request, backendRequest }: JsonObject, say: Say): void {
  const [whole, part] = [milliseconds(request), milliseconds(backendRequest)];
  const longer = whole > 0 && part > whole;
  if (longer) say(['backendRequest'], `${show(backendRequest)} is longer than the request's ${show(request)}`);
}

const REFERENCE: Rules = {
  needs: { name: 'the name of the object' },
  values: {
    name: atMost(253),
    namespace: word(dns1123Label),
    port,
    kind: pattern(/^[a-zA-Z](?=.{0,62}$)([-a-zA-Z0-9]*[a-zA-Z0-9])?$/, 'a kind of up to 63 letters and digits'),
    group: text(dns1123Name),
  },
};
const lists: Rules['unique'] = { add: ['name'], set: ['name'], remove: [] };

export const ROUTE_RULES: Readonly<Record<string, Rules>> = {
  HTTPRouteRule: { values: { name: word(dns1123Name) }, whole: checkRule },
  HTTPRouteMatch: {
    values: { method: strictlyAmong(...METHODS) },
    unique: { headers: ['name'], queryParams: ['name'] },
  },
  HTTPPathMatch: {
    values: { type: strictlyAmong('Exact', 'PathPrefix', 'RegularExpression'), value: atMost(1024) },
    whole: (path, say) => {
      checkPath(path, say);
      checkExpression(path, say);
    },
  },
  HTTPHeaderMatch: header,
  HTTPQueryParamMatch: named(1024),
  HTTPRouteFilter: {
    needs: { type: Object.keys(FILTERS).map(show).join(', ') },
    values: { type: among(...Object.keys(FILTERS)) },
    whole: (filter, say) => checkKind(filter, FILTERS, say),
  },
  HTTPHeaderFilter: { unique: lists },
  GatewayHTTPHeader: header,
  HTTPURLRewriteFilter: { values: { hostname } },
  HTTPRequestRedirectFilter: {
    values: {
      hostname,
      port,
      scheme: strictlyAmong('http', 'https'),
      statusCode: (value) => (
        REDIRECTS.includes(value) ? undefined : `${show(value)} is not one of ${REDIRECTS.join(', ')}`),
    },
  },
  HTTPPathModifier: {
    needs: { type: '"ReplaceFullPath" or "ReplacePrefixMatch"' },
    values: {
      type: among(...Object.keys(MODIFIERS)), replaceFullPath: atMost(1024), replacePrefixMatch: atMost(1024),
    },
    whole: (modifier, say) => checkKind(modifier, MODIFIERS, say),
  },
  HTTPRequestMirrorFilter: {
    needs: { backendRef: 'the Service that gets the copies' },
    values: { percent: within(0, 100) },
    one: ['percent', 'fraction'],
  },
  Fraction: {
    values: { numerator: within(0), denominator: within(1) },
    whole: ({ numerator, denominator = 100 }, say) => {
      if (!isGiven(numerator)) say(['numerator'], 'is missing; give 0 or more');
      const above = Number(numerator) > Number(denominator);
      if (above) say(['numerator'], `${show(numerator)} is above ${show(denominator)}`);
    },
  },
  BackendObjectReference: {
    ...REFERENCE,
    whole: ({ group, kind = 'Service', port: given }, say) => {
      if (isEmpty(group) && kind === 'Service' && !isGiven(given)) say(['port'], 'is missing; a Service needs one');
    },
  },
  GatewayLocalObjectReference: {
    ...REFERENCE,
    needs: { ...REFERENCE.needs, kind: 'the kind of the object' },
    whole: ({ group }, say) => {
      if (!isGiven(group)) say(['group'], 'is missing; give the API group of the object, "" for the core one');
    },
  },
  HTTPCORSFilter: {
    unique: { allowMethods: [], allowHeaders: [], exposeHeaders: [], allowOrigins: [] },
    whole: ({ allowMethods: methods }, say) => {
      const both = Array.isArray(methods) && methods.includes('*') && methods.length > 1;
      if (both) say(['allowMethods'], '"*" goes with no other method');
    },
    values: {
      allowMethods: strictlyAmong(...METHODS, '*'),
      allowHeaders: token,
      exposeHeaders: token,
      maxAge: within(1),
    },
  },
  HTTPRouteTimeouts: { values: { request: duration, backendRequest: duration }, whole: checkTimeouts },
  HTTPRouteRetry: { values: { backoff: duration, codes: within(400, 599) } },
  SessionPersistence: {
    values: {
      type: strictlyAmong('Cookie', 'Header'),
      sessionName: atMost(128),
      absoluteTimeout: duration,
      idleTimeout: duration,
    },
    whole: ({ cookieConfig, absoluteTimeout }, say) => {
      if (!isObject(cookieConfig) || cookieConfig.lifetimeType !== 'Permanent' || isGiven(absoluteTimeout)) return;
      say(['absoluteTimeout'] as Path, 'is missing; a permanent cookie needs it');
    },
  },
  CookieConfig: { values: { lifetimeType: strictlyAmong('Permanent', 'Session') } },
};
