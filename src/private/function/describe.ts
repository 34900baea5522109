/** Documentation of fields, laid into their schema. */
import { isObject, Json, JsonObject } from '../kubernetes/json';

/** Meaning and default of a field, by its path: `serving.outputs[].dapr.name`; `*` is any key of a map. */
export type DocTable = Readonly<Record<string, readonly [meaning: string, standard?: string]>>;

/** A schema with a description for each field that the table knows; `spec` is left out of paths. */
export function withDocs(schema: JsonObject, docs: DocTable): JsonObject {
  return describe(schema, '', docs);
}

function describe(schema: JsonObject, path: string, docs: DocTable): JsonObject {
  const { properties, items, additionalProperties: values, anyOf } = schema;
  const below = (value: Json, at: string): Json => (isObject(value) ? describe(value, at, docs) : value);
  return {
    ...schema,
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map((choice) => below(choice, path)) }),
    ...(isObject(properties) && { properties: ofFields(properties, path, docs) }),
    ...(items !== undefined && { items: below(items, `${path}[]`) }),
    ...(isObject(values) && { additionalProperties: below(values, `${path}.*`) }),
  };
}

function ofFields(properties: JsonObject, path: string, docs: DocTable): JsonObject {
  return Object.fromEntries(Object.entries(properties).map(([key, schema]) => {
    const at = key === 'spec' && path === '' ? '' : path === '' ? key : `${path}.${key}`;
    const description = isObject(schema) ? textOf(docs[at], schema.$comment) : undefined;
    const inner = isObject(schema) ? describe(schema, at, docs) : schema;
    return [key, description === undefined || !isObject(inner) ? inner : { description, ...inner }];
  }));
}

/** `Port of the function. Default: 8080. Only in v1beta2.` */
function textOf(doc: DocTable[string] | undefined, comment: Json | undefined): string | undefined {
  if (doc === undefined) return undefined;
  const [meaning, standard] = doc;
  const only = typeof comment === 'string' ? ` ${comment.charAt(0).toUpperCase()}${comment.slice(1)}.` : '';
  return `${meaning}${standard === undefined ? '' : ` Default: ${standard}.`}${only}`;
}

/** The paths of all fields, in order, each once. */
export function pathsOf(schema: JsonObject, path = ''): string[] {
  const { properties, items, additionalProperties: values, anyOf } = schema;
  const below = (value: Json | undefined, at: string) => (isObject(value) ? pathsOf(value, at) : []);
  const found = [
    ...(Array.isArray(anyOf) ? anyOf.flatMap((choice) => below(choice, path)) : []),
    ...Object.entries(isObject(properties) ? properties : {}).flatMap(([key, value]) => {
      const at = key === 'spec' && path === '' ? '' : path === '' ? key : `${path}.${key}`;
      return [...(at === '' ? [] : [at]), ...below(value, at)];
    }),
    ...below(items, `${path}[]`),
    ...below(values, `${path}.*`),
  ];
  return [...new Set(found)];
}
