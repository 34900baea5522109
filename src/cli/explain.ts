/** `explain`: what a field means, what it may be, its default and its API version; from the same source as `schema`. */
import { AddCommand, examples, EXIT, UsageError } from './command';
import { documentedFunction, documentedPlatform } from './schema';
import { docOf } from '../private/function/describe';
import { isObject, Json, JsonObject } from '../private/kubernetes/json';
import { didYouMean } from '../private/problem/problem';

const PLATFORM = 'platform';

export const addExplain: AddCommand = (program, { out }, done) => {
  const command = program.command('explain')
    .description('print what a field of a function means, what it may be and its default; with "platform." a setting')
    .argument('[field]', 'path of the field, such as serving.triggers.http; all fields at the top unless given', '')
    .action((field: string) => {
      out(explain(field));
      done(EXIT.ok);
    });
  examples(command, [
    ['explain', 'the fields at the top of a function'],
    ['explain serving.triggers.http', 'one field and those in it'],
    ['explain platform.gateway', 'a platform setting'],
  ]);
};

interface Found {
  readonly path: string;
  readonly schema: JsonObject;
}

function explain(field: string): string {
  const [first, ...rest] = segmentsOf(field);
  if (first === PLATFORM) return described(find(rest, [documentedPlatform()], field), PLATFORM);
  const segments = first === 'spec' ? rest : segmentsOf(field);
  // Their `spec` is left out, and metadata is beside it.
  const roots = (['v1beta2', 'v1beta1'] as const).map(documentedFunction);
  return described(find(segments, roots.map(withoutSpec), field), '');
}

function withoutSpec(schema: JsonObject): JsonObject {
  const { spec, ...others } = schema.properties as { spec: JsonObject } & JsonObject;
  return { ...schema, properties: { ...others, ...spec.properties as JsonObject } };
}

/** `serving.outputs[0].dapr` and `serving.annotations["a/b"]` → keys; indexes say nothing. */
function segmentsOf(field: string): string[] {
  const tokens = field.match(/\["[^"]*"\]|\[[\w*]*\]|[^.[\]]+/g) ?? [];
  return tokens.filter((token) => !/^\[[\w*]*\]$/.test(token)).map((token) => token.replace(/^\["(.*)"\]$/, '$1'));
}

function find(segments: readonly string[], roots: readonly JsonObject[], field: string): Found[] {
  let found = roots.map((schema): Found => ({ path: '', schema }));
  for (const [index, segment] of segments.entries()) {
    const candidates = found.flatMap(fieldsOf);
    if (candidates.length === 0 && found.some(({ schema }) => [schema.type].flat().includes('object'))) {
      throw new UsageError(`the fields of ${found[0].path} are not explained here, but in its own documentation`);
    }
    // A key may have dots in it.
    const whole = segments.slice(index).join('.');
    const dotted = candidates.filter(({ key }) => key === whole);
    if (dotted.length > 0) return dotted;
    const named = candidates.filter(({ key }) => key === segment || key === '*');
    if (named.length > 0 && named.every((each) => each.key === '*' && fieldsOf(each).length === 0)) return named;
    found = named;
    if (named.length > 0) continue;
    const known = candidates.map(({ key }) => key);
    throw new UsageError(`there is no field ${JSON.stringify(field)}${didYouMean(segment, known)}`);
  }
  return found;
}

/** The fields of an object, of the objects of a list, or of one of several forms. */
function fieldsOf({ path, schema }: Found): (Found & { readonly key: string })[] {
  const { properties, items, additionalProperties: values, anyOf } = schema;
  const inner = (value: Json | undefined, at: string) => (isObject(value) ? fieldsOf({ path: at, schema: value }) : []);
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  return [
    ...Object.entries(isObject(properties) ? properties : {}).map(([key, value]) => (
      { key, path: at(key), schema: value as JsonObject })),
    ...(isObject(values) ? [{ key: '*', path: at('*'), schema: values }] : []),
    ...inner(items, `${path}[]`),
    ...(Array.isArray(anyOf) ? anyOf.flatMap((choice) => inner(choice, path)) : []),
  ];
}

function described(found: readonly Found[], root: string): string {
  const [{ path, schema }] = found;
  const [meaning, standard] = docOf(schema) ?? [];
  const title = [root, path].filter((part) => part !== '').join('.');
  const fields = new Map(found.flatMap(fieldsOf).map((field) => [field.key, docOf(field.schema)?.[0]]));
  const width = Math.max(0, ...[...fields.keys()].map((key) => key.length));
  return [
    ...(title === '' ? [] : [title]),
    ...(meaning === undefined ? [] : [`  ${meaning}`]),
    ...(path === '' ? [] : [`  is: ${formOf(schema)}`]),
    ...(standard === undefined ? [] : [`  default: ${standard}`]),
    ...(typeof schema.$comment === 'string' ? [`  ${schema.$comment}`] : []),
    ...(fields.size > 0 && path !== '' ? ['  fields:'] : []),
    ...[...fields].map(([key, text = 'any name']) => `    ${key.padEnd(width)}  ${text}`),
  ].map((line) => `${line}\n`).join('');
}

/** `an integer from 0 to 65535` */
function formOf(schema: JsonObject): string {
  const { type, anyOf, enum: words, const: only, minimum, maximum, items } = schema;
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(words)) return words.map((word) => JSON.stringify(word)).join(', ');
  if (Array.isArray(anyOf)) {
    const choices = anyOf.flatMap((choice) => (isObject(choice) ? [choice] : []));
    const forms = choices.filter((choice) => choice.type !== 'null' && choice.maxLength !== 0).map(formOf);
    return [...new Set(forms)].join(' or ');
  }
  const types = [type].flat().flatMap((name) => NAMES[String(name)] ?? []);
  const isOpen = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER;
  const range = isOpen ? '' : ` from ${String(minimum)} to ${String(maximum)}`;
  const of = isObject(items) && items.type !== undefined ? `, each ${formOf(items)}` : '';
  return types.length === 0 ? 'anything' : `${types.join(' or ')}${range}${of}`;
}

const NAMES: Readonly<Record<string, string | undefined>> = {
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};
