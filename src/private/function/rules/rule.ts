/** What a rule is: it looks at a model and reports what is wrong with it. */
import type { Path, Problems } from '../../problem/problem';
import type { FunctionModel } from '../function-model';

export interface RuleContext {
  /** Whether something that could not be read stands at a place, so that "not given" would be wrong. */
  readonly unread?: (path: Path) => boolean;
}

export type Rule = (model: FunctionModel, problems: Problems, context: RuleContext) => void;
