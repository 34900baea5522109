/**
 * A `Function` manifest of `core.openfunction.io/v1beta1` or `v1beta2`, as a plain object → the model, with every problem
 * that the input alone shows (function-semantics.md, sections 1 and 7).
 */
import { isDeepStrictEqual } from 'node:util';
import { copyPlain } from './copy-plain';
import { metadata as readMetadata, MetadataShape, ServingShape, spec as readSpec, SpecShape } from './function-shape';
import { hooksModel, tracingModel } from './hooks-models';
import { API_GROUP } from './kinds';
import type { Rewrite } from './original-path';
import { readPlugins, readTracingText } from './plugin-annotations';
import { ApiVersion, below, Place, wrongType } from './shape';
import { toModel } from './to-model';
import { Upgraded, upgrade } from './upgrade';
import type { FunctionModel, FunctionSource, HooksModel, JsonObject, TracingModel } from '../model/function-model';
import { isObject } from '../model/json';
import { checkRules } from '../model/rules';
import { didYouMean, Path, Problem, Problems, show, SourcePosition } from '../problem';

export interface ReadFunctionOptions {
  /** Where a path, as the user wrote it, stands in a text. */
  readonly position?: (path: Path) => SourcePosition | undefined;
  /** Typed props ask for scaling on pending events: scaling options are then used without KEDA triggers. */
  readonly pendingEvents?: boolean;
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

function read(value: unknown, { position, pendingEvents = false }: ReadFunctionOptions, problems: Problems): FunctionModel | undefined {
  const unplain = new Problems();
  const manifest = copyPlain(value, unplain);
  // Paths of a function leave out `spec`.
  problems.add(...unplain.all.map((problem) => ({ ...problem, path: problem.path.length > 1 && problem.path[0] === 'spec' ? problem.path.slice(1) : problem.path })));
  if (manifest === undefined && problems.hasErrors) return undefined;
  if (!isObject(manifest)) return wrongType('an object', manifest ?? null, { path: [], problems });
  const version = readVersion(manifest, problems);
  // Metadata is the same in both versions, so what is wrong with it shows whatever the rest is.
  const shape = readMetadata(manifest.metadata ?? {}, { path: ['metadata'], problems, version: version ?? 'v1beta2' });
  if (version === undefined) return undefined;
  const spec = readSpec(manifest.spec ?? {}, { path: [], problems, version });
  if (shape === undefined || spec === undefined) return undefined;
  reportBuild(spec, problems);
  const { serving } = spec;
  if (serving === undefined) return undefined;
  return assemble({ metadata: shape, spec, serving, version, position, pendingEvents }, problems);
}

function readVersion(manifest: JsonObject, problems: Problems): ApiVersion | undefined {
  const { apiVersion, kind } = manifest;
  const known = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];
  for (const key of Object.keys(manifest)) {
    if (!known.includes(key)) problems.error([key], `unknown field${didYouMean(key, known)}`);
  }
  if (!API_VERSIONS.includes(apiVersion as string)) reportWord('apiVersion', apiVersion, API_VERSIONS, problems);
  if (kind !== 'Function') reportWord('kind', kind, ['Function'], problems);
  if (manifest.spec === undefined || manifest.spec === null) problems.error(['spec'], 'is missing; give at least "image" and "serving"');
  if (!API_VERSIONS.includes(apiVersion as string) || kind !== 'Function' || !isObject(manifest.spec)) {
    if (manifest.spec !== undefined && manifest.spec !== null && !isObject(manifest.spec)) wrongType('an object', manifest.spec, { path: ['spec'], problems });
    return undefined;
  }
  return apiVersion === API_VERSIONS[0] ? 'v1beta1' : 'v1beta2';
}

function reportWord(field: string, given: unknown, allowed: readonly string[], problems: Problems): void {
  if (given === undefined || given === null) problems.error([field], `is missing; give ${allowed.map(show).join(' or ')}`);
  else problems.notOneOf([field], given, allowed);
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

interface Parts {
  readonly metadata: MetadataShape;
  readonly spec: SpecShape;
  readonly serving: ServingShape;
  readonly version: ApiVersion;
  readonly position?: FunctionSource['position'];
  readonly pendingEvents: boolean;
}

function assemble(parts: Parts, problems: Problems): FunctionModel | undefined {
  const { metadata, spec, serving, version, position, pendingEvents } = parts;
  if (version === 'v1beta1' && !('runtime' in serving)) problems.error(['serving', 'runtime'], 'is missing; give "knative" or "async"');
  const at: Place = { path: ['metadata', 'annotations'], problems, version };
  const hooks = preferred(hooksModel(serving.hooks), metadata, 'plugins', at, readPlugins);
  const tracing = preferred(tracingModel(serving.tracing), metadata, 'plugins.tracing', at, readTracing);
  const upgraded: Upgraded = upgrade(spec, serving, version, annotationPaths(serving, metadata, version), problems);
  const source: FunctionSource = { apiVersion: version, originalPath: upgraded.originalPath, ...(position && { position }) };
  const model = toModel({ source, metadata, spec, serving, upgraded, hooks, tracing });
  problems.add(...checkRules(model, { pendingEvents }).map((problem) => ({ ...problem, path: upgraded.originalPath(problem.path) })));
  return metadata.name === undefined ? undefined : model;
}

/** Hooks and tracing stand in annotations in v1beta1, and may in v1beta2. */
function annotationPaths(serving: ServingShape, { annotations }: MetadataShape, version: ApiVersion): Rewrite[] {
  const keys = { hooks: 'plugins', tracing: 'plugins.tracing' } as const;
  return (['hooks', 'tracing'] as const)
    .filter((field) => serving[field] === undefined && (version === 'v1beta1' || annotations?.[keys[field]] !== undefined))
    .map((field) => [['serving', field], ['metadata', 'annotations', keys[field]]]);
}

function readTracing(yaml: string, at: Place): TracingModel | undefined {
  return tracingModel(readTracingText(yaml, at));
}

/** The field where it is given, else the annotation; a warning where they differ. */
function preferred<T extends HooksModel | TracingModel>(
  field: T | undefined, metadata: MetadataShape, key: 'plugins' | 'plugins.tracing', at: Place, readText: (yaml: string, at: Place) => T | undefined,
): T | undefined {
  const yaml = metadata.annotations?.[key];
  if (yaml === undefined) return field;
  const place = below(at, key);
  const annotation = readText(yaml, place);
  if (field === undefined || annotation === undefined) return field ?? annotation;
  if (!isDeepStrictEqual(field, annotation)) {
    at.problems.warn(place.path, `differs from serving.${key === 'plugins' ? 'hooks' : 'tracing'}, which counts`);
  }
  return field;
}
