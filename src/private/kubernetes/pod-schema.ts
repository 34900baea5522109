/**
 * Checks plain JSON against `pod-schema.json`: fields and types of structures of Kubernetes, the Gateway API and KEDA,
 * generated from their Go types and CRDs (test/conformance/model); and against the rules for their values.
 */
import { Json, JsonObject, isObject } from './json';
import { POD_RULES } from './pod-rules';
import schema from './pod-schema.json';
import { ROUTE_RULES } from './route-rules';
import { applyRules, Rules } from './rules';
import { parseQuantity, QUANTITY_FORM } from './syntax';
import { didYouMean, Path, Problems, show } from '../problem/problem';

export type StructureName = keyof typeof schema;

const STRUCTURES: ReadonlyMap<string, ReadonlyMap<string, string>> =
  new Map(Object.entries(schema).map(([name, fields]) => [name, new Map(Object.entries<string>(fields))]));

const RULES: ReadonlyMap<string, Rules> = new Map(Object.entries({ ...POD_RULES, ...ROUTE_RULES }));

type Check = (value: Json) => boolean;
const isString: Check = (value) => typeof value === 'string';
const isInteger: Check = (value) => Number.isInteger(value);
/** Kubernetes takes numbers too. */
const isQuantity: Check = (value) => (
  typeof value === 'number' || (typeof value === 'string' && parseQuantity(value) !== undefined));

const SCALARS: Readonly<Record<string, readonly [check: Check, what: string]>> = {
  string: [isString, 'a string'],
  time: [isString, 'a time as a string'],
  bool: [(value) => typeof value === 'boolean', 'true or false'],
  int: [isInteger, 'an integer'],
  number: [(value) => typeof value === 'number', 'a number'],
  intOrString: [(value) => isInteger(value) || isString(value), 'an integer or a string'],
  quantity: [isQuantity, QUANTITY_FORM],
};

/** `null` is the same as absent; the copy of the input has reported it where it is an item of a list. */
export function checkStructure(value: Json | undefined, type: StructureName, path: Path, problems: Problems): void {
  check(value, type, path, problems);
}

function check(value: Json | undefined, type: string, path: Path, problems: Problems): void {
  if (value === undefined || value === null) return;
  const scalar = Object.hasOwn(SCALARS, type) ? SCALARS[type] : undefined;
  if (scalar !== undefined) {
    if (!scalar[0](value)) problems.error(path, `must be ${scalar[1]}, got ${show(value)}${hint(type, value)}`);
  } else if (type.startsWith('[]')) {
    if (!Array.isArray(value)) problems.error(path, `must be a list, got ${show(value)}`);
    else value.forEach((item, index) => check(item, type.slice(2), [...path, index], problems));
  } else if (!isObject(value)) {
    problems.error(path, `must be an object, got ${show(value)}`);
  } else if (type.startsWith('map[string]')) {
    const entryType = type.slice('map[string]'.length);
    for (const [key, item] of Object.entries(value)) checkEntry(item, entryType, [...path, key], problems);
  } else {
    checkFields(value, STRUCTURES.get(type), path, problems);
    const rules = RULES.get(type);
    if (rules !== undefined) applyRules(value, rules, path, problems);
  }
}

function checkEntry(item: Json, type: string, path: Path, problems: Problems): void {
  if (item === null) problems.error(path, 'must not be null: remove the entry, or give it a value');
  else check(item, type, path, problems);
}

/** Without fields: a free-form object. */
function checkFields(
  value: JsonObject, fields: ReadonlyMap<string, string> | undefined, path: Path, problems: Problems,
): void {
  if (fields === undefined) return;
  for (const [key, item] of Object.entries(value)) {
    const type = fields.get(key);
    if (type === undefined) problems.error([...path, key], `unknown field${didYouMean(key, [...fields.keys()])}`);
    else check(item, type, [...path, key], problems);
  }
}

/** Each field that is given, as `Container.resizePolicy`. */
export function forEachField(
  value: Json | undefined, type: string, path: Path, visit: (field: string, path: Path, value: Json) => void,
): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => forEachField(item, type.slice('[]'.length), [...path, index], visit));
  }
  const fields = STRUCTURES.get(type);
  if (fields === undefined || !isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (item === null) continue;
    visit(`${type}.${key}`, [...path, key], item);
    forEachField(item, fields.get(key) ?? '', [...path, key], visit);
  }
}

/**
 * With Kubernetes' names of fields in place of those that jsii gives to structs: cdk8s-plus has `hostIpc` for
 * `hostIPC`. Any other name stays as it is.
 */
export function withKubernetesNames(value: Json, type: string): Json {
  if (type.startsWith('[]')) {
    return Array.isArray(value) ? value.map((item) => withKubernetesNames(item, type.slice(2))) : value;
  }
  if (!isObject(value)) return value;
  const fields = STRUCTURES.get(type);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => {
    const alias = fields?.has(key) === false ? [...fields.keys()].find((field) => jsiiName(field) === key) : undefined;
    const name = alias === undefined || alias in value ? key : alias;
    return [name, withKubernetesNames(item, fields?.get(name) ?? /^map\[string\](.*)/.exec(type)?.[1] ?? '')];
  }));
}

/** `targetWwNs` of `targetWWNs`: a word of capitals keeps the first of them. */
export function jsiiName(field: string): string {
  return field.replace(/(?<=[A-Z])[A-Z]+(?=[A-Z][a-z]|$)/g, (rest) => rest.toLowerCase());
}

function hint(type: string, value: Json): string {
  if (type === 'string' && (typeof value === 'boolean' || isInteger(value))) return `; quote it: "${String(value)}"`;
  if (type === 'string' && typeof value === 'number') return '; put it in quotes';
  const quoted = type === 'int' ? /^-?\d{1,15}$/ : type === 'bool' ? /^(true|false)$/ : undefined;
  return typeof value === 'string' && quoted?.test(value) ? '; remove the quotes' : '';
}
