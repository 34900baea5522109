/** The bytes of a file → text, or the one problem with them. */
import type { Problem } from '../problem/problem';

/** Objects in a cluster have 1.5 MB at most; the limit keeps a wrong file from costing minutes. */
export const MAX_BYTES = 8 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;

export type Decoded = { readonly text: string } | { readonly problem: Problem };

export function decodeText(content: string | Buffer, file: string): Decoded {
  const bytes = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
  if (bytes > MAX_BYTES) return refused(file, `has more than ${MAX_BYTES / MEBIBYTE} MiB; split it`);
  const text = typeof content === 'string' ? content : decode(content);
  if (text === undefined) return refused(file, 'is not text in UTF-8');
  const withoutMark = text.includes(BYTE_ORDER_MARK) ? text.replace(MARK_OF_DOCUMENT, '$1') : text;
  const control = CONTROL.exec(withoutMark);
  if (control === null) return { text: withoutMark };
  const code = withoutMark.charCodeAt(control.index);
  if (code === 0) return refused(file, 'is a binary file');
  const before = withoutMark.slice(0, control.index).split('\n');
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return refused(file, `has the control character ${name}, which YAML forbids`,
    before.length, before[before.length - 1].length + 1);
}

const BYTE_ORDER_MARK = '\uFEFF';
/** Files that were put together keep the marks of each. */
const MARK_OF_DOCUMENT = /(^|(?:^|\n)---[^\n]*\n|\n(?=\uFEFF---))\uFEFF/g;
/** All that YAML does not allow in a text but for what only UTF-16 can hold. */
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;

function decode(content: Buffer): string | undefined {
  const mark = content.length < 2 ? 0 : content.readUInt16BE(0);
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}

function refused(file: string, message: string, line = 1, column = 1): Decoded {
  return { problem: { severity: 'error', path: [], message, position: { file, line, column } } };
}
