/** What a rule is: it looks at a model and reports what section 7 of function-semantics.md rejects. */
import type { FunctionModel } from './function-model';
import type { Problems } from '../problem';

export interface RuleContext {
  /** Typed props ask for scaling on pending events, so there is a scaler without KEDA triggers. */
  readonly pendingEvents: boolean;
}

export type Rule = (model: FunctionModel, problems: Problems, context: RuleContext) => void;
