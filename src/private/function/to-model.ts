/**
 * What was read, in the shape of v1beta2 → the model: unset values left out, references without a name dropped.
 *
 * Entries of other lists that could not be read stay as empty ones, so that indexes in later problems are right.
 */
import { componentModels, stateModels } from './component-models';
import type { OutputShape } from './component-shape';
import type { ComponentRefModel, FunctionModel, FunctionSource, HooksModel, HttpTriggerModel, OutputModel, ServingModel, TracingModel } from './function-model';
import type { HttpShape, MetadataShape, ServingShape, SpecShape } from './function-shape';
import { scalingModel } from './scaling-models';
import type { Upgraded } from './upgrade';
import { SERVING_LABEL, WASM_VARIANT } from '../kubernetes/constants';
import { defined } from '../kubernetes/json';
import type { StringMap } from '../kubernetes/json';

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
    namespace: metadata.namespace,
    imageCredentials: spec.imageCredentials?.name,
    image: spec.image ?? '',
    version: spec.version ?? 'latest',
    wasmEdge: spec.workloadRuntime === 'WasmEdge' || metadata.annotations?.[WASM_VARIANT] !== undefined,
    serving: servingModel(input),
  };
}

function servingModel({ metadata, serving, upgraded, hooks, tracing }: ModelInput): ServingModel {
  return {
    http: upgraded.http && httpModel(upgraded.http),
    workloadType: upgraded.workloadType,
    timeoutSeconds: serving.timeout,
    template: serving.template,
    hooks,
    tracing,
    dapr: references(upgraded.dapr, (entry, index) => entry && {
      path: ['serving', 'triggers', 'dapr', index], name: entry.name, type: entry.type, topic: entry.topic, inputName: entry.inputName,
    }),
    inputs: references(serving.triggers?.inputs, (input, index) => input?.dapr && {
      path: ['serving', 'triggers', 'inputs', index, 'dapr'], name: input.dapr.name, type: input.dapr.type, topic: input.dapr.topic,
    }),
    unreachedInputs: upgraded.unreachedInputs,
    outputs: references(serving.outputs, outputModel),
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

function outputModel(output: OutputShape | undefined, index: number): Nameless<OutputModel> | undefined {
  if (output?.dapr === undefined) return undefined;
  const { name, type, topic, outputName, operation, metadata } = output.dapr;
  return { path: ['serving', 'outputs', index, 'dapr'], name, type, topic, outputName, operation, metadata };
}

function httpModel({ port, engine, route }: HttpShape): HttpTriggerModel {
  const { gatewayRef, hostnames, rules } = route ?? {};
  return {
    port,
    engine,
    // Compared and shown as a whole, so nothing unset stays in it.
    route: route && defined({
      gatewayRef: gatewayRef?.name === undefined ? undefined : { name: gatewayRef.name, ...defined({ namespace: gatewayRef.namespace }) },
      hostnames: hostnames?.map((hostname) => hostname ?? ''),
      rules: rules?.map((rule) => rule ?? {}),
    }),
  };
}

type Nameless<T extends ComponentRefModel> = Omit<T, 'name'> & { readonly name?: string };

/** Entries keep the path they had in the list. */
function references<T, M extends ComponentRefModel>(list: readonly T[] = [], modelOf: (entry: T, index: number) => Nameless<M> | undefined): M[] {
  const models: M[] = [];
  list.forEach((entry, index) => {
    const model = modelOf(entry, index);
    if (model?.name !== undefined) models.push(model as unknown as M);
  });
  return models;
}
