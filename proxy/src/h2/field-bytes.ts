/** What bytes names and values may hold (RFC 9110 section 5.1, RFC 9113 section 8.2.1). */

const TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz";

/** 1 where a byte is allowed. Upper case is not, in names; a colon begins those of pseudo fields. */
const NAME_BYTES = new Uint8Array(256);
for (const char of TOKEN) NAME_BYTES[char.charCodeAt(0)] = 1;

/** Tabs, what can be seen, and whatever is not ASCII. */
export const VALUE_BYTES = new Uint8Array(256).map((_, byte) => (byte === 9 || (byte >= 32 && byte !== 127) ? 1 : 0));

const COLON = 58;
const SPACE = 32;
const TAB = 9;

export function isName(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start < end && bytes[start] === COLON ? start + 1 : start;
  if (at >= end) return false;
  while (at < end) if (NAME_BYTES[bytes[at++]!] === 0) return false;
  return true;
}

export function isValue(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (VALUE_BYTES[bytes[at]!] === 0) return false;
  return start === end || !(isBlank(bytes[start]!) || isBlank(bytes[end - 1]!));
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}
