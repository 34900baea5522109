/**
 * A function with the decisions that depend neither on its namespace nor on the platform. Checks and further decisions
 * start from this.
 */
import type { FunctionModel, WorkloadType } from '../function/function-model';
import type { Path, Problems } from '../problem/problem';

export type Workload = 'KnativeService' | WorkloadType;
export type DaprMode = 'off' | 'sidecar' | 'standalone';

export interface DaprDecision {
  readonly mode: DaprMode;
  /** The row of the table that decided, in words for the report. */
  readonly reason: string;
}

export interface Outline extends FunctionModel {
  readonly workload: Workload;
  /** Of an HTTP function; an async function has none. */
  readonly engine?: 'knative' | 'keda';
  readonly port: number;
  readonly dapr: DaprDecision;
}

/** Reports what is wrong with a function. */
export type Check = (fn: Outline, problems: Problems, unread: Unread) => void;

/** Whether something at a place could not be read, so that "not given" would be wrong. */
export type Unread = (path: Path) => boolean;
