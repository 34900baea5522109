/**
 * `FUNC_CONTEXT` and `FUNC_CONTEXT_V1BETA2`: what function frameworks and the dapr-proxy read of a function
 * (docs/spec M75 to M84). One line of JSON each, keys in a fixed order, map keys sorted.
 */
import { ComponentsPlan, ContextKeys, Keyed, keysOf, ResolvedOutput, ResolvedRef, ResolvedTrigger } from './components';
import type { Outline } from './outline';
import type { HooksModel, TracingModel } from '../function/function-model';
import { orderedHooks, platformTracing } from '../function/hooks';
import type { Read } from '../function/readers';
import { MAX_VARIABLE_BYTES } from '../kubernetes/constants';
import { Json, sortedDeep, StringMap } from '../kubernetes/json';
import { notOneOf, Path, Problems } from '../problem/problem';

/** Settings of the platform that this follows. */
export const CONTEXT_SETTINGS = { hooks: orderedHooks, tracing: platformTracing };

/** Values as they are in the manifest, `$` doubled. */
export interface FuncContextPlan {
  readonly v1beta1: string;
  readonly v1beta2: string;
  readonly tracing?: TracingPlan;
}

interface ContextInput {
  readonly fn: Outline;
  readonly components: ComponentsPlan;
  readonly hooks: HooksPlan;
  readonly tracing?: TracingPlan;
}

export function decideFuncContext(
  fn: Outline, components: ComponentsPlan, platform: Read<typeof CONTEXT_SETTINGS>, problems: Problems,
): FuncContextPlan {
  const tracing = decideTracing(fn.serving.tracing, platform.tracing, problems);
  const input = { fn, components, hooks: decideHooks(fn.serving.hooks, platform.hooks), tracing };
  const keys = keysOf(components, problems);
  const started = triggersJson(fn, components);
  const context = {
    v1beta1: escape(contextV1beta1(input, keys, started)), v1beta2: escape(contextV1beta2(input, keys, started)),
  };
  const bytes = Math.max(Buffer.byteLength(context.v1beta1), Buffer.byteLength(context.v1beta2));
  if (bytes > MAX_VARIABLE_BYTES) {
    problems.error(['serving'], `the function's context would have ${bytes} bytes, ${MAX_VARIABLE_BYTES} are allowed; `
      + 'shorten output metadata, hooks or routes');
  }
  return { ...context, tracing };
}

/** Kubernetes expands `$(NAME)` and `$$` in values of variables. */
function escape(json: string): string {
  return json.includes('$') ? json.replaceAll('$', '$$$$') : json;
}

/**
 * A JSON object, written as text: an object of JavaScript would put keys such as "10" first, by number. Members without
 * a value are left out.
 */
class Members {
  private text = '';

  public string(name: string, value: string | undefined): this {
    return value === undefined ? this : this.json(name, JSON.stringify(value));
  }

  public json(name: string, value: string | undefined): this {
    if (value !== undefined) this.text += `${this.text === '' ? '' : ','}${JSON.stringify(name)}:${value}`;
    return this;
  }

  public end(): string {
    return `{${this.text}}`;
  }
}

function contextV1beta1(
  { fn, components, hooks, tracing }: ContextInput, keys: ContextKeys, triggers: string,
): string {
  const http = fn.engine !== undefined;
  return new Members()
    .string('name', fn.name)
    .string('version', fn.version)
    .string('runtime', http ? 'Knative' : 'Async')
    .string('port', String(fn.port))
    // The Python framework reads its triggers here, and does nothing without them.
    .json('triggers', triggers)
    .json('inputs', http ? undefined : sortedMap(keys.triggers, inputV1beta1))
    .json('outputs', sortedMap(keys.outputs, outputV1beta1))
    .json('states', sortedMap(Object.entries(components.states), stateV1beta1))
    .json('prePlugins', list(tracing === undefined ? hooks.pre : [...hooks.pre, tracing.provider.name]))
    .json('postPlugins', list(tracing === undefined ? hooks.post : [tracing.provider.name, ...hooks.post]))
    .json('pluginsTracing', tracing && tracingJson(tracing))
    .end();
}

function inputV1beta1(ref: ResolvedRef): string {
  return reachedV1beta1(ref).end();
}

function outputV1beta1(ref: ResolvedOutput): string {
  return reachedV1beta1(ref).json('metadata', stringMap(ref.metadata)).string('operation', ref.operation).end();
}

function stateV1beta1({ componentName, componentType }: ResolvedRef): string {
  return new Members().string('componentName', componentName).string('componentType', componentType).end();
}

/** `uri` is the topic; for bindings, the user's name for the component. The Python framework reads `topic`. */
function reachedV1beta1({ block, key, topic, componentName, componentType }: ResolvedRef): Members {
  return new Members()
    .string('uri', block === 'bindings' ? key : topic)
    .string('componentName', componentName)
    .string('componentType', componentType)
    .string('topic', topic);
}

function contextV1beta2(
  { fn, components, hooks, tracing }: ContextInput, keys: ContextKeys, triggers: string,
): string {
  return new Members()
    .string('name', fn.name)
    .string('version', fn.version)
    .json('triggers', triggers)
    .json('inputs', sortedMap(keys.inputs, componentJson))
    .json('outputs', sortedMap(keys.outputsByComponent, componentJson))
    .json('states', sortedMap(Object.entries(components.states), componentJson))
    .json('preHooks', list(hooks.pre))
    .json('postHooks', list(hooks.post))
    .json('tracing', tracing && tracingJson(tracing))
    .end();
}

function triggersJson({ serving: { http }, port }: Outline, components: ComponentsPlan): string {
  const route = http?.route && JSON.stringify(sortedDeep(http.route as Json));
  const httpJson = http && new Members()
    .json('port', String(port))
    .json('route', route)
    .string('engine', http.engine)
    .end();
  const daprJson = (trigger: ResolvedTrigger) => (
    referenceJson(trigger).string('inputName', trigger.inputName).end());
  const inputJson = (input: ResolvedRef) => new Members().json('dapr', referenceJson(input).end()).end();
  return new Members()
    .json('http', httpJson)
    .json('dapr', texts(components.triggers.map(daprJson)))
    .json('inputs', texts(components.inputs.map(inputJson)))
    .end();
}

function referenceJson({ componentName, componentType, topic }: ResolvedRef): Members {
  return new Members().string('name', componentName).string('type', componentType).string('topic', topic);
}

function componentJson(ref: ResolvedRef & Partial<ResolvedOutput>): string {
  return new Members()
    .string('componentName', ref.componentName)
    .string('componentType', ref.componentType)
    .string('topic', ref.topic)
    .json('metadata', stringMap(ref.metadata))
    .string('operation', ref.operation)
    .end();
}

function tracingJson({ provider, tags, baggage }: TracingPlan): string {
  const { name, oapServer, exporter } = provider;
  const exporterJson = exporter && new Members()
    .string('name', exporter.name)
    .string('endpoint', exporter.endpoint)
    .string('headers', exporter.headers)
    .string('compression', exporter.compression)
    .string('timeout', exporter.timeout)
    .string('protocol', exporter.protocol)
    .end();
  const providerJson = new Members()
    .string('name', name)
    .string('oapServer', oapServer)
    .json('exporter', exporterJson)
    .end();
  return new Members()
    .json('enabled', 'true')
    .json('provider', providerJson)
    .json('tags', stringMap(tags))
    .json('baggage', stringMap(baggage))
    .end();
}

/** By key; nothing when there is none. */
function sortedMap<T>(entries: Keyed<T>, toJson: (value: T) => string): string | undefined {
  if (entries.length === 0) return undefined;
  const sorted = entries.length === 1 ? entries : [...entries].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const members = new Members();
  for (const entry of sorted) members.json(entry[0], toJson(entry[1]));
  return members.end();
}

function stringMap(map: StringMap = {}): string | undefined {
  return sortedMap(Object.entries(map), JSON.stringify);
}

function list(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : JSON.stringify(values);
}

function texts(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : `[${values.join(',')}]`;
}

interface HooksPlan {
  readonly pre: string[];
  readonly post: string[];
}

/** Enabled tracing, complete; disabled tracing has no plan. */
export interface TracingPlan {
  readonly provider: NonNullable<TracingModel['provider']> & { readonly name: string };
  readonly tags: StringMap;
  readonly baggage: StringMap;
}

const PROVIDERS = ['skywalking', 'opentelemetry'];

function decideHooks(fn: HooksModel | undefined, platform: HooksModel | undefined): HooksPlan {
  const none = { pre: [], post: [] };
  const outer = platform ?? none;
  if (fn === undefined) return { pre: [...outer.pre], post: [...outer.post] };
  if (fn.policy === 'Override') return { pre: [...fn.pre], post: [...fn.post] };
  return { pre: [...outer.pre, ...fn.pre], post: [...fn.post, ...outer.post] };
}

function decideTracing(
  fn: TracingModel | undefined, platform: TracingModel | undefined, problems: Problems,
): TracingPlan | undefined {
  // Differs: the operator takes a function's tracing without `enabled` for disabled, and passes disabled tracing on.
  if (fn?.enabled === false) return undefined;
  if (!(fn?.enabled ?? platform?.enabled ?? false)) return undefined;
  const provider = merged(platform?.provider, fn?.provider);
  const exporter = merged(platform?.provider?.exporter, fn?.provider?.exporter);
  const name = provider.name;
  checkProvider(name, fn?.provider?.name !== undefined, problems);
  return {
    provider: { ...provider, name: name ?? '', exporter: Object.keys(exporter).length === 0 ? undefined : exporter },
    tags: { ...platform?.tags, ...fn?.tags },
    baggage: { ...platform?.baggage, ...fn?.baggage },
  };
}

/** A provider that the function itself names cannot be corrected by later settings. */
function checkProvider(name: string | undefined, own: boolean, problems: Problems): void {
  const path: Path = ['serving', 'tracing', 'provider', 'name'];
  if (name === undefined) {
    problems.platformError(path, 'tracing is enabled without a provider; give "skywalking" or "opentelemetry"');
    return;
  }
  if (PROVIDERS.includes(name)) return;
  if (own) problems.notOneOf(path, name, PROVIDERS);
  else problems.platformError(path, notOneOf(name, PROVIDERS));
}

/** Field by field, the inner over the outer; an unset field does not cover a set one. */
function merged<T extends object>(outer: T | undefined, inner: T | undefined): Partial<T> {
  const result: Partial<T> = { ...outer };
  for (const [key, value] of Object.entries(inner ?? {})) {
    if (value !== undefined && value !== '') result[key as keyof T] = value as T[keyof T];
  }
  return result;
}
