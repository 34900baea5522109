/**
 * A `Function` manifest of `core.openfunction.io/v1beta1` or `v1beta2`, as a plain object → the model, with every
 * problem that its fields show one by one (docs/spec M1 to M15).
 */
import { isDeepStrictEqual } from 'node:util';
import {
  metadata as readMetadata, MetadataRead, SERVER_FIELDS, ServingRead, spec as readSpec, SpecRead,
} from './fields';
import type { FunctionModel, FunctionSource, HooksModel, ServingModel, TracingModel } from './function-model';
import { readPlugins, readTracingText } from './hooks';
import { At, originalPaths, placeScaling, placeTriggers } from './places';
import { ApiVersion, below, Move, Place, wrongType } from './readers';
import { API_GROUP, SERVING_LABEL, WASM_VARIANT } from '../kubernetes/constants';
import { isObject, JsonObject, present, StringMap } from '../kubernetes/json';
import { didYouMean, formatPath, Path, Position, Problem, Problems, ProblemsError, show } from '../problem/problem';
import { positioned } from '../problem/shared';
import { copyPlain } from '../yaml/copy-plain';
import { readPaths } from '../yaml/read-paths';
import { readYaml, YamlDocument } from '../yaml/read-yaml';

export interface ReadFunctionOptions {
  /** Position in a text of a path as the user wrote it. */
  readonly position?: Position;
}

export interface ReadFunctionResult {
  /** Absent where the problems leave nothing to work with, and for a function that is only built. */
  readonly model?: FunctionModel;
  /** What could be read, with gaps where the problems are, for checks; also where it does not make a model. */
  readonly draft?: FunctionModel;
  readonly problems: Problem[];
}

const API_VERSIONS: readonly string[] = [`${API_GROUP}/v1beta1`, `${API_GROUP}/v1beta2`];

export function readFunction(value: unknown, options: ReadFunctionOptions = {}): ReadFunctionResult {
  const problems = new Problems();
  const result = read(value, options, problems);
  const { position } = options;
  const all = withoutMissing(problems.all);
  return { ...result, problems: position === undefined ? all : all.map((problem) => positioned(problem, position)) };
}

/** What is there and cannot be taken is not missing. */
function withoutMissing(all: Problem[]): Problem[] {
  const isMissing = ({ message }: Problem) => message.startsWith('is missing');
  if (!all.some(isMissing)) return all;
  const places = new Set(all.filter((one) => !isMissing(one)).map(({ path }) => formatPath(path)));
  return all.filter((one) => !isMissing(one) || !places.has(formatPath(one.path)));
}

type Read = Pick<ReadFunctionResult, 'model' | 'draft'>;

function read(value: unknown, { position }: ReadFunctionOptions, problems: Problems): Read {
  const unplain = new Problems();
  const manifest = copyPlain(value, unplain);
  if (!unplain.isEmpty) problems.add(...unplain.all.filter(({ path }) => !isIgnored(path)).map(withoutSpec));
  if (manifest === undefined && problems.hasErrors) return {};
  if (!isObject(manifest)) {
    wrongType('an object', manifest ?? null, { path: [], problems });
    return {};
  }
  const version = readVersion(manifest, problems);
  const moves: Move[] = [];
  const at: Place = { path: [], problems, version, moves };
  const metadata = readMetadata(manifest.metadata ?? {}, below(at, 'metadata')) ?? {};
  const spec = readSpecOf(manifest, at);
  const source: FunctionSource = {
    apiVersion: version ?? 'v1beta2', originalPath: originalPaths(moves), ...(position && { position }),
  };
  const { serving } = spec;
  if (version === undefined || serving === undefined) {
    return spec.build === true ? {} : { draft: functionOf(source, metadata, spec, NO_SERVING) };
  }
  const draft = functionOf(source, metadata, spec, servingOf(metadata, spec, serving, { ...at, version, moves }));
  return { draft, model: manifest.kind === 'Function' && metadata.name !== undefined ? draft : undefined };
}

/** Paths of a function leave out `spec`. */
function withoutSpec(problem: Problem): Problem {
  const [first, second] = problem.path;
  return first === 'spec' && typeof second === 'string' ? { ...problem, path: problem.path.slice(1) } : problem;
}

/** Builds are not checked inside, nor is what a server adds. */
function isIgnored([first, second]: Path): boolean {
  return first === 'status' || (first === 'spec' && second === 'build')
    || (first === 'metadata' && SERVER_FIELDS.includes(String(second)));
}

function readVersion(manifest: JsonObject, problems: Problems): ApiVersion | undefined {
  const { apiVersion, kind } = manifest;
  const known = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];
  for (const key of Object.keys(manifest)) {
    if (!known.includes(key)) problems.error([key], `unknown field${didYouMean(key, known)}`);
  }
  if (kind !== 'Function') reportWord('kind', kind, ['Function'], problems);
  if (API_VERSIONS.includes(apiVersion as string)) return apiVersion === API_VERSIONS[0] ? 'v1beta1' : 'v1beta2';
  if (typeof apiVersion === 'string' && /^core\.openfunction\.io\/v1alpha\d+$/.test(apiVersion)) {
    const why = `is an early version with other fields; rewrite the function as ${show(API_VERSIONS[1])}`;
    problems.error(['apiVersion'], `${show(apiVersion)} ${why}`);
  } else {
    reportWord('apiVersion', apiVersion, API_VERSIONS, problems);
  }
  return undefined;
}

function reportWord(field: string, given: unknown, allowed: readonly string[], problems: Problems): void {
  if (given !== undefined && given !== null) problems.notOneOf([field], given, allowed);
  else problems.error([field], `is missing; give ${allowed.map(show).join(' or ')}`);
}

function readSpecOf({ spec }: JsonObject, at: Place): SpecRead {
  const { problems, version } = at;
  if (spec === undefined || spec === null) problems.error(['spec'], 'is missing; give at least "image" and "serving"');
  else if (!isObject(spec)) wrongType('an object', spec, { path: ['spec'], problems });
  if (!isObject(spec) || version === undefined) return {};
  const fields = readSpec(spec, at) ?? {};
  reportBuild((spec.serving ?? null) !== null, fields.build === true, problems);
  return fields;
}

function reportBuild(serving: boolean, build: boolean, problems: Problems): void {
  if (serving) {
    const why = 'is ignored: builds are outside this library, and the image must exist already';
    if (build) problems.warn(['build'], why);
  } else if (build) {
    problems.warn(['serving'], 'is missing: the function is only built, so it becomes no object');
  } else {
    problems.error(['serving'], 'is missing; a function needs "serving" (or "build") to be anything');
  }
}

/** Where nothing is known of `serving`, there is still what is beside it. */
const NO_SERVING: ServingModel = {
  dapr: [],
  inputs: [],
  unreachedInputs: 0,
  outputs: [],
  scaling: { knative: {}, keda: false, triggers: [] },
  bindings: {},
  pubsub: {},
  states: {},
  params: {},
  labels: {},
  annotations: {},
};

function functionOf(
  source: FunctionSource, metadata: MetadataRead, spec: SpecRead, serving: ServingModel,
): FunctionModel {
  const { name = '', namespace, annotations } = metadata;
  const { image = '', version = 'latest', imageCredentials, workloadRuntime } = spec;
  const wasmEdge = workloadRuntime === 'WasmEdge' || annotations?.[WASM_VARIANT] !== undefined;
  const deployAnnotations = ofDeployer(annotations);
  return { source, name, namespace, image, version, imageCredentials, wasmEdge, deployAnnotations, serving };
}

/** For Argo CD and Flux, which know the objects of a function only; what Argo CD notes itself is for one object. */
const DEPLOYER = /^(?:argocd\.argoproj\.io|kustomize\.toolkit\.fluxcd\.io)\/(?!tracking-id$|installation-id$|refresh$)/;

function ofDeployer(annotations: StringMap = {}): StringMap | undefined {
  const found = Object.entries(annotations).filter(([key]) => DEPLOYER.test(key));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function servingOf(metadata: MetadataRead, spec: SpecRead, serving: ServingRead, at: At): ServingModel {
  moveAnnotations(serving, metadata, at);
  const annotated = below(below(at, 'metadata'), 'annotations');
  const { runtime: _, inputs: __, scaleOptions: ___, triggers, outputs, timeout, ...others } = serving;
  const { bindings = {}, pubsub = {}, states = {}, params = {}, annotations = {} } = others;
  return {
    ...others,
    ...placeTriggers(spec, serving, at),
    ...placeScaling(serving, at),
    inputs: present(triggers?.inputs ?? []),
    outputs: present(outputs ?? []),
    bindings,
    pubsub,
    states,
    params,
    labels: labelsOf(serving.labels, metadata.name),
    annotations,
    timeoutSeconds: timeout,
    hooks: preferred(serving.hooks, metadata, 'plugins', annotated, readPlugins),
    tracing: preferred(serving.tracing, metadata, 'plugins.tracing', annotated, readTracingText),
  };
}

/** The label that every pod of the function has anyway; the proxy's pods must not have it. */
function labelsOf(labels: StringMap = {}, fn: string | undefined): StringMap {
  if (labels[SERVING_LABEL] === undefined || labels[SERVING_LABEL] !== fn) return labels;
  const { [SERVING_LABEL]: _, ...others } = labels;
  return others;
}

/** Hooks and tracing are in annotations in v1beta1, and may be in v1beta2. */
function moveAnnotations(serving: ServingRead, { annotations }: MetadataRead, { version, moves }: At): void {
  if (version === 'v1beta2' && annotations === undefined) return;
  for (const [field, key] of [['hooks', 'plugins'], ['tracing', 'plugins.tracing']] as const) {
    if (serving[field] !== undefined || (version === 'v1beta2' && annotations?.[key] === undefined)) continue;
    moves.push([['serving', field], ['metadata', 'annotations', key]]);
  }
}

/** The field where it is given, else the annotation; a warning where they differ in what both can say. */
function preferred<T extends HooksModel | TracingModel>(
  field: T | undefined, metadata: MetadataRead, key: 'plugins' | 'plugins.tracing', at: Place,
  readText: (yaml: string, at: Place) => T | undefined,
): T | undefined {
  const yaml = metadata.annotations?.[key];
  if (yaml === undefined) return field;
  const place = below(at, key);
  const annotation = readText(yaml, place);
  if (field === undefined || annotation === undefined) return field ?? annotation;
  if (!isDeepStrictEqual({ ...field, policy: undefined }, { ...annotation, policy: undefined })) {
    at.problems.warn(place.path, `differs from serving.${key === 'plugins' ? 'hooks' : 'tracing'}, which is used`);
  }
  return field;
}

export function yamlFileWithFunction(path: string): YamlDocument {
  if (typeof path !== 'string') {
    const message = `must be a string, got ${show(path)}`;
    throw new ProblemsError([{ where: 'fromYamlFile', problems: [{ severity: 'error', path: ['path'], message }] }]);
  }
  return only(path, readPaths([path]).flatMap(({ content, file }) => readYaml(content, file)));
}

export function yamlTextWithFunction(text: string): YamlDocument {
  return only('yaml', readYaml(text, 'yaml'));
}

function only(where: string, documents: readonly YamlDocument[]): YamlDocument {
  const problems = documents.flatMap((document) => document.problems);
  if (problems.length === 0 && documents.length !== 1) problems.push(notOne(documents.length));
  if (problems.length > 0) throw new ProblemsError([{ where, problems }]);
  return documents[0];
}

function notOne(count: number): Problem {
  const message = `holds ${count} objects; one Function is expected, OpenFunctionManifests takes several`;
  return { severity: 'error', path: [], message };
}
