/** A Dapr `Component` object that passes through, against the catalogue: only warnings, since it is not made here. */
import { checkComponent, Setting } from './check-component';
import { isObject, Json, objectsIn } from '../kubernetes/json';
import { Path, Problem, Problems } from '../problem/problem';

const KINDS = /^dapr\.io\//;

/** Nothing for an object that is not a Component, or for one that Dapr's own schema refuses. */
export function componentWarnings(object: unknown): Problem[] {
  const value = object as Json | undefined;
  if (!isObject(value) || value.kind !== 'Component') return [];
  if (!KINDS.test(String(value.apiVersion)) || !isObject(value.spec)) return [];
  const { type, version = '', metadata } = value.spec;
  if (typeof type !== 'string' || typeof version !== 'string') return [];
  const problems = new Problems();
  const settings = objectsIn(metadata).flatMap(([entry, index]) => settingOf(entry, index));
  checkComponent({
    type,
    version,
    settings,
    path: (field) => ['spec', field],
    secretAdvice: 'keep it in a Secret and refer to it with secretKeyRef',
  }, problems);
  return problems.all.map((problem) => ({ ...problem, severity: 'warning' }));
}

function settingOf({ name, value, secretKeyRef, envRef }: { [key: string]: Json }, index: number): Setting[] {
  if (typeof name !== 'string') return [];
  const path = (field: string): Path => ['spec', 'metadata', index, field];
  return [{ name, value, elsewhere: isObject(secretKeyRef) || typeof envRef === 'string', path }];
}
