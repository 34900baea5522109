/** What was read, in the shape of v1beta2 → the model: unset values left out, unusable entries dropped. */
import type { ComponentShape, StateShape } from './component-shape';
import type { HttpShape, MetadataShape, ServingShape, SpecShape } from './function-shape';
import type { KedaTriggerShape, ScaleOptionsShape } from './scaling-shape';
import type { Upgraded } from './upgrade';
import { WASM_VARIANT } from '../model/constants';
import type {
  ComponentMetadataModel, ComponentRefModel, ComponentSpecModel, FunctionModel, FunctionSource, HooksModel, HttpTriggerModel, Json, JsonObject,
  KedaTriggerModel, OutputModel, ScaledJobModel, ScalingModel, ServingModel, TracingModel,
} from '../model/function-model';
import { normalizedPercentage } from '../model/percentage';
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

function servingModel({ serving, upgraded, hooks, tracing }: ModelInput): ServingModel {
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
    outputs: references(serving.outputs?.map((output) => output?.dapr), ['serving', 'outputs'], ({ outputName, operation, metadata }): Partial<OutputModel> =>
      defined({ outputName, operation, metadata }), 'dapr'),
    bindings: componentModels(serving.bindings),
    pubsub: componentModels(serving.pubsub),
    states: stateModels(serving.states),
    scaling: scalingModel(upgraded.scaleOptions, serving.scaleOptions?.keda !== undefined),
    params: serving.params ?? {},
    labels: serving.labels ?? {},
    annotations: serving.annotations ?? {},
  };
}

function httpModel({ port, engine, route }: HttpShape): HttpTriggerModel {
  const { gatewayRef, hostnames, rules } = route ?? {};
  return defined({
    port,
    engine,
    route: route && defined({
      gatewayRef: gatewayRef?.name === undefined ? undefined : { name: gatewayRef.name, ...defined({ namespace: gatewayRef.namespace }) },
      hostnames: hostnames && present(hostnames),
      rules: rules && present(rules),
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
    metadata: present(metadata ?? []).flatMap(({ name, secretKeyRef, envRef, ...rest }): ComponentMetadataModel[] => {
      const { name: secret, key } = secretKeyRef ?? {};
      const reference = secret === undefined && key === undefined ? undefined : defined({ name: secret, key });
      return name === undefined ? [] : [{ name, ...defined({ value: rest.value, secretKeyRef: reference, envRef }) }];
    }),
  };
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
    triggers: present(triggers ?? []).flatMap(triggerModel),
  };
}

type ScaledJobShape = NonNullable<NonNullable<ScaleOptionsShape['keda']>['scaledJob']>;

function scaledJobModel({ maxReplicaCount: _, scalingStrategy, ...rest }: ScaledJobShape): ScaledJobModel {
  if (scalingStrategy === undefined) return defined(rest);
  const { customScalingRunningJobPercentage: percentage, pendingPodConditions, ...strategy } = scalingStrategy;
  return defined({
    ...rest,
    scalingStrategy: definedJson({
      ...strategy,
      customScalingRunningJobPercentage: percentage === undefined ? undefined : normalizedPercentage(percentage) ?? percentage,
      pendingPodConditions: pendingPodConditions && present(pendingPodConditions),
    }),
  });
}

function triggerModel({ type, metadata, targetKind: _, authenticationRef, ...rest }: KedaTriggerShape): KedaTriggerModel[] {
  if (type === undefined) return [];
  const { name, kind } = authenticationRef ?? {};
  return [{ type, metadata: metadata ?? {}, ...defined({ ...rest, authenticationRef: name === undefined ? undefined : { name, ...defined({ kind }) } }) }];
}

export function hooksModel(shape: { pre?: (string | undefined)[]; post?: (string | undefined)[]; policy?: HooksModel['policy'] } | undefined): HooksModel | undefined {
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
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

function definedJson(value: Record<string, Json | undefined>): JsonObject {
  return defined(value) as JsonObject;
}
