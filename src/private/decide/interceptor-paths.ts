/**
 * What the gateway sends to the interceptor of KEDA's HTTP add-on: hosts and paths after the rewrites of a route's
 * rules (docs/spec M64). The interceptor answers 404 to what no HTTPScaledObject lists.
 */
import { isObject, Json, JsonObject, objectsIn } from '../kubernetes/json';

export interface InterceptorPaths {
  /** That rules put in place of the route's own. */
  readonly hosts: string[];
  /** `undefined` is every path. */
  readonly prefixes?: string[];
}

export function interceptorPaths(rules: readonly JsonObject[]): InterceptorPaths {
  const hosts = new Set<string>();
  const prefixes = new Set<string | undefined>();
  for (const rule of rules) {
    const filters = objectsIn(rule.filters).map(([filter]) => filter);
    if (filters.some(({ type }) => type === 'RequestRedirect')) continue; // the gateway answers itself
    const rewrite = filters.find(({ type }) => type === 'URLRewrite')?.urlRewrite;
    const { hostname, path } = isObject(rewrite) ? rewrite : {} as JsonObject;
    if (typeof hostname === 'string') hosts.add(hostname);
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
