/**
 * What was read, in the shape of v1beta2 → the model: unset values left out, references without a name dropped.
 *
 * Entries of other lists that could not be read stay as empty ones, so that indexes in later problems are right.
 */
import type { ComponentShape, OutputShape, StateShape } from './component-shape';
import type { HttpShape, MetadataShape, ServingShape, SpecShape } from './function-shape';
import type { KedaTriggerShape, ScaleOptionsShape } from './scaling-shape';
import type { Upgraded } from './upgrade';
import { SERVING_LABEL, WASM_VARIANT } from '../model/constants';
import type {
  ComponentMetadataModel, ComponentRefModel, ComponentSpecModel, FunctionModel, FunctionSource, HooksModel, HttpTriggerModel, Json, JsonObject,
  KedaTriggerModel, OutputModel, ScaledJobModel, ScalingModel, ServingModel, StringMap, TracingModel,
} from '../model/function-model';
import type { Path } from '../problem';

export interface ModelInput {
  readonly source: FunctionSource;
  readonly metadata: MetadataShape;
  readonly spec: SpecShape;
  readonly serving: ServingShape;
  readonly upgraded: Upgraded;
  readonly hooks?: HooksModel;
  readonly tracing?: TracingModel;
}

export function toModel(input: ModelInput): FunctionModel {
  const { source, metadata, spec } = input;
  return {
    source,
    name: metadata.name ?? '',
    ...defined({ namespace: metadata.namespace, imageCredentials: spec.imageCredentials?.name }),
    image: spec.image ?? '',
    version: spec.version ?? 'latest',
    wasmEdge: spec.workloadRuntime === 'WasmEdge' || metadata.annotations?.[WASM_VARIANT] !== undefined,
    serving: servingModel(input),
  };
}

function servingModel({ metadata, serving, upgraded, hooks, tracing }: ModelInput): ServingModel {
  return {
    ...defined({
      http: upgraded.http && httpModel(upgraded.http),
      workloadType: upgraded.workloadType,
      timeoutSeconds: serving.timeout,
      template: serving.template,
      hooks,
      tracing,
    }),
    dapr: references(upgraded.dapr, ['serving', 'triggers', 'dapr'], (trigger) => defined({ inputName: trigger.inputName })),
    inputs: references(serving.triggers?.inputs?.map((input) => input?.dapr), ['serving', 'triggers', 'inputs'], () => ({}), 'dapr'),
    unreachedInputs: upgraded.unreachedInputs,
    outputs: references(serving.outputs?.map((output) => output?.dapr), ['serving', 'outputs'], outputFields, 'dapr'),
    bindings: componentModels(serving.bindings),
    pubsub: componentModels(serving.pubsub),
    states: stateModels(serving.states),
    scaling: scalingModel(upgraded.scaleOptions, serving.scaleOptions?.keda !== undefined),
    params: serving.params ?? {},
    labels: labelsOf(serving.labels ?? {}, metadata.name),
    annotations: serving.annotations ?? {},
  };
}

/** The label that every pod of the function has anyway; the proxy's pods must not have it. */
function labelsOf(labels: StringMap, fn: string | undefined): StringMap {
  const { [SERVING_LABEL]: serving, ...others } = labels;
  return serving !== undefined && serving === fn ? others : labels;
}

function outputFields({ outputName, operation, metadata }: NonNullable<OutputShape['dapr']>): Partial<OutputModel> {
  return defined({ outputName, operation, metadata });
}

function httpModel({ port, engine, route }: HttpShape): HttpTriggerModel {
  const { gatewayRef, hostnames, rules } = route ?? {};
  return defined({
    port,
    engine,
    route: route && defined({
      gatewayRef: gatewayRef?.name === undefined ? undefined : { name: gatewayRef.name, ...defined({ namespace: gatewayRef.namespace }) },
      hostnames: hostnames?.map((hostname) => hostname ?? ''),
      rules: rules?.map((rule) => rule ?? {}),
    }),
  });
}

interface RefShape { name?: string; type?: string; topic?: string }

/** Entries keep the path they had in the list; `key` is where the reference stands below it. */
function references<T extends RefShape, U>(
  list: readonly (T | undefined)[] | undefined, path: Path, more: (entry: T) => U, key?: string,
): (ComponentRefModel & U)[] {
  return (list ?? []).flatMap((entry, index) => {
    if (entry?.name === undefined) return [];
    const { name, type, topic } = entry;
    return [{ path: key === undefined ? [...path, index] : [...path, index, key], name, ...defined({ type, topic }), ...more(entry) }];
  });
}

/** A component that could not be read stays defined: references to it are right. */
function componentModels(shapes: Record<string, ComponentShape | undefined> = {}): Record<string, ComponentSpecModel> {
  return mapped(shapes, (shape) => componentModel(shape ?? {}));
}

function stateModels(shapes: Record<string, StateShape | undefined> = {}): Record<string, ComponentSpecModel | undefined> {
  return mapped(shapes, (shape) => shape?.spec && componentModel(shape.spec));
}

function mapped<T, U>(shapes: Record<string, T>, convert: (shape: T) => U): Record<string, U> {
  const result = Object.create(null) as Record<string, U>;
  for (const [key, shape] of Object.entries(shapes)) result[key] = convert(shape);
  return result;
}

function componentModel({ type = '', version = '', ignoreErrors, initTimeout, metadata, auth }: ComponentShape): ComponentSpecModel {
  return {
    type,
    version,
    ...defined({
      ignoreErrors: ignoreErrors || undefined,
      initTimeout,
      auth: auth?.secretStore === undefined ? undefined : { secretStore: auth.secretStore },
    }),
    metadata: (metadata ?? []).map(settingModel),
  };
}

type SettingShape = NonNullable<NonNullable<ComponentShape['metadata']>[number]>;

function settingModel({ name = '', value, secretKeyRef, envRef }: SettingShape = {}): ComponentMetadataModel {
  const { name: secret, key } = secretKeyRef ?? {};
  const reference = secret === undefined && key === undefined ? undefined : defined({ name: secret, key });
  return { name, ...defined({ value, secretKeyRef: reference, envRef }) };
}

function scalingModel(options: ScaleOptionsShape = {}, kedaBlock: boolean): ScalingModel {
  const { minReplicas, maxReplicas, knative, keda } = options;
  const { scaledObject, scaledJob, httpScaledObject, triggers } = keda ?? {};
  return {
    ...defined({
      minReplicas,
      maxReplicas,
      scaledObject: scaledObject && defined({
        pollingInterval: scaledObject.pollingInterval,
        cooldownPeriod: scaledObject.cooldownPeriod,
        advanced: scaledObject.advanced,
        fallback: scaledObject.fallback && definedJson(scaledObject.fallback),
      }),
      scaledJob: scaledJob && scaledJobModel(scaledJob),
      httpScaledObject: httpScaledObject && defined(httpScaledObject),
    }),
    knative: knative ?? {},
    keda: kedaBlock,
    triggers: (triggers ?? []).map(triggerModel),
  };
}

type ScaledJobShape = NonNullable<NonNullable<ScaleOptionsShape['keda']>['scaledJob']>;

function scaledJobModel({ maxReplicaCount: _, scalingStrategy, ...rest }: ScaledJobShape): ScaledJobModel {
  if (scalingStrategy === undefined) return defined(rest);
  const { pendingPodConditions, ...strategy } = scalingStrategy;
  const conditions = pendingPodConditions && present(pendingPodConditions);
  return defined({ ...rest, scalingStrategy: definedJson({ ...strategy, pendingPodConditions: conditions }) });
}

function triggerModel({ type = '', metadata = {}, targetKind: _, authenticationRef, ...rest }: KedaTriggerShape = {}): KedaTriggerModel {
  const { name, kind } = authenticationRef ?? {};
  return { type, metadata, ...defined({ ...rest, authenticationRef: name === undefined ? undefined : { name, ...defined({ kind }) } }) };
}

interface HooksShape { pre?: (string | undefined)[]; post?: (string | undefined)[]; policy?: HooksModel['policy'] }

export function hooksModel(shape: HooksShape | undefined): HooksModel | undefined {
  return shape && { pre: present(shape.pre ?? []), post: present(shape.post ?? []), policy: shape.policy ?? 'Append' };
}

export function tracingModel(shape: TracingModel | undefined): TracingModel | undefined {
  if (shape === undefined) return undefined;
  const { enabled, provider, tags, baggage } = shape;
  const exporter = provider?.exporter && defined(provider.exporter);
  return defined({ enabled, provider: provider && defined({ ...provider, exporter }), tags, baggage });
}

function present<T>(list: readonly (T | undefined)[]): T[] {
  return list.filter((item): item is T => item !== undefined);
}

/** Without the keys whose value is `undefined`, so that nothing downstream has to tell unset from absent. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const result: Partial<T> = {};
  for (const key of Object.keys(value) as (keyof T)[]) {
    if (value[key] !== undefined) result[key] = value[key];
  }
  return result as T;
}

function definedJson(value: Record<string, Json | undefined>): JsonObject {
  return defined(value) as JsonObject;
}
