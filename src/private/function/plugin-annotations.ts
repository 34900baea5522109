/**
 * The annotations `plugins` and `plugins.tracing`: YAML inside a string, on a Function or in the operator's ConfigMap.
 *
 * The operator decodes them with yaml.v3 into typed structs, which takes any scalar for a string; so all scalars are read
 * as text here (`tags: {version: 1.10}` keeps its zero), and only `enabled` becomes a boolean.
 */
import { Schema } from 'yaml';
import type { HooksModel, TracingModel } from './function-model';
import { tracing } from './function-shape';
import { hooksModel } from './hooks-models';
import { listOf, object, oneOf, Place, ReadBy, Reader, string, wrongType } from './shape';
import { Json, isObject } from '../kubernetes/json';
import { toPlain, YamlRefusal } from '../yaml/yaml-plain';
import { YamlSource } from '../yaml/yaml-source';
import { oneLine } from '../yaml/yaml-values';

const TRUE = /^(true|yes|on|y)$/i;
const FALSE = /^(false|no|off|n)$/i;

const booleanText: Reader<boolean> = (value, at) => {
  if (typeof value !== 'string' || !(TRUE.test(value) || FALSE.test(value))) return wrongType('true or false', value, at);
  return TRUE.test(value);
};

const names = listOf(string);
/** `policy` has a meaning for `hooks` only, and `order` counts everywhere but in a Function's own field. */
const plugins = object({ order: names, pre: names, post: names });
export const hooks = object({ order: names, pre: names, post: names, policy: oneOf(['Append', 'Override']) });
const tracingText = tracing(booleanText);

export function readPlugins(yaml: string, at: Place): HooksModel | undefined {
  const read = readText(yaml, at, plugins);
  return read && ordered({ ...read, policy: 'Override' });
}

/** The ConfigMap's newer key `hooks`. */
export function readHooksText(yaml: string, at: Place): HooksModel | undefined {
  const read = readText(yaml, at, hooks);
  return read && ordered(read);
}

/** `order` gives `pre`, and reversed gives `post`; explicit ones win. */
export function ordered({ order = [], pre = order, post = [...order].reverse(), policy }: ReadBy<typeof hooks>): HooksModel | undefined {
  return hooksModel({ pre, post, policy });
}

export function readTracingText(yaml: string, at: Place): TracingModel | undefined {
  return readText(yaml, at, tracingText);
}

function readText<T>(yaml: string, at: Place, reader: Reader<T>): T | undefined {
  const source = new YamlSource(yaml, '', TEXT_SCHEMA);
  try {
    const [first] = source.documents();
    const [error] = first?.[0].errors ?? [];
    if (error !== undefined) throw new YamlRefusal(oneLine(error.message), error.pos[0]);
    const value = withoutEmpty(toPlain(first?.[0].contents ?? null) as Json);
    return value === undefined ? undefined : reader(value, at);
  } catch (refusal) {
    if (!(refusal instanceof YamlRefusal)) throw refusal;
    at.problems.error(at.path, `is no YAML, line ${source.at(refusal.offset).line} of it: ${refusal.message}`);
    return undefined;
  }
}

const TEXT_SCHEMA = new Schema({ schema: 'failsafe' });

/** In text, a key without a value is an empty string; it counts as absent. */
function withoutEmpty(value: Json): Json | undefined {
  if (value === '' || value === null) return undefined;
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, Json | undefined] => [key, withoutEmpty(item)]);
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
