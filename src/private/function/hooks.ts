/**
 * Hooks and tracing: fields of v1beta2, or YAML inside the annotations `plugins` and `plugins.tracing` of a Function,
 * or in the operator's ConfigMap.
 *
 * The operator decodes the annotations with yaml.v3 into typed structs, which takes any scalar for a string. So scalars
 * are read as text there (`tags: {version: 1.10}` keeps its zero), and only `enabled` becomes a boolean.
 */
import type { Schema } from 'yaml';
import {
  anyOf, boolean, into, listOf, object, oneOf, Place, ReadBy, Reader, stringMap, text, withSchema, word,
  wrongType,
} from './readers';
import type { FunctionTracing } from '../../function-hooks';
import { defined, Json, isObject, nonEmpty, present } from '../kubernetes/json';
import { oneLine } from '../yaml/read-yaml';
import { toPlain, yamlLibrary, YamlRefusal } from '../yaml/yaml-plain';
import { YamlSource } from '../yaml/yaml-source';

export interface HooksModel {
  readonly pre: string[];
  readonly post: string[];
  readonly policy: 'Append' | 'Override';
}

const names = into(listOf(word), present);
const policies = oneOf(['Append', 'Override']);

export const hooks: Reader<HooksModel> = into(
  object({
    pre: [names, 'Plugins before the function.'],
    post: [names, 'Plugins after the function.'],
    policy: [policies, 'Whether these are added to the platform\'s hooks or replace them.', 'Append'],
  }),
  ({ pre = [], post = [], policy = 'Append' }) => ({ pre, post, policy }),
);

interface Ordered extends Partial<HooksModel> { readonly order?: string[] }

/** `order` gives `pre`, and reversed gives `post`; explicit ones win. */
function ordered({ order = [], pre = order, post = [...order].reverse(), policy = 'Append' }: Ordered): HooksModel {
  return { pre, post, policy };
}

/** Of the platform's settings, and of the ConfigMap's newer key `hooks`. */
export const orderedHooks = into(object({ order: names, pre: names, post: names, policy: policies }), (read, at) => {
  if (read.policy !== undefined) {
    const why = 'has no effect here: the policy of each function says what becomes of these';
    at.problems.warn([...at.path, 'policy'], why);
  }
  return ordered(read);
});
const plugins = into(
  object({ order: names, pre: names, post: names }), (read) => ordered({ ...read, policy: 'Override' }),
);

const exporter = object({
  name: [text, 'Kind of the exporter.'],
  endpoint: [text, 'Address of the collector.'],
  headers: [text, 'Headers of requests to the collector.'],
  compression: [text, 'Compression of requests to the collector.'],
  timeout: [text, 'Time limit of requests to the collector.'],
  protocol: [text, 'Protocol of the collector.'],
});

/** Every field is optional: the platform's settings fill the gaps. */
function tracingWith(enabled: Reader<boolean>) {
  const provider = object({
    name: [text, '"skywalking" or "opentelemetry".'],
    oapServer: [text, 'Address of the SkyWalking server.'],
    exporter: [exporter, 'Exporter of OpenTelemetry.'],
  });
  return object({
    enabled: [enabled, 'Whether requests and events are traced.'],
    provider: [provider, 'Where traces go.'],
    tags: [stringMap, 'Tags of every span.'],
    baggage: [stringMap, 'Baggage that is passed on.'],
  });
}
export const tracing = tracingWith(boolean);
export type TracingModel = ReadBy<typeof tracing>;

/** Tracing as the typed settings have it, with the name of the provider at `provider`. */
export function tracingOf(given: Omit<FunctionTracing, 'provider'> & { readonly provider?: string }): TracingModel {
  const { enabled, provider, oapServer, exporter: target, tags, baggage } = given;
  return defined({
    enabled: enabled ?? (provider === undefined ? undefined : true),
    provider: nonEmpty(defined({ name: provider, oapServer, exporter: target && defined({ ...target }) })),
    tags,
    baggage,
  });
}

const flatTracing = into(
  object({ enabled: boolean, provider: word, oapServer: text, exporter, tags: stringMap, baggage: stringMap }),
  tracingOf,
);

/** Of the platform: as in the typed settings, or as in a Function, with an object at `provider`. */
export const platformTracing = withSchema<TracingModel>((value, at) => (
  isObject(value) && isObject(value.provider) ? tracing : flatTracing)(value, at), anyOf(flatTracing, tracing));

const TRUE = /^(true|yes|on|y)$/i;
const FALSE = /^(false|no|off|n)$/i;

const tracingText = tracingWith((value, at) => {
  const given = typeof value === 'string' ? value : '';
  return TRUE.test(given) || FALSE.test(given) ? TRUE.test(given) : wrongType('true or false', value, at);
});

export function readPlugins(yaml: string, at: Place): HooksModel | undefined {
  return readText(yaml, at, plugins);
}

export function readHooksText(yaml: string, at: Place): HooksModel | undefined {
  return readText(yaml, at, orderedHooks);
}

export function readTracingText(yaml: string, at: Place): TracingModel | undefined {
  return readText(yaml, at, tracingText);
}

function readText<T>(yaml: string, at: Place, reader: Reader<T>): T | undefined {
  const source = new YamlSource(yaml, '', textSchema);
  try {
    const [first] = source.documents();
    const [error] = first?.[0].errors ?? [];
    if (error !== undefined) throw new YamlRefusal(oneLine(error.message), error.pos[0]);
    const value = withoutEmpty(toPlain(first?.[0].contents ?? null) as Json);
    return value === undefined ? undefined : reader(value, at);
  } catch (refusal) {
    if (!(refusal instanceof YamlRefusal)) throw refusal;
    at.problems.error(at.path, `is not valid YAML, line ${source.at(refusal.offset).line} of it: ${refusal.message}`);
    return undefined;
  }
}

let schema: Schema | undefined;

function textSchema(): Schema {
  return schema ??= new (yamlLibrary().Schema)({ schema: 'failsafe' });
}

/** In text, a key without a value is an empty string; it is taken as absent. */
function withoutEmpty(value: Json): Json | undefined {
  if (value === '' || value === null) return undefined;
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, Json | undefined] => [key, withoutEmpty(item)]);
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
