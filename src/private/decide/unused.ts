/** Options that the resulting workload does not use: warnings that name the option and the workload (docs/spec M31). */
import type { Check, Outline } from './outline';
import type { Path, Problems } from '../problem/problem';

const OPTIONS: Path = ['serving', 'scaleOptions'];
const KEDA: Path = [...OPTIONS, 'keda'];

export const unusedByHttp: Check = ({ serving, engine }, problems) => {
  const { scaling, workloadType } = serving;
  if (engine === undefined) return;
  const keda = engine === 'keda';
  const workload = keda ? 'a Deployment of engine "keda"' : 'a Knative Service';
  if (workloadType !== undefined && !(keda && workloadType === 'Deployment')) {
    unused(['serving', 'workloadType'], workload, problems);
  }
  if (keda && hasEntries(scaling.knative)) unused([...OPTIONS, 'knative'], workload, problems);
  if (!keda && scaling.httpScaledObject !== undefined) unused([...KEDA, 'httpScaledObject'], workload, problems);
  if (scaling.scaledObject !== undefined) unused([...KEDA, 'scaledObject'], workload, problems);
  if (scaling.scaledJob !== undefined) unused([...KEDA, 'scaledJob'], workload, problems);
  // One that could not be read has its error.
  if (scaling.triggers.some(({ type }) => type !== '')) unused([...KEDA, 'triggers'], workload, problems);
};

export const unusedByAsync: Check = ({ serving, workload: kind, engine }, problems) => {
  const { scaling, timeoutSeconds } = serving;
  if (engine !== undefined) return;
  const workload = `a ${kind} of an async function`;
  if (hasEntries(scaling.knative)) unused([...OPTIONS, 'knative'], workload, problems);
  if (scaling.httpScaledObject !== undefined) unused([...KEDA, 'httpScaledObject'], workload, problems);
  if (timeoutSeconds !== undefined && kind !== 'Deployment') unused(['serving', 'timeout'], workload, problems);
};

/** What only a scaler reads, of a function without one. */
export function unusedWithoutScaler(
  { serving: { scaling }, workload }: Outline, why: string, problems: Problems,
): void {
  const { scaledObject, scaledJob } = scaling;
  const job = workload === 'Job';
  const unread = (path: Path) => problems.warn(path, why);
  for (const field of Object.keys(scaling.extras?.scaler ?? {})) unread(['scaling', field]);
  if (scaling.maxReplicas !== undefined) unread([...OPTIONS, 'maxReplicas']);
  if (job && scaling.minReplicas !== undefined) unread([...OPTIONS, 'minReplicas']);
  for (const field of Object.keys(job ? {} : scaledObject ?? {})) unread([...KEDA, 'scaledObject', field]);
  for (const field of Object.keys(job ? scaledJob ?? {} : {})) {
    if (field !== 'restartPolicy') unread([...KEDA, 'scaledJob', field]);
  }
}

function unused(path: Path, workload: string, problems: Problems): void {
  problems.warn(path, `has no effect on ${workload}`);
}

function hasEntries(map: object): boolean {
  return Object.keys(map).length > 0;
}
