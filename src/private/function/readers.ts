/**
 * Readers: small functions that turn plain JSON into typed values and report what does not fit.
 *
 * A reader gives what can be used even where it reports a problem, so that all problems of a function show together.
 * Why no schema library, measured: zod takes longer to load than cdk8s, and a parse that fails gives no partial result.
 */
import type { ApiVersion, Doc, Field, Move, Place, ReadBy, Reader, SchemaMaker } from './reader';
import { isObject, Json, JsonObject, StringMap } from '../kubernetes/json';
import { checkForm, Form } from '../kubernetes/syntax';
import { didYouMean, formatPath, Path, Problems, show } from '../problem/problem';

export type { ApiVersion, Doc, Move, Place, Reader, ReadBy, SchemaMaker } from './reader';

export type Fields = Record<string, Field>;
export type Read<F extends Fields> = { readonly [K in keyof F]?: ReadBy<F[K]> };

export function below(at: Place, key: string | number): Place {
  return new PlaceBelow(at, key);
}

/** Its path is made when a problem needs it: most fields have none. */
class PlaceBelow implements Place {
  public readonly problems: Problems;
  public readonly version?: ApiVersion;
  public readonly moves?: Move[];

  public constructor(private readonly parent: Place, private readonly key: string | number) {
    this.problems = parent.problems;
    this.version = parent.version;
    this.moves = parent.moves;
  }

  public get path(): Path {
    return [...this.parent.path, this.key];
  }
}

/**
 * An object with these fields and no other; `null` is the same as absent, as in Kubernetes.
 *
 * `required` says what to give where a field is missing. What is unset or cannot be read is left out of the result.
 */
export function object<const F extends Fields>(fields: F, required: { [K in keyof F]?: string } = {}): Reader<Read<F>> {
  const known = new Map(Object.entries(fields).map(([key, field]) => [key, readerOf(field)]));
  const needed = Object.entries(required);
  const readObject: Reader<Read<F>> = (value, at) => {
    if (!isObject(value)) return wrongType('an object', value, at);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const item = value[key];
      const reader = known.get(key);
      if (reader === undefined) {
        at.problems.error([...at.path, key], `unknown field${didYouMean(key, namesFor(known, at.version))}`);
        continue;
      }
      const read = item !== null || reader.readsNull ? reader(item, below(at, key)) : undefined;
      if (read !== undefined) result[key] = read;
    }
    for (const [key, advice] of needed) {
      if ((value[key] ?? null) === null) at.problems.error([...at.path, key], `is missing; give ${advice}`);
    }
    return result as Read<F>;
  };
  return withSchema(readObject, (version) => objectSchema(fields, needed.map(([key]) => key), version));
}

function readerOf(field: Field): Reader<unknown> {
  return typeof field === 'function' ? field : field[0];
}

function namesFor(known: ReadonlyMap<string, Reader<unknown>>, version?: ApiVersion): string[] {
  return [...known].filter(([, { onlyIn: only }]) => only === undefined || only === version).map(([name]) => name);
}

/** Something made of what a reader gives. */
export function into<T, M>(reader: Reader<T>, make: (read: T, at: Place) => M | undefined): Reader<M> {
  const result: Reader<M> = (value, at) => {
    const read = reader(value, at);
    return read === undefined ? undefined : make(read, at);
  };
  return withSchema(result, reader.schema);
}

/** An object that is left out as a whole when a required field cannot be read: half a reference leads nowhere. */
export function whole<const F extends Fields, const K extends keyof F>(
  fields: F, required: { [N in K]: string },
): Reader<Whole<F, K>> {
  const names = Object.keys(required) as K[];
  const reader = object<F>(fields, required as { [N in keyof F]?: string });
  return into(reader, (read) => (names.every((name) => read[name] !== undefined) ? read as Whole<F, K> : undefined));
}
type Whole<F extends Fields, K extends keyof F> = Read<F> & { readonly [N in K]: ReadBy<F[N]> };

/** Items that cannot be read become `unread`, so that indexes stay. The copy has reported `null` items already. */
export function listOf<T>(item: Reader<T>): Reader<Array<T | undefined>>;
export function listOf<T>(item: Reader<T>, unread: T): Reader<T[]>;
export function listOf<T>(item: Reader<T>, unread?: T): Reader<Array<T | undefined>> {
  const read: Reader<Array<T | undefined>> = (value, at) => {
    if (!Array.isArray(value)) return wrongType('a list', value, at);
    return value.map((entry, index) => (entry === null ? undefined : item(entry, below(at, index))) ?? unread);
  };
  return withSchema(read, (version) => ({ type: 'array', items: nullable(schemaOf(item, version)) }));
}

/** Has no prototype, since names such as `constructor` are looked up in it; keys stay where values cannot be read. */
export function mapOf<T>(item: Reader<T>): Reader<Record<string, T | undefined>>;
export function mapOf<T>(item: Reader<T>, unread: T): Reader<Record<string, T>>;
export function mapOf<T>(item: Reader<T>, unread?: T): Reader<Record<string, T | undefined>> {
  const read: Reader<Record<string, T | undefined>> = (value, at) => {
    if (!isObject(value)) return wrongType('an object', value, at);
    const result = Object.create(null) as Record<string, T | undefined>;
    for (const [key, entry] of Object.entries(value)) result[key] = item(entry, below(at, key)) ?? unread;
    return result;
  };
  return withSchema(read, (version) => ({ type: 'object', additionalProperties: schemaOf(item, version) }));
}

export const string = simple<string>('string', (value, at) => (
  typeof value === 'string' ? value : wrongType('a string', value, at)));

/** A string that must say something. */
export const word = withSchema<string>((value, at) => {
  if (value === '') at.problems.error(at.path, 'must not be empty');
  return string(value, at) || undefined;
}, () => ({ type: 'string', minLength: 1 }));

/** A string for which empty means unset. */
export const text = simple<string>('string', (value, at) => string(value, at) || undefined);

/** `text` of a form that others prescribe, such as a DNS label. */
export function textOf(form: Form): Reader<string> {
  return ofForm(text, form);
}

/** `word` of such a form. */
export function wordOf(form: Form): Reader<string> {
  return ofForm(word, form);
}

function ofForm(reader: Reader<string>, form: Form): Reader<string> {
  return withSchema<string>((value, at) => {
    const given = reader(value, at);
    checkForm(at.path, given, form, at.problems);
    return given;
  }, reader.schema);
}

export const boolean = simple<boolean>('boolean', (value, at) => (
  typeof value === 'boolean' ? value : wrongType('true or false', value, at)));

export const stringMap = withSchema<StringMap>((value, at) => {
  if (!isObject(value)) return wrongType('an object', value, at);
  const result: StringMap = {};
  for (const [key, entry] of Object.entries(value)) {
    const read = string(entry, below(at, key));
    if (read !== undefined) result[key] = read;
  }
  return result;
}, () => ({ type: 'object', additionalProperties: { type: 'string' } }));

export function integer(min: number, max: number): Reader<number> {
  const read: Reader<number> = (value, at) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return wrongType('an integer', value, at);
    if (value >= min && value <= max) return value;
    at.problems.error(at.path, `${value} is outside ${min}..${max}`);
    return undefined;
  };
  return withSchema(read, () => ({ type: 'integer', minimum: min, maximum: max }));
}

export const MAX_INT32 = 2 ** 31 - 1;
/** The int32 of Kubernetes, for what cannot be negative. */
export const count = integer(0, MAX_INT32);

/** One of these words; empty means unset. */
export function oneOf<const T extends string>(allowed: readonly T[]): Reader<T> {
  const read: Reader<T> = (value, at) => {
    const found = allowed.find((each) => each === value);
    if (found === undefined && value !== '') at.problems.notOneOf(at.path, value, allowed);
    return found;
  };
  return withSchema(read, () => wordsSchema(allowed));
}

/** Plain JSON that is checked elsewhere, or not at all. */
export const jsonObject = simple<JsonObject>('object', (value, at) => (
  isObject(value) ? value : wrongType('an object', value, at)));

/** A field that is known and has no meaning here. */
export const ignored: Reader<undefined> = () => undefined;

/** `must be a string, got 3; quote it: "3"` */
export function wrongType(expected: string, value: Json, at: Place): undefined {
  at.problems.error(at.path, `must be ${expected}, got ${show(value)}${hint(expected, value)}`);
  return undefined;
}

const QUOTED: Readonly<Record<string, RegExp | undefined>> = {
  'an integer': /^-?\d{1,15}$/,
  'true or false': /^(true|false)$/,
};

export function hint(expected: string, value: Json): string {
  if (expected === 'a string') {
    if (value === null) return '; write "" for an empty string';
    if (typeof value === 'boolean' || Number.isInteger(value)) return `; quote it: "${String(value)}"`;
    // 1.10 arrives as 1.1: what the text said is not known here.
    return typeof value === 'number' ? '; put it in quotes' : '';
  }
  const quoted = QUOTED[expected];
  return typeof value === 'string' && quoted?.test(value) ? '; remove the quotes' : '';
}

/**
 * A field that only one API version has. In the other it is a warning with its place there, and is read all the same.
 *
 * Without a place the other version cannot say it.
 */
export function onlyIn<T>(version: ApiVersion, reader: Reader<T>, elsewhere?: Path): Reader<T> {
  const read: Reader<T> = (value, at) => {
    if (at.version !== undefined && at.version !== version) {
      const place = elsewhere && `in ${at.version} it is ${formatPath(elsewhere)}`;
      at.problems.warn(at.path, `is a field of ${version}; ${place ?? `${at.version} has no such field`}`);
    }
    return reader(value, at);
  };
  const schema: SchemaMaker = (current) => ({
    ...schemaOf(reader, current),
    $comment: `only in ${version}`,
    ...(current !== undefined && current !== version && { deprecated: true }),
  });
  return Object.assign(read, { onlyIn: version, readsNull: reader.readsNull, schema });
}

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

function objectSchema(fields: Fields, required: readonly string[], version?: ApiVersion): JsonObject {
  const properties = Object.entries(fields).map(([key, field]): [string, JsonObject] => {
    const schema = schemaOf(readerOf(field), version);
    const doc = typeof field === 'function' ? undefined : field.slice(1) as readonly string[] as Doc;
    return [key, documented(required.includes(key) ? schema : nullable(schema), doc)];
  });
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    additionalProperties: false,
    ...(required.length > 0 && { required: [...required] }),
  };
}

/** With its documentation, which `schemas.ts` and `explain` take out again. */
export function documented(schema: JsonObject, doc: Doc | undefined): JsonObject {
  return doc === undefined ? schema : { ...schema, [DOC]: [...doc] as string[] };
}
export const DOC = 'doc';

/** `null` is the same as absent. */
export function nullable(schema: JsonObject): JsonObject {
  const { type, anyOf: choices } = schema;
  if (Array.isArray(choices)) return { ...schema, anyOf: [...choices, { type: 'null' }] };
  if (type === undefined) return schema;
  const types = Array.isArray(type) ? type : [type];
  return types.includes('null') ? schema : { ...schema, type: [...types, 'null'] };
}
