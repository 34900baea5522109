/**
 * The heart of the library: does a function use Dapr, and how? (docs/spec M17.)
 *
 * Input: the two annotations and what the function defines. Output: one of three modes with the rule that decided. Values
 * that the table does not know were reported by the input rules already and count as unset here.
 */
import type { ServingModel } from '../function/function-model';
import { DAPR_SERVICE_MODE, ENABLE_DAPR } from '../kubernetes/constants';

export type DaprMode = 'off' | 'sidecar' | 'standalone';

export interface DaprDecision {
  readonly mode: DaprMode;
  /** The row of the table that decided, in words for the report. */
  readonly reason: string;
}

export function decideDapr(serving: ServingModel): DaprDecision {
  const enable = serving.annotations[ENABLE_DAPR];
  const defined = whatIsDefined(serving);
  if (enable === 'false') return { mode: 'off', reason: `${ENABLE_DAPR} is "false"` };
  if (enable !== 'true' && defined.length === 0) {
    return { mode: 'off', reason: `${ENABLE_DAPR} is not set, and the function defines no inputs, outputs or states` };
  }
  const why = enable === 'true' ? `${ENABLE_DAPR} is "true"` : `${ENABLE_DAPR} is not set, and the function defines ${defined.join(', ')}`;
  const mode = serving.annotations[DAPR_SERVICE_MODE];
  return mode === 'sidecar'
    ? { mode: 'sidecar', reason: `${why}; ${DAPR_SERVICE_MODE} is "sidecar"` }
    : { mode: 'standalone', reason: `${why}; ${DAPR_SERVICE_MODE} is ${mode === undefined ? 'not set' : '"standalone"'}` };
}

function whatIsDefined(serving: ServingModel): string[] {
  const counts: [string, number][] = [
    ['Dapr triggers', serving.dapr.length],
    ['inputs', serving.inputs.length + serving.unreachedInputs],
    ['outputs', serving.outputs.length],
    ['states', Object.keys(serving.states).length],
  ];
  return counts.filter(([, count]) => count > 0).map(([what]) => what);
}
