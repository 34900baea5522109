/** What makers make: plain Kubernetes objects, each with the part it plays in a function. */
import type { FunctionPlan, Role } from '../decide/plan';
import type { Manifest } from '../kubernetes/json';

export interface Emitted {
  readonly role: Role;
  /** Construct id below the function; stable, so that a patch finds its object again. */
  readonly id: string;
  readonly manifest: Manifest;
  /** Functions of one chart, or of the whole app, share one object of this id. */
  readonly sharedBy?: 'chart' | 'app';
}

/** A function's objects of one kind; none where its plan asks for none. */
export type Maker = (plan: FunctionPlan) => Emitted[];
