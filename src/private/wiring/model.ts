/** Functions and what they are wired with, as plain data. */
import type { TopologyEdgeKind, TopologyNodeKind } from '../../choices';
import type { TopologyEdge, TopologyNode } from '../../topology';
import type { FunctionPlan } from '../decide/plan';
import type { Path } from '../problem/problem';

export type NodeKind = `${TopologyNodeKind}`;
export type EdgeKind = `${TopologyEdgeKind}`;

/** A function as it goes in. */
export interface WiredFunction {
  readonly plan: FunctionPlan;
  /** Construct path. */
  readonly where: string;
  /** Construct path of its chart. */
  readonly chart: string;
  /** For messages: where the user wrote something, file and line if there are any. */
  readonly place: (path: Path) => string;
}

export interface Node extends Omit<TopologyNode, 'kind'> {
  readonly kind: NodeKind;
}

export interface Edge extends Omit<TopologyEdge, 'kind'> {
  readonly kind: EdgeKind;
  /** The function that says so, and where; other edges come from objects beside functions. */
  readonly by?: WiredFunction;
  readonly path?: Path;
}

export interface Wiring {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

export function functionId({ namespace, name }: Pick<FunctionPlan, 'namespace' | 'name'>): string {
  return `function ${namespace}/${name}`;
}
