/**
 * What was read, in the shape of v1beta2 → the model: unset values left out, references without a name dropped.
 *
 * Entries of other lists that could not be read stay as empty ones, so that indexes in later problems are right.
 */
import { componentModels, stateModels } from './component-models';
import type { OutputShape } from './component-shape';
import { defined } from './defined';
import type { HttpShape, MetadataShape, ServingShape, SpecShape } from './function-shape';
import { scalingModel } from './scaling-models';
import type { Upgraded } from './upgrade';
import { SERVING_LABEL, WASM_VARIANT } from '../model/constants';
import type {
  ComponentRefModel, FunctionModel, FunctionSource, HooksModel, HttpTriggerModel, OutputModel, ServingModel, StringMap, TracingModel,
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
