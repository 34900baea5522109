/** A check looks at a function and reports what is wrong with it. */
import type { FunctionModel } from '../function/function-model';
import type { Path, Problems } from '../problem/problem';

/** Whether something at a place could not be read, so that "not given" would be wrong. */
export type Unread = (path: Path) => boolean;

export type Check = (model: FunctionModel, problems: Problems, unread: Unread) => void;
