/** Documentation of fields inside their JSON Schema: each is beside its reader, and is read where a schema is shown. */
import { Doc, DOC, documented } from './readers';
import { isObject, Json, JsonObject } from '../kubernetes/json';

/** Documentation by path: `serving.outputs[].dapr.name`; `*` is any key of a map. */
export type DocTable = Readonly<Record<string, Doc>>;

export function docOf(schema: JsonObject): Doc | undefined {
  return schema[DOC] as unknown as Doc | undefined;
}

/** The same schema with the documentation of a table, where it has a field. */
export function withDocs(schema: JsonObject, docs: DocTable): JsonObject {
  return mapFields(schema, '', (field, path) => documented(field, docs[path]));
}

/** As editors read it: `Port of the function. Default: 8080. Only in v1beta2.` */
export function withDescriptions(schema: JsonObject): JsonObject {
  return mapFields(schema, '', (field) => {
    const { [DOC]: doc, ...rest } = field;
    if (doc === undefined) return field;
    const [meaning, standard] = doc as unknown as Doc;
    const { $comment: comment } = rest;
    const only = typeof comment === 'string' ? ` ${comment.charAt(0).toUpperCase()}${comment.slice(1)}.` : '';
    const description = `${meaning}${standard === undefined ? '' : ` Default: ${standard}.`}${only}`;
    return { description, ...rest };
  });
}

type ChangeField = (field: JsonObject, path: string) => JsonObject;

/** Another schema for each field, innermost first. */
function mapFields(schema: JsonObject, path: string, change: ChangeField): JsonObject {
  const { properties, items, additionalProperties: values, anyOf } = schema;
  const below = (value: Json, at: string): Json => (isObject(value) ? mapFields(value, at, change) : value);
  const ofField = ([key, field]: [string, Json]): [string, Json] => {
    const at = joined(path, key);
    return [key, isObject(field) ? change(mapFields(field, at, change), at) : field];
  };
  return {
    ...schema,
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map((choice) => below(choice, path)) }),
    ...(isObject(properties) && { properties: Object.fromEntries(Object.entries(properties).map(ofField)) }),
    ...(items !== undefined && { items: below(items, `${path}[]`) }),
    ...(isObject(values) && { additionalProperties: below(values, `${path}.*`) }),
  };
}

/** `spec` is left out of paths. */
function joined(path: string, key: string): string {
  return key === 'spec' && path === '' ? '' : path === '' ? key : `${path}.${key}`;
}
