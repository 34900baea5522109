/**
 * What makes a request, an answer or trailers malformed (RFC 9113 sections 8.2 and 8.3), beyond the bytes of single
 * fields.
 */
import { RawHeaders } from './protocol';

/** In place of a content length. */
export const MALFORMED = -2;
export const NO_LENGTH = -1;

const COLON = 58;
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade',
]);
/** A bit for each length of a name that `rest` looks at: most fields are passed over at a glance. */
const LENGTHS = [...CONNECTION_FIELDS, 'te', 'content-length'].reduce((bits, { length }) => bits | (1 << length), 0);
const METHOD = 1;
const SCHEME = 2;
const PATH = 4;
const AUTHORITY = 8;
const STATUS = 16;
const PSEUDO: Readonly<Record<string, number>> = {
  ':method': METHOD, ':scheme': SCHEME, ':path': PATH, ':authority': AUTHORITY, ':status': STATUS,
};
const LENGTH = /^\d{1,15}$/;

/** The content length, NO_LENGTH or MALFORMED. */
export function checkRequest(list: RawHeaders): number {
  const seen = pseudoFields(list);
  if (seen < 0 || (seen & STATUS) !== 0 || (seen & METHOD) === 0) return MALFORMED;
  const method = pseudo(list, ':method');
  if (method === 'CONNECT') return seen === (METHOD | AUTHORITY) ? rest(list) : MALFORMED;
  if ((seen & (SCHEME | PATH)) !== (SCHEME | PATH)) return MALFORMED;
  const path = pseudo(list, ':path')!;
  const whole = path.startsWith('/') || (path === '*' && method === 'OPTIONS');
  return whole || !/^https?$/.test(pseudo(list, ':scheme')!) ? rest(list) : MALFORMED;
}

/** The same for an answer. */
export function checkResponse(list: RawHeaders): number {
  return pseudoFields(list) === STATUS && /^[1-9]\d\d$/.test(list[1]!) ? rest(list) : MALFORMED;
}

export function checkTrailers(list: RawHeaders): boolean {
  return pseudoFields(list) === 0 && rest(list) !== MALFORMED;
}

/** Those that are there, once each and ahead of all others; -1 when not so. */
function pseudoFields(list: RawHeaders): number {
  let seen = 0;
  let regular = false;
  for (let at = 0; at < list.length; at += 2) {
    const name = list[at]!;
    if (name.charCodeAt(0) === COLON) {
      const bit = PSEUDO[name];
      if (regular || bit === undefined || (seen & bit) !== 0 || (list[at + 1] === '' && bit !== AUTHORITY)) return -1;
      seen |= bit;
    } else {
      regular = true;
    }
  }
  return seen;
}

function rest(list: RawHeaders): number {
  let length = NO_LENGTH;
  for (let at = 0; at < list.length; at += 2) {
    const name = list[at]!;
    if ((LENGTHS & (1 << name.length)) === 0) continue;
    if (CONNECTION_FIELDS.has(name) || (name === 'te' && list[at + 1] !== 'trailers')) return MALFORMED;
    if (name !== 'content-length') continue;
    const value = list[at + 1]!;
    if (length !== NO_LENGTH || !LENGTH.test(value)) return MALFORMED;
    length = Number(value);
  }
  return length;
}

function pseudo(list: RawHeaders, name: string): string | undefined {
  for (let at = 0; at < list.length; at += 2) if (list[at] === name) return list[at + 1];
  return undefined;
}
