/**
 * Header rules, pure. Inside the proxy headers stay raw pairs (name, value, name, value …): an object would join
 * repeated lines.
 */
import { OutgoingHttpHeaders } from 'node:http2';

export type RawHeaders = readonly string[];

/** RFC 9110 section 7.6.1, and the HTTP/1.1 fields that HTTP/2 forbids (RFC 9113 section 8.2.2). */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'http2-settings',
  'proxy-authenticate', 'proxy-authorization',
]);
const TOKEN_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

const PASS = 0;
const DROP = 1;
const LOOK = 2;

/** What becomes of a header, by its name as it came; bounded, since callers choose the names. */
const verdicts = new Map<string, number>();
const MAX_VERDICTS = 1000;

function verdictOf(name: string): number {
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const drops = lower.startsWith(':') || HOP_BY_HOP.has(lower) || lower === 'host';
  const verdict = lower === 'connection' || lower === 'te' ? LOOK : drops ? DROP : PASS;
  if (verdicts.size < MAX_VERDICTS) verdicts.set(name, verdict);
  return verdict;
}

/** All lines that pass on: no pseudo headers, no hop-by-hop fields, none that `connection` names, no `host`. */
export function forwardable(raw: RawHeaders): string[] {
  const out: string[] = [];
  let named: Set<string> | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!;
    const value = raw[i + 1]!;
    const verdict = verdictOf(name);
    // RFC 9113 section 8.2.2: `te` may only say "trailers", which gRPC needs.
    if (verdict === PASS || (verdict === LOOK && value === 'trailers' && name.toLowerCase() === 'te')) {
      out.push(name, value);
    } else if (verdict === LOOK && name.toLowerCase() === 'connection') {
      named ??= new Set();
      for (const one of value.toLowerCase().split(',')) named.add(one.trim());
    }
  }
  return named === undefined ? out : without(out, named);
}

export function without(raw: RawHeaders, names: ReadonlySet<string>): string[] {
  const out: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    if (!names.has(raw[i]!.toLowerCase())) out.push(raw[i]!, raw[i + 1]!);
  }
  return out;
}

/** First value of a header; `name` in lower case. */
export function valueOf(raw: RawHeaders, name: string): string | undefined {
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i] === name || raw[i]!.toLowerCase() === name) return raw[i + 1];
  }
  return undefined;
}

export function valuesOf(raw: RawHeaders, name: string): string[] {
  const out: string[] = [];
  for (let i = 0; i < raw.length; i += 2) if (raw[i]!.toLowerCase() === name) out.push(raw[i + 1]!);
  return out;
}

/** Replaces all lines of a name by one. */
export function withHeader(raw: RawHeaders, name: string, value: string): string[] {
  return [...without(raw, new Set([name])), name, value];
}

/**
 * The object that node:http2 takes: `out`, which has the pseudo headers, with the lines added. Repeated lines become a
 * list, which it writes as lines again. A plain object: those without a prototype make node:http2 half as fast.
 */
export function toH2Headers(out: OutgoingHttpHeaders, raw: RawHeaders): OutgoingHttpHeaders {
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!;
    const value = raw[i + 1]!;
    const present: unknown = out[name];
    if (typeof present === 'string') {
      out[name] = SINGLE_VALUE.has(name) ? `${present},${value}` : [present, value];
    } else if (Array.isArray(present)) {
      present.push(value);
    } else {
      checkName(name);
      // Names such as `constructor` are found on the prototype; `__proto__` cannot be assigned at all.
      if (present === undefined) out[name] = value;
      else Object.defineProperty(out, name, { value, enumerable: true, writable: true, configurable: true });
    }
  }
  return out;
}

/** A name outside the token alphabet would cost the whole HTTP/2 session; thrown here, it costs one event. */
export function checkName(name: string): void {
  if (!isToken(name)) throw new Error(`header name ${JSON.stringify(name)} is not allowed in HTTP/2`);
}

/** Escapes only what a request line cannot hold, as Go does. */
export function escapedPath(path: string): string {
  return path.replace(/[^\x21-\x7e]+/g, encodeURIComponent);
}

const known = new Set<string>();
/** Names repeat from call to call; the cache is bounded since callers choose them. */
const MAX_KNOWN_NAMES = 500;

function isToken(name: string): boolean {
  if (known.has(name)) return true;
  if (!TOKEN_NAME.test(name)) return false;
  if (known.size < MAX_KNOWN_NAMES) known.add(name);
  return true;
}

/** node:http2 throws if one of these comes twice; gRPC and RFC 9110 allow to join the values by commas. */
const SINGLE_VALUE: ReadonlySet<string> = new Set([
  'access-control-allow-credentials', 'access-control-max-age', 'access-control-request-method', 'age', 'authorization',
  'content-encoding', 'content-language', 'content-length', 'content-location', 'content-md5', 'content-range',
  'content-type',
  'date', 'dnt', 'etag', 'expires', 'from', 'host', 'if-match', 'if-modified-since', 'if-none-match', 'if-range',
  'if-unmodified-since', 'last-modified', 'location', 'max-forwards', 'proxy-authorization', 'range', 'referer',
  'retry-after', 'tk', 'upgrade-insecure-requests', 'user-agent', 'x-content-type-options',
]);
