/** YAML text → the value of each document with the places of its paths; a document that cannot be read gives one problem. */
import { decodeText } from './decode-text';
import { toPlain, YamlRefusal } from './yaml-plain';
import { ParsedDocument, Span, YamlSource } from './yaml-source';
import type { Path, Problem, SourcePosition } from '../problem/problem';

/** Place of the deepest of several paths, or of the nearest one above it. */
export type Find = (candidates: readonly Path[]) => SourcePosition;

export type YamlValue = { readonly value: unknown; readonly find: Find } | { readonly problem: Problem };

/** A text without documents gives a problem that says so. */
export function readValues(content: string | Buffer, file: string): YamlValue[] {
  const decoded = decodeText(content, file);
  if ('problem' in decoded) return [decoded];
  const source = new YamlSource(decoded.text, file);
  const values: YamlValue[] = [];
  try {
    for (const [document, span] of source.documents()) values.push(...readDocument(document, span, source));
  } catch (refusal) {
    values.push(refused(refusal, source));
  }
  return values.length > 0 ? values : [{ problem: problemAt('is empty: there is no document in it', source.at(0)) }];
}

export function problemAt(message: string, position: SourcePosition | undefined, path: Path = []): Problem {
  return { severity: 'error', path, message, position };
}

function readDocument(document: ParsedDocument, span: Span, source: YamlSource): YamlValue[] {
  const [error] = document.errors;
  if (error !== undefined) return [{ problem: problemAt(`is not valid YAML: ${oneLine(error.message)}`, source.at(error.pos[0])) }];
  try {
    const value = toPlain(document.contents);
    // Nothing between two separators, or comments alone.
    return value === null ? [] : [{ value, find: (candidates) => source.find(span, candidates) }];
  } catch (refusal) {
    return [refused(refusal, source)];
  }
}

function refused(refusal: unknown, source: YamlSource): YamlValue {
  if (!(refusal instanceof YamlRefusal)) throw refusal;
  return { problem: problemAt(refusal.message, source.at(refusal.offset)) };
}

/** The library's messages begin with a capital, and some have several lines. */
export function oneLine(message: string): string {
  const [line] = message.split('\n');
  return line.charAt(0).toLowerCase() + line.slice(1);
}
