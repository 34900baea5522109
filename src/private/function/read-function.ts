/**
 * A `Function` manifest of `core.openfunction.io/v1beta1` or `v1beta2`, as a plain object → the model, with every problem
 * that the shape of its fields shows (docs/spec M1 to M15).
 */
import { isDeepStrictEqual } from 'node:util';
import type { FunctionModel, FunctionSource, HooksModel, TracingModel } from './function-model';
import { metadata as readMetadata, MetadataShape, SERVER_FIELDS, ServingShape, spec as readSpec, SpecShape } from './function-shape';
import { hooksModel, tracingModel } from './hooks-models';
import type { Rewrite } from './original-path';
import { readPlugins, readTracingText } from './plugin-annotations';
import { ApiVersion, below, Place, wrongType } from './shape';
import { toModel } from './to-model';
import { Upgraded, upgrade } from './upgrade';
import { JsonObject, isObject } from '../kubernetes/json';
import { didYouMean, Path, Problem, Problems, show, SourcePosition } from '../problem/problem';
import { copyPlain } from '../yaml/copy-plain';
import { API_GROUP } from '../yaml/kinds';

export interface ReadFunctionOptions {
  /** Where a path, as the user wrote it, stands in a text. */
  readonly position?: (path: Path) => SourcePosition | undefined;
}

export interface ReadFunctionResult {
  /** Absent where the problems leave nothing to work with, and for a function that is only built. */
  readonly model?: FunctionModel;
  /** What could be read, with gaps where the problems are, for checks: there also where it is not enough for a model. */
  readonly draft?: FunctionModel;
  readonly problems: Problem[];
}

const API_VERSIONS: readonly string[] = [`${API_GROUP}/v1beta1`, `${API_GROUP}/v1beta2`];

export function readFunction(value: unknown, options: ReadFunctionOptions = {}): ReadFunctionResult {
  const problems = new Problems();
  const result = read(value, options, problems);
  const { position } = options;
  const located = (problem: Problem) => (position === undefined ? problem : { ...problem, position: position(problem.path) });
  return { ...result, problems: problems.all.map(located) };
}

type Read = Pick<ReadFunctionResult, 'model' | 'draft'>;

function read(value: unknown, { position }: ReadFunctionOptions, problems: Problems): Read {
  const unplain = new Problems();
  const manifest = copyPlain(value, unplain);
  // Paths of a function leave out `spec`.
  if (!unplain.isEmpty) problems.add(...unplain.all.filter(({ path }) => !isIgnored(path)).map((problem) => ({ ...problem, path: typeof problem.path[1] === 'string' && problem.path[0] === 'spec' ? problem.path.slice(1) : problem.path })));
  if (manifest === undefined && problems.hasErrors) return {};
  if (!isObject(manifest)) {
    wrongType('an object', manifest ?? null, { path: [], problems });
    return {};
  }
  const version = readVersion(manifest, problems);
  const metadata = readMetadata(manifest.metadata ?? {}, { path: ['metadata'], problems, version }) ?? {};
  const spec = readSpecOf(manifest, version, problems);
  const { serving } = spec;
  if (version === undefined || serving === undefined) {
    return spec.build === true ? {} : { draft: besideServing(metadata, spec, position) };
  }
  const draft = assemble({ metadata, spec, serving, version, position }, problems);
  return { draft, model: manifest.kind === 'Function' && metadata.name !== undefined ? draft : undefined };
}

/** Builds are not checked inside, nor is what a server adds. */
function isIgnored([first, second]: Path): boolean {
  return first === 'status' || (first === 'spec' && second === 'build') || (first === 'metadata' && SERVER_FIELDS.includes(String(second)));
}

function readVersion(manifest: JsonObject, problems: Problems): ApiVersion | undefined {
  const { apiVersion, kind } = manifest;
  const known = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];
  for (const key of Object.keys(manifest)) {
    if (!known.includes(key)) problems.error([key], `unknown field${didYouMean(key, known)}`);
  }
  if (kind !== 'Function') reportWord('kind', kind, ['Function'], problems);
  if (API_VERSIONS.includes(apiVersion as string)) return apiVersion === API_VERSIONS[0] ? 'v1beta1' : 'v1beta2';
  reportWord('apiVersion', apiVersion, API_VERSIONS, problems);
  return undefined;
}

function reportWord(field: string, given: unknown, allowed: readonly string[], problems: Problems): void {
  if (given === undefined || given === null) problems.error([field], `is missing; give ${allowed.map(show).join(' or ')}`);
  else problems.notOneOf([field], given, allowed);
}

function readSpecOf({ spec }: JsonObject, version: ApiVersion | undefined, problems: Problems): SpecShape {
  if (spec === undefined || spec === null) problems.error(['spec'], 'is missing; give at least "image" and "serving"');
  else if (!isObject(spec)) wrongType('an object', spec, { path: ['spec'], problems });
  if (!isObject(spec) || version === undefined) return {};
  const shape = readSpec(spec, { path: [], problems, version }) ?? {};
  reportBuild(shape, problems);
  return shape;
}

function reportBuild({ build, ...rest }: SpecShape, problems: Problems): void {
  if ('serving' in rest) {
    if (build === true) problems.warn(['build'], 'is ignored: builds are outside this library, and the image must exist already');
  } else if (build === true) {
    problems.warn(['serving'], 'is missing: the function is only built, so it becomes no object');
  } else {
    problems.error(['serving'], 'is missing; a function needs "serving" (or "build") to be anything');
  }
}

/** Where nothing is known of `serving`, there is still what is beside it. */
function besideServing(metadata: MetadataShape, spec: SpecShape, position: FunctionSource['position']): FunctionModel {
  const originalPath = (path: Path): Path => path;
  const upgraded: Upgraded = { dapr: [], unreachedInputs: 0, originalPath };
  return toModel({ source: { apiVersion: 'v1beta2', originalPath, ...(position && { position }) }, metadata, spec, serving: {}, upgraded });
}

interface Parts {
  readonly metadata: MetadataShape;
  readonly spec: SpecShape;
  readonly serving: ServingShape;
  readonly version: ApiVersion;
  readonly position?: FunctionSource['position'];
}

function assemble(parts: Parts, problems: Problems): FunctionModel {
  const { metadata, spec, serving, version, position } = parts;
  if (version === 'v1beta1' && !('runtime' in serving)) problems.error(['serving', 'runtime'], 'is missing; give "knative" or "async"');
  const at: Place = { path: ['metadata', 'annotations'], problems, version };
  const hooks = preferred(hooksModel(serving.hooks), metadata, 'plugins', at, readPlugins);
  const tracing = preferred(tracingModel(serving.tracing), metadata, 'plugins.tracing', at, readTracing);
  const upgraded: Upgraded = upgrade(spec, serving, version, annotationPaths(serving, metadata, version), problems);
  const source: FunctionSource = { apiVersion: version, originalPath: upgraded.originalPath, ...(position && { position }) };
  return toModel({ source, metadata, spec, serving, upgraded, hooks, tracing });
}

/** Hooks and tracing stand in annotations in v1beta1, and may in v1beta2. */
function annotationPaths(serving: ServingShape, { annotations }: MetadataShape, version: ApiVersion): Rewrite[] {
  if (version === 'v1beta2' && annotations === undefined) return [];
  const keys = { hooks: 'plugins', tracing: 'plugins.tracing' } as const;
  return (['hooks', 'tracing'] as const)
    .filter((field) => serving[field] === undefined && (version === 'v1beta1' || annotations?.[keys[field]] !== undefined))
    .map((field) => [['serving', field], ['metadata', 'annotations', keys[field]]]);
}

function readTracing(yaml: string, at: Place): TracingModel | undefined {
  return tracingModel(readTracingText(yaml, at));
}

/** The field where it is given, else the annotation; a warning where they differ in what both can say. */
function preferred<T extends HooksModel | TracingModel>(
  field: T | undefined, metadata: MetadataShape, key: 'plugins' | 'plugins.tracing', at: Place, readText: (yaml: string, at: Place) => T | undefined,
): T | undefined {
  const yaml = metadata.annotations?.[key];
  if (yaml === undefined) return field;
  const place = below(at, key);
  const annotation = readText(yaml, place);
  if (field === undefined || annotation === undefined) return field ?? annotation;
  if (!isDeepStrictEqual({ ...field, policy: undefined }, { ...annotation, policy: undefined })) {
    at.problems.warn(place.path, `differs from serving.${key === 'plugins' ? 'hooks' : 'tracing'}, which counts`);
  }
  return field;
}
