// What reading and checking a manifest says, as the lines that users see.
import type { FunctionModel } from '../../src/private/function/function-model';
import { readFunction } from '../../src/private/function/read-function';
import { formatProblem } from '../../src/private/problem/problem';
import { intakeFromManifest } from '../../src/private/tree/intake';

/** All problems of a manifest, as text, in their order. */
export function problemsOf(manifest: unknown): string[] {
  return intakeFromManifest(manifest, {}).problems.map(formatProblem);
}

/** The model of a manifest that has no problems at all. */
export function modelOf(manifest: unknown): FunctionModel {
  expect(problemsOf(manifest)).toEqual([]);
  const { model } = readFunction(manifest);
  if (model === undefined) throw new Error('no model');
  return model;
}

/** The model of a manifest, whatever its problems. */
export function modelDespite(manifest: unknown): FunctionModel {
  const { model } = readFunction(manifest);
  if (model === undefined) throw new Error('no model');
  return model;
}
