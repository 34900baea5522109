/** Every rejection that needs more than the shape of one field (function-semantics.md, section 7); paths are of v1beta2. */
import type { FunctionModel } from './function-model';
import { Problem, Problems } from '../problem';

export type Rule = (model: FunctionModel, problems: Problems) => void;

const RULES: readonly Rule[] = [];

export function checkRules(model: FunctionModel): Problem[] {
  const problems = new Problems();
  for (const rule of RULES) rule(model, problems);
  return problems.all;
}
