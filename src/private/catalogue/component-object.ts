/** A Dapr `Component` object that passes through, against the catalogue: only warnings, since it is not made here. */
import { checkComponent, Setting } from './check-component';
import { isObject, Json, objectsIn } from '../kubernetes/json';
import { Path, Position, Problem, Problems, show } from '../problem/problem';

const KINDS = /^dapr\.io\//;
/** The API server drops them where they do not belong, and the component is open to every app then. */
const BESIDE = ['scopes', 'auth'];

/** Nothing for an object that is not a Component, or whose type cannot be told. */
export function componentWarnings(object: unknown, position?: Position): Problem[] {
  const value = object as Json | undefined;
  if (!isObject(value) || value.kind !== 'Component') return [];
  const { apiVersion, spec } = value;
  if (!KINDS.test(String(apiVersion)) || !isObject(spec)) return [];
  const { type, version = '', metadata } = spec;
  if (typeof type !== 'string' || typeof version !== 'string') return [];
  const problems = new Problems();
  if (version === '') {
    problems.error(['spec', 'version'], 'is missing; give the version of the component type, mostly "v1"');
  }
  for (const field of BESIDE.filter((each) => Object.hasOwn(spec, each))) {
    problems.error(['spec', field], 'is not a field of "spec"; it goes beside it');
  }
  if (isPluggable(value)) return warnings(problems);
  const settings = objectsIn(metadata).flatMap(([entry, index]) => settingOf(entry, index, problems));
  for (const { value: given, path } of settings) warnOfRead(given, path('value'), problems, position?.word);
  checkComponent({
    type,
    version,
    settings,
    path: (field) => ['spec', field],
    secretAdvice: 'keep it in a Secret and refer to it with secretKeyRef',
  }, problems);
  return warnings(problems);
}

/** A number of YAML that is not the text that was written, which is what Dapr reads: `0123` is 83. */
export function warnOfRead(
  value: Json | undefined, path: Path, problems: Problems, wordAt: Position['word'], written = path,
): void {
  const word = typeof value === 'number' ? wordAt?.(written, OTHERWISE_READ) : undefined;
  if (word !== undefined) problems.warn(path, `${word} is read as ${show(value)}; quote it: ${show(word)}`);
}

/** Octal numbers, and ends that a number does not keep: `1.10`. */
const OTHERWISE_READ = /(?<![^\s,[{:])(?:[+-]?0\d+|[1-9]\d*\.\d*0)(?![^\s,\]}])/;

function warnings({ all }: Problems): Problem[] {
  return all.map((problem) => ({ ...problem, severity: 'warning' }));
}

/** It brings the container that it runs in, so that only that one knows its type and settings. */
function isPluggable({ metadata }: { readonly [key: string]: Json }): boolean {
  return isObject(metadata) && isObject(metadata.annotations) && 'dapr.io/component-container' in metadata.annotations;
}

function settingOf(
  { name, value, secretKeyRef, envRef }: { [key: string]: Json }, index: number, problems: Problems,
): Setting[] {
  const path = (field: string): Path => ['spec', 'metadata', index, field];
  if (name === undefined || name === null) problems.error(path('name'), 'is missing; give the name of the setting');
  if (typeof name !== 'string') return [];
  return [{ name, value, elsewhere: isObject(secretKeyRef) || typeof envRef === 'string', path }];
}
