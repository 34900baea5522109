/** What follows from the table of proxy settings: props and YAML to the model, checks, defaults and variables. */
import type { Duration, Size } from 'cdk8s';
import type { ContainerResources, ICpu } from '../../container-resources';
import type { DaprProxyProps } from '../../dapr-proxy-props';
import type { TimeLimit } from '../../time-limit';
import {
  ContainerModel, PROXY_SETTINGS, ProxyField, ProxyModel, ProxySetting, ProxySettings, SettingKind,
} from '../function/proxy-settings';
import {
  boolean, integer, into, jsonObject, listOf, object, Reader, string, stringMap, text, withSchema, word, wordsSchema,
} from '../function/readers';
import { defined, JsonObject, present, StringMap } from '../kubernetes/json';
import { checkStructure } from '../kubernetes/pod-schema';
import { parseGoDuration, parseQuantity, QUANTITY_FORM } from '../kubernetes/syntax';
import { Path, Problem, Problems, show } from '../problem/problem';
import { copyPlain } from '../yaml/copy-plain';

const BYTES_PER_KIBIBYTE = 1024;
const MILLISECONDS = 1_000;
const UNITS: Readonly<Record<string, number>> = {
  '': 1, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'Ki': 2 ** 10, 'Mi': 2 ** 20, 'Gi': 2 ** 30,
};

/** Bytes, as a number or a quantity such as `64Mi`. */
const bytes = withSchema<number>((...given) => bytesOf(...given), () => ({ type: ['integer', 'string'], minimum: 0 }));
const anyNumber = integer(0, Number.MAX_SAFE_INTEGER);
const asIs = <T>(value: T): T => value;
const names = into(listOf(word), present);
const objects = into(listOf(jsonObject), present);
const bounds = object({ request: text, limit: text });
const container = into(object({ cpu: bounds, memory: bounds, ephemeralStorage: bounds }), flat);

/** How a value of each kind is given, in props and in YAML. */
const KINDS = {
  seconds: { prop: (time: Duration) => Math.ceil(time.toMilliseconds() / MILLISECONDS), yaml: duration(1) },
  milliseconds: { prop: (time: Duration) => Math.ceil(time.toMilliseconds()), yaml: duration(MILLISECONDS) },
  limitInSeconds: { prop: (limit: TimeLimit) => Math.ceil(limit._milliseconds / MILLISECONDS), yaml: timeLimit(1) },
  limitInMilliseconds: { prop: (limit: TimeLimit) => Math.ceil(limit._milliseconds), yaml: timeLimit(MILLISECONDS) },
  bytes: { prop: (size: Size) => size.toKibibytes() * BYTES_PER_KIBIBYTE, yaml: bytes },
  count: { prop: asIs<number>, yaml: anyNumber },
  flag: { prop: asIs<boolean>, yaml: boolean },
  word: { prop: asIs<string>, yaml: text },
  name: { prop: nameOf, yaml: word },
  names: { prop: (list: Named[]) => list.map(nameOf), yaml: names },
  container: { prop: resourcesOf, yaml: container },
  text: { prop: asIs<string>, yaml: word },
  map: { prop: (map: StringMap) => ({ ...map }), yaml: stringMap },
  objects: { prop: asPlain, yaml: objects },
} satisfies Record<SettingKind, { prop: (value: never) => unknown; yaml: Reader<unknown> }>;

type KindOf<P> = { [K in SettingKind]: P extends Parameters<(typeof KINDS)[K]['prop']>[0] ? K : never }[SettingKind];
/** The compiler finds a prop without a line here, or with one of a kind that cannot take it. */
type Complete = { readonly [F in keyof DaprProxyProps]-?: { readonly kind: KindOf<NonNullable<DaprProxyProps[F]>> } };

const LINES = Object.entries(PROXY_SETTINGS satisfies Complete) as [ProxyField, ProxySetting][];

export function proxyOf(props: DaprProxyProps): ProxyModel {
  const fields = LINES.map(([field, { kind }]) => [field, props[field] && KINDS[kind].prop(props[field] as never)]);
  return defined(Object.fromEntries(fields) as ProxyModel);
}

const readFields = object(Object.fromEntries(LINES.map(([field, setting]) => [field, readerOf(setting)])));

/** The schema may refuse what `checkValue` refuses. */
function readerOf({ kind, range, words }: ProxySetting): Reader<unknown> {
  const reader: Reader<unknown> = KINDS[kind].yaml;
  const narrower = kind === 'count' && range !== undefined ? integer(...range).schema
    : words === undefined ? undefined : () => wordsSchema(words);
  return narrower === undefined ? reader : withSchema<unknown>((...given) => reader(...given), narrower);
}

/** The fields of `DaprProxyProps` as YAML, with durations, sizes and names as text. */
export const proxy = withSchema<ProxyModel>((value, at) => {
  const fields = readFields(value, at);
  if (fields === undefined) return undefined;
  const model = defined(fields) as ProxyModel;
  at.problems.add(...checkProxy(model, at.path));
  return model;
}, readFields.schema);

export function checkProxy(model: ProxyModel, path: Path): Problem[] {
  const problems = new Problems();
  for (const [field, setting] of LINES) {
    if (model[field] !== undefined) checkValue(model[field], setting, [...path, field], problems);
  }
  const { nodeSelector = {}, tolerations = [], priorityClassName = '' } = model;
  checkStructure({ nodeSelector, tolerations, priorityClassName }, 'PodSpec', path, problems);
  const { ephemeralStorageRequest: request, ephemeralStorageLimit: limit } = model.sidecarResources ?? {};
  if ((request ?? limit) !== undefined) {
    problems.error([...path, 'sidecarResources', 'ephemeralStorage'], 'cannot be set: Dapr has no annotation for it');
  }
  if (model.adminPort !== undefined && model.adminPort === model.scalerPort) {
    problems.error([...path, 'scalerPort'], `${model.scalerPort} is the admin port too; the two must differ`);
  }
  return problems.all;
}

const SHOWN_UNITS: { readonly [kind in SettingKind]?: string } = {
  seconds: ' s', milliseconds: ' ms', limitInSeconds: ' s', limitInMilliseconds: ' ms', bytes: ' bytes',
};

function checkValue(value: unknown, { kind, range, words }: ProxySetting, path: Path, problems: Problems): void {
  if (range !== undefined) {
    const [low, high] = range;
    const unit = SHOWN_UNITS[kind] ?? '';
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
    if (!fits) problems.error(path, `${show(value)}${unit} is outside ${low}..${high}${unit}`);
  } else if (words !== undefined) {
    if (!words.some((allowed) => allowed === value)) problems.notOneOf(path, value as string, words);
  } else if (kind === 'container') {
    for (const [field, quantity] of Object.entries(value as ContainerModel)) {
      const fits = typeof quantity === 'string' && parseQuantity(quantity) !== undefined;
      if (!fits) problems.error([...path, ...boundPath(field)], `must be ${QUANTITY_FORM}, got ${show(quantity)}`);
    }
  }
}

const DEFAULTS = Object.fromEntries(LINES.map(([field, setting]) => [field, setting.default])) as ProxySettings;

/** Most functions have what the platform gives, or nothing. */
const COMPLETE = new WeakMap<ProxyModel, ProxySettings>();

/**
 * With defaults. The memory is what the proxy takes at rest, and its events twice: V8 frees what they leave behind with
 * a delay.
 */
export function settingsOf(given: ProxyModel): ProxySettings {
  const known = COMPLETE.get(given);
  if (known !== undefined) return known;
  const settings = merge<ProxyModel>(DEFAULTS, given) as ProxySettings;
  const { maxMessageSize, maxWaitingSize, resources } = settings;
  const needed = `${128 + Math.ceil(2 * Math.max(maxMessageSize, maxWaitingSize) / 2 ** 20)}Mi`;
  const memoryLimit = given.resources?.memoryLimit ?? needed;
  const complete = { ...settings, resources: { ...resources, memoryLimit } };
  COMPLETE.set(given, complete);
  return complete;
}

/** Settings that are variables of the proxy's container, in their order there. */
export const VARIABLE_FIELDS = LINES.flatMap(([field, { variable }]) => (variable === undefined ? [] : [field]));

/** What is not given stays the proxy's own default, as a flag does that says it. */
export function proxyVariable(field: ProxyField, value: ProxyModel[ProxyField]): JsonObject[] {
  const { kind, variable, default: standard }: ProxySetting = PROXY_SETTINGS[field];
  if (value === undefined || (kind === 'flag' && value === standard)) return [];
  return [{ name: `DAPR_PROXY_${variable}`, value: variableText(value, kind) }];
}

function variableText(value: unknown, kind: SettingKind): string {
  if (kind === 'seconds') return `${String(value)}s`;
  if (kind === 'limitInSeconds') return value === 0 ? '0' : `${String(value)}s`;
  return kind === 'milliseconds' || kind === 'limitInMilliseconds' ? `${String(value)}ms` : String(value);
}

interface Named { readonly name: string }

function nameOf({ name }: Named): string {
  return name;
}

/** What is not a list, or holds what JSON does not have, is reported by the check of the pod. */
function asPlain(list: unknown[]): JsonObject[] {
  return copyPlain(list, new Problems()) as unknown as JsonObject[];
}

/** A Go duration, in the unit that the model has. */
function duration(unitsPerSecond: number): Reader<number> {
  return withSchema<number>((value, at) => {
    const given = text(value, at);
    const seconds = given === undefined ? undefined : parseGoDuration(given);
    if (given === undefined || (seconds !== undefined && seconds >= 0)) {
      return seconds && Math.ceil(seconds * unitsPerSecond);
    }
    at.problems.error(at.path, `${show(given)} is not a duration such as "500ms", "60s" or "5m"`);
    return undefined;
  }, text.schema);
}

/** A duration above 0, or `none`. */
function timeLimit(unitsPerSecond: number): Reader<number> {
  const limited = duration(unitsPerSecond);
  return withSchema<number>((value, at) => {
    if (value === NO_LIMIT) return 0;
    const read = limited(value, at);
    if (read !== 0) return read;
    at.problems.error(at.path, `${show(value)} is not above 0; write "${NO_LIMIT}" for no limit`);
    return undefined;
  }, text.schema);
}

const NO_LIMIT = 'none';

interface Sized { asString(): string }
interface Bounds<T> { readonly request?: T; readonly limit?: T }

/** Amounts that are not text are reported where the model is checked. */
function resourcesOf({ cpu, memory, ephemeralStorage }: ContainerResources): ContainerModel {
  const sizes = (given?: Bounds<Sized>) => (
    defined({ request: given?.request?.asString(), limit: given?.limit?.asString() }));
  const cpus = (given?: Bounds<ICpu>) => defined({ request: given?.request?.amount, limit: given?.limit?.amount });
  return flat({ cpu: cpus(cpu), memory: sizes(memory), ephemeralStorage: sizes(ephemeralStorage) });
}

function flat(
  { cpu, memory, ephemeralStorage }: { readonly [K in keyof ContainerResources]?: Bounds<string> },
): ContainerModel {
  return defined({
    cpuRequest: cpu?.request,
    cpuLimit: cpu?.limit,
    memoryRequest: memory?.request,
    memoryLimit: memory?.limit,
    ephemeralStorageRequest: ephemeralStorage?.request,
    ephemeralStorageLimit: ephemeralStorage?.limit,
  });
}

/** `memoryLimit` → `memory`, `limit` */
function boundPath(field: string): Path {
  const [, resource, bound] = /^(.*)(Request|Limit)$/.exec(field) ?? ['', field, ''];
  return [resource, bound.toLowerCase()];
}

function bytesOf(...[value, at]: Parameters<Reader<number>>): number | undefined {
  if (typeof value === 'number') return anyNumber(value, at);
  const match = /^(\d{1,15})(k|M|G|Ki|Mi|Gi)?$/.exec(string(value, at) ?? '');
  if (match === null && typeof value === 'string') {
    at.problems.error(at.path, `${show(value)} is not a size such as 1048576 or "64Mi"`);
  }
  return match === null ? undefined : Number(match[1]) * UNITS[match[2] ?? ''];
}

const CONTAINERS = Object.entries(PROXY_SETTINGS)
  .filter(([, { kind }]) => kind === 'container')
  .map(([field]) => field);

/** Blocks whose own fields are merged; every other field is replaced as a whole. */
export const MERGED: ReadonlySet<string> = new Set([
  'tracing', 'provider', 'exporter', 'tags', 'baggage', 'gateways', 'proxy', 'pendingEvents', 'targets', ...CONTAINERS,
]);

export function merge<T extends object>(outer: T, inner: T): T {
  if (Object.keys(inner).length === 0) return outer;
  const result: { [key: string]: unknown } = { ...(outer as { [key: string]: unknown }) };
  for (const [key, value] of Object.entries(inner)) {
    if (value === undefined) continue;
    const before = result[key];
    result[key] = MERGED.has(key) && typeof before === 'object' && before !== null
      ? merge(before, value as object)
      : value;
  }
  return result as T;
}
