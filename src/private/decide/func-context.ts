/**
 * `FUNC_CONTEXT` and `FUNC_CONTEXT_V1BETA2`: what function frameworks and the dapr-proxy read of a function
 * (function-semantics.md, sections 4 and 5). One line of JSON each, keys in the specified order, map keys sorted.
 */
import type { ResolvedOutput, ResolvedRef, ResolvedTrigger } from './components';
import type { Keyed } from './context-keys';
import type { TracingPlan } from './hooks';
import type { FunctionPlan } from './plan';
import type { Json, StringMap } from '../model/function-model';
import { inOrder, jsonLine, sortedDeep } from '../model/json';

type ContextInput = Omit<FunctionPlan, 'funcContext' | 'userEnv' | 'knativeFeatures'>;

export interface FuncContextPlan {
  /** Values as they stand in the manifest, `$` doubled. */
  readonly v1beta1: string;
  readonly v1beta2: string;
}

export function funcContext(plan: ContextInput): FuncContextPlan {
  return { v1beta1: escape(contextV1beta1(plan)), v1beta2: escape(contextV1beta2(plan)) };
}

/** Kubernetes expands `$(NAME)` and `$$` in values of variables. */
function escape(value: object): string {
  return jsonLine(value).replaceAll('$', '$$$$');
}

function contextV1beta1(plan: ContextInput): object {
  const { model, context, components, hooks, tracing } = plan;
  return {
    name: plan.name,
    version: model.version,
    runtime: plan.http ? 'Knative' : 'Async',
    port: String(plan.port),
    inputs: plan.http ? undefined : sortedMap(context.triggers, inputV1beta1),
    outputs: sortedMap(context.outputs, outputV1beta1),
    states: sortedMap(Object.entries(components.states), ({ componentName, componentType }) => ({ componentName, componentType })),
    prePlugins: nonEmpty(tracing === undefined ? hooks.pre : [...hooks.pre, tracing.provider.name]),
    postPlugins: nonEmpty(tracing === undefined ? hooks.post : [tracing.provider.name, ...hooks.post]),
    pluginsTracing: tracing === undefined ? undefined : tracingJson(tracing),
  };
}

function inputV1beta1(ref: ResolvedTrigger): object {
  return { uri: uriOf(ref), componentName: ref.componentName, componentType: ref.componentType };
}

function outputV1beta1(ref: ResolvedOutput): object {
  return { ...inputV1beta1(ref), metadata: nonEmptyMap(ref.metadata), operation: ref.operation };
}

/** The topic; of bindings the user's name for the component. */
function uriOf({ block, key, topic }: ResolvedRef): string | undefined {
  return block === 'bindings' ? key : topic;
}

function contextV1beta2(plan: ContextInput): object {
  const { model, context, components, hooks, tracing } = plan;
  const { http } = model.serving;
  return {
    name: plan.name,
    version: model.version,
    triggers: {
      http: http === undefined ? undefined : {
        port: plan.port,
        route: http.route === undefined ? undefined : sortedDeep(http.route as Json),
        engine: http.engine,
      },
      dapr: nonEmpty(components.triggers.map((trigger) => ({ ...referenceJson(trigger), inputName: trigger.inputName }))),
      inputs: nonEmpty(components.inputs.map((input) => ({ dapr: referenceJson(input) }))),
    },
    inputs: sortedMap(context.inputs, componentJson),
    outputs: sortedMap(context.outputsByComponent, componentJson),
    states: sortedMap(Object.entries(components.states), componentJson),
    preHooks: nonEmpty(hooks.pre),
    postHooks: nonEmpty(hooks.post),
    tracing: tracing === undefined ? undefined : tracingJson(tracing),
  };
}

function referenceJson({ componentName, componentType, topic }: ResolvedRef): object {
  return { name: componentName, type: componentType, topic };
}

function componentJson(ref: ResolvedRef & Partial<ResolvedOutput>): object {
  const { componentName, componentType, topic, metadata, operation } = ref;
  return { componentName, componentType, topic, metadata: nonEmptyMap(metadata), operation };
}

function tracingJson({ provider, tags, baggage }: TracingPlan): object {
  const { name, oapServer, exporter } = provider;
  return {
    enabled: true,
    provider: {
      name,
      oapServer,
      exporter: exporter === undefined ? undefined : {
        name: exporter.name,
        endpoint: exporter.endpoint,
        headers: exporter.headers,
        compression: exporter.compression,
        timeout: exporter.timeout,
        protocol: exporter.protocol,
      },
    },
    tags: nonEmptyMap(tags),
    baggage: nonEmptyMap(baggage),
  };
}

function sortedMap<T>(entries: Keyed<T>, toJson: (value: T) => object | string): object | undefined {
  if (entries.length === 0) return undefined;
  return inOrder([...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, toJson(value)]));
}

function nonEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function nonEmptyMap(map: StringMap = {}): object | undefined {
  return sortedMap(Object.entries(map), (value) => value);
}
