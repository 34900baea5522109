/** What runs a function. */
import type { WorkloadType } from '../function/function-model';

export type WorkloadKind = 'KnativeService' | WorkloadType;
