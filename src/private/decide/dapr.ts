/**
 * The heart of the library: does a function use Dapr, and how? (docs/spec M17.)
 *
 * Input: the two annotations and what the function defines. Output: one of three modes with the rule that decided.
 * Values that the table does not know were reported by the input rules already and are treated as unset here.
 */
import type { Check, DaprDecision } from './outline';
import type { ServingModel } from '../function/function-model';
import {
  DAPR_APP_ID, DAPR_APP_PORT, DAPR_APP_PROTOCOL, DAPR_ENABLED, DAPR_METRICS_PORT, DAPR_SERVICE_MODE, ENABLE_DAPR,
} from '../kubernetes/constants';
import { notOneOf, Path, show } from '../problem/problem';

export function decideDapr(serving: ServingModel): DaprDecision {
  const enable = serving.annotations[ENABLE_DAPR];
  const defined = whatIsDefined(serving);
  if (enable === 'false') return { mode: 'off', reason: `${ENABLE_DAPR} is "false"` };
  if (enable !== 'true' && defined.length === 0) {
    return { mode: 'off', reason: `${ENABLE_DAPR} is not set, and the function defines no inputs, outputs or states` };
  }
  const why = enable === 'true'
    ? `${ENABLE_DAPR} is "true"` : `${ENABLE_DAPR} is not set, and the function defines ${defined.join(', ')}`;
  const mode = serving.annotations[DAPR_SERVICE_MODE];
  if (mode === 'sidecar') return { mode: 'sidecar', reason: `${why}; ${DAPR_SERVICE_MODE} is "sidecar"` };
  const given = mode === undefined ? 'not set' : '"standalone"';
  return { mode: 'standalone', reason: `${why}; ${DAPR_SERVICE_MODE} is ${given}` };
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

const ANNOTATIONS: Path = ['serving', 'annotations'];
const KNATIVE_OPTIONS: Path = ['serving', 'scaleOptions', 'knative'];
const MODES = ['standalone', 'sidecar'];

/** Differs: the operator treats every value of a defined annotation but "false" as true. */
export const enableDapr: Check = ({ serving }, problems) => {
  const value = serving.annotations[ENABLE_DAPR];
  if (value !== undefined && value !== 'true' && value !== 'false') {
    problems.notOneOf([...ANNOTATIONS, ENABLE_DAPR], value, ['true', 'false']);
  }
};

/** Differs: the operator treats an unknown mode as no Dapr at all. */
export const daprServiceMode: Check = ({ serving }, problems) => {
  const value = serving.annotations[DAPR_SERVICE_MODE];
  if (value === undefined || MODES.includes(value)) return;
  const path = [...ANNOTATIONS, DAPR_SERVICE_MODE];
  if (serving.annotations[ENABLE_DAPR] === 'false') {
    problems.warn(path, `${notOneOf(value, MODES)}; it has no effect, since ${ENABLE_DAPR} is "false"`);
  } else {
    problems.notOneOf(path, value, MODES);
  }
};

/** Dapr's own switch follows the mode, whatever the user gives. */
export const daprEnabled: Check = ({ serving: { annotations, scaling }, workload, dapr: { mode } }, problems) => {
  const decided = mode === 'sidecar' ? 'true' : 'false';
  const check = (given: string | undefined, path: Path) => {
    if (given === undefined || given === decided) return;
    problems.warn([...path, DAPR_ENABLED], `${show(given)} has no effect; `
      + `the Dapr mode of this function is ${show(mode)}, so its pods get ${show(decided)}`);
  };
  check(annotations[DAPR_ENABLED], ANNOTATIONS);
  if (workload === 'KnativeService') check(scaling.knative[DAPR_ENABLED], KNATIVE_OPTIONS);
};

/** What Dapr can speak with an app; the dapr-proxy supports less, which is checked with it. */
const APP_PROTOCOLS = ['grpc', 'grpcs', 'http', 'https', 'h2c'];

export const appProtocol: Check = ({ serving, dapr }, problems) => {
  const given = serving.annotations[DAPR_APP_PROTOCOL];
  if (given === undefined || APP_PROTOCOLS.includes(given) || dapr.mode !== 'sidecar') return;
  problems.notOneOf([...ANNOTATIONS, DAPR_APP_PROTOCOL], given, APP_PROTOCOLS);
};

export const jobWithSidecar: Check = ({ workload, dapr }, problems) => {
  if (workload !== 'Job' || dapr.mode !== 'sidecar') return;
  problems.warn(['serving', 'workloadType'], 'a Job with a sidecar ends only when the function shuts the sidecar down, '
    + 'and Dapr makes no Service for it');
};

/** Read in `serving.annotations` only, whatever the revision shows. */
const DECIDING = [ENABLE_DAPR, DAPR_SERVICE_MODE, DAPR_APP_ID, DAPR_APP_PORT, DAPR_APP_PROTOCOL, DAPR_METRICS_PORT];

export const unreadByDapr: Check = ({ serving: { scaling }, workload }, problems) => {
  if (workload !== 'KnativeService') return;
  for (const key of DECIDING.filter((each) => Object.hasOwn(scaling.knative, each))) {
    const path = [...KNATIVE_OPTIONS, key];
    problems.warn(path, 'is copied to the revision and has no other effect; give it in serving.annotations');
  }
};
