/**
 * Header rules, pure. Inside the proxy headers stay raw pairs (name, value, name, value …): an object would join
 * repeated lines.
 */
export type RawHeaders = readonly string[];

/**
 * RFC 9110 section 7.6.1, and the HTTP/1.1 fields that HTTP/2 forbids (RFC 9113 section 8.2.2). `trailer` announces
 * what may not come; Node.js refuses it where the length of the body is known.
 */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'http2-settings',
  'proxy-authenticate', 'proxy-authorization', 'trailer',
]);

const PASS = 0;
const DROP = 1;
const LOOK = 2;

/** How a header is handled, by its name as received; bounded, since callers choose the names. */
const verdicts = new Map<string, number>();
const MAX_VERDICTS = 1000;
const REMEMBERED = 8;
const MAX_REMEMBERED_LINES = 32;

function verdictOf(name: string): number {
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const drops = lower.startsWith(':') || HOP_BY_HOP.has(lower) || lower === 'host';
  const verdict = lower === 'connection' || lower === 'te' ? LOOK : drops ? DROP : PASS;
  if (verdicts.size < MAX_VERDICTS) verdicts.set(name, verdict);
  return verdict;
}

/**
 * What was made of the latest lists. The same array comes again from a caller or a pod that repeats itself
 * (h2/block-cache.ts), and the same array in its place lets the encoder repeat itself, too. A few places, whatever
 * callers send.
 */
export class Remembered {
  private readonly sources: (RawHeaders | undefined)[] = new Array<undefined>(REMEMBERED).fill(undefined);
  private readonly words: (readonly string[])[] = [];
  private readonly made: string[][] = [];
  private next = 0;

  public constructor(private readonly make: (raw: RawHeaders, ...words: string[]) => string[]) {}

  public of(raw: RawHeaders, ...words: string[]): RawHeaders {
    const at = this.sources.indexOf(raw);
    if (at >= 0 && words.every((word, index) => word === this.words[at]![index])) return this.made[at]!;
    const made = this.make(raw, ...words);
    if (raw.length > MAX_REMEMBERED_LINES * 2) return made;
    const place = at >= 0 ? at : this.next++ % REMEMBERED;
    this.sources[place] = raw;
    this.words[place] = words;
    this.made[place] = made;
    return made;
  }
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
  const { length } = name;
  for (let i = 0; i < raw.length; i += 2) {
    const other = raw[i]!;
    if (other.length === length && (other === name || other.toLowerCase() === name)) return raw[i + 1];
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

/** Escapes only what a request line cannot hold, as Go does; half a surrogate pair becomes U+FFFD. */
export function escapedPath(path: string): string {
  return path.replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(Buffer.from(text).toString()));
}
