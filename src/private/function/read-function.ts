/**
 * A `Function` manifest of `core.openfunction.io/v1beta1` or `v1beta2`, as a plain object → the model, with every problem
 * that the input alone shows (docs/spec M1 to M15).
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
import { didYouMean, Path, Problem, Problems, show, SourcePosition, unsaid } from '../problem/problem';
import { checkRules } from './rules/rules';
import { copyPlain } from '../yaml/copy-plain';
import { API_GROUP } from '../yaml/kinds';

export interface ReadFunctionOptions {
  /** Where a path, as the user wrote it, stands in a text. */
  readonly position?: (path: Path) => SourcePosition | undefined;
  /** Adds to the model what no manifest can say, before it is checked. */
  readonly complete?: (model: FunctionModel) => FunctionModel;
}

export interface ReadFunctionResult {
  /** Absent where the problems leave nothing to work with, and for a function that is only built. */
  readonly model?: FunctionModel;
  readonly problems: Problem[];
}

const API_VERSIONS: readonly string[] = [`${API_GROUP}/v1beta1`, `${API_GROUP}/v1beta2`];

export function readFunction(value: unknown, options: ReadFunctionOptions = {}): ReadFunctionResult {
  const problems = new Problems();
  const model = read(value, options, problems);
  const { position } = options;
  return { model, problems: problems.all.map((problem) => (position === undefined ? problem : { ...problem, position: position(problem.path) })) };
}

function read(value: unknown, { position, complete = (model) => model }: ReadFunctionOptions, problems: Problems): FunctionModel | undefined {
  const unplain = new Problems();
  const manifest = copyPlain(value, unplain);
  // Paths of a function leave out `spec`.
  if (!unplain.isEmpty) problems.add(...unplain.all.filter(({ path }) => !isIgnored(path)).map((problem) => ({ ...problem, path: typeof problem.path[1] === 'string' && problem.path[0] === 'spec' ? problem.path.slice(1) : problem.path })));
  if (manifest === undefined && problems.hasErrors) return undefined;
  if (!isObject(manifest)) return wrongType('an object', manifest ?? null, { path: [], problems });
  const version = readVersion(manifest, problems);
  const metadata = readMetadata(manifest.metadata ?? {}, { path: ['metadata'], problems, version }) ?? {};
  const spec = readSpecOf(manifest, version, problems);
  const { serving } = spec;
  if (version === undefined || serving === undefined) {
    if (spec.build !== true) checkBeside(metadata, spec, problems);
    return undefined;
  }
  const model = assemble({ metadata, spec, serving, version, position, complete }, problems);
  return manifest.kind === 'Function' ? model : undefined;
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

/** Where nothing is known of `serving`, the names beside it are checked all the same. */
function checkBeside(metadata: MetadataShape, spec: SpecShape, problems: Problems): void {
  const originalPath = (path: Path): Path => path;
  const upgraded: Upgraded = { dapr: [], unreachedInputs: 0, originalPath };
  problems.add(...checkRules(toModel({ source: { apiVersion: 'v1beta2', originalPath }, metadata, spec, serving: {}, upgraded })));
}

interface Parts {
  readonly metadata: MetadataShape;
  readonly spec: SpecShape;
  readonly serving: ServingShape;
  readonly version: ApiVersion;
  readonly position?: FunctionSource['position'];
  readonly complete: (model: FunctionModel) => FunctionModel;
}

function assemble(parts: Parts, problems: Problems): FunctionModel | undefined {
  const { metadata, spec, serving, version, position, complete } = parts;
  if (version === 'v1beta1' && !('runtime' in serving)) problems.error(['serving', 'runtime'], 'is missing; give "knative" or "async"');
  const at: Place = { path: ['metadata', 'annotations'], problems, version };
  const hooks = preferred(hooksModel(serving.hooks), metadata, 'plugins', at, readPlugins);
  const tracing = preferred(tracingModel(serving.tracing), metadata, 'plugins.tracing', at, readTracing);
  const upgraded: Upgraded = upgrade(spec, serving, version, annotationPaths(serving, metadata, version), problems);
  const source: FunctionSource = { apiVersion: version, originalPath: upgraded.originalPath, ...(position && { position }) };
  const model = complete(toModel({ source, metadata, spec, serving, upgraded, hooks, tracing }));
  const found = checkRules(model, { unread: (path) => problems.hasErrorAt(path) });
  if (found.length > 0) problems.add(...unsaid(found.map((problem) => ({ ...problem, path: upgraded.originalPath(problem.path) })), problems.all));
  return metadata.name === undefined ? undefined : model;
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
