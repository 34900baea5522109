/**
 * JSON Schema of readers. What the schema refuses, the reader refuses; not the other way round, since a reader can say
 * more than a schema.
 */
import type { ApiVersion, Reader, SchemaMaker } from './reader';
import type { JsonObject } from '../kubernetes/json';

export function withSchema<T>(reader: Reader<T>, schema: SchemaMaker | undefined): Reader<T> {
  return schema === undefined ? reader : Object.assign(reader, { schema });
}

export function simple<T>(type: string, reader: Reader<T>): Reader<T> {
  return withSchema(reader, () => ({ type }));
}

export function schemaOf(reader: Reader<unknown>, version?: ApiVersion): JsonObject {
  return reader.schema?.(version) ?? {};
}

export function anyOf(...readers: Reader<unknown>[]): SchemaMaker {
  return (version) => ({ anyOf: readers.map((reader) => schemaOf(reader, version)) });
}

/** Empty means unset, and editors do not offer it. */
export function wordsSchema(words: readonly string[]): JsonObject {
  return { anyOf: [{ enum: [...words] }, { type: 'string', maxLength: 0 }] };
}

export function objectSchema(
  fields: ReadonlyMap<string, Reader<unknown>>, required: readonly string[], version?: ApiVersion,
): JsonObject {
  const properties = [...fields].map(([key, reader]): [string, JsonObject] => {
    const schema = schemaOf(reader, version);
    return [key, required.includes(key) ? schema : nullable(schema)];
  });
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    additionalProperties: false,
    ...(required.length > 0 && { required: [...required] }),
  };
}

/** `null` is the same as absent. */
export function nullable(schema: JsonObject): JsonObject {
  const { type, anyOf: choices } = schema;
  if (Array.isArray(choices)) return { ...schema, anyOf: [...choices, { type: 'null' }] };
  if (type === undefined) return schema;
  const types = Array.isArray(type) ? type : [type];
  return types.includes('null') ? schema : { ...schema, type: [...types, 'null'] };
}
