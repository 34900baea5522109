/**
 * What an event is known by from one delivery of it to the next. Its bytes may differ: Go marshals maps in any order.
 * Pure.
 */
import { createHash } from 'node:crypto';
import { isObject } from '../config/func-context';
import { Kind } from '../observe/outcome';
import { fieldsOf, stringField } from '../wire/protobuf';

/** Fields of the messages of Dapr's callbacks. */
const TOPIC = { id: 1, source: 2, topic: 6, component: 8 } as const;
const BULK = { entries: 2, topic: 4, component: 5, entryId: 1 } as const;
/** Of bindings and jobs alike. */
const NAMED = { name: 1, data: 2 } as const;

/** Undefined for calls that nobody delivers again. The message begins at `start`. */
export function grpcIdentity(kind: Kind, body: Buffer, start = 0): (() => string) | undefined {
  return kind === 'invoke' || kind === 'other' ? undefined : () => identityOf(kind, body.subarray(start));
}

function identityOf(kind: 'topic' | 'bulk' | 'binding' | 'job', message: Buffer): string {
  const text = (field: number) => stringField(message, field) ?? '';
  if (kind === 'topic') {
    const { component, id, source, topic } = TOPIC;
    return join(kind, text(component), text(topic), text(source), text(id) || hash(message));
  }
  if (kind === 'bulk') {
    const entries = allOf(message, BULK.entries).map((entry) => stringField(entry, BULK.entryId) ?? '');
    return join(kind, text(BULK.component), text(BULK.topic), ...entries);
  }
  return join(kind, text(NAMED.name), ...allOf(message, NAMED.data).map(hash));
}

/** The contents of a repeated field; all of the message if it cannot be read. */
function allOf(message: Buffer, field: number): Buffer[] {
  try {
    return [...fieldsOf(message)].flatMap(({ number, bytes }) => number === field && bytes ? [bytes] : []);
  } catch {
    return [message];
  }
}

export function httpIdentity(kind: Kind, path: string, body: Buffer): (() => string) | undefined {
  if (kind === 'invoke' || kind === 'other') return undefined;
  return () => join(kind, path, kind === 'topic' ? cloudEvent(body) ?? hash(body) : hash(body));
}

function cloudEvent(body: Buffer): string | undefined {
  try {
    const event: unknown = JSON.parse(body.toString());
    return isObject(event) && typeof event.id === 'string' ? join(String(event.source), event.id) : undefined;
  } catch {
    return undefined;
  }
}

function join(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
