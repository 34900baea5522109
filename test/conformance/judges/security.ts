// Kubernetes' own admission of pod security, asked through its Go package.
import { securityBinary } from './binaries';
import { LineJudge } from './line-judge';

export interface SecurityAnswer {
  readonly baseline: boolean;
  readonly restricted: boolean;
  /** What keeps the pod from the restricted level. */
  readonly why: string;
}

/** Asked about the spec of a pod. */
export type SecurityJudge = LineJudge<object, SecurityAnswer>;

export async function securityJudge(): Promise<SecurityJudge> {
  return new LineJudge(await securityBinary());
}
